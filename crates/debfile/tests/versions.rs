//! Versions keep their order when they are spelled in Debian's way.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::cmp::Ordering;
use std::process::Command;

use package::{Evr, compare_versions};
use proptest::prelude::*;
use specbuild_debfile::{deb_order, deb_version};
use testkit::Need;

testkit::trials! {
    [Need::Program("dpkg")] => the_order_is_dpkgs;
    [] => ordinary_versions_keep_their_order, a_snapshot_stays_between_its_release_and_the_next, the_order_is_an_order, the_exceptions_are_those_we_know;
}

/// Versions as they are in use: numbers, with letters at the end, perhaps before a release.
const ORDINARY: &str =
    "[0-9]{1,3}([._][0-9]{1,3}){0,3}([a-z]{1,3}([1-9][0-9]?)?)?(~(rc|beta|git)[1-9][0-9]?)?";

/// Whatever dpkg takes.
const ANY: &str = "([0-9]:)?[0-9][0-9a-cA-B.+~]{0,8}(-[0-9a-b.+~]{1,4})?";

/// Pairs whose order is another one in Debian, whatever the spelling. The first is the lower one
/// for rpm, or equal if marked so.
const EXCEPTIONS: [(&str, &str, bool, &str); 7] = [
    (
        "1.a",
        "1.1",
        false,
        "a segment of letters is below numbers only where no dot precedes it",
    ),
    ("1.0.rc1", "1.0.1", false, "the same"),
    ("1a", "1a0", false, "a missing number is 0"),
    ("1.0", "1..0", true, "every separator counts"),
    ("1.0", "1+0", true, "the kind of separator counts"),
    ("1", "1.", true, "a separator at the end counts"),
    ("1.0^x", "1.0a", false, "a plus is above letters"),
];

fn spelled(version: &str) -> String {
    deb_version(&Evr {
        version: version.into(),
        ..Evr::default()
    })
    .unwrap()
}

fn both(a: &str, b: &str) -> (Ordering, Ordering) {
    (compare_versions(a, b), deb_order(&spelled(a), &spelled(b)))
}

proptest! {
    fn ordinary_versions_keep_their_order(a in ORDINARY, b in ORDINARY) {
        let (rpm, deb) = both(&a, &b);
        prop_assert_eq!(rpm, deb, "{} and {}", a, b);
    }

    fn a_snapshot_stays_between_its_release_and_the_next(a in "[0-9]{1,2}(\\.[0-9]{1,2}){0,2}") {
        let snapshot = spelled(&format!("{a}^git1"));
        prop_assert!(deb_order(&a, &snapshot).is_lt());
        let next = format!("{a}.1");
        prop_assert!(deb_order(&snapshot, &next).is_lt());
    }

    fn the_order_is_an_order(a in ANY, b in ANY, c in ANY) {
        prop_assert_eq!(deb_order(&a, &b), deb_order(&b, &a).reverse());
        let mut sorted = [&a, &b, &c];
        sorted.sort_by(|x, y| deb_order(x, y));
        prop_assert!(deb_order(sorted[0], sorted[2]).is_le());
    }
}

fn the_exceptions_are_those_we_know() {
    for (low, high, equal, why) in EXCEPTIONS {
        let (rpm, deb) = both(low, high);
        assert_eq!(
            rpm,
            if equal {
                Ordering::Equal
            } else {
                Ordering::Less
            },
            "{low} and {high}"
        );
        assert_ne!(
            rpm, deb,
            "{low} and {high} agree after all, in spite of: {why}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    fn the_order_is_dpkgs(a in ANY, b in ANY) {
        let says = |sign: &str| {
            let mut dpkg = Command::new("dpkg");
            dpkg.args(["--compare-versions", &a, sign, &b]).status().unwrap().success()
        };
        let dpkg = if says("lt") {
            Ordering::Less
        } else if says("eq") {
            Ordering::Equal
        } else {
            Ordering::Greater
        };
        prop_assert_eq!(deb_order(&a, &b), dpkg, "{} and {}", a, b);
    }
}
