//! `bench build`: what a build costs besides its own work: a package of one file, without sources.
//!
//! rpmbuild is to make the same package, and debbuild too where it is installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Bench, Contender, alternate, table, tools};
use common::shell::{Outcome, failed};

/// Measures, and returns the table.
pub(super) fn run(bench: &Bench, dir: &Path, bin: &Path) -> Outcome<String> {
    let spec = dir.join("trivial.spec");
    fs::write(&spec, SPEC).map_err(failed("write", &spec))?;
    let (at, bin) = (dir.display(), bin.display());
    let contender = |name, program: &str, top: &str| {
        let script = format!(
            "exec {program} -bb --define '_topdir {at}/{top}' --define '_tmppath {at}' \
             --define '_binary_payload w3.zstdio' --define '_deb_payload w3.zstdio' {at}/trivial.spec \
             >{at}/{top}.log 2>&1"
        );
        Contender::new(name, &["sh", "-c", &script], None)
    };
    let ours = |target: &str| format!("{bin}/specbuild --target {target}");
    let mut contenders = vec![
        contender("`specbuild`, .rpm", &ours("upstream"), "small-upstream"),
        contender("`rpmbuild`", "rpmbuild", "small-rpmbuild"),
        contender("`specbuild`, .deb", &ours("debian-13"), "small-debian-13"),
    ];
    let mut peers = vec!["rpmbuild"];
    if Command::new(DEBBUILD).arg("--version").output().is_ok() {
        // It makes no directories of its own, and fails without them.
        for name in ["BUILD", "BUILDROOT", "SOURCES", "DEBS", "SDEBS"] {
            let folder = dir.join("small-debbuild").join(name);
            fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
        }
        contenders.push(contender("`debbuild`", DEBBUILD, "small-debbuild"));
        peers.push(DEBBUILD);
    }
    alternate(&mut contenders, bench.runs * 4)?;
    Ok(format!(
        "{}\n{}",
        tools(&peers)?,
        table::building(&contenders, &["`rpmbuild`", "`debbuild`"])
    ))
}

const DEBBUILD: &str = "debbuild";

const SPEC: &str = "\
Name: trivial
Version: 1
Release: 1
Summary: One file
License: MIT
Group: Development/Tools
BuildArch: noarch

%description
One file.

%install
mkdir -p %{buildroot}/usr/share/trivial
echo hello >%{buildroot}/usr/share/trivial/hello

%files
/usr/share/trivial
";
