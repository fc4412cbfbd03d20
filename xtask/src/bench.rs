//! `bench`: this tool beside rpm, rpmbuild and dpkg-deb, in one run on one machine.
//!
//! `macros` asks how fast macros and specs are expanded, `build` what a small build costs, `package`
//! how long and how much memory it takes to package large trees. The runs alternate between the
//! tools, so that a busy moment hits all of them; the tables show medians and, as what matters,
//! ratios. `instructions` compares with nothing but this tool's own past.

mod build;
mod instructions;
mod job;
mod macros;
mod measure;
mod package;
mod software;
mod specs;
mod table;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, ValueEnum};

use common::shell::{Outcome, output, root, target_dir};
use common::{install, marked};
pub(crate) use measure::child;
use measure::{Sample, measure};

/// What to measure and where to put it.
#[derive(Args)]
pub(crate) struct Bench {
    /// What to measure; if nothing is named, all but `instructions`
    subject: Option<Subject>,
    /// Keep the figures: in docs/benchmarks.md, between its markers, or in xtask/instructions.toml
    #[arg(long)]
    write: bool,
    /// Runs per tool; start-up takes 20 times as many, small builds 4 times
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Leave rpmbuild out, which takes up to a minute per run
    #[arg(long)]
    no_rpmbuild: bool,
    /// Expand 300 specs of this folder, and not the project's own
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
}

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// Start-up and the expansion of specs, beside rpm
    Macros,
    /// A build of one file, beside rpmbuild
    Build,
    /// Packaging large trees, beside rpmbuild, dpkg-deb and plain archives
    Package,
    /// Instructions of a few runs, beside those in xtask/instructions.toml
    Instructions,
}

/// One tool in a comparison, and what was measured of it.
struct Contender {
    name: &'static str,
    /// Program and arguments.
    command: Vec<String>,
    /// The package it makes, or the folder it builds in, if it makes one.
    result: Option<PathBuf>,
    /// Its size in bytes, once it is there.
    result_size: Option<u64>,
    samples: Vec<Sample>,
}

impl Contender {
    fn new(name: &'static str, command: &[&str], result: Option<PathBuf>) -> Self {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Self {
            name,
            command,
            result,
            result_size: None,
            samples: Vec::new(),
        }
    }
}

pub(crate) fn run(bench: &Bench) -> Outcome {
    if bench.subject == Some(Subject::Instructions) {
        return instructions::run(bench.write);
    }
    let dir = target_dir().join("bench");
    let bin = dir.join("bin");
    install::run(&bin)?;
    let is_wanted = |subject| bench.subject.is_none_or(|wanted| wanted == subject);
    if is_wanted(Subject::Macros) {
        let text = macros::run(bench, &dir, &bin)?;
        show(bench, "macros", &text)?;
    }
    if is_wanted(Subject::Build) {
        let text = build::run(bench, &dir, &bin)?;
        show(bench, "build", &text)?;
    }
    if is_wanted(Subject::Package) {
        let text = package::run(bench, &dir, &bin)?;
        show(bench, "package", &text)?;
    }
    Ok(())
}

fn show(bench: &Bench, subject: &str, text: &str) -> Outcome {
    println!("\n{text}");
    if bench.write {
        marked::put_into(&root().join("docs/benchmarks.md"), subject, text)
    } else {
        Ok(())
    }
}

/// One warm-up each, then the tools in turn.
fn alternate(contenders: &mut [Contender], runs: usize) -> Outcome {
    for contender in &mut *contenders {
        let words: Vec<&str> = contender.command.iter().map(String::as_str).collect();
        let line = words[..words.len().min(7)].join(" ");
        println!("--- {}: {line}", contender.name);
        measure(&contender.command)?;
    }
    for _ in 0..runs {
        for contender in &mut *contenders {
            contender.samples.push(measure(&contender.command)?);
            contender.result_size = contender.result.as_deref().map(size_below);
        }
    }
    Ok(())
}

/// Size of a file, or of all files below a folder, in bytes.
fn size_below(path: &Path) -> u64 {
    let Ok(entries) = path.read_dir() else {
        return fs::metadata(path).map_or(0, |it| it.len());
    };
    entries.flatten().map(|it| size_below(&it.path())).sum()
}

/// A line that says which tools were compared on what.
fn tools(programs: &[&str]) -> Outcome<String> {
    let mut parts = Vec::new();
    for program in programs {
        let text = output(Command::new(program).arg("--version"))?;
        let line = text.lines().next().unwrap_or_default();
        parts.push(line.trim_end_matches('.').to_owned());
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(format!("{}; {cores} cores.\n", parts.join("; ")))
}
