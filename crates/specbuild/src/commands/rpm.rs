//! `rpm`, as far as macros go: `--eval`, `--define`, `--showrc`, `--version`; queries of package files
//! and, by `--specfile`, of specs; `--checksig` and `--addsign`. What needs a database is left to another
//! rpm.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};
use target::Personality;

use super::{database, query, rpmspec, sign, verify};
use crate::cli;
use crate::macro_options::{self, MacroOptions, in_order_with};
use crate::popt::Aliases;
use crate::shorthands::Shorthands;
use crate::terminal;

/// Arguments of `rpm` that are no query.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "rpm",
    bin_name = "rpm",
    about = "Shows rpm's macros and configuration"
)]
#[command(disable_version_flag = true, arg_required_else_help = true)]
struct RpmCli {
    /// Print the version
    #[arg(long)]
    version: bool,
    /// What there is nothing to do with
    #[arg(hide = true)]
    rest: Vec<OsString>,
    #[command(flatten)]
    shorthands: Shorthands,
    #[command(flatten)]
    common: cli::CommonOptions,
    #[command(flatten)]
    macros: MacroOptions,
}

/// Runs `rpm`.
pub(crate) fn run(mut args: Vec<OsString>) -> u8 {
    // Aliases may make a query of it.
    let aliases = Aliases::of_user("rpm");
    if !aliases.is_empty() {
        let commands = [&RpmCli::command(), &query::command_of_rpm()];
        args = match aliases.expand(&commands, args) {
            Ok(args) => args,
            Err(status) => return status,
        };
    }
    let has = |word: &str| args.iter().any(|it| it == word);
    let is_query = query::is_query(&args);
    match () {
        () if has("--specfile") => rpmspec::run(args_of_rpmspec(args)),
        // All that rpm can do is told in one place.
        () if asks_for_help(&args) => query::run_as_rpm(&args),
        () if sign::is_signing(&args) => sign::run_as_rpm(args),
        () if !is_query && verify::is_check(&args) => verify::run_as_rpm(args),
        () if database::is_meant(&args, is_query) => database::hand_over("rpm", &args),
        () if is_query => query::run_as_rpm(&args),
        () => evaluate(args),
    }
}

/// Runs `rpmquery`, which is `rpm -q`.
pub(crate) fn run_as_rpmquery(mut args: Vec<OsString>) -> u8 {
    let place = args.len().min(1);
    args.insert(place, "-q".into());
    run(args)
}

/// Whether `--help` is there, and no value of another option.
fn asks_for_help(args: &[OsString]) -> bool {
    const WITH_VALUE: [&str; 8] = [
        "-D",
        "--define",
        "--undefine",
        "-E",
        "--eval",
        "--load",
        "--macros",
        "--target",
    ];
    let takes_it = |word: &OsString| WITH_VALUE.iter().any(|it| word == it);
    let mut pairs = args.windows(2);
    pairs.any(|pair| (pair[1] == "--help" || pair[1] == "-?") && !takes_it(&pair[0]))
}

fn evaluate(args: Vec<OsString>) -> u8 {
    let count = args.len();
    let (options, matches) =
        match cli::parse::<RpmCli>(cli::with_short_root(RpmCli::command()), args) {
            Ok(parsed) => parsed,
            Err(status) => return status,
        };
    if options.version {
        terminal::print_line(cli::RPM_VERSION);
        return 0;
    }
    let given = in_order_with(&matches, &options.shorthands);
    let given = options.common.add_to(given);
    match macro_options::evaluate(&options.macros, &given, Personality::Rpm) {
        0 if options.rest.is_empty() || options.macros.only_shows() => 0,
        0 => without_mode(count),
        status => status,
    }
}

/// `rpm --specfile` is `rpmspec -q` with everything that stands around it.
fn args_of_rpmspec(args: Vec<OsString>) -> Vec<OsString> {
    let rest = args.into_iter().skip(1);
    let rest = rest.filter(|word| word != "--specfile");
    let query = ["rpmspec", "-q"].map(OsString::from);
    query.into_iter().chain(rest).collect()
}

/// Says that words without a mode mean nothing. rpm's exit status is then the number of its words.
fn without_mode(count: usize) -> u8 {
    let usage = RpmCli::command().render_usage();
    terminal::print_error(&usage.to_string());
    u8::try_from(count).unwrap_or(u8::MAX)
}
