//! What is read from a .deb file: what was written, in rpm's words; damage is noticed, and brings
//! nothing down.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]
#![allow(dead_code, reason = "helpers are for several tests")]

mod common;

use archive::{Compression, Method};
use common::{Known, distribution, examples};
use debfile::{Context, DebFile, ReadError, WriteOptions};
use package::Package;
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
    let mut bytes = Vec::new();
    debfile::write(&deb, &options, &mut bytes).unwrap();
    bytes
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
