//! `rpm`, as far as macros go: `--eval`, `--define`, `--showrc`, `--version`; and queries of package
//! files.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};
use target::Personality;

use super::query;
use crate::cli;
use crate::macro_options::{self, Given, MacroOptions, in_order};
use crate::terminal;

/// Arguments of `rpm`.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "rpm",
    bin_name = "rpm",
    about = "Shows rpm's macros and configuration"
)]
#[command(disable_version_flag = true, arg_required_else_help = true)]
struct RpmCli {
    /// Print architecture, system and all macros
    #[arg(long)]
    showrc: bool,
    /// Print the version
    #[arg(long)]
    version: bool,
    #[command(flatten)]
    macros: MacroOptions,
}

/// Runs `rpm`.
pub(crate) fn run(args: Vec<OsString>) -> u8 {
    if query::is_query(&args) {
        return query::run_as_rpm(args);
    }
    let (options, matches) = match cli::parse::<RpmCli>(RpmCli::command(), args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    if options.version {
        terminal::print_line(cli::RPM_VERSION);
        return 0;
    }
    let mut given = in_order(&matches);
    if options.showrc {
        given.push(Given::ShowConfiguration);
    }
    macro_options::evaluate(&options.macros, &given, Personality::Rpm)
}
