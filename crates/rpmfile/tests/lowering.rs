//! What lowering makes of the demo packages: one line per header tag, in `testdata/rpmfile`.
//! `UPDATE=1` rewrites what is expected; `tests/rpmbuild.rs` says whether it is right.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use common::{demo, of_format};
use package::{FileKind, FileList, Package, PackageKind, RpmFormat};
use specbuild_rpmfile::{Options, lower, tags};

fn check(name: &str, package: &Package) {
    let lowered = lower(package, &Options::default()).unwrap();
    let mut text = String::new();
    for (number, value) in lowered.header.iter() {
        let tag = tags::find(number).unwrap();
        writeln!(text, "{number} {}: {value:?}", tag.name).unwrap();
    }
    let path = testkit::testdata("rpmfile").join(name);
    testkit::golden::compare(&path, &text).unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn a_binary_package() {
    check("demo.binary.txt", &demo::binary(Some("host 1700000000")));
}

#[test]
fn a_source_package() {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("demo.spec", demo::SPEC),
        ("demo.tar", "x\n"),
        ("fix.patch", "z\n"),
    ] {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let mut package = demo::source(directory.path(), None);
    check("demo.source.txt", &package);
    if let PackageKind::Source(facts) = &mut package.kind {
        facts.finds_requirements = true;
    }
    check("demo.source.v6.txt", &of_format(package, RpmFormat::V6));
}

#[test]
fn a_package_of_format_6() {
    let mut package = of_format(demo::binary(None), RpmFormat::V6);
    package.files.update(|file| {
        file.media_type = match file.kind {
            FileKind::Regular { .. } => "text/plain".to_owned(),
            _ => String::new(),
        }
    });
    check("demo.binary.v6.txt", &package);
}

#[test]
fn a_package_without_files() {
    for (format, name) in [
        (RpmFormat::V4, "empty.txt"),
        (RpmFormat::V6, "empty.v6.txt"),
    ] {
        let package = Package {
            files: FileList::default(),
            relations: BTreeMap::new(),
            scriptlets: BTreeMap::new(),
            triggers: Vec::new(),
            ..demo::binary(None)
        };
        check(name, &of_format(package, format));
    }
}

#[test]
fn every_value_has_the_type_its_tag_declares() {
    for format in [RpmFormat::V4, RpmFormat::V6] {
        check_types(&of_format(demo::binary(None), format));
    }
}

fn check_types(package: &Package) {
    let lowered = lower(package, &Options::default()).unwrap();
    for (number, value) in lowered.header.iter() {
        let tag = tags::find(number).unwrap();
        let kind = format!("{value:?}");
        let kind = kind.split('(').next().unwrap();
        // An interpreter without arguments is one string, see `Tag::kind`.
        let is_exempt = tag.name.ends_with("Prog") && kind == "Text";
        assert!(
            is_exempt || kind == format!("{:?}", tag.kind),
            "{}: {kind}",
            tag.name
        );
    }
}
