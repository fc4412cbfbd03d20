//! `rpmspec`: what a spec says, without building it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use build::{BuildError, Output, Project, Reading, Request, Switches, read_spec_for};
use clap::{ArgMatches, CommandFactory, Parser};
use target::{Personality, Target};

use crate::cli;
use crate::commands::{languages, shell};
use crate::macro_options::{self, Given, MacroOptions, in_order_with};
use crate::shorthands::Shorthands;
use crate::side_by_side;
use crate::terminal::{self, Terminal};

/// Arguments of `rpmspec`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpmspec", bin_name = "rpmspec", version)]
#[command(about = "Shows what a spec says", max_term_width = 100)]
struct SpecCli {
    /// The spec file (or several)
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Show facts about the packages of the spec
    #[arg(short, long)]
    query: bool,
    /// Show the spec with its macros expanded
    #[arg(short = 'P', long)]
    parse: bool,
    /// Read lines and print what they expand to, after reading the spec if there is one
    #[arg(long)]
    shell: bool,
    /// Query all packages that the spec describes (the default)
    #[arg(long)]
    rpms: bool,
    /// Query the packages that a build would make: those with `%files`
    #[arg(long)]
    builtrpms: bool,
    /// Query the source package
    #[arg(long)]
    srpm: bool,
    /// What to show of each package, in rpm's query format
    #[arg(
        long,
        visible_alias = "qf",
        value_name = "FORMAT",
        allow_hyphen_values = true
    )]
    queryformat: Option<String>,
    #[command(flatten)]
    list: Lists,
    #[command(flatten)]
    shorthands: Shorthands,
    #[command(flatten)]
    common: cli::CommonOptions,
    #[command(flatten)]
    macros: MacroOptions,
}

impl SpecCli {
    /// Of options that exclude each other, the last one counts.
    fn take_last(&mut self, matches: &ArgMatches) {
        let place = |id: &str| matches.get_flag(id).then(|| matches.index_of(id)).flatten();
        let is_last = |id: &str, others: &[&str]| {
            let last = others.iter().filter_map(|other| place(other)).max();
            place(id) >= last
        };
        self.parse &= is_last("parse", &["query", "shell"]);
        self.shell &= is_last("shell", &["query", "parse"]);
        self.srpm &= is_last("srpm", &["rpms", "builtrpms"]);
        self.builtrpms &= is_last("builtrpms", &["rpms", "srpm"]);
    }

    /// Whether it is said what to do.
    fn has_mode(&self) -> bool {
        self.query || self.parse || self.shell
    }
}

/// Shorthands for query formats.
#[derive(clap::Args, Clone, Debug)]
struct Lists {
    /// Show what is required
    #[arg(long)]
    requires: bool,
    /// Show what the build requires, as `--srpm --requires`
    #[arg(long)]
    buildrequires: bool,
    /// Show what is provided
    #[arg(long)]
    provides: bool,
    /// Show what conflicts
    #[arg(long)]
    conflicts: bool,
    /// Show what conflicts with the build, as `--srpm --conflicts`
    #[arg(long)]
    buildconflicts: bool,
    /// Show what is obsoleted
    #[arg(long)]
    obsoletes: bool,
    /// Show what is recommended
    #[arg(long)]
    recommends: bool,
    /// Show what is suggested
    #[arg(long)]
    suggests: bool,
    /// Show what is supplemented
    #[arg(long)]
    supplements: bool,
    /// Show what is enhanced
    #[arg(long)]
    enhances: bool,
}

impl Lists {
    /// Whether the list is one of the source package.
    fn is_of_source(&self) -> bool {
        self.buildrequires || self.buildconflicts
    }

    /// The query format of the list asked for; where the user is told more, with what each of it is for.
    fn format(&self, is_verbose: bool) -> Option<String> {
        let lists = [
            (self.requires || self.buildrequires, "REQUIRE"),
            (self.provides, "PROVIDE"),
            (self.conflicts || self.buildconflicts, "CONFLICT"),
            (self.obsoletes, "OBSOLETE"),
            (self.recommends, "RECOMMEND"),
            (self.suggests, "SUGGEST"),
            (self.supplements, "SUPPLEMENT"),
            (self.enhances, "ENHANCE"),
        ];
        let (_, tag) = lists.iter().find(|(is_wanted, _)| *is_wanted)?;
        let purpose = match is_verbose {
            true => format!("%{{{tag}FLAGS:deptype}}: "),
            false => String::new(),
        };
        Some(format!("[{purpose}%{{{tag}NEVRS}}\\n]"))
    }
}

/// Runs `rpmspec`.
pub(crate) fn run(args: Vec<OsString>) -> u8 {
    let statuses = statuses(args, Personality::Rpm);
    let failures = statuses.iter().filter(|status| **status != 0).count();
    u8::try_from(failures).unwrap_or(u8::MAX)
}

