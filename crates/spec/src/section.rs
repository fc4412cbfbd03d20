//! The sections of a spec: their names, and what may follow one.
//!
//! Not here: the options of a header, see [`crate::header`], and the sections themselves.

use package::{Slot, TriggerKind};
use source::closest;

use crate::ast::BuildSection;
use crate::dpkg;
use crate::line::Line;

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

/// The help for a name after `%` that is not a section: the section that was meant, which may be dpkg's.
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
    /// `BuildArch:` requires another reading, once for each of these architectures.
    Reparse(Vec<String>),
}
