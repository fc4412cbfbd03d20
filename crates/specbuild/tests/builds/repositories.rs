//! Repositories of packages as the tools of the rpm family read them: createrepo_c, and dnf, which
//! installs from there into a root, upgrades and removes. The packages are those of
//! `testdata/repository/`, which need only each other.

mod index;
mod place;

use std::fs;
use std::process::Command;

use testkit::{Trial, golden};

use crate::bench::{run, workspace};
use crate::machine::{Machine, Need};
use place::Place;

/// The trials of repositories.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let tools = ["createrepo_c", "dnf", "gpg", "gzip", "rpm"].map(Need::Program);
    let needs = [&tools[..], &[Need::Root]].concat();
    vec![
        machine.trial(
            "repositories: createrepo_c reads what rpm does",
            &needs,
            is_read_as_by_rpm,
        ),
        machine.trial("repositories: dnf takes them", &needs, is_taken_by_dnf),
    ]
}

fn is_read_as_by_rpm() {
    let place = Place::new();
    for repository in place::REPOSITORIES {
        index::is_as_rpm_says(&place, repository);
        let mut command = Command::new("rpm");
        command.args(["-qp", "--queryformat", "%{PAYLOADCOMPRESSOR}\n"]);
        let compressors = run(command.args(place.packages(repository)));
        assert!(compressors.lines().all(|it| it == "zstd"), "{compressors}");
    }
}

/// What dnf does in turn: from which repository, and the arguments.
const STEPS: [(&str, &[&str]); 10] = [
    (
        "first",
        &["install", "--setopt=install_weak_deps=False", "orchard"],
    ),
    ("first", &["install", "orchard-bees"]),
    ("first", &["install", "orchard-pears"]),
    ("first", &["reinstall", "orchard"]),
    ("second", &["upgrade"]),
    ("first", &["downgrade", "orchard-shears"]),
    ("second", &["swap", "orchard-cider", "orchard-pears"]),
    ("second", &["remove", "orchard"]),
    ("second", &["autoremove"]),
    ("second", &["remove", "orchard-*"]),
];

fn is_taken_by_dnf() {
    let place = Place::new();
    let refused = place.dnf("first", &["install", "orchard"]);
    assert_eq!(refused.status, Some(1), "{}", refused.stdout);
    let unsigned = "Package orchard-1-1.fc42.noarch.rpm is not signed";
    assert!(refused.stderr.contains(unsigned), "{}", refused.stderr);
    place.sign();
    let mut told = String::new();
    for (repository, args) in STEPS {
        let ran = place.dnf(repository, args);
        told += &format!("{repository}: {}\n", args.join(" "));
        told += &place.seen(&ran);
        if args[0] == "reinstall" {
            fs::write(place.root().join("etc/orchard.conf"), "own settings\n").unwrap();
        }
    }
    assert_eq!(place.keys(), 1, "the key came with the first package");
    let expected = workspace("testdata/repository/expected.txt");
    golden::compare(&expected, &told).unwrap();
}
