//! `specbuild query`, and `rpm -qp`: what packages and specs say of themselves.
//!
//! Files are asked one after the other, in the order given; what each of them is, is seen from its
//! first bytes. There is no database of installed packages here.
//!
//! Source: rpm(8), "QUERY OPTIONS".

mod format;
mod manifest;
mod manner;
mod of_debs;
mod options;
mod subject;

use std::cell::Cell;
use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{ArgMatches, Command};
use query::{Detail, Format, FormatFault, Listing, RenderFault};
use target::Personality;

use crate::cli;
use crate::commands::{database, languages, rpmspec};
use crate::{refusal, terminal};
use manner::Manner;
use subject::{Kind, Opening, Shown};

pub(super) fn command() -> Command {
    options::command(Manner::Own)
}

/// Runs `specbuild query`.
pub(super) fn run(args: &[OsString]) -> u8 {
    let mut words = vec![OsString::from("query")];
    words.extend_from_slice(args);
    start(&words, Manner::Own)
}

/// Runs `rpm -q`.
pub(super) fn run_as_rpm(args: &[OsString]) -> u8 {
    start(args, Manner::Rpm)
}

/// The options of `rpm -q`, and of `rpm` as a whole.
pub(super) fn command_of_rpm() -> Command {
    options::command(Manner::Rpm)
}

/// Whether the arguments of `rpm` ask for a query: `--query`, or a `q` among short options.
pub(super) fn is_query(args: &[OsString]) -> bool {
    let words = args.iter().skip(1).map(|word| word.to_string_lossy());
    let mut words = words.take_while(|word| word != "--");
    words.any(|word| {
        let is_short = word.starts_with('-') && !word.starts_with("--");
        word == "--query"
            || (is_short
                && word.contains('q')
                && !word.starts_with("-E")
                && !word.starts_with("-D"))
    })
}

fn start(args: &[OsString], manner: Manner) -> u8 {
    let command = cli::with_short_root(options::command(manner));
    let mut command = cli::as_popt_reads(cli::with_aliases(command, args));
    let name = command.get_name().to_owned();
    let last_word = args.last().cloned();
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(error) => return refusal::tell(&name, last_word.as_ref(), &error),
    };
    if let Err(status) = cli::show_usage(&command, &matches) {
        return status;
    }
    cli::take_common(&matches);
    if let Err(status) = refusal::check_root(&name, &matches) {
        return status;
    }
    if matches.get_count("version") > 0 {
        terminal::print_line(cli::RPM_VERSION);
        return 0;
    }
    let question = Question::of(&matches, manner);
    let given = matches.get_many::<OsString>("subject");
    if given.is_none() && manner == Manner::Rpm {
        terminal::print_error(&format!("{name}: no arguments given for query"));
        return 1;
    }
    if manner == Manner::Rpm
        && asks_database(&matches)
        && let Some(status) = database::hand_over_if_possible("rpm", args)
    {
        return status;
    }
    let files: Vec<PathBuf> = given
        .into_iter()
        .flatten()
        .flat_map(|file| match manner {
            Manner::Rpm if !question.is_set("noglob") => manifest::expand(&file.to_string_lossy()),
            _ => vec![PathBuf::from(file)],
        })
        .collect();
    let failures = question.ask_all(files.iter().map(PathBuf::as_path));
    u8::try_from(failures).unwrap_or(u8::MAX)
}

/// Whether installed packages are asked: without `-p`, arguments are their names, but for names of .rpm
/// files.
fn asks_database(matches: &ArgMatches) -> bool {
    let mut given = matches
        .get_many::<OsString>("subject")
        .into_iter()
        .flatten();
    matches.get_count("package") == 0 && given.any(|it| !subject::is_named_as_rpm(Path::new(it)))
}

/// What is asked of every file.
struct Question<'m> {
    matches: &'m ArgMatches,
    manner: Manner,
    format_text: String,
    format: Result<Format, FormatFault>,
    /// The same of .deb files.
    format_of_debs: Result<Format, FormatFault>,
    listing: Option<Listing>,
    is_verbose: bool,
    languages: Vec<String>,
    /// How many manifests led to what is asked now.
    manifests: Cell<usize>,
    /// Whether it is still to be told that there is no rpm that knows installed packages.
    misses_rpm: Cell<bool>,
}

