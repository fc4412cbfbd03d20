//! `specbuild deb-rules`: what `debian/rules` of a source package from a spec calls.

use std::ffi::OsString;
use std::path::PathBuf;

use build::{Request, Rules, RulesTarget, Switches};
use clap::{CommandFactory, Parser};
use target::Personality;

use crate::cli;
use crate::interruption::Interruption;
use crate::macro_options::{self, MacroOptions, in_order};
use crate::terminal::{self, Terminal};

/// Build the packages of a spec in an unpacked Debian source package; its `debian/rules` calls this
///
/// `DEB_BUILD_OPTIONS` is minded: `parallel=N`, `nocheck`, `terse`.
#[derive(Parser, Debug)]
#[command(name = "specbuild deb-rules")]
struct Options {
    /// The target of `debian/rules`: `build`, `binary`, `clean` and their kin
    #[arg(value_name = "TARGET", value_parser = clap::builder::PossibleValuesParser::new(
        RulesTarget::NAMES.map(|(name, _)| name)
    ))]
    target_name: String,
    /// The spec, in `debian/specbuild`
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// The directory that the upstream archive has around its files
    #[arg(long, value_name = "NAME")]
    directory: Option<String>,
    /// The name the packages were first built under
    #[arg(long = "as", value_name = "NAME", value_parser = ["specbuild", "debbuild"])]
    called: Option<String>,
    #[command(flatten)]
    macros: MacroOptions,
}

pub(super) fn command() -> clap::Command {
    Options::command()
}

pub(super) fn run(args: &[OsString]) -> u8 {
    let name = OsString::from("specbuild deb-rules");
    let args = std::iter::once(name).chain(args.iter().cloned()).collect();
    let (options, matches) = match cli::parse::<Options>(command(), args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let macros_dir = macro_options::macros_dir();
    let settings = options.macros.settings(&in_order(&matches));
    let request = Request {
        spec: options.spec.clone(),
        target: options.macros.target.first().cloned(),
        personality: personality(&options),
        settings,
        switches: Switches {
            is_quiet: options.macros.quiet,
            ..Switches::default()
        },
        macros_dir,
        ..Request::default()
    };
    let mut terminal = Terminal {
        is_quiet: request.switches.is_quiet,
        is_verbose: request.settings.is_verbose,
        interruption: Interruption::watch(),
        ..Terminal::default()
    };
    let done = build::run_rules(&rules(&options), &request, &mut terminal);
    done.as_ref().map_or_else(terminal::fail, |()| 0)
}

fn personality(options: &Options) -> Personality {
    match options.called.as_deref() {
        Some("debbuild") => Personality::Debbuild,
        _ => Personality::Specbuild,
    }
}

fn rules(options: &Options) -> Rules {
    let known = RulesTarget::NAMES.into_iter();
    let target = known.filter(|(name, _)| *name == options.target_name);
    let words = ["DEB_BUILD_OPTIONS", "DEB_BUILD_PROFILES"].map(std::env::var);
    let words = words.into_iter().flatten();
    Rules {
        target: target
            .map(|(_, it)| it)
            .next()
            .unwrap_or(RulesTarget::Build),
        directory: options.directory.clone(),
        options: words
            .flat_map(|it| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect(),
    }
}
