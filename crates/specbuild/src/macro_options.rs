//! Options that shape macros. They take effect in the order given, `--eval` among them; under our own
//! name those that no `--eval` follows count for all of them.

use std::path::PathBuf;

use build::{BuildError, Helpers, Output, Request, Setting, Settings, SharedMacros};
use clap::{ArgMatches, Args};
use expand::Engine;
use source::WarningPolicy;
use target::{Personality, Target};

use crate::personality;
use crate::shorthands::Shorthands;
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
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
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
    #[arg(long, value_name = "FILE:…", overrides_with = "macros")]
    pub(crate) macros: Option<String>,
    /// Define a macro before any macro file is read
    #[arg(long, value_name = "'NAME BODY'", allow_hyphen_values = true)]
    pub(crate) predefine: Vec<String>,
    /// rpmrc files to read instead of those of site and user, separated by colons
    #[arg(long, value_name = "FILE:…", overrides_with = "rcfile")]
    pub(crate) rcfile: Option<String>,
    /// What to build for: `deb`, `rpm`, a distribution (`debian-12`), an architecture (`x86_64`);
    /// several make a build each
    #[arg(long, value_name = "TARGET,…", value_delimiter = ',')]
    pub(crate) target: Vec<String>,
    /// Print architecture, system, features and all macros, and do nothing else
    #[arg(long, overrides_with = "showrc")]
    pub(crate) showrc: bool,
    /// Print the names of all tags of query formats, and do nothing else
    #[arg(long, overrides_with = "querytags")]
    pub(crate) querytags: bool,
    /// What becomes of a warning: `NAME` shows it, `no-NAME` silences it, `error=NAME` makes it an
    /// error, `error` all of them; `specbuild explain` lists the names
    #[arg(short = 'W', value_name = "WARNING", action = clap::ArgAction::Append)]
    pub(crate) warnings: Vec<String>,
    /// Make errors of warnings that packages are not fit for their target: built with the libraries of
    /// another release, without debug packages, or with names that nothing is known to provide
    #[arg(long)]
    pub(crate) strict: bool,
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
    /// `--querytags`.
    ShowTags,
    /// `--predefine 'NAME BODY'`.
    Predefine(String),
    /// `--macros FILE:…`.
    Macros(String),
    /// `--rcfile FILE:…`.
    RcFiles(String),
    /// `--target WORD`.
    Target(String),
}

/// Makes what was given of an option's value.
type Make = fn(String) -> Given;

/// What was given, in order.
pub(crate) fn in_order(matches: &ArgMatches) -> Vec<Given> {
    in_order_with(matches, &Shorthands::default())
}