impl<'m> Question<'m> {
    fn of(matches: &'m ArgMatches, manner: Manner) -> Self {
        let is_verbose = matches.get_count("verbose") > 0;
        let mut listing = options::listing(matches);
        let short = listing.as_mut().filter(|it| it.detail == Detail::Path);
        if let Some(listing) = short.filter(|_| is_verbose) {
            listing.detail = Detail::Long { now: now() };
        }
        let format_text = format::wanted(matches, listing.is_some(), false);
        let of_debs = format::wanted(matches, listing.is_some(), true);
        Self {
            matches,
            manner,
            format: Format::parse(&format_text),
            format_of_debs: Format::parse(&of_debs),
            format_text,
            listing,
            is_verbose,
            languages: match matches.get_flag("nolang") {
                true => Vec::new(),
                false => languages::of_environment(),
            },
            manifests: Cell::new(0),
            misses_rpm: Cell::new(true),
        }
    }

    /// Shows what is asked of each file; how many of them failed. Specs that follow each other are
    /// asked together.
    fn ask_all<'f>(&self, files: impl Iterator<Item = &'f Path>) -> usize {
        let mut failures = 0;
        let mut specs = Vec::new();
        for path in files {
            match subject::kind(path, self.manner, self.matches.get_count("package") > 0) {
                Ok(Kind::Spec) => specs.push(path),
                kind => {
                    failures += self.ask_specs(&std::mem::take(&mut specs));
                    failures += usize::from(!self.ask(path, kind));
                }
            }
        }
        failures + self.ask_specs(&specs)
    }

    /// What of it counts when a package file is opened.
    fn opening(&self) -> Opening<'_> {
        Opening {
            matches: self.matches,
            manner: self.manner,
            format_text: &self.format_text,
            languages: &self.languages,
            is_verbose: self.is_verbose,
        }
    }

    /// Whether an option without an argument is given.
    fn is_set(&self, option: &str) -> bool {
        self.matches.get_count(option) > 0
    }

    /// Shows what is asked of one package, or of all that a manifest names; whether that went well.
    fn ask(&self, path: &Path, kind: Result<Kind, String>) -> bool {
        if kind == Ok(Kind::Manifest) {
            return self.ask_manifest(path);
        }
        let opened = kind.and_then(|kind| Ok((kind, subject::open(path, kind, &self.opening())?)));
        match opened {
            Ok((Kind::Deb, package)) => {
                of_debs::check_changelog(path, &package, self.matches);
                self.show(&package, &self.format_of_debs)
            }
            Ok((_, package)) => self.show(&package, &self.format),
            Err(message) if message.starts_with("package ") => {
                terminal::print_line(&message);
                if self.misses_rpm.replace(false) {
                    terminal::print_error(&database::no_other("rpm"));
                }
                false
            }
            Err(message) => fail(&message),
        }
    }

    /// What is no package may name some: rpm-manifest(5).
    fn ask_manifest(&self, path: &Path) -> bool {
        if self.is_set("nomanifest") {
            return false;
        }
        let depth = self.manifests.get();
        if depth == manifest::DEEPEST {
            let path = path.display();
            return fail(&format!(
                "error: Max level of manifest recursion exceeded: {path}"
            ));
        }
        let Some(files) = manifest::read(path) else {
            return fail(&subject::not_a_package(path));
        };
        self.manifests.set(depth + 1);
        let failures = self.ask_all(files.iter().map(PathBuf::as_path));
        self.manifests.set(depth);
        failures == 0
    }

    /// A format with a fault is told of, and no failure, as with rpm.
    fn show(&self, package: &Shown, format: &Result<Format, FormatFault>) -> bool {
        let tell = |fault: &dyn Display| {
            terminal::print_error(&format!("error: incorrect format: {fault}"));
        };
        match format.as_ref().map(|format| format.render(package)) {
            Ok(Ok(text)) => terminal::print_text(&text),
            Ok(Err(fault @ RenderFault::TooLong)) => {
                return fail(&format!(
                    "error: the query format is not filled in: {fault}"
                ));
            }
            Ok(Err(fault)) => tell(&fault),
            Err(fault) => tell(fault),
        }
        if let Some(listing) = &self.listing {
            terminal::print_text(&listing.render(package));
        }
        true
    }

    /// Specs are the business of `rpmspec -q`; how many of them failed.
    fn ask_specs(&self, specs: &[&Path]) -> usize {
        if specs.is_empty() {
            return 0;
        }
        let mut args: Vec<OsString> = ["rpmspec", "-q"].map(OsString::from).to_vec();
        args.extend(options::passed_on(self.matches));
        if !self.format_text.is_empty() {
            args.extend(["--qf".into(), self.format_text.clone().into()]);
        }
        args.push("--".into());
        args.extend(specs.iter().map(|path| OsString::from(*path)));
        let personality = match self.manner {
            Manner::Own => Personality::Specbuild,
            Manner::Rpm => Personality::Rpm,
        };
        let statuses = rpmspec::statuses(args, personality);
        statuses.iter().filter(|status| **status != 0).count()
    }
}

fn fail(message: &str) -> bool {
    terminal::print_error(message);
    false
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |it| it.as_secs())
}
