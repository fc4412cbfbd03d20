//! Library dependencies, beside those that dpkg-shlibdeps finds for the same programs.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::path::Path;
use std::process::Command;

use common::{Known, distribution, on_disk, package, run};
use debfile::Context;
use debfile::shlibs::{System, find};
use package::FileList;
use source::Sink;
use specbuild_debfile as debfile;
use testkit::Need;

testkit::trials! {
    [Need::Program("dpkg-shlibdeps")] => programs_of_this_system_need_what_dpkg_shlibdeps_says;
}

const PROGRAMS: [&str; 7] = [
    "/usr/bin/git",
    "/usr/bin/openssl",
    "/usr/bin/gpg",
    "/usr/bin/python3",
    "/usr/bin/systemctl",
    "/usr/bin/apt-get",
    "/usr/bin/perl",
];

fn system() -> System {
    System {
        root: "/".into(),
        admin: "/var/lib/dpkg".into(),
        generated: false,
        build_depends: Default::default(),
    }
}

fn ours(program: &str) -> Vec<String> {
    let mut packages = vec![package("probe", "1-1")];
    packages[0].files = FileList::new(vec![on_disk(program, Path::new(program), 0o755)]);
    let known = Known::default();
    let context = Context::new(distribution(), &packages, &known);
    let mut found = find(&context, &system(), &mut Sink::new()).unwrap();
    simplified(&found.remove("probe").unwrap())
}

/// The relations as they end up in `Depends`.
fn simplified(relations: &[String]) -> Vec<String> {
    let mut packages = vec![package("probe", "1-1")];
    packages[0].files = FileList::default();
    let known = Known::default();
    let mut context = Context::new(distribution(), &packages, &known);
    context.libraries.insert("probe".into(), relations.to_vec());
    let deb = debfile::lower(&packages[0], &context, &mut Sink::new());
    sorted(deb.field("Depends"))
}

fn theirs(program: &str) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("debian")).unwrap();
    let control = "Source: probe\n\nPackage: probe\nArchitecture: any\n";
    std::fs::write(directory.path().join("debian/control"), control).unwrap();
    let mut command = Command::new("dpkg-shlibdeps");
    let out = run(command
        .current_dir(&directory)
        .args(["-O", "--ignore-missing-info", program]));
    let line = out
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .unwrap_or("");
    sorted(line)
}

fn sorted(field: &str) -> Vec<String> {
    let mut relations: Vec<_> = field
        .split(", ")
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    relations.sort();
    relations
}

fn programs_of_this_system_need_what_dpkg_shlibdeps_says() {
    let mut compared = 0;
    for program in PROGRAMS.into_iter().filter(|it| Path::new(it).is_file()) {
        assert_eq!(ours(program), theirs(program), "{program}");
        compared += 1;
    }
    assert!(compared > 3, "too few programs here: {compared}");
}
