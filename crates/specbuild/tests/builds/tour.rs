//! The guide: each of its commands, in order, as it is written.
//!
//! A block below `<!-- tour: not run (WHY) -->` is left out. A copy of the examples stands for the
//! checkout, a temporary directory for the home.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use testkit::{Need, Trial};

use crate::bench::{Bench, Ran, files_below, workspace};
use crate::machine::Machine;

/// What a block that is not run has above it.
const NOT_RUN: &str = "<!-- tour: not run (";

pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let needs = [
        Need::Program("gcc"),
        Need::Program("make"),
        Need::Program("gpg"),
        Need::Program("debugedit"),
    ];
    vec![machine.trial("tour: guide", &needs, runs_as_written)]
}

fn runs_as_written() {
    let guide = fs::read_to_string(workspace("docs/guide.md")).unwrap();
    let commands = commands_of(&guide);
    assert!(commands.len() > 15, "{commands:?}");
    let bench = Bench::new();
    copy_examples(&bench.join("desk/examples"));
    let script = format!("set -ex\n{}\n", commands.join("\n"));
    let ran = run(&bench, &script);
    assert_eq!(ran.status, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let out = files_below(&bench.join("desk/examples/hello/out"));
    for file in ["hello-1.0-1.x86_64.rpm", "hello_1.0-1.dsc"] {
        assert!(out.iter().any(|it| it == file), "{file} of {out:?}");
    }
}

/// The lines of blocks without a language, but for those that are not run.
fn commands_of(tour: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut parts = tour.split("```");
    while let (Some(before), Some(block)) = (parts.next(), parts.next()) {
        let last = before.trim_end().lines().last().unwrap_or_default();
        let is_run = !last.starts_with(NOT_RUN);
        commands.extend(
            block
                .lines()
                .filter(|line| is_run && !line.is_empty())
                .map(str::to_owned),
        );
    }
    commands
}

fn copy_examples(to: &Path) {
    let from = workspace("examples");
    for file in files_below(&from) {
        let copy = to.join(&file);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(from.join(&file), copy).unwrap();
    }
}

fn run(bench: &Bench, script: &str) -> Ran {
    // That makes the links.
    for name in ["specbuild", "rpmspec", "rpm", "rpmbuild"] {
        drop(bench.command(name));
    }
    // What gpg starts listens to a socket, whose path must be short.
    let keys = tempfile::tempdir_in("/tmp").unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", script])
        .current_dir(bench.join("desk"))
        .env("PATH", format!("{}:{path}", bench.join("bin").display()))
        .env("HOME", bench.join("home"))
        .env("GNUPGHOME", keys.path())
        .env("LC_ALL", "C.UTF-8")
        .env_remove("SPECBUILD_TARGET")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .stdin(Stdio::null())
        .output();
    let mut stop = Command::new("gpgconf");
    stop.args(["--kill", "all"]).env("GNUPGHOME", keys.path());
    stop.status().ok();
    output.unwrap().into()
}
