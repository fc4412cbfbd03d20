//! `check`: all that must hold before a push, in the order in which it fails fastest.

use crate::{docs, tidy};
use common::shell::{Outcome, cargo, step};

pub(crate) fn run() -> Outcome {
    step(&mut cargo(["fmt", "--all", "--check"]))?;
    tidy::run(false)?;
    docs::run(true)?;
    step(&mut cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))?;
    step(&mut cargo(["test", "--workspace"]))?;
    let mut docs = cargo([
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    step(docs.env("RUSTDOCFLAGS", "--deny warnings"))
}
