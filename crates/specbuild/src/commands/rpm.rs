//! `rpm`, as far as macros go: `--eval`, `--define`, `--showrc`, `--version`; queries of package files
//! and, by `--specfile`, of specs.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};
use target::Personality;

use super::{query, rpmspec};
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
    /// What there is nothing to do with
    #[arg(hide = true)]
    rest: Vec<OsString>,
    #[command(flatten)]
    macros: MacroOptions,
}

/// Runs `rpm`.
pub(crate) fn run(args: Vec<OsString>) -> u8 {
    if args.iter().any(|word| word == "--specfile") {
        return rpmspec::run(args_of_rpmspec(args));
    }
    if query::is_query(&args) {
        return query::run_as_rpm(args);
    }
    let (options, matches) = match cli::parse::<RpmCli>(RpmCli::command(), args.clone()) {
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
    match macro_options::evaluate(&options.macros, &given, Personality::Rpm) {
        0 if options.rest.is_empty() || options.showrc => 0,
        0 => without_mode(args.len()),
        status => status,
    }
}

/// `rpm --specfile` is `rpmspec -q` with everything that stands around it.
fn args_of_rpmspec(args: Vec<OsString>) -> Vec<OsString> {
    let rest = args.into_iter().skip(1);
    let rest = rest.filter(|word| word != "--specfile");
    ["rpmspec", "-q"]
        .map(OsString::from)
        .into_iter()
        .chain(rest)
        .collect()
}

/// Says that words without a mode mean nothing. rpm's exit status is then the number of its words.
fn without_mode(count: usize) -> u8 {
    let usage = RpmCli::command().render_usage();
    terminal::print_error(&usage.to_string());
    u8::try_from(count).unwrap_or(u8::MAX)
}
