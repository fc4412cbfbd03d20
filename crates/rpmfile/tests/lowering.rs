//! What lowering makes of the demo packages: one line per header tag, in `testdata/rpmfile`.
//! `UPDATE=1` rewrites what is expected; `tests/rpmbuild.rs` says whether it is right.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use common::{demo, of_format};
use package::{FileKind, FileList, Output, Package, PackageKind, RpmFormat};
use source::Sink;
use specbuild_rpmfile::{Options, lower, tags, write};

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

/// What a field has no room for is reported when the package is written.
#[test]
fn numbers_that_do_not_fit_are_reported() {
    let found = |change: &dyn Fn(&mut Package)| {
        let mut package = demo::binary(None);
        change(&mut package);
        let directory = tempfile::tempdir().unwrap();
        let mut file = fs::File::create_new(directory.path().join("x.rpm")).unwrap();
        let mut sink = Sink::new();
        let mut out = Output::new(&mut file);
        // The files of the demo may not be there; that is found later.
        let _ = write(&package, &Options::default(), &mut out, &mut sink);
        let found = sink.take().into_iter();
        found.map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(found(&|_| {}), Vec::<String>::new());
    let times = found(&|it| it.files.update(|file| file.mtime = -1));
    assert!(
        times[0].ends_with("more are outside 1970 to 2106"),
        "{times:?}"
    );
    let late = found(&|it| it.changelog[0].time = i64::from(u32::MAX) + 1);
    assert!(
        late[0].ends_with("is dated outside 1970 to 2106"),
        "{late:?}"
    );
    let device = found(&|it| {
        it.files.update(|file| {
            if let FileKind::CharDevice { major, .. } = &mut file.kind {
                *major = 256;
            }
        });
    });
    assert!(device[0].contains("the device numbers of"), "{device:?}");
}
