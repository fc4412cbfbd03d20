//! Sources, patches and icons: their numbers and the macros that name them.

use std::path::Path;

use expand::{Level, ScriptItem};
use source::{Diagnostic, Origin, Reported, Text};

use super::tags::{Field, TagKind};
use crate::ast::{Source, SourceKind};
use crate::codes;
use crate::context::Context;
use crate::words::{parse_number, part_of};

/// A source, patch or icon as the spec declares it.
pub(super) struct Declared<'a> {
    pub(super) kind: SourceKind,
    /// Its number; without one the last is counted on from.
    pub(super) number: Option<u32>,
    pub(super) value: &'a Text,
    pub(super) origin: Option<Origin>,
}

/// The word for a kind in messages: `source` or `patch`.
fn word(kind: SourceKind) -> &'static str {
    if kind == SourceKind::Patch {
        "patch"
    } else {
        "source"
    }
}

/// Reads `Source:` or `Patch:`.
pub(super) fn read(context: &mut Context<'_>, field: &Field<'_>) -> Result<(), Reported> {
    let is_patch = field.rule.kind == TagKind::Patch;
    let kind = if is_patch {
        SourceKind::Patch
    } else {
        SourceKind::Source
    };
    let number = match field.number.as_str() {
        "" => None,
        digits => match parse_number(digits) {
            Some(number) => Some(number),
            None => return Err(report_number(context, field, kind)),
        },
    };
    let declared = Declared {
        kind,
        number,
        value: &field.value,
        origin: field.line.origin(),
    };
    add(context, &declared)
}

fn report_number(context: &mut Context<'_>, field: &Field<'_>, kind: SourceKind) -> Reported {
    let line = field.line;
    let message = format!(
        "line {}: Bad {} number: {}",
        line.number,
        word(kind),
        line.shown()
    );
    let diagnostic = Diagnostic::error(codes::BAD_SOURCE, message)
        .at(field.number.whole())
        .help(format!("write `{}:` or `{0}1:`", field.rule.name));
    context.sink().report(diagnostic)
}

/// Adds a source or patch.
pub(super) fn add(context: &mut Context<'_>, declared: &Declared<'_>) -> Result<(), Reported> {
    let &Declared { kind, origin, .. } = declared;
    let last = if kind == SourceKind::Patch {
        &mut context.last_patch
    } else {
        &mut context.last_source
    };
    let number = (declared.number).unwrap_or_else(|| last.map_or(0, |last| last.saturating_add(1)));
    *last = Some(last.map_or(number, |last| last.max(number)));
    if let Some(first) = find(context, kind, number) {
        let first = &context.spec.sources[first];
        let message = format!("{} {number} defined multiple times", word(kind));
        let diagnostic = Diagnostic::error(codes::BAD_SOURCE, message)
            .at(origin)
            .label(first.origin, "the first one is here");
        let reported = context.refuse(diagnostic);
        if !context.request.is_lenient {
            return Err(reported);
        }
        // debbuild takes the last.
        let sources = &mut context.spec.sources;
        sources.retain(|source| (source.kind, source.number) != (kind, number));
    }
    let source = new_source(context, declared, number)?;
    define_macros(context, &source);
    add_to_lists(context, &source);
    context.spec.sources.push(source);
    Ok(())
}

/// Expands sources once more whose macros were not defined yet when they were read.
pub(crate) fn expand_again(context: &mut Context<'_>) -> Result<(), Reported> {
    for index in 0..context.spec.sources.len() {
        let source = context.spec.sources[index].clone();
        if !source.file_name.contains('%') {
            continue;
        }
        let value = context.engine.expand(&source.value)?;
        let declared = Declared {
            kind: source.kind,
            number: Some(source.number),
            value: &value,
            origin: source.origin,
        };
        let renewed = new_source(context, &declared, source.number)?;
        context.spec.sources[index] = Source {
            is_left_out: source.is_left_out,
            ..renewed
        };
        define_macros(context, &context.spec.sources[index].clone());
    }
    Ok(())
}

/// The place of the source or patch of a number.
fn find(context: &mut Context<'_>, kind: SourceKind, number: u32) -> Option<usize> {
    let places = &mut context.sources_by_number;
    let key_of = |source: &Source| (source.kind, source.number);
    places.find(&context.spec.sources, key_of, &(kind, number))
}

fn new_source(
    context: &mut Context<'_>,
    declared: &Declared<'_>,
    number: u32,
) -> Result<Source, Reported> {
    let value = declared.value;
    let file_name = file_name(value);
    let file_name = context
        .engine
        .expand(&part_of(value, file_name))?
        .into_string();
    let directory = context.engine.expand_str("%{_sourcedir}")?;
    Ok(Source {
        kind: declared.kind,
        number,
        value: value.clone(),
        path: clean_path(&format!("{directory}/{file_name}")),
        file_name,
        is_left_out: false,
        origin: declared.origin,
    })
}

