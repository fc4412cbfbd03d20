//! What the binary does under its names, and `specbuild`'s own commands.

pub(crate) mod build;
mod completions;
mod database;
mod deb_rules;
mod elfdeps;
mod expand;
pub(crate) mod explain;
mod gendiff;
pub(crate) mod helper;
mod man;
mod query;
pub(crate) mod rpm;
pub(crate) mod rpm2archive;
mod rpmdeps;
pub(crate) mod rpmlua;
mod rpmsort;
pub(crate) mod rpmspec;
pub(crate) mod rpmuncompress;
mod shell;
mod shlibdeps;
mod show_macro;
pub(crate) mod sign;
mod targets;
pub(crate) mod verify;

use std::ffi::OsString;

use crate::personality::Name;

/// A command of `specbuild`: its name, and what runs it with the arguments that follow.
type Command = (&'static str, fn(&[OsString]) -> u8);

/// Commands that are words; everything else is a build.
const COMMANDS: [Command; 11] = [
    ("completions", completions::run),
    ("deb-rules", deb_rules::run),
    ("expand", expand::run),
    ("explain", explain::run),
    ("helper", helper::run_named),
    ("macro", show_macro::run),
    ("man", man::run),
    ("query", query::run),
    ("sign", sign::run),
    ("targets", targets::run),
    ("verify", verify::run),
];

/// Runs the binary under its own name.
pub(crate) fn own(args: Vec<OsString>) -> u8 {
    let word = args
        .get(1)
        .map(|word| word.to_string_lossy().into_owned())
        .unwrap_or_default();
    match COMMANDS.iter().find(|(name, _)| *name == word) {
        Some((_, run)) => run(&args[2..]),
        None => build::run(args, Name::Specbuild),
    }
}
