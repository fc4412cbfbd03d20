//! Harnesses for tests that are files: add a case by adding a file.
//!
//! Two shapes of cases, each made into one named test per case:
//!
//! * [`markdown`]: a page of prose with fenced blocks, ` ```spec ` for the input and
//!   ` ```text ` or ` ```error ` for what comes out. The page is documentation and test at once.
//! * [`folders`]: a folder per case with inputs beside `expected/`.
//!
//! A test file (with `harness = false` in `Cargo.toml`) is then a few lines:
//!
//! ```no_run
//! testkit::markdown::run(testkit::testdata("expand"), |case| case.input.to_uppercase());
//! ```
//!
//! Tests that need a tool or a right of the machine are [`trials!`]: ignored where it is missing,
//! never passed over.
//!
//! `UPDATE=1 cargo test` rewrites what is expected. This crate is for tests only; it panics
//! with a plain message where test data is not as it should be.

pub mod answer;
pub mod diff;
pub mod folders;
mod gnupg;
pub mod golden;
pub mod markdown;
mod needs;
pub mod page;
pub mod settings;
pub mod tree;

use std::path::{Path, PathBuf};

pub use answer::Answer;
pub use gnupg::GnupgHome;
pub use libtest_mimic::Trial;
pub use needs::{Need, has, is_root, rpm_6, trial};
pub use page::Case;
pub use settings::Settings;
pub use tree::Tree;

/// The folder `testdata/AREA` of the workspace.
pub fn testdata(area: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../testdata")
        .join(area)
}

/// Runs the trials as `cargo test` would, with its arguments, and ends the process.
///
/// For a test file that joins several areas; else see [`markdown::run`] and [`folders::run`].
pub fn run(trials: Vec<Trial>) -> ! {
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, trials).exit()
}

/// True if `UPDATE=1` is set: what is expected is to be rewritten rather than compared.
pub fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Replaces each path by its stand-in, so that machine paths stay out of expected text.
pub fn redact(text: &str, stand_ins: &[(&Path, &str)]) -> String {
    stand_ins
        .iter()
        .fold(text.to_owned(), |text, (path, stand_in)| {
            text.replace(&path.display().to_string(), stand_in)
        })
}
