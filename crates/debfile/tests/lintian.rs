//! lintian finds no error in what is made of typical packages.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::path::Path;
use std::process::Command;

use common::{examples, on_disk, run};
use package::{FileList, Package};
use testkit::Need;

testkit::trials! {
    [Need::Program("lintian"), Need::Program("cc")] => typical_packages_have_no_error;
}

/// Puts a real library where the example has a text.
fn with_real_library(mut packages: Vec<Package>, directory: &Path) -> Vec<Package> {
    let (source, library) = (directory.join("greet.c"), directory.join("greet.so"));
    std::fs::write(&source, "int greet(void) { return 0; }\n").unwrap();
    let mut cc = Command::new("cc");
    cc.args([
        "-shared",
        "-fPIC",
        "-s",
        "-Wl,-z,relro,-z,now,-soname,libgreet.so.1",
        "-o",
    ]);
    run(cc.arg(&library).arg(&source));
    let replaced = packages[0].files.entries().iter().map(|entry| {
        if !entry.path.ends_with(".so.1.2") {
            return entry.clone();
        }
        let real = on_disk(&entry.path, &library, 0o644);
        package::FileEntry {
            kind: real.kind,
            ..entry.clone()
        }
    });
    packages[0].files = FileList::new(replaced.collect());
    packages
}

fn typical_packages_have_no_error() {
    let directory = tempfile::tempdir().unwrap();
    let mut lintian = Command::new("lintian");
    lintian.args([
        "--fail-on",
        "error",
        "--allow-root",
        "--tag-display-limit",
        "0",
    ]);
    let specs = [
        with_real_library(examples::library(), directory.path()),
        examples::daemon(),
        examples::python(),
        examples::debuginfo(),
    ];
    for packages in &specs {
        for index in 0..packages.len() {
            lintian.arg(common::build(packages, index, directory.path()));
        }
    }
    let output = lintian.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