/// The same, with the definitions that shorthands stand for.
pub(crate) fn in_order_with(matches: &ArgMatches, shorthands: &Shorthands) -> Vec<Given> {
    let kinds: [(&str, Make); 10] = [
        ("define", |text| Given::Setting(Setting::Define(text))),
        ("undefine", |text| Given::Setting(Setting::Undefine(text))),
        ("with", |text| Given::Setting(Setting::With(text))),
        ("without", |text| Given::Setting(Setting::Without(text))),
        ("load", |text| {
            Given::Setting(Setting::Load(PathBuf::from(text)))
        }),
        ("eval", Given::Eval),
        ("predefine", Given::Predefine),
        ("macros", Given::Macros),
        ("rcfile", Given::RcFiles),
        ("target", Given::Target),
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
    let flags = [
        ("showrc", Given::ShowConfiguration),
        ("querytags", Given::ShowTags),
        ("trace_macros", Given::Setting(Setting::Trace)),
    ];
    for (id, flag) in flags {
        let place = flag_is_given(matches, id).then(|| matches.index_of(id));
        given.extend(place.flatten().map(|place| (place, flag)));
    }
    for (id, definition) in shorthands.definitions() {
        let place = matches.index_of(id).unwrap_or_default();
        given.push((place, Given::Setting(definition)));
    }
    given.sort_by_key(|(place, _)| *place);
    given.into_iter().map(|(_, given)| given).collect()
}

/// Whether a flag is there, which not all commands know.
fn flag_is_given(matches: &ArgMatches, id: &str) -> bool {
    let flag = matches.try_get_one::<bool>(id);
    flag.ok().flatten().copied().unwrap_or_default()
}

impl MacroOptions {
    /// The settings of a run, those in `given` included.
    pub(crate) fn settings(&self, given: &[Given]) -> Settings {
        let settings = given.iter().filter_map(|given| match given {
            Given::Setting(setting) => Some(setting.clone()),
            _ => None,
        });
        Settings {
            given: settings.collect(),
            macro_path: self.macros.clone(),
            predefined: self.predefine.clone(),
            rc_files: self.rcfile.clone(),
            warnings: self.warning_policy(),
            is_verbose: self.verbose > 0 && !self.quiet,
            reads_own_file: !personality::is_rpms_own(),
            output: Output::default(),
            shared: SharedMacros::default(),
            program: personality::own_program(),
            helpers: Helpers::find(macros_dir().as_deref()),
        }
    }
}

impl MacroOptions {
    /// `--showrc` and `--querytags` leave nothing else to do.
    pub(crate) fn only_shows(&self) -> bool {
        self.showrc || self.querytags
    }

    /// What becomes of warnings.
    fn warning_policy(&self) -> WarningPolicy {
        let mut policy = WarningPolicy::default();
        if self.strict {
            let names = build::STRICT.iter();
            names.for_each(|name| policy.add(&format!("error={name}")));
        }
        self.warnings.iter().for_each(|wish| policy.add(wish));
        policy
    }

    /// What holds for the whole run, wherever it stands.
    fn before_all(&self) -> Self {
        Self {
            warnings: self.warnings.clone(),
            strict: self.strict,
            verbose: self.verbose,
            quiet: self.quiet,
            ..Self::default()
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
        settings: options.settings(given),
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

/// Carries out settings and `--eval`s in the order given, up to the first that fails; prints what
/// they expand to, once for each target.
///
/// Under rpm's names, options count for what follows them, as rpm evaluates at once. Elsewhere those that
/// say where configuration comes from count for the whole run, as they do for a build, and so do
/// settings after the last `--eval`, which would count for nothing.
pub(crate) fn evaluate(options: &MacroOptions, given: &[Given], personality: Personality) -> u8 {
    if personality == Personality::Rpm {
        return evaluate_in_order(options, given, personality);
    }
    let is_target = |it: &&Given| matches!(it, Given::Target(_));
    let mut targets: Vec<_> = given.iter().filter(is_target).map(Some).collect();
    if targets.is_empty() {
        targets.push(None);
    }
    let first = given.iter().position(Given::prints);
    let last = given.iter().rposition(Given::prints);
    let rank = |at: usize, it: &Given| match it {
        _ if it.reconfigures() => 0,
        _ if first.is_none_or(|first| at < first) => 1,
        _ if last.is_some_and(|last| at > last) => 2,
        _ => 3,
    };
    let rest = given.iter().enumerate().filter(|(_, it)| !is_target(it));
    let mut rest: Vec<_> = rest.map(|(at, it)| (rank(at, it), it)).collect();
    rest.sort_by_key(|(rank, _)| *rank);
    let rest = rest.iter().map(|(_, it)| *it);
    let status = targets.into_iter().map(|target| {
        let ordered = target.into_iter().chain(rest.clone());
        let ordered: Vec<Given> = ordered.cloned().collect();
        evaluate_in_order(options, &ordered, personality)
    });
    status.into_iter().find(|it| *it != 0).unwrap_or_default()
}

fn evaluate_in_order(options: &MacroOptions, given: &[Given], personality: Personality) -> u8 {
    let mut request = macro_request(&options.before_all(), &[], personality);
    let mut opened = None;
    for given in given {
        if given.reconfigures() {
            reconfigure(&mut request, given);
            opened = opened.filter(|_| !matches!(given, Given::Target(_)));
            continue;
        }
        if opened.is_none() {
            opened = match open_target(&request) {
                Ok(pair) => Some(pair),
                Err(error) => return terminal::fail(&error),
            };
        }
        let result = opened.as_mut().map_or(Ok(()), |(target, engine)| {
            let result = carry_out(given, target, engine, &request.settings.helpers);
            build::tell_findings(engine, &mut terminal::Terminal::default());
            result
        });
        if let Err(error) = result {
            return terminal::fail(&error);
        }
        if given.ends_all() {
            return 0;
        }
        if let Given::Setting(setting) = given {
            request.settings.given.push(setting.clone());
        }
    }
    match opened {
        Some(_) => 0,
        // Nothing asked for the configuration, but what is wrong with it is told all the same.
        None => open_target(&request).map_or_else(|error| terminal::fail(&error), |_| 0),
    }
}

impl Given {
    /// Whether it says where configuration comes from, which counts from then on.
    fn reconfigures(&self) -> bool {
        !matches!(
            self,
            Self::Setting(_) | Self::Eval(_) | Self::ShowConfiguration | Self::ShowTags
        )
    }

    /// Whether nothing else is done after it.
    fn ends_all(&self) -> bool {
        matches!(self, Self::ShowConfiguration | Self::ShowTags)
    }

    /// Whether it prints something by itself.
    pub(crate) fn prints(&self) -> bool {
        matches!(self, Self::Eval(_)) || self.ends_all()
    }
}

fn reconfigure(request: &mut Request, given: &Given) {
    match given.clone() {
        Given::Predefine(definition) => request.settings.predefined.push(definition),
        Given::Macros(path) => request.settings.macro_path = Some(path),
        Given::RcFiles(list) => request.settings.rc_files = Some(list),
        Given::Target(word) => request.target = Some(word),
        _ => {}
    }
}

fn open_target(request: &Request) -> Result<(Target, Engine), BuildError> {
    let target = build::load_target(request)?;
    let mut engine = build::open_engine(&target, &request.settings)?;
    build::tell_findings(&mut engine, &mut terminal::Terminal::default());
    Ok((target, engine))
}

fn carry_out(
    given: &Given,
    target: &Target,
    engine: &mut Engine,
    helpers: &Helpers,
) -> Result<(), BuildError> {
    match given {
        Given::Setting(setting) => setting.apply(engine, helpers),
        Given::ShowConfiguration => {
            terminal::print_text(&build::configuration(target, engine));
            Ok(())
        }
        Given::ShowTags => {
            let lines = query::tag_lines(engine.host.verbose());
            lines.iter().for_each(|line| terminal::print_line(line));
            Ok(())
        }
        Given::Eval(text) => terminal::print_result(&engine.expand_given(text)?),
        _ => Ok(()),
    }
}
