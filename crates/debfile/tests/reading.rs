//! What is read from a .deb file: what was written, in rpm's words; damage is noticed, and brings
//! nothing down.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]
#![allow(dead_code, reason = "helpers are for several tests")]

mod common;

use std::io::Write as _;

use archive::{ArWriter, Compression, Encoder, Method, tar};
use common::{Known, distribution, examples};
use debfile::{Context, DebFile, ReadError, WriteOptions};
use package::{Output, Package};
use query::{Format, Listing, file_flags};
use source::Sink;
use specbuild_debfile as debfile;

fn written(packages: &[Package], method: Method) -> Vec<u8> {
    let known = Known::default();
    let context = Context::new(distribution(), packages, &known);
    let deb = debfile::lower(&packages[0], &context, &mut Sink::new());
    let spool = tempfile::tempdir().unwrap();
    let options = WriteOptions {
        compression: Compression::new(method),
        spool_directory: spool.path().into(),
    };
    let mut file = std::io::Cursor::new(Vec::new());
    debfile::write(&deb, &options, &mut Output::new(&mut file)).unwrap();
    file.into_inner()
}

fn shown(package: &DebFile, format: &str) -> String {
    Format::parse(format).unwrap().render(package).unwrap()
}

#[test]
fn a_package_answers_in_rpms_words() {
    for method in [Method::None, Method::Gzip, Method::Xz, Method::Zstd] {
        let bytes = written(&examples::daemon(), method);
        let package = DebFile::read(&bytes[..]).unwrap();
        assert_eq!(package.control.get("package"), Some("tick-daemon"));
        assert_eq!(
            shown(&package, "%{name} %{arch} %{os}"),
            "tick-daemon x86_64 linux"
        );
        let provided = shown(&package, "[%{providenevrs}\n]");
        assert!(provided.contains("tick-daemon = "), "{provided}");
        let modes = shown(
            &package,
            "[%{filemodes:perms} %{filegroupname} %{filenames}\n]",
        );
        assert!(modes.contains("-rwxr-sr-x mail /"), "{modes}");
        let configs = Listing {
            with: file_flags::CONFIG,
            ..Listing::default()
        };
        let configs = configs.render(&package);
        assert_eq!(
            Some(&configs),
            package.control_files.get("conffiles"),
            "conffiles are what rpm calls configuration"
        );
    }
}

#[test]
fn what_is_no_package_is_said_to_be_none() {
    for bytes in [&b""[..], b"#!/bin/sh\n", b"!<arch>\n", &[0; 4096]] {
        assert!(DebFile::read(bytes).is_err());
    }
    let other = b"!<arch>\nreadme          0           0     0     100644  2         `\nhi";
    assert!(matches!(
        DebFile::read(&other[..]),
        Err(ReadError::NotPackage(_))
    ));
}

/// Zeroes take next to nothing in a package, and would take gigabytes of memory.
#[test]
fn control_information_may_not_grow_without_end() {
    let compression = Compression::new(Method::Zstd).with_level(1);
    let mut control = tar::Writer::new(Encoder::new(&compression, Vec::new()));
    for name in ["./md5sums", "./conffiles", "./control"] {
        let kind = tar::Kind::Regular { size: 40 << 20 };
        let (mode, uid, gid, user, group, mtime) = (0o644, 0, 0, "root", "root", 0);
        let name = name.as_bytes();
        let entry = tar::Entry {
            name,
            kind,
            mode,
            uid,
            gid,
            user,
            group,
            mtime,
        };
        control.start(&entry).unwrap();
        for _ in 0..40 {
            control.write_all(&vec![0; 1 << 20]).unwrap();
        }
    }
    let control = control.finish().unwrap().finish().unwrap();
    let mut package = ArWriter::new(Vec::new(), 0).unwrap();
    for (name, content) in [
        ("debian-binary", &b"2.0\n"[..]),
        ("control.tar.zst", &control),
    ] {
        package.start(name, content.len() as u64).unwrap();
        package.write_all(content).unwrap();
    }
    let refused = DebFile::read(&package.finish().unwrap()[..]).unwrap_err();
    assert!(refused.to_string().contains("64 MiB"), "{refused}");
}

#[test]
fn damage_brings_nothing_down() {
    let bytes = written(&examples::daemon(), Method::None);
    let show_all = |bytes: &[u8]| {
        if let Ok(package) = DebFile::read(bytes) {
            shown(&package, "[%{*:xml}\\n]%{nevra}[%{filenames}%{filenlinks}]");
        }
    };
    for place in (0..bytes.len()).step_by(23) {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        show_all(&changed);
        if place % 3 == 0 {
            show_all(&bytes[..place]);
        }
    }
}
