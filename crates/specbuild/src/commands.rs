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
mod languages;
mod macros;
mod man;
mod own;
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
use own::{OwnCommand, Run};

/// The commands, in the order of their names.
const COMMANDS: [OwnCommand; 13] = [
    own_command(
        "completions",
        completions::command,
        Run::WithAll(completions::run),
    ),
    own_command("deb-rules", deb_rules::command, Run::Alone(deb_rules::run)),
    own_command("expand", expand::command, Run::Alone(expand::run)),
    own_command("explain", explain::command, Run::Alone(explain::run)),
    own_command("help", help::command, Run::WithAll(help::run)),
    own_command("helper", helper::command, Run::Alone(helper::run_named)),
    own_command("macro", show_macro::command, Run::Alone(show_macro::run)),
    own_command("macros", macros::command, Run::Alone(macros::run)),
    own_command("man", man::command, Run::WithAll(man::run)),
    own_command("query", query::command, Run::Alone(query::run)),
    own_command("sign", sign::command, Run::Alone(sign::run)),
    own_command("targets", targets::command, Run::Alone(targets::run)),
    own_command("verify", verify::command, Run::Alone(verify::run)),
];

const fn own_command(name: &'static str, command: fn() -> clap::Command, run: Run) -> OwnCommand {
    OwnCommand { name, command, run }
}

/// Runs the binary under its own name: a command, or a build.
pub(crate) fn own(args: Vec<OsString>) -> u8 {
    let word = args.get(1).map(|word| word.to_string_lossy());
    let command = word.and_then(|word| COMMANDS.iter().find(|own| own.name == word));
    match command.map(|own| own.run) {
        Some(Run::Alone(run)) => run(&args[2..]),
        Some(Run::WithAll(run)) => run(&args[2..], &COMMANDS),
        None => build::run(args, Name::Specbuild),
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, own};

    #[test]
    fn every_name_has_its_command() {
        assert_eq!(COMMANDS.map(|command| command.name), own::NAMES);
    }
}
