//! Fuzz target: archives. Whatever members they have, in whatever order, nothing is written or
//! changed outside of the directory they are unpacked in; also not by the same archive once more,
//! through the links it left.
//!
//! An input lists members: a letter for the kind (`f d l h p c`), a name, for links `>` and a target.
#![no_main]

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use policy::Environment;
use tar::{EntryType, Header};

/// Blocks that end an archive, in bytes.
const END: usize = 1024;

fuzz_target!(|input: &str| {
    let place = tempfile::tempdir().expect("a temporary directory can be made");
    let top = place.path();
    fs::create_dir_all(top.join("a/build")).expect("a directory can be made");
    fs::write(top.join("secret"), "kept").expect("a file can be written");
    let archive = top.join("a.tar");
    fs::write(&archive, archive_of(input)).expect("a file can be written");
    let environment = Environment {
        directory: top.join("a/build"),
        ..Environment::default()
    };
    for _ in 0..2 {
        let args = [OsString::from("-x"), archive.clone().into()];
        policy::run_in(
            &environment,
            "uncompress",
            &args,
            &mut Vec::new(),
            &mut Vec::new(),
        );
        assert_eq!(names(top), ["a", "a.tar", "secret"]);
        assert_eq!(names(&top.join("a")), ["build"]);
        assert_eq!(
            fs::read_to_string(top.join("secret")).ok().as_deref(),
            Some("kept")
        );
    }
});

fn archive_of(input: &str) -> Vec<u8> {
    let mut archive = Vec::new();
    for member in input.split(';').take(50) {
        let mut letters = member.chars();
        let kind = match letters.next() {
            Some('d') => EntryType::Directory,
            Some('l') => EntryType::Symlink,
            Some('h') => EntryType::Link,
            Some('p') => EntryType::Fifo,
            Some('c') => EntryType::Char,
            _ => EntryType::Regular,
        };
        let (name, link) = letters
            .as_str()
            .split_once('>')
            .unwrap_or((letters.as_str(), ""));
        let mut header = Header::new_gnu();
        put(&mut header.as_mut_bytes()[..100], name);
        put(&mut header.as_mut_bytes()[157..257], link);
        header.set_entry_type(kind);
        header.set_mode(0o755);
        header.set_size(0);
        header.set_cksum();
        archive.extend_from_slice(header.as_bytes());
    }
    archive.resize(archive.len() + END, 0);
    archive
}

fn put(field: &mut [u8], text: &str) {
    let length = text.len().min(field.len());
    field[..length].copy_from_slice(&text.as_bytes()[..length]);
}

fn names(directory: &Path) -> Vec<OsString> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
    names.sort();
    names
}