/// Runs `rpmspec`, and returns the exit status of each spec, or the one of what came before any. For
/// `personality` a target is chosen where none is named, as a build under that name does.
pub(super) fn statuses(args: Vec<OsString>, personality: Personality) -> Vec<u8> {
    let is_bare = args.len() <= 1;
    let (mut options, matches) =
        match cli::parse::<SpecCli>(cli::with_short_root(SpecCli::command()), args) {
            Ok(parsed) => parsed,
            Err(status) => return vec![status],
        };
    options.take_last(&matches);
    let given = options
        .common
        .add_to(in_order_with(&matches, &options.shorthands));
    let is_idle = !is_bare && options.specs.is_empty() && !options.has_mode();
    if is_idle || given.iter().any(Given::prints) {
        let status = macro_options::evaluate(&options.macros, &given, personality);
        if status != 0 || is_idle || options.macros.only_shows() {
            return vec![status];
        }
    }
    if options.shell && options.specs.is_empty() {
        let opened = macro_options::open(&options.macros, &given, personality);
        let status = opened.map_or_else(
            |error| terminal::fail(&error),
            |mut engine| shell::run(&mut engine),
        );
        return vec![status];
    }
    if options.specs.is_empty() {
        terminal::print_error(match options.parse {
            true => "rpmspec: no arguments given for parse",
            false => "rpmspec: no arguments given for query",
        });
        return vec![1];
    }
    let show_for = |word| match load(&options, &given, (personality, word)) {
        Ok((request, target)) => show_all(&options, &request, &target),
        Err(error) => vec![terminal::fail(&error)],
    };
    let mut words = options.macros.target.iter().map(Some);
    let first = words.next().flatten();
    let others = words.filter(|_| personality != Personality::Rpm);
    std::iter::once(first)
        .chain(others)
        .flat_map(show_for)
        .collect()
}

/// Shows the specs in the order given. Where there are several, they are read at the same time, and
/// what each has to say is kept until its turn comes; `--shell` talks to one after the other.
fn show_all(options: &SpecCli, request: &Request, target: &Arc<Target>) -> Vec<u8> {
    if options.shell || options.specs.len() == 1 {
        let specs = options.specs.iter();
        let show = |spec: &PathBuf| show(options, request, target, spec, Output::default());
        return specs.map(show).collect();
    }
    let mut statuses = Vec::new();
    side_by_side::in_order(
        &options.specs,
        |spec| {
            let output = Output::kept();
            let status = show(options, request, target, spec, output.clone());
            (status, output)
        },
        |(status, output)| {
            output.release();
            statuses.push(status);
        },
    );
    statuses
}

/// What all specs have in common for one word of `--target`.
fn load(
    options: &SpecCli,
    given: &[Given],
    (personality, word): (Personality, Option<&String>),
) -> Result<(Request, Arc<Target>), BuildError> {
    let macros_dir = macro_options::macros_dir();
    let request = Request {
        target: word.cloned(),
        personality,
        settings: options.macros.settings(given),
        macros_dir,
        switches: Switches {
            no_translations: options.common.nolang,
            ..Switches::default()
        },
        ..Request::default()
    };
    let target = build::load_target(&request)?;
    Ok((request, Arc::new(target)))
}

fn show(
    options: &SpecCli,
    request: &Request,
    target: &Arc<Target>,
    spec: &Path,
    output: Output,
) -> u8 {
    let mut request = request.clone();
    request.spec = spec.to_owned();
    request.settings.output = output.clone();
    let mut terminal = Terminal {
        is_verbose: request.settings.is_verbose,
        output,
        ..Terminal::default()
    };
    let reading = Reading {
        is_query: true,
        ..Reading::default()
    };
    let read = read_spec_for(Arc::clone(target), &request, reading, &mut terminal);
    let shown = read
        .map_err(|error| tell_failure(options, spec, &error, &terminal))
        .and_then(|mut project| show_project(options, &mut project, &terminal));
    shown.map_or_else(|status| status, |()| 0)
}

/// Tells a failure, and of a query that it failed, as rpmspec does.
fn tell_failure(options: &SpecCli, spec: &Path, error: &BuildError, terminal: &Terminal) -> u8 {
    let status = match error {
        BuildError::Read { path, source, .. } if path == spec => {
            let (path, reason) = (path.display(), build::reason_of(source));
            terminal.print_error(&format!("error: Unable to open {path}: {reason}"));
            1
        }
        error => terminal.fail(error),
    };
    if !options.parse && !options.shell {
        let spec = spec.display();
        terminal.print_error(&format!(
            "error: query of specfile {spec} failed, can't parse"
        ));
    }
    status
}

fn show_project(options: &SpecCli, project: &mut Project, terminal: &Terminal) -> Result<(), u8> {
    if options.shell {
        return match shell::run(&mut project.engine) {
            0 => Ok(()),
            status => Err(status),
        };
    }
    if options.parse {
        terminal.print_text(&project.spec.expanded);
        return Ok(());
    }
    let format = options
        .queryformat
        .clone()
        .or_else(|| options.list.format(options.macros.verbose > 0));
    let format = match format {
        Some(format) => format,
        None if options.macros.quiet => return Ok(()),
        None => "%{NVR}%{ARCHSUFFIX}\\n".to_owned(),
    };
    let parsed = query::Format::parse(&format).map_err(|fault| fault.to_string());
    let languages = languages::of_environment();
    for package in packages(options, project, terminal)? {
        let rendered = parsed.as_ref().map_err(String::clone).and_then(|format| {
            let package = query::PackageTags::in_languages(&package, &languages);
            format.render(&package).map_err(|fault| fault.to_string())
        });
        match rendered {
            Ok(text) => terminal.print_text(&text),
            // As in rpm, for each package again, and no failure.
            Err(fault) => terminal.print_error(&format!("error: incorrect format: {fault}")),
        }
    }
    Ok(())
}

fn packages(
    options: &SpecCli,
    project: &mut Project,
    terminal: &Terminal,
) -> Result<Vec<package::Package>, u8> {
    let facts = build::facts_of_spec(project).map_err(|error| terminal.fail(&error))?;
    let spec = &project.spec;
    if options.srpm || options.list.is_of_source() {
        return Ok(vec![spec::source_package(spec)]);
    }
    let described = spec.packages.values();
    let wanted = described.filter(|package| !options.builtrpms || package.files.is_some());
    let binary = |it| package::Package {
        build: facts.clone(),
        ..spec::binary_package(spec, it)
    };
    Ok(wanted.map(binary).collect())
}
