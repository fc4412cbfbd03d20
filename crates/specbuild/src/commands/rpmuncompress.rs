//! `rpmuncompress`: the helper that unpacks, with rpm's options about macros around it.
//!
//! `%setup` and `%patch` call the helper itself, which reads no macros. Under its own name the
//! programs are those of `%__gzip`, `%__tar` and so on: they are named by `-n` and `-v`, and called
//! where they are not the usual ones. Source: rpmuncompress(1).

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, Parser};
use expand::Engine;
use policy::Environment;
use target::Personality;

use crate::cli::{self, CommonOptions};
use crate::macro_options::{self, MacroOptions, in_order};
use crate::terminal;

/// Arguments of `rpmuncompress`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpmuncompress", bin_name = "rpmuncompress", version)]
#[command(
    about = "Writes files uncompressed and unpacks archives",
    max_term_width = 100
)]
struct UncompressCli {
    /// The file or archive
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Unpack an archive
    #[arg(short = 'x', long)]
    extract: bool,
    /// Only tell the command that does it
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Unpack into this directory, whatever the layout of the archive
    #[arg(short = 'C', long, value_name = "DIR")]
    path: Option<PathBuf>,
    #[command(flatten)]
    macros: MacroOptions,
    #[command(flatten)]
    common: CommonOptions,
}

/// Runs `rpmuncompress`.
pub(crate) fn run(args: Vec<OsString>) -> u8 {
    let (options, matches) = match cli::parse::<UncompressCli>(UncompressCli::command(), args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let given = in_order(&matches);
    if let Some(error) = unreadable(&options) {
        terminal::print_error(&error);
        return 1;
    }
    let status = macro_options::evaluate(&options.macros, &given, Personality::Rpm);
    if status != 0 {
        return status;
    }
    let mut engine = match macro_options::open(&options.macros, &given, Personality::Rpm) {
        Ok(engine) => engine,
        Err(error) => return terminal::fail(&error),
    };
    match Environment::of_process() {
        Ok(environment) => uncompress(&options, environment, &mut engine),
        Err(error) => {
            terminal::print_error(&format!("error: {error}"));
            1
        }
    }
}

/// What rpm says of a file that cannot be opened.
fn unreadable(options: &UncompressCli) -> Option<String> {
    let path = options.files.first()?;
    let error = std::fs::File::open(path).err()?;
    let reason = build::reason_of(&error);
    Some(format!("error: File {}: {reason}", path.display()))
}

fn uncompress(options: &UncompressCli, mut environment: Environment, engine: &mut Engine) -> u8 {
    for name in policy::UNCOMPRESS_PROGRAMS {
        let command = engine.expand_str(&format!("%{{{name}}}"));
        let command = command.unwrap_or_default();
        if command != policy::usual_program(name) {
            environment.programs.insert(name, command);
        }
    }
    let limit = engine.expand_str("%{?_unpack_limit}").unwrap_or_default();
    policy::run_in(
        &environment,
        "uncompress",
        &helper_args(options, &limit),
        &mut std::io::stdout().lock(),
        &mut std::io::stderr().lock(),
    )
}

/// The same request in the helper's own options.
fn helper_args(options: &UncompressCli, limit: &str) -> Vec<OsString> {
    let is_verbose = options.macros.verbose > 0 && !options.macros.quiet;
    let switches = [
        (options.extract, "-x"),
        (options.dry_run, "-n"),
        (is_verbose, "-v"),
    ];
    let switches = switches.into_iter().filter(|(is_given, _)| *is_given);
    let mut args: Vec<OsString> = switches.map(|(_, letter)| letter.into()).collect();
    if let Some(directory) = &options.path {
        args.extend(["-C".into(), directory.into()]);
    }
    if !limit.is_empty() {
        args.extend(["--limit".into(), limit.into()]);
    }
    // As in rpm, only the first file counts.
    args.push("--".into());
    args.extend(options.files.first().map(OsString::from));
    args
}
