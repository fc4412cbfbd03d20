//! `specbuild completions SHELL`.

use std::ffi::OsString;

use clap::ValueEnum;
use clap_complete::Shell;

use crate::cli::build_command;
use crate::personality::Name;
use crate::terminal;

/// Prints a completion script.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let wanted = args
        .first()
        .map(|word| word.to_string_lossy().into_owned())
        .unwrap_or_default();
    let Ok(shell) = Shell::from_str(&wanted, true) else {
        terminal::print_error(
            "error: the shell is one of `bash`, `elvish`, `fish`, `powershell`, `zsh`",
        );
        return 1;
    };
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut build_command(Name::Specbuild),
        "specbuild",
        &mut script,
    );
    terminal::print_text(&String::from_utf8_lossy(&script));
    0
}
