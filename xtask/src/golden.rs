//! `golden`: the file-based tests of all crates, and rewriting of what they expect.

use std::process::Command;

use common::shell::{Outcome, cargo, root, step};

pub(crate) fn run(update: bool, filter: Option<&str>) -> Outcome {
    let mut tests = cargo(["test", "--workspace", "--tests", "--"]);
    tests.args(filter);
    if !update {
        return step(&mut tests);
    }
    step(tests.env("UPDATE", "1"))?;
    step(
        Command::new("git")
            .args(["status", "--short", "--", "testdata"])
            .current_dir(root()),
    )
}
