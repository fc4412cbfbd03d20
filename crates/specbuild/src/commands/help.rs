//! `specbuild help [COMMAND]`: the help of this program, or of one of its commands.

use std::ffi::OsString;

use clap::{Arg, Command};

use super::own::{self, OwnCommand};
use crate::cli;
use crate::personality::Name;
use crate::{refusal, terminal};

pub(super) fn command() -> Command {
    Command::new("help")
        .about("Shows what specbuild, or one of its commands, can do")
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .help("A command, or none for the whole program"),
        )
}

pub(super) fn run(args: &[OsString], commands: &[OwnCommand]) -> u8 {
    let matches = match cli::parse_own(command(), args) {
        Ok(matches) => matches,
        Err(status) => return status,
    };
    let Some(word) = matches.get_one::<String>("command") else {
        return show(cli::build_command(Name::Specbuild));
    };
    match commands.iter().find(|own| own.name == word) {
        Some(found) => show(cli::named((found.command)())),
        None => {
            terminal::print_error(&own::unknown(word));
            1
        }
    }
}

fn show(command: Command) -> u8 {
    let help = cli::as_popt_reads(command).render_help();
    terminal::print_text(&refusal::without_dots(&help.to_string()));
    0
}
