//! What lowering makes of the demo packages: one line per header tag, in `testdata/rpmfile`.
//! `UPDATE=1` rewrites what is expected; `tests/rpmbuild.rs` says whether it is right.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::fmt::Write as _;
use std::fs;

use common::demo;
use package::Package;
use specbuild_rpmfile::{Options, lower, tags};

fn check(name: &str, package: &Package) {
    let lowered = lower(package, &Options::new("unused")).unwrap();
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
    let package = demo::source(directory.path(), None);
    check("demo.source.txt", &package);
}

#[test]
fn every_value_has_the_type_its_tag_declares() {
    let package = demo::binary(None);
    let lowered = lower(&package, &Options::new("unused")).unwrap();
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
