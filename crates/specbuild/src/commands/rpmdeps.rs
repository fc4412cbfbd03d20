//! `rpmdeps`: what files offer and need, by the file attributes of a target.
//!
//! Source: rpmdeps(1); rpm-dependency-generators(7), "Displaying debug information".

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use build::BuildError;
use clap::{CommandFactory, Parser};
use generate::FileReport;
use package::{Dependency, RelationKind};
use target::Personality;

use super::elfdeps;
use crate::cli;
use crate::macro_options::{self, MacroOptions, in_order};
use crate::terminal;

/// Arguments of `rpmdeps`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpmdeps", bin_name = "rpmdeps", version)]
#[command(about = "Tells what files offer and need", max_term_width = 100)]
struct DepsCli {
    /// Files; without them paths are read from standard input
    files: Vec<PathBuf>,
    #[command(flatten)]
    kinds: Kinds,
    #[command(flatten)]
    macros: MacroOptions,
}

/// What is to be told.
#[derive(clap::Args, Clone, Debug)]
struct Kinds {
    /// What the files offer
    #[arg(short = 'P', long)]
    provides: bool,
    /// What the files need
    #[arg(short = 'R', long)]
    requires: bool,
    /// What the files recommend
    #[arg(long)]
    recommends: bool,
    /// What the files suggest
    #[arg(long)]
    suggests: bool,
    /// What the files supplement
    #[arg(long)]
    supplements: bool,
    /// What the files enhance
    #[arg(long)]
    enhances: bool,
    /// What the files can't live beside
    #[arg(long)]
    conflicts: bool,
    /// What the files make obsolete
    #[arg(long)]
    obsoletes: bool,
    /// What is to be installed before the files
    #[arg(long)]
    orderwithrequires: bool,
    /// Everything, file by file
    #[arg(long)]
    alldeps: bool,
    /// Show also what the files are, on standard error
    #[arg(long, hide = true)]
    rpmfcdebug: bool,
}

impl Kinds {
    /// The kinds asked for, in the order in which they are told.
    fn wanted(&self) -> Vec<RelationKind> {
        let all = [
            (self.provides, RelationKind::Provides),
            (self.requires, RelationKind::Requires),
            (self.recommends, RelationKind::Recommends),
            (self.suggests, RelationKind::Suggests),
            (self.supplements, RelationKind::Supplements),
            (self.enhances, RelationKind::Enhances),
            (self.conflicts, RelationKind::Conflicts),
            (self.obsoletes, RelationKind::Obsoletes),
            (self.orderwithrequires, RelationKind::OrderWithRequires),
        ];
        let asked = all.into_iter().filter(|(is_asked, _)| *is_asked);
        asked.map(|(_, kind)| kind).collect()
    }
}

/// Runs `rpmdeps` with the arguments after its name.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let command = DepsCli::command();
    let name = OsString::from("rpmdeps");
    let args = std::iter::once(name).chain(args.iter().cloned()).collect();
    let (mut options, matches) = match cli::parse::<DepsCli>(command, args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    if options.files.is_empty() {
        options.files = elfdeps::paths_of_input();
    }
    options.files.sort();
    let given = in_order(&matches);
    match examine(&options, &given) {
        Ok(reports) => {
            tell(&options.kinds, &reports);
            0
        }
        Err(error) => terminal::fail(&error),
    }
}

/// `find-provides` and `find-requires`: one kind, paths on standard input.
pub(crate) fn find(kind: &str) -> u8 {
    run(&[OsString::from(kind)])
}

fn examine(
    options: &DepsCli,
    given: &[macro_options::Given],
) -> Result<Vec<FileReport>, BuildError> {
    let mut engine = macro_options::open(&options.macros, given, Personality::Rpm)?;
    let build_root = std::env::var("RPM_BUILD_ROOT").unwrap_or_default();
    let reports =
        generate::examine_files(&mut engine, &options.files, &build_root, BTreeMap::new());
    build::tell_findings(&mut engine, &mut terminal::Terminal::default());
    Ok(reports?)
}

fn tell(kinds: &Kinds, reports: &[FileReport]) {
    if kinds.alldeps {
        return terminal::print_text(&file_by_file(reports, kinds.rpmfcdebug));
    }
    if kinds.rpmfcdebug {
        terminal::print_error(file_by_file(reports, true).trim_end());
    }
    for kind in kinds.wanted() {
        for dependency in of_kind(reports, kind) {
            terminal::print_line(&dependency);
        }
    }
}

/// The dependencies of one kind in rpm's order, each once.
fn of_kind(reports: &[FileReport], kind: RelationKind) -> Vec<String> {
    let all = reports.iter().flat_map(|report| &report.dependencies);
    let of_kind = all.filter(|it| it.kind == kind).map(|it| &it.dependency);
    let mut found: Vec<&Dependency> = of_kind.collect();
    found.sort_by_cached_key(|it| sort_key(it));
    let mut texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    texts.dedup();
    texts
}

/// Name, version, then how they compare: `<` before `>` before `=`.
fn sort_key(dependency: &Dependency) -> (String, String, u8) {
    let (sense, version) = match dependency.version() {
        Some((comparison, version)) => (senses(comparison.as_str()), version.to_owned()),
        None => (0, String::new()),
    };
    (dependency.name().into_owned(), version, sense)
}

fn senses(operator: &str) -> u8 {
    let bit = |sign| match sign {
        '<' => 2,
        '>' => 4,
        _ => 8,
    };
    operator.chars().map(bit).sum()
}

/// Each file with its number, then what was found in it.
fn file_by_file(reports: &[FileReport], shows_class: bool) -> String {
    let mut text = String::new();
    for (number, report) in reports.iter().enumerate() {
        text.push_str(&format!("{number:3} {}", report.path.display()));
        if shows_class {
            let names = match report.attributes.join(",") {
                names if names.is_empty() => "none".to_owned(),
                names => names,
            };
            text.push_str(&format!("\t{} [{names}]", report.class));
        }
        text.push('\n');
        for it in &report.dependencies {
            text.push_str(&format!("\t{} {}\n", letter(it.kind), it.dependency));
        }
    }
    text
}

/// The letter that rpm's dictionary of dependencies has for a kind.
fn letter(kind: RelationKind) -> char {
    match kind {
        RelationKind::Provides => 'P',
        RelationKind::Conflicts => 'C',
        RelationKind::Obsoletes => 'O',
        RelationKind::Recommends => 'r',
        RelationKind::Suggests => 's',
        RelationKind::Supplements => 'S',
        RelationKind::Enhances => 'e',
        RelationKind::OrderWithRequires => 'o',
        _ => 'R',
    }
}
