//! Section headers: which section a line begins, and for which package.

use package::{Slot, TriggerKind};
use source::{Diagnostic, Reported, Text, closest};

use crate::ast::BuildSection;
use crate::codes;
use crate::context::Context;
use crate::dpkg;
use crate::line::Line;
use crate::words::{Options, parse_options, split_words};

/// The sections of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SectionKind {
    Package,
    Description,
    Build(BuildSection),
    Scriptlet(Slot),
    Trigger(TriggerKind),
    Files,
    Changelog,
    Policies,
    SourceList,
    PatchList,
    /// debbuild's own.
    CopyrightData,
    End,
}

/// Sections with names of their own; build sections, scriptlets and triggers bring theirs.
const NAMED: [(&str, SectionKind); 12] = [
    ("package", SectionKind::Package),
    ("description", SectionKind::Description),
    ("files", SectionKind::Files),
    ("changelog", SectionKind::Changelog),
    ("sepolicy", SectionKind::Policies),
    ("sourcelist", SectionKind::SourceList),
    ("patchlist", SectionKind::PatchList),
    ("copyrightdata", SectionKind::CopyrightData),
    ("end", SectionKind::End),
    ("trigger", SectionKind::Trigger(TriggerKind::PackageIn)),
    ("filetrigger", SectionKind::Trigger(TriggerKind::FileIn)),
    (
        "transfiletrigger",
        SectionKind::Trigger(TriggerKind::TransFileIn),
    ),
];

/// Every section with its name, without `%`.
pub(crate) fn sections() -> impl Iterator<Item = (&'static str, SectionKind)> {
    let build = BuildSection::ALL
        .iter()
        .map(|(it, name)| (*name, SectionKind::Build(*it)));
    let scriptlets = Slot::ALL
        .iter()
        .map(|(it, name)| (*name, SectionKind::Scriptlet(*it)));
    let triggers = TriggerKind::ALL
        .iter()
        .map(|(it, name)| (*name, SectionKind::Trigger(*it)));
    NAMED
        .into_iter()
        .chain(build)
        .chain(scriptlets)
        .chain(triggers)
}

/// The names of all sections, without `%`.
pub(crate) fn section_names() -> Vec<&'static str> {
    sections().map(|(name, _)| name).collect()
}

/// What to write for a name after `%` that is no section: the section that was meant, or dpkg's.
pub(crate) fn help_for_section(name: &str) -> Option<String> {
    dpkg::help_for_section(name).or_else(|| {
        let near = closest(name, sections().map(|(name, _)| name))?;
        Some(format!("did you mean the section `%{near}`?"))
    })
}

impl SectionKind {
    /// The section that a line begins: its name stands at the very start, followed by a blank.
    pub(crate) fn of(line: &str) -> Option<Self> {
        let rest = line.strip_prefix('%')?;
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let word = &rest[..end];
        sections()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, kind)| kind)
    }

    /// Whether the section makes no sense once the build is over.
    pub(crate) fn is_before_build(self) -> bool {
        matches!(self, Self::Build(_) | Self::SourceList | Self::PatchList)
    }

    /// Its name with `%`.
    pub(crate) fn name(self) -> String {
        let own = sections().find(|(_, kind)| *kind == self);
        own.map_or_else(String::new, |(name, _)| format!("%{name}"))
    }
}

/// What follows a section.
#[derive(Debug)]
pub(crate) enum Next {
    /// Another section, whose header has been read.
    Section(SectionKind, Line),
    /// The end of the text.
    End,
    /// `BuildArch:` asks for another reading, once for each of these.
    Reparse(Vec<String>),
}

/// Splits a header and reads its options.
pub(crate) fn header_options(
    context: &mut Context<'_>,
    header: &Line,
    known: &str,
) -> Result<Options, Reported> {
    let number = header.number;
    let words = split_words(&header.text).map_err(|at| {
        let kind = SectionKind::of(&header.text)
            .map(SectionKind::name)
            .unwrap_or_default();
        let message = format!(
            "line {number}: Error parsing {kind}: {}",
            crate::words::BAD_QUOTE
        );
        let place = header.text.origin(at, at + 1);
        let diagnostic = Diagnostic::error(codes::BAD_HEADER, message);
        context
            .sink()
            .report(diagnostic.label(place, "nothing follows this backslash"))
    })?;
    parse_options(&words[1..], known).map_err(|bad| {
        let shown = header.shown();
        let message = match SectionKind::of(&header.text) {
            Some(SectionKind::Build(section)) => {
                let name = section.name();
                format!(
                    "line {number}: Bad %{name} option {}: {}",
                    bad.word, bad.message
                )
            }
            _ => format!("line {number}: Bad option {}: {shown}", bad.word),
        };
        let help = bad.help("the section", known);
        let diagnostic = Diagnostic::error(codes::BAD_HEADER, message)
            .label(bad.word.whole(), bad.message)
            .help(help);
        context.sink().report(diagnostic)
    })
}

/// The package a header is about, by its index: `-n NAME`, `SUFFIX`, or the main one.
pub(crate) fn header_package(
    context: &mut Context<'_>,
    header: &Line,
    options: &Options,
) -> Result<usize, Reported> {
    let full = options.argument('n');
    let spare = usize::from(full.is_none());
    if let Some(extra) = options.words.get(spare) {
        let message = format!("line {}: Too many names: {}", header.number, header.shown());
        let diagnostic = Diagnostic::error(codes::BAD_HEADER, message)
            .label(extra.whole(), "a section has one package")
            .help_if(full.map(|_| "`-n` already gives the name".to_owned()));
        return Err(context.sink().report(diagnostic));
    }
    let Some(written) = full.or(options.words.first()) else {
        return Ok(0);
    };
    let name = context.full_name(written, full.is_some());
    find_package(context, header, written, &name)
}

fn find_package(
    context: &mut Context<'_>,
    header: &Line,
    written: &Text,
    name: &str,
) -> Result<usize, Reported> {
    if let Some(index) = context.spec.packages.get_index_of(name) {
        return Ok(index);
    }
    if let Some(reported) = context.broken.get(name) {
        return Err(*reported);
    }
    let message = format!(
        "line {}: {}: package {name} does not exist",
        header.number,
        header.shown()
    );
    let help = suggest_package(context, written, name);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_PACKAGE, message)
        .at(written.whole())
        .help(help);
    Err(context.refuse(diagnostic))
}

fn suggest_package(context: &Context<'_>, written: &Text, name: &str) -> String {
    let packages = &context.spec.packages;
    if packages.contains_key(written.as_str()) {
        return format!("write `-n {written}` for a package of that full name");
    }
    match closest(name, packages.keys().map(String::as_str)) {
        Some(near) => format!("did you mean the package `{near}`?"),
        None => format!("add a `%package` section for `{name}`"),
    }
}
