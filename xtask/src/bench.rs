//! `bench`: this tool beside rpm, rpmbuild and dpkg-deb, in one run on one machine.
//!
//! Two questions: how long does it take to expand a macro, and how long and how much memory
//! to package a large tree. The runs alternate between the tools, so that a busy moment hits
//! all of them; the table shows medians and, as what matters, ratios.

mod measure;
mod table;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::install;
use crate::shell::{Outcome, failed, output, root, target_dir};
pub(crate) use measure::child;
use measure::{Sample, measure};

/// What to measure and where to put it.
#[derive(Args)]
pub(crate) struct Bench {
    /// Put the tables into README.md, between its markers
    #[arg(long)]
    write: bool,
    /// Runs per tool when packaging; expansion takes 20 times as many
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Leave rpmbuild out, which takes half a minute per run
    #[arg(long)]
    no_rpmbuild: bool,
}

/// One tool in a comparison, and what was measured of it.
struct Contender {
    name: &'static str,
    /// Program and arguments.
    command: Vec<String>,
    /// The package it makes, if it makes one.
    result: Option<PathBuf>,
    samples: Vec<Sample>,
}

impl Contender {
    fn new(name: &'static str, command: &[&str], result: Option<PathBuf>) -> Self {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Self {
            name,
            command,
            result,
            samples: Vec::new(),
        }
    }
}

pub(crate) fn run(bench: &Bench) -> Outcome {
    let dir = target_dir().join("bench");
    let bin = dir.join("bin");
    install::run(&bin)?;
    let tree = tree::generate(&dir.join("tree"))?;

    let mut expansion = expansion(&bin);
    alternate(&mut expansion, bench.runs * 20)?;
    let mut packaging = packaging(&dir, &bin, &tree.path)?;
    if bench.no_rpmbuild {
        packaging.retain(|contender| contender.name != "rpmbuild");
    }
    alternate(&mut packaging, bench.runs)?;

    let text = format!(
        "{}\n{}\n{}",
        tools()?,
        table::expansion(&expansion),
        table::packaging(&packaging, &tree)
    );
    println!("\n{text}");
    if bench.write {
        table::put_into(&root().join("README.md"), &text)
    } else {
        Ok(())
    }
}

/// One warm-up each, then the tools in turn.
fn alternate(contenders: &mut [Contender], runs: usize) -> Outcome {
    for contender in &mut *contenders {
        println!("--- {}: {}", contender.name, contender.command.join(" "));
        measure(&contender.command)?;
    }
    for _ in 0..runs {
        for contender in &mut *contenders {
            contender.samples.push(measure(&contender.command)?);
        }
    }
    Ok(())
}

fn expansion(bin: &Path) -> Vec<Contender> {
    let specbuild = bin.join("specbuild");
    let ours = [&*specbuild.to_string_lossy(), "--eval", "%{_bindir}"];
    let rpm = ["rpm", "--eval", "%{_bindir}"];
    vec![
        Contender::new("specbuild --eval", &ours, None),
        Contender::new("rpm --eval", &rpm, None),
    ]
}

/// The same job for each: stage the tree by hard links, package it at zstd level 3, remove the stage.
/// rpmbuild and specbuild do so by the spec, dpkg-deb by a script around it.
fn packaging(dir: &Path, bin: &Path, tree: &Path) -> Outcome<Vec<Contender>> {
    let spec = dir.join("bench.spec");
    fs::write(&spec, SPEC).map_err(failed("write", &spec))?;
    let control = dir.join("control");
    fs::write(&control, CONTROL).map_err(failed("write", &control))?;
    let (dir, bin, tree) = (dir.display(), bin.display(), tree.display());
    let build = |program: &str, top: &str| {
        format!(
            "exec {program} -bb --nodeps --quiet --define '_topdir {dir}/{top}' \
             --define 'tree {tree}' --define '_binary_payload w3.zstdio' \
             --define '_deb_payload w3.zstdio' \
             {dir}/bench.spec >/dev/null 2>{dir}/{top}.log"
        )
    };
    let stage = format!("{dir}/dpkg-deb/stage");
    let dpkg = format!(
        "rm -rf {stage} && mkdir -p {stage}/opt/bench {stage}/DEBIAN && \
         cp {dir}/control {stage}/DEBIAN && cp -al {tree}/. {stage}/opt/bench && \
         dpkg-deb --root-owner-group -Zzstd -z3 --build {stage} {dir}/dpkg-deb/bench.deb \
         >/dev/null && rm -rf {stage}"
    );
    let scripted = |name, script: &str, result: String| {
        Contender::new(name, &["sh", "-c", script], Some(PathBuf::from(result)))
    };
    let ours = |target: &str| build(&format!("{bin}/specbuild --target {target}"), target);
    let rpm = "RPMS/noarch/bench-1-1.noarch.rpm";
    let deb = "DEBS/all/bench_1-1_all.deb";
    Ok(vec![
        scripted(
            "specbuild, .rpm",
            &ours("upstream"),
            format!("{dir}/upstream/{rpm}"),
        ),
        scripted(
            "rpmbuild",
            &build("rpmbuild", "rpmbuild"),
            format!("{dir}/rpmbuild/{rpm}"),
        ),
        scripted(
            "specbuild, .deb",
            &ours("debian-13"),
            format!("{dir}/debian-13/{deb}"),
        ),
        scripted("dpkg-deb", &dpkg, format!("{dir}/dpkg-deb/bench.deb")),
    ])
}

/// A line that says which tools were compared on what.
fn tools() -> Outcome<String> {
    let first_line = |program: &str| -> Outcome<String> {
        let text = output(Command::new(program).arg("--version"))?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(format!(
        "{}; {}; {cores} cores.\n",
        first_line("rpmbuild")?,
        first_line("dpkg-deb")?.trim_end_matches('.')
    ))
}

const SPEC: &str = "\
%global debug_package %{nil}
%global __os_install_post %{nil}
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
cp -al %{tree}/. %{buildroot}/opt/bench

%files
/opt/bench
";

const CONTROL: &str = "\
Package: bench
Version: 1-1
Architecture: all
Maintainer: Example Packagers <packagers@example.org>
Description: A large tree of files
";
