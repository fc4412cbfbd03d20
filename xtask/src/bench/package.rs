//! `bench package`: how long packaging takes, beside rpmbuild, dpkg-deb and plain archives.
//!
//! The same job for each: stage a tree by hard links, package it, remove the stage. rpmbuild and
//! specbuild do so by a spec and find dependencies on the way; the others by a script.

use std::fs;
use std::path::{Path, PathBuf};

use super::tree::{self, Tree};
use super::{Bench, Contender, alternate, table, tools};
use crate::shell::{Outcome, failed};

/// The target that writes .rpm files, in the format that Debian's rpmbuild writes too.
const RPM: &str = "fedora-42";
/// The target that writes .deb files.
const DEB: &str = "debian-13";

/// A fifth of a tree.
const PART: &str = "part-0[0-3]";
/// All of it.
const WHOLE: &str = "part-*";

/// Some contenders, and what they are compared by.
struct Comparison {
    title: String,
    contenders: Vec<Contender>,
    /// Name of the contender that the others' times are divided by.
    reference: &'static str,
    runs: usize,
}

/// Where everything lies.
struct Places<'p> {
    dir: &'p Path,
    bin: &'p Path,
    /// Files of all sizes.
    mixed: Tree,
    /// Many small files.
    small: Tree,
}

pub(super) fn run(bench: &Bench, dir: &Path, bin: &Path) -> Outcome<String> {
    let places = Places {
        dir,
        bin,
        mixed: tree::generate(&dir.join("tree"), &tree::MIXED)?,
        small: tree::generate(&dir.join("small"), &tree::SMALL)?,
    };
    write(&dir.join("bench.spec"), &spec(""))?;
    write(&dir.join("parts.spec"), &spec(&sub_packages()))?;
    write(&dir.join("control"), CONTROL)?;
    let mut text = tools(&["rpmbuild", "dpkg-deb", "zstd", "xz"])?;
    for mut comparison in [
        fast(&places, bench.runs),
        slow(&places),
        many(&places, bench.runs),
        side_by_side(&places, bench.runs),
    ] {
        let contenders = &mut comparison.contenders;
        contenders.retain(|it| !bench.no_rpmbuild || it.name != "rpmbuild");
        alternate(contenders, comparison.runs)?;
        text += "\n";
        text += &table::packaging(&comparison.title, contenders, comparison.reference);
    }
    Ok(text)
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(failed("write", path))
}

/// A large tree at a fast level.
fn fast(places: &Places<'_>, runs: usize) -> Comparison {
    let tree = &places.mixed;
    let (rpm, deb) = ("w3.zstdio", "w3.zstdio");
    Comparison {
        title: format!("{tree}, zstd 3"),
        contenders: vec![
            places.specbuild("specbuild, .rpm", RPM, rpm, (tree, WHOLE)),
            places.rpmbuild(rpm, (tree, WHOLE)),
            places.specbuild("specbuild, .deb", DEB, deb, (tree, WHOLE)),
            places.dpkg_deb("-Zzstd -z3", (tree, WHOLE)),
            places.tar("`tar \\| zstd -3 -T0`", "zstd -3 -T0 -q", (tree, WHOLE)),
        ],
        reference: "`tar \\| zstd -3 -T0`",
        runs,
    }
}

