//! `bench package`: how long packaging takes, beside rpmbuild, dpkg-deb and plain archives.
//!
//! The same job for each: stage a tree by hard links, package it, remove the stage. rpmbuild and
//! specbuild do so by a spec and find dependencies on the way; the others by a script. Generated
//! trees show what plain files cost, software of this machine what its dependencies do.

use std::path::Path;

use super::job::{DEB, Load, PART, Places, RPM, WHOLE};
use super::tree::{self, Tree};
use super::{Bench, Contender, alternate, software, table, tools};
use common::shell::Outcome;

/// Some contenders, and what they are compared by.
struct Comparison {
    title: String,
    contenders: Vec<Contender>,
    /// Name of the contender that the others' times are divided by.
    reference: &'static str,
    runs: usize,
}

pub(super) fn run(bench: &Bench, dir: &Path, bin: &Path) -> Outcome<String> {
    let places = Places { dir, bin };
    places.write_specs()?;
    let mixed = tree::generate(&dir.join("tree"), &tree::MIXED)?;
    let small = tree::generate(&dir.join("small"), &tree::SMALL)?;
    let software = software::gather(&dir.join("software"))?;
    let mut text = tools(&["rpmbuild", "dpkg-deb", "zstd", "xz"])?;
    for mut comparison in [
        fast(&places, ("bench", &mixed, WHOLE), bench.runs),
        fast(&places, ("software", &software, WHOLE), bench.runs),
        slow(&places, &mixed),
        many(&places, &small, bench.runs),
        side_by_side(&places, &mixed, bench.runs),
    ] {
        let contenders = &mut comparison.contenders;
        contenders.retain(|it| !bench.no_rpmbuild || it.name != "rpmbuild");
        alternate(contenders, comparison.runs)?;
        text += "\n";
        text += &table::packaging(&comparison.title, contenders, comparison.reference);
    }
    Ok(text)
}

/// A large tree at a fast level.
fn fast(places: &Places<'_>, load: Load<'_>, runs: usize) -> Comparison {
    let flags = "w3.zstdio";
    Comparison {
        title: format!("{}, zstd 3", load.1),
        contenders: vec![
            places.specbuild("specbuild, .rpm", RPM, flags, load),
            places.rpmbuild("w3T0.zstdio", load),
            places.specbuild("specbuild, .deb", DEB, flags, load),
            places.dpkg_deb("-Zzstd -z3", load),
            places.tar("`tar \\| zstd -3 -T0`", "zstd -3 -T0 -q", load),
        ],
        reference: "`tar \\| zstd -3 -T0`",
        runs,
    }
}

/// The levels that Fedora and Debian use, on a part of the tree.
fn slow(places: &Places<'_>, tree: &Tree) -> Comparison {
    let part = ("bench", tree, PART);
    Comparison {
        title: "a fifth of it, zstd 19 and xz 6".to_owned(),
        contenders: vec![
            places.specbuild("specbuild, .rpm, zstd 19", RPM, "w19.zstdio", part),
            places.tar("`tar \\| zstd -19 -T0`", "zstd -19 -T0 -q", part),
            places.specbuild("specbuild, .deb, xz 6", DEB, "w6.xzdio", part),
            places.tar("`tar \\| xz -6 -T0`", "xz -6 -T0", part),
        ],
        reference: "",
        runs: 1,
    }
}

/// Whether many small files take their number times what few take.
fn many(places: &Places<'_>, tree: &Tree, runs: usize) -> Comparison {
    let (all, part) = (("bench", tree, WHOLE), ("bench", tree, PART));
    let flags = "w3.zstdio";
    Comparison {
        title: format!("{tree}, and a fifth of it, zstd 3"),
        contenders: vec![
            places.specbuild("specbuild, .rpm", RPM, flags, all),
            places.specbuild("specbuild, .rpm, a fifth", RPM, flags, part),
            places.specbuild("specbuild, .deb", DEB, flags, all),
            places.specbuild("specbuild, .deb, a fifth", DEB, flags, part),
        ],
        reference: "",
        runs: runs.div_ceil(2),
    }
}

/// Fifty sub-packages, by one processor and by all.
fn side_by_side(places: &Places<'_>, tree: &Tree, runs: usize) -> Comparison {
    let mut contenders = Vec::new();
    for (name, alone, target) in [
        ("specbuild, .rpm", "specbuild, .rpm, one processor", RPM),
        ("specbuild, .deb", "specbuild, .deb, one processor", DEB),
    ] {
        let load = ("parts", tree, WHOLE);
        contenders.push(places.specbuild(name, target, "w3.zstdio", load));
        contenders.push(places.specbuild_alone(alone, target, "w3.zstdio", load));
    }
    Comparison {
        title: "50 sub-packages with 200 files each, zstd 3".to_owned(),
        contenders,
        reference: "",
        runs: runs.div_ceil(2),
    }
}
