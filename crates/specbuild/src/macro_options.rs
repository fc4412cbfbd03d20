//! Options that shape macros. They take effect in the order given, `--eval` among them.

use std::path::PathBuf;

use build::{BuildError, Request, Setting, Settings};
use clap::{ArgMatches, Args};
use expand::Engine;
use target::Personality;

use crate::terminal;

/// Options that every name of the binary knows.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Macros")]
pub(crate) struct MacroOptions {
    /// Define a macro
    #[arg(
        short = 'D',
        long,
        value_name = "'NAME BODY'",
        allow_hyphen_values = true
    )]
    pub(crate) define: Vec<String>,
    /// Take a definition away
    #[arg(long, value_name = "NAME")]
    pub(crate) undefine: Vec<String>,
    /// Enable a conditional build option (defines `_with_NAME`)
    #[arg(long, value_name = "NAME")]
    pub(crate) with: Vec<String>,
    /// Disable a conditional build option (defines `_without_NAME`)
    #[arg(long, value_name = "NAME")]
    pub(crate) without: Vec<String>,
    /// Read one more macro file
    #[arg(long, value_name = "FILE")]
    pub(crate) load: Vec<String>,
    /// Print what a text expands to
    #[arg(short = 'E', long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) eval: Vec<String>,
    /// Macro files to read instead of all others, separated by colons
    #[arg(long, value_name = "FILE:…")]
    pub(crate) macros: Option<String>,
    /// What to build for: `deb`, `rpm`, a distribution (`debian-12`), an architecture (`x86_64`);
    /// several make a build each
    #[arg(long, value_name = "TARGET,…", value_delimiter = ',')]
    pub(crate) target: Vec<String>,
    /// Say more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say less: no output of scripts
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// Something given on the command line whose place in the order counts.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// A setting.
    Setting(Setting),
    /// `--eval TEXT`.
    Eval(String),
    /// `--showrc`.
    ShowConfiguration,
}

/// Makes what was given of an option's value.
type Make = fn(String) -> Given;

/// What was given, in order.
pub(crate) fn in_order(matches: &ArgMatches) -> Vec<Given> {
    let kinds: [(&str, Make); 6] = [
        ("define", |text| Given::Setting(Setting::Define(text))),
        ("undefine", |text| Given::Setting(Setting::Undefine(text))),
        ("with", |text| Given::Setting(Setting::With(text))),
        ("without", |text| Given::Setting(Setting::Without(text))),
        ("load", |text| {
            Given::Setting(Setting::Load(PathBuf::from(text)))
        }),
        ("eval", Given::Eval),
    ];
    let mut given = Vec::new();
    for (id, make) in kinds {
        let places = matches.indices_of(id).into_iter().flatten();
        let values = matches.get_many::<String>(id).into_iter().flatten();
        given.extend(
            places
                .zip(values)
                .map(|(place, value)| (place, make(value.clone()))),
        );
    }
    given.sort_by_key(|(place, _)| *place);
    given.into_iter().map(|(_, given)| given).collect()
}

impl MacroOptions {
    /// The settings of a run, those in `given` included.
    pub(crate) fn settings(&self, given: &[Given], data_dir: PathBuf) -> Settings {
        let settings = given.iter().filter_map(|given| match given {
            Given::Setting(setting) => Some(setting.clone()),
            Given::Eval(_) | Given::ShowConfiguration => None,
        });
        Settings {
            given: settings.collect(),
            macro_path: self.macros.clone(),
            is_verbose: self.verbose > 0 && !self.quiet,
            program: std::env::current_exe().unwrap_or_default(),
            data_dir,
        }
    }
}

/// The directory that replaces the macro files this program carries.
pub(crate) fn macros_dir() -> Option<PathBuf> {
    std::env::var_os("SPECBUILD_MACROS")
        .filter(|dir| !dir.is_empty())
        .map(PathBuf::from)
}

/// The request that stands behind options which only shape macros.
fn macro_request(options: &MacroOptions, given: &[Given], personality: Personality) -> Request {
    Request {
        target: options.target.first().cloned(),
        personality,
        settings: options.settings(given, macros_dir().unwrap_or_default()),
        macros_dir: macros_dir(),
        ..Request::default()
    }
}

/// An engine as the options shape it.
pub(crate) fn open(
    options: &MacroOptions,
    given: &[Given],
    personality: Personality,
) -> Result<Engine, BuildError> {
    let request = macro_request(options, given, personality);
    let target = build::load_target(&request)?;
    build::open_engine(&target, &request.settings)
}

/// Carries out settings and `--eval`s in the order given; prints what they expand to. The first
/// that fails is the last, as in rpm.
pub(crate) fn evaluate(options: &MacroOptions, given: &[Given], personality: Personality) -> u8 {
    let request = macro_request(options, &[], personality);
    let opened = build::load_target(&request)
        .and_then(|target| Ok((build::open_engine(&target, &request.settings)?, target)));
    let (mut engine, target) = match opened {
        Ok(opened) => opened,
        Err(error) => return terminal::fail(&error),
    };
    build::tell_findings(&mut engine, &mut terminal::Terminal::default());
    for given in given {
        let result = match given {
            Given::Setting(setting) => setting.apply(&mut engine),
            Given::ShowConfiguration => {
                terminal::print_text(&build::configuration(&target, &mut engine));
                Ok(())
            }
            Given::Eval(text) => match engine.expand_given(text) {
                Ok(made) => terminal::print_result(&made),
                Err(reported) => Err(reported.into()),
            },
        };
        build::tell_findings(&mut engine, &mut terminal::Terminal::default());
        if let Err(error) = result {
            return terminal::fail(&error);
        }
    }
    0
}
