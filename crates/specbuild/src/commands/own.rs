//! The commands of `specbuild` that are words.

use std::ffi::OsString;

/// Their names, for those who look at the words of a command line. Everything else is a build.
pub(super) const NAMES: [&str; 13] = [
    "completions",
    "deb-rules",
    "expand",
    "explain",
    "help",
    "helper",
    "macro",
    "macros",
    "man",
    "query",
    "sign",
    "targets",
    "verify",
];

/// A command of `specbuild` that is a word.
pub(super) struct OwnCommand {
    pub(super) name: &'static str,
    /// Its arguments.
    pub(super) command: fn() -> clap::Command,
    pub(super) run: Run,
}

/// What runs a command with the arguments that follow its name.
#[derive(Clone, Copy)]
pub(super) enum Run {
    Alone(fn(&[OsString]) -> u8),
    /// For a command that is about all commands, which it gets.
    WithAll(fn(&[OsString], &[OwnCommand]) -> u8),
}

/// The error about a word that is not a command.
pub(super) fn unknown(word: &str) -> String {
    match source::closest(word, NAMES) {
        Some(near) => format!("error: there is no command `{word}`; did you mean `{near}`?"),
        None => format!(
            "error: there is no command `{word}`; the commands are {}",
            NAMES.join(", ")
        ),
    }
}
