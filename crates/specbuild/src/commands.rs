//! What the binary does under its names, and `specbuild`'s own commands.

pub(crate) mod build;
mod completions;
mod database;
mod deb_rules;
mod elfdeps;
mod expand;
pub(crate) mod explain;
mod file_kind;
mod gendiff;
mod help;
pub(crate) mod helper;
mod hints;
mod macros;
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

/// A command of `specbuild` that is a word.
pub(crate) struct Own {
    pub(crate) name: &'static str,
    /// Its arguments.
    pub(crate) command: fn() -> clap::Command,
    /// What runs it with the arguments that follow the word.
    run: fn(&[OsString]) -> u8,
}

const fn own_command(
    name: &'static str,
    command: fn() -> clap::Command,
    run: fn(&[OsString]) -> u8,
) -> Own {
    Own { name, command, run }
}

/// These commands; everything else is a build.
pub(crate) const COMMANDS: [Own; 13] = [
    own_command("completions", completions::command, completions::run),
    own_command("deb-rules", deb_rules::command, deb_rules::run),
    own_command("expand", expand::command, expand::run),
    own_command("explain", explain::command, explain::run),
    own_command("help", help::command, help::run),
    own_command("helper", helper::command, helper::run_named),
    own_command("macro", show_macro::command, show_macro::run),
    own_command("macros", macros::command, macros::run),
    own_command("man", man::command, man::run),
    own_command("query", query::command, query::run),
    own_command("sign", sign::command, sign::run),
    own_command("targets", targets::command, targets::run),
    own_command("verify", verify::command, verify::run),
];

/// The command of a name.
fn find(word: &str) -> Option<&'static Own> {
    COMMANDS.iter().find(|own| own.name == word)
}

/// What is said of a word that is no command.
fn unknown(word: &str) -> String {
    let names = COMMANDS.iter().map(|own| own.name);
    match source::closest(word, names.clone()) {
        Some(near) => format!("error: there is no command `{word}`; did you mean `{near}`?"),
        None => {
            let names: Vec<&str> = names.collect();
            format!(
                "error: there is no command `{word}`; the commands are {}",
                names.join(", ")
            )
        }
    }
}

/// Runs the binary under its own name.
pub(crate) fn own(args: Vec<OsString>) -> u8 {
    let word = args.get(1).map(|word| word.to_string_lossy().into_owned());
    match word.as_deref().and_then(find) {
        Some(own) => (own.run)(&args[2..]),
        None => build::run(args, Name::Specbuild),
    }
}
