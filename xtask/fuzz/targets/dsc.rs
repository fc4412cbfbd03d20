//! Fuzz target: Debian source packages. A `.dsc` names files that lie beside it, and the regular
//! members of an archive are no longer than the archive, whatever their headers say.
//!
//! An input is the text of a `.dsc`, a zero byte, and the blocks of a tar archive, which get right
//! checksums. The text is read as a `debian/rules`, too.
#![no_main]

mod blocks;

use std::io::Read;

use debfile::source_package::{read_dsc, read_rules};
use libfuzzer_sys::fuzz_target;
use limits::{Allowance, TarReader};

fuzz_target!(|input: &[u8]| {
    let (text, blocks) = blocks::parts(input);
    let text = String::from_utf8_lossy(text);
    if let Ok(dsc) = read_dsc(&text) {
        for file in &dsc.files {
            let is_bare = !file.name.contains('/') && !file.name.starts_with('.');
            assert!(is_bare && !file.name.is_empty(), "{}", file.name);
            let _ = dsc.kind_of(file);
        }
    }
    check_rules(&text);
    read_members(&blocks::sealed(blocks));
});

/// Each name is a part of one line.
fn check_rules(text: &str) {
    let names = read_rules(text);
    for name in [names.spec, names.main_source].into_iter().flatten() {
        assert!(text.lines().any(|line| line.contains(&name)), "{name}");
    }
}

/// As unpacking reads them: of others than regular files only names.
fn read_members(archive: &[u8]) {
    let most = archive.len() as u64;
    let mut reader = TarReader::new(archive, Allowance::bytes(most));
    let mut all = 0;
    for member in reader.entries().expect("memory can be read") {
        let Ok(mut member) = member else {
            return;
        };
        assert!(member.path_bytes().len() <= archive.len());
        if member.header().entry_type().is_file() {
            let mut content = Vec::new();
            let read = member.by_ref().take(most + 1).read_to_end(&mut content);
            all += content.len() as u64;
            assert!(all <= most, "members of {all} bytes in {most}");
            if read.is_ok() {
                check_rules(&String::from_utf8_lossy(&content));
            }
        }
    }
}
