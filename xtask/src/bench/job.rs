//! A packaging job as each contender of `bench package` does it, and the specs for it.

use std::fs;
use std::path::{Path, PathBuf};

use super::Contender;
use super::tree::Tree;
use common::shell::{Outcome, failed};

/// The target that writes .rpm files, in the format that Debian's rpmbuild writes too.
pub(super) const RPM: &str = "fedora-42";
/// The target that writes .deb files.
pub(super) const DEB: &str = "debian-13";

/// A fifth of a tree.
pub(super) const PART: &str = "part-0[0-3]";
/// All of it.
pub(super) const WHOLE: &str = "part-*";

/// The spec, the tree and the part of it that is packaged.
pub(super) type Load<'l> = (&'static str, &'l Tree, &'static str);

/// Where everything lies.
pub(super) struct Places<'p> {
    /// Folder for specs, trees and results.
    pub(super) dir: &'p Path,
    /// Folder of this tool's programs.
    pub(super) bin: &'p Path,
}

impl Places<'_> {
    /// Writes what the jobs are described by.
    pub(super) fn write_specs(&self) -> Outcome {
        for (name, text) in [
            ("bench.spec", format!("{FILES}%files\n/opt/bench\n")),
            ("parts.spec", format!("{FILES}{}", sub_packages())),
            ("software.spec", SOFTWARE.to_owned()),
        ] {
            let path = self.dir.join(name);
            let text = format!("{PREAMBLE}{text}");
            fs::write(&path, text).map_err(failed("write", &path))?;
        }
        let control = self.dir.join("control");
        fs::write(&control, CONTROL).map_err(failed("write", &control))
    }

    /// A build by this tool.
    pub(super) fn specbuild(
        &self,
        name: &'static str,
        target: &str,
        flags: &str,
        load: Load<'_>,
    ) -> Contender {
        let program = format!("{}/specbuild --target {target}", self.bin.display());
        self.build(name, &program, target, flags, load)
    }

    /// A build by this tool with one processor.
    pub(super) fn specbuild_alone(
        &self,
        name: &'static str,
        target: &str,
        flags: &str,
        load: Load<'_>,
    ) -> Contender {
        let bin = self.bin.display();
        let program = format!("taskset -c 0 {bin}/specbuild --target {target}");
        self.build(name, &program, target, flags, load)
    }

    /// A build by rpmbuild, which uses more than one core if the flags say so (`T0`); ours does so unasked.
    pub(super) fn rpmbuild(&self, flags: &str, load: Load<'_>) -> Contender {
        self.build("rpmbuild", "rpmbuild", "rpmbuild", flags, load)
    }

    /// A build by `program`, with its results in a folder of its own.
    fn build(
        &self,
        name: &'static str,
        program: &str,
        top: &str,
        flags: &str,
        (spec, tree, part): Load<'_>,
    ) -> Contender {
        let (dir, tree) = (self.dir.display(), tree.path.display());
        let top = format!("{dir}/{top}-{spec}");
        let script = format!(
            "exec {program} -bb --nodeps --quiet --define '_topdir {top}' \
             --define 'tree {tree}/{part}' --define '_binary_payload {flags}' \
             --define '_deb_payload {flags}' \
             {dir}/{spec}.spec >/dev/null 2>{top}.log"
        );
        scripted(name, &script, PathBuf::from(top))
    }

    /// dpkg-deb, which is told by its options how to compress.
    pub(super) fn dpkg_deb(&self, options: &str, load: Load<'_>) -> Contender {
        let (dir, result) = (self.dir.display(), self.dir.join("plain.deb"));
        let script = format!(
            "mkdir $stage/DEBIAN; cp {dir}/control $stage/DEBIAN; \
             dpkg-deb --root-owner-group {options} --build $stage {} >/dev/null",
            result.display()
        );
        scripted("dpkg-deb", &self.staged(load, &script), result)
    }

    /// A plain archive.
    pub(super) fn tar(&self, name: &'static str, compressor: &str, load: Load<'_>) -> Contender {
        let result = self.dir.join("plain.tar.packed");
        let script = format!("tar -C $stage -cf - . | {compressor} >{}", result.display());
        scripted(name, &self.staged(load, &script), result)
    }

    /// A script with the tree staged in `$stage/opt/bench`.
    fn staged(&self, (_, tree, part): Load<'_>, script: &str) -> String {
        let (dir, tree) = (self.dir.display(), tree.path.display());
        format!(
            "set -e; stage={dir}/stage; rm -rf $stage; mkdir -p $stage/opt/bench; \
             cp -al {tree}/{part} $stage/opt/bench; {script}; rm -rf $stage"
        )
    }
}

fn scripted(name: &'static str, script: &str, result: PathBuf) -> Contender {
    Contender::new(name, &["sh", "-c", script], Some(result))
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

/// What all specs begin with.
const PREAMBLE: &str = "\
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _unpackaged_files_terminate_build 0
Name: bench
Version: 1
Release: 1
Summary: A large tree of files
License: MIT
";

/// `%{tree}` as plain files.
const FILES: &str = "\
BuildArch: noarch
%description
A large tree of files.

%install
mkdir -p %{buildroot}/opt/bench
cp -al %{tree} %{buildroot}/opt/bench

";

/// `%{tree}` at the places where software has its files, and dependency generators look for them.
const SOFTWARE: &str = "\
%description
Programs, libraries and modules.

%install
mkdir -p %{buildroot}
cp -al %{tree}/usr %{buildroot}

%files
/usr
";

const CONTROL: &str = "\
Package: bench
Version: 1-1
Architecture: all
Maintainer: Example Packagers <packagers@example.org>
Description: A large tree of files
";