/// The levels that Fedora and Debian use, on a part of the tree.
fn slow(places: &Places<'_>) -> Comparison {
    let tree = &places.mixed;
    let part = (tree, PART);
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
fn many(places: &Places<'_>, runs: usize) -> Comparison {
    let (tree, flags) = (&places.small, "w3.zstdio");
    Comparison {
        title: format!("{tree}, and a fifth of it, zstd 3"),
        contenders: vec![
            places.specbuild("specbuild, .rpm", RPM, flags, (tree, WHOLE)),
            places.specbuild("specbuild, .rpm, a fifth", RPM, flags, (tree, PART)),
            places.specbuild("specbuild, .deb", DEB, flags, (tree, WHOLE)),
            places.specbuild("specbuild, .deb, a fifth", DEB, flags, (tree, PART)),
        ],
        reference: "",
        runs: runs.div_ceil(2),
    }
}

/// Fifty sub-packages, by one processor and by all.
fn side_by_side(places: &Places<'_>, runs: usize) -> Comparison {
    let mut contenders = Vec::new();
    for (name, alone, target) in [
        ("specbuild, .rpm", "specbuild, .rpm, one processor", RPM),
        ("specbuild, .deb", "specbuild, .deb, one processor", DEB),
    ] {
        let build = places.build("parts", "w3.zstdio", (&places.mixed, WHOLE), target);
        let program = format!("{}/specbuild --target {target}", places.bin.display());
        for (name, prefix) in [(name, ""), (alone, "taskset -c 0 ")] {
            let script = build.replace("PROGRAM", &format!("{prefix}{program}"));
            contenders.push(scripted(name, &script, None));
        }
    }
    Comparison {
        title: "50 sub-packages with 200 files each, zstd 3".to_owned(),
        contenders,
        reference: "",
        runs: runs.div_ceil(2),
    }
}

fn scripted(name: &'static str, script: &str, result: Option<PathBuf>) -> Contender {
    Contender::new(name, &["sh", "-c", script], result)
}

/// A tree and the part of it that is packaged.
type Load<'l> = (&'l Tree, &'static str);

impl Places<'_> {
    /// A build by `PROGRAM`, with its results in a folder of its own.
    fn build(&self, spec: &str, flags: &str, (tree, part): Load<'_>, top: &str) -> String {
        let (dir, tree) = (self.dir.display(), tree.path.display());
        format!(
            "exec PROGRAM -bb --nodeps --quiet --define '_topdir {dir}/{top}' \
             --define 'tree {tree}/{part}' --define '_binary_payload {flags}' \
             --define '_deb_payload {flags}' \
             {dir}/{spec}.spec >/dev/null 2>{dir}/{top}.log"
        )
    }

    fn specbuild(
        &self,
        name: &'static str,
        target: &str,
        flags: &str,
        load: Load<'_>,
    ) -> Contender {
        let program = format!("{}/specbuild --target {target}", self.bin.display());
        let script = self.build("bench", flags, load, target);
        let result = match target {
            RPM => "RPMS/noarch/bench-1-1.noarch.rpm",
            _ => "DEBS/all/bench_1-1_all.deb",
        };
        let result = self.dir.join(target).join(result);
        scripted(name, &script.replace("PROGRAM", &program), Some(result))
    }

    fn rpmbuild(&self, flags: &str, load: Load<'_>) -> Contender {
        let script = self.build("bench", flags, load, "rpmbuild");
        let result = self.dir.join("rpmbuild/RPMS/noarch/bench-1-1.noarch.rpm");
        scripted(
            "rpmbuild",
            &script.replace("PROGRAM", "rpmbuild"),
            Some(result),
        )
    }

    /// A script with the tree staged in `$stage/opt/bench`.
    fn staged(&self, (tree, part): Load<'_>, script: &str) -> String {
        let (dir, tree) = (self.dir.display(), tree.path.display());
        format!(
            "set -e; stage={dir}/stage; rm -rf $stage; mkdir -p $stage/opt/bench; \
             cp -al {tree}/{part} $stage/opt/bench; {script}; rm -rf $stage"
        )
    }

    fn dpkg_deb(&self, flags: &str, load: Load<'_>) -> Contender {
        let (dir, result) = (self.dir.display(), self.dir.join("plain.deb"));
        let script = format!(
            "mkdir $stage/DEBIAN; cp {dir}/control $stage/DEBIAN; \
             dpkg-deb --root-owner-group {flags} --build $stage {} >/dev/null",
            result.display()
        );
        scripted("dpkg-deb", &self.staged(load, &script), Some(result))
    }

    fn tar(&self, name: &'static str, compressor: &str, load: Load<'_>) -> Contender {
        let result = self.dir.join("plain.tar.packed");
        let script = format!("tar -C $stage -cf - . | {compressor} >{}", result.display());
        scripted(name, &self.staged(load, &script), Some(result))
    }
}

/// A spec that packages `%{tree}`, with the file lists given or one of all files.
fn spec(lists: &str) -> String {
    let lists = if lists.is_empty() {
        "%files\n/opt/bench\n"
    } else {
        lists
    };
    format!("{SPEC}{lists}")
}

/// Fifty sub-packages, each with the folders that have its number; the other folders stay behind.
fn sub_packages() -> String {
    let package = |number: u32| {
        format!(
            "%package p{number:02}\nSummary: A part\n%description p{number:02}\nA part.\n\
             %files p{number:02}\n/opt/bench/part-*/module-*{number:02}\n"
        )
    };
    (0..50).map(package).collect()
}

const SPEC: &str = "\
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _unpackaged_files_terminate_build 0
Name: bench
Version: 1
Release: 1
Summary: A large tree of files
License: MIT
BuildArch: noarch

%description
A large tree of files.

%install
mkdir -p %{buildroot}/opt/bench
cp -al %{tree} %{buildroot}/opt/bench

";

const CONTROL: &str = "\
Package: bench
Version: 1-1
Architecture: all
Maintainer: Example Packagers <packagers@example.org>
Description: A large tree of files
";
