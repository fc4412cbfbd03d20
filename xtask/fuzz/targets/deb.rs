//! Fuzz target: .deb files. Nothing may panic, run away, or reserve more memory than the input
//! accounts for; whatever can be read can be shown in every format.
//!
//! An input that begins as an ar archive is the file itself. Any other is a control file, a zero
//! byte and the blocks of a tar archive: those get right checksums and a .deb around them.
#![no_main]

mod blocks;

use std::io::Write;

use archive::tar::{Entry, Kind, Writer};
use archive::{ArReader, ArWriter};
use debfile::DebFile;
use libfuzzer_sys::fuzz_target;

const FORMATS: [&str; 4] = [
    "[%{*:xml}\n]",
    "[%{*:json}]",
    "%{nevra} %{size} [%{filenames} %{filemodes:perms} %{filelinktos} %{filenlinks}\n]",
    "[%{requirenevrs}\n][%{providenevrs}\n]%{summary} %{description} [%{changelogtext}]",
];

fuzz_target!(|input: &[u8]| {
    let package = if input.starts_with(ArReader::<&[u8]>::MAGIC) {
        DebFile::read(input)
    } else {
        DebFile::read(&wrapped(input)[..])
    };
    let Ok(package) = package else {
        return;
    };
    for stored in &package.entries {
        assert!(stored.path.starts_with('/'), "{}", stored.path);
    }
    for format in FORMATS {
        let format = query::Format::parse(format).expect("the formats are right");
        let _ = format.render(&package);
    }
});

/// A .deb of what the input says.
fn wrapped(input: &[u8]) -> Vec<u8> {
    let (control, blocks) = blocks::parts(input);
    let control = control_archive(control);
    let data = blocks::sealed(blocks);
    let mut archive = ArWriter::new(Vec::new(), 0).expect("memory takes everything");
    for (name, content) in [
        ("debian-binary", &b"2.0\n"[..]),
        ("control.tar", &control),
        ("data.tar", &data),
    ] {
        let started = archive.start(name, content.len() as u64);
        started.expect("the names and lengths fit");
        archive.write_all(content).expect("memory takes everything");
    }
    archive.finish().expect("memory takes everything")
}

fn control_archive(control: &[u8]) -> Vec<u8> {
    let mut archive = Writer::new(Vec::new());
    let size = control.len() as u64;
    let entry = Entry {
        name: b"./control",
        kind: Kind::Regular { size },
        mode: 0o644,
        uid: 0,
        gid: 0,
        user: "root",
        group: "root",
        mtime: 0,
    };
    archive.start(&entry).expect("the name and the length fit");
    archive.write_all(control).expect("memory takes everything");
    archive.finish().expect("memory takes everything")
}
