//! Section headers: their options, and the package that a section is for.

use source::{Diagnostic, Reported, Text, closest};

use crate::codes;
use crate::context::Context;
use crate::line::Line;
use crate::section::SectionKind;
use crate::unexpanded::{self, Place};
use crate::words::{BAD_QUOTE, Options, parse_options, split_words};

/// Splits a header and reads its options. Warns of macros that are not defined.
pub(crate) fn header_options(
    context: &mut Context<'_>,
    header: &Line,
    known: &str,
) -> Result<Options, Reported> {
    unexpanded::check(context, &header.text, Place::Value);
    let number = header.number;
    let words = split_words(&header.text).map_err(|at| {
        let kind = SectionKind::of(&header.text)
            .map(SectionKind::name)
            .unwrap_or_default();
        let message = format!("line {number}: Error parsing {kind}: {BAD_QUOTE}");
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
