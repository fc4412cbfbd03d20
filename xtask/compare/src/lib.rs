//! `compare`: the real programs beside ours. This module has what the kinds of comparison share.
//!
//! Nothing here links our crates: the programs are run, as a packager would.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod dice;
mod macros;
mod messages;
mod older;
mod packages;
mod rpm;
mod shlibs;
mod shrink;
mod specs;
mod subjects;
mod trial;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Subcommand;

use common::install;
use common::shell::{Outcome, failed, target_dir};

/// What to compare.
#[derive(Subcommand)]
pub enum Compare {
    /// The macro language, by random programs
    Macros(trial::Options),
    /// The spec language, by random specs
    Specs(trial::Options),
    /// Packages, tag by tag, from the same build roots
    Rpm(packages::Packages),
    /// Packages of an older binary and of this one, byte by byte
    Older(older::Older),
    /// Library dependencies of ELF files, by dpkg-shlibdeps and by ours
    Shlibs(shlibs::Shlibs),
}

/// Runs a comparison; a difference that no list excuses is a failure.
pub fn run(compare: &Compare) -> Outcome {
    match compare {
        Compare::Macros(options) => macros::run(options),
        Compare::Specs(options) => specs::run(options),
        Compare::Rpm(options) => packages::run(options),
        Compare::Older(options) => older::run(options),
        Compare::Shlibs(options) => shlibs::run(options),
    }
}

/// What the real program says to `--version`, and the commit it was built from if `.ci/rpm6` built it.
/// Where it is missing, nothing is compared: a failure.
fn version_of(peer: &Path) -> Outcome<String> {
    let output = Command::new(peer).arg("--version").output();
    let output = output.map_err(failed("run", peer))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let prefix = peer.parent().and_then(Path::parent);
    let commit = prefix.and_then(|it| std::fs::read_to_string(it.join("COMMIT")).ok());
    Ok(match commit {
        Some(commit) if !version.ends_with(commit.trim()) => {
            format!("{version}, commit {}", commit.trim())
        }
        _ => version,
    })
}

/// Our program under one of its names; without a path it is built.
fn our_program(built: Option<&PathBuf>, name: &str) -> Outcome<PathBuf> {
    if let Some(built) = built {
        return Ok(built.clone());
    }
    let dir = target_dir().join("compare/bin");
    install::run(&dir)?;
    Ok(dir.join(name))
}