/// What follows the last slash of a URL, and there the last `=`.
fn file_name(value: &str) -> &str {
    match value.rsplit_once('/') {
        Some((_, name)) => name.rsplit_once('=').map_or(name, |(_, name)| name),
        None => value,
    }
}

/// A path without doubled slashes, `.` and `..`, as far as its text allows. Source: rpm's `rpmGetPath`.
pub(crate) fn clean_path(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", None) if is_absolute => {}
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let root = if is_absolute { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// Defines `%SOURCE1` and `%SOURCEURL1`, or `%PATCH1` and `%PATCHURL1`.
fn define_macros(context: &mut Context<'_>, source: &Source) {
    let prefix = word(source.kind).to_uppercase();
    let number = source.number;
    let path = Text::detached(source.path.as_str());
    context
        .engine
        .define(&format!("{prefix}{number}"), path, Level::SPEC);
    context.engine.define(
        &format!("{prefix}URL{number}"),
        source.value.clone(),
        Level::SPEC,
    );
}

/// Adds a source to the lists that Lua sees.
fn add_to_lists(context: &Context<'_>, source: &Source) {
    let Some(scripts) = context.engine.scripts() else {
        return;
    };
    let (paths, numbers) = match source.kind {
        SourceKind::Patch => ("patches", "patch_nums"),
        _ => ("sources", "source_nums"),
    };
    scripts.add_to_list(paths, ScriptItem::Text(source.path.clone()));
    scripts.add_to_list(numbers, ScriptItem::Number(source.number.into()));
}

/// Reads `NoSource:` or `NoPatch:`: numbers of what the source package leaves out.
pub(super) fn read_left_out(context: &mut Context<'_>, field: &Field<'_>) -> Result<(), Reported> {
    let is_patch = field.rule.kind == TagKind::NoPatch;
    let kind = if is_patch {
        SourceKind::Patch
    } else {
        SourceKind::Source
    };
    let number_of_line = field.line.number;
    let is_separator = |c: char| c.is_ascii_whitespace() || c == ',';
    for word_ in field
        .value
        .split(is_separator)
        .filter(|word| !word.is_empty())
    {
        let place = part_of(&field.value, word_).whole();
        let number = parse_number(word_);
        let source = number.and_then(|number| find(context, kind, number));
        let message = match (number, source) {
            (_, Some(source)) => {
                context.spec.sources[source].is_left_out = true;
                continue;
            }
            (None, _) => {
                let rest = rest_from(&field.value, word_);
                format!("line {number_of_line}: Bad number: {rest}")
            }
            (Some(number), None) => {
                format!(
                    "line {number_of_line}: Bad no{} number: {number}",
                    word(kind)
                )
            }
        };
        let diagnostic = Diagnostic::error(codes::BAD_SOURCE, message).at(place);
        return Err(context.sink().report(diagnostic));
    }
    Ok(())
}

/// A text from one of its parts on.
fn rest_from<'t>(text: &'t str, part: &str) -> &'t str {
    &text[crate::words::place_of(text, part).0..]
}

/// Reads `Icon:`.
pub(super) fn read_icon(
    context: &mut Context<'_>,
    index: usize,
    field: &Field<'_>,
) -> Result<(), Reported> {
    let declared = Declared {
        kind: SourceKind::Icon,
        number: None,
        value: &field.value,
        origin: field.line.origin(),
    };
    let icon = new_source(context, &declared, 0)?;
    if !context.engine.host.exists(Path::new(&icon.path)) {
        let message = format!(
            "Unable to open icon {}: No such file or directory",
            icon.path
        );
        let diagnostic = Diagnostic::error(codes::BAD_SOURCE, message).at(field.value.whole());
        let reported = context.refuse(diagnostic);
        return match context.request.is_lenient {
            true => Ok(()),
            false => Err(reported),
        };
    }
    context.package(index).icon = Some(icon.file_name.clone());
    context.spec.sources.push(icon);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_come_from_urls() {
        assert_eq!(file_name("https://e.org/a/x-1.tar.gz"), "x-1.tar.gz");
        assert_eq!(file_name("https://e.org/get?id=1&f=/x=y.tgz"), "y.tgz");
        assert_eq!(file_name("https://e.org/v1.tgz#/x-1.tgz"), "x-1.tgz");
        assert_eq!(file_name("a=b.patch"), "a=b.patch");
        assert_eq!(clean_path("/a//b/"), "/a/b");
        assert_eq!(clean_path("/../a/./b/../c"), "/a/c");
        assert_eq!(clean_path("../a/../../b"), "../../b");
    }
}
