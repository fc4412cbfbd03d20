//! Chores of this workspace, run as `cargo xtask COMMAND`. What each does is in its own module.
//!
//! Runs cargo and the built binary; links none of our crates, so that it builds fast and
//! works while they do not.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod check;
mod docs;
mod fuzz;
mod golden;
mod prove;
mod survey;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use common::shell::Outcome;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of the specbuild workspace")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All that must hold before a push: fmt, clippy, tests, rustdoc, tidy
    Check,
    /// The project's own rules: file lengths, crate floors, absences, wording
    Tidy {
        /// Show the longest files and the figures too
        #[arg(long)]
        report: bool,
    },
    /// Compare or rewrite what the file-based tests expect
    Golden {
        /// Rewrite, then show what changed
        #[arg(long)]
        update: bool,
        /// Only tests whose name contains this
        filter: Option<String>,
    },
    /// Write the pages that are made from other files
    Docs {
        /// Only say whether they are up to date
        #[arg(long)]
        check: bool,
    },
    /// Build the release binary, and install it with its links, the manual page and completions
    Install {
        /// The folder for the programs
        dir: PathBuf,
    },
    /// Read every spec in a folder and count how that went
    Survey(survey::Survey),
    /// Measure this tool beside rpm, rpmbuild and dpkg-deb, or its own past
    Bench(bench::Bench),
    /// Run random programs by the real rpm and by ours
    #[command(subcommand)]
    Compare(compare::Compare),
    /// Throw random text at the macro engine and the spec reader
    Fuzz(fuzz::Fuzz),
    /// Build a real project's unmodified spec and take its packages through their life
    #[command(subcommand)]
    Prove(prove::Prove),
    #[command(hide = true)]
    MeasureChild { command: Vec<String> },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Check => check::run(),
        Command::Tidy { report } => tidy::run(report),
        Command::Golden { update, filter } => golden::run(update, filter.as_deref()),
        Command::Docs { check } => docs::run(check),
        Command::Install { dir } => common::install::run(&dir),
        Command::Survey(survey) => survey::run(&survey),
        Command::Bench(bench) => bench::run(&bench),
        Command::Compare(compare) => compare::run(&compare),
        Command::Fuzz(fuzz) => fuzz::run(&fuzz),
        Command::Prove(prove) => prove::run(prove),
        Command::MeasureChild { command } => bench::child(&command),
    }
}
