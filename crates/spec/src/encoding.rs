//! Texts of packages that are not UTF-8.
//!
//! Source: rpmbuild-config(5), `%_invalid_encoding_terminates_build`.

use package::Tag;
use source::octets::{carries, is_carried};
use source::{Diagnostic, Origin, Severity};

use crate::ast::{Spec, SubPackage};
use crate::codes;
use crate::context::Context;

/// The tags that may hold such text, in the order of their numbers, with rpm's names for them.
const TAGS: [(Tag, &str); 14] = [
    (Tag::Summary, "Summary"),
    (Tag::Description, "Description"),
    (Tag::Distribution, "Distribution"),
    (Tag::Vendor, "Vendor"),
    (Tag::License, "License"),
    (Tag::Packager, "Packager"),
    (Tag::Group, "Group"),
    (Tag::Url, "Url"),
    (Tag::DistUrl, "Disturl"),
    (Tag::DistTag, "Disttag"),
    (Tag::BugUrl, "Bugurl"),
    (Tag::Vcs, "Vcs"),
    (Tag::ModularityLabel, "Modularitylabel"),
    (Tag::TranslationUrl, "Translationurl"),
];

/// Reports every text of a package that holds bytes which are not UTF-8: an error, or a warning if
/// `%_invalid_encoding_terminates_build` is off.
pub(crate) fn check(context: &mut Context<'_>) {
    let spec = &context.spec;
    let indices = 0..spec.packages.len();
    let faults: Vec<_> = indices.flat_map(|it| faults_of(spec, it)).collect();
    if faults.is_empty() {
        return;
    }
    let engine = &mut context.engine;
    let ends_build = engine.expand_number("%{_invalid_encoding_terminates_build}") != 0;
    for mut finding in faults {
        if !ends_build {
            finding.severity = Severity::Warning;
        }
        let place = place(context, &finding.message);
        context.sink().push(finding.at(place));
    }
}

fn faults_of(spec: &Spec, index: usize) -> Vec<Diagnostic> {
    let package = &spec.packages[index];
    let mut faults = Vec::new();
    let mut check = |tag: &str, text: &str| {
        if carries(text) {
            faults.push(fault(package, tag, text));
        }
    };
    for (tag, name) in TAGS {
        let Some(value) = package.tags.localized(tag) else {
            continue;
        };
        check(name, &value.plain);
        value
            .translations
            .values()
            .for_each(|text| check(name, text));
    }
    for (slot, section) in &package.scriptlets {
        let body = section.scriptlet.body.as_deref();
        check(slot.tag_name(), body.unwrap_or_default());
    }
    if index == 0 {
        for entry in &spec.changelog {
            check("Changelogname", &entry.author);
        }
        for entry in &spec.changelog {
            check("Changelogtext", &entry.text);
        }
    }
    faults
}

fn fault(package: &SubPackage, tag: &str, text: &str) -> Diagnostic {
    // A sequence that the end of the text cuts short is another error to iconv.
    let why = match is_cut_short(text) {
        true => "Invalid argument",
        false => "Invalid or incomplete multibyte or wide character",
    };
    let name = &package.name;
    let message = format!("Package {name}: invalid utf-8 encoding in {tag}: {text} - {why}");
    Diagnostic::error(codes::BAD_ENCODING, message).help(
        "packages hold UTF-8: convert the spec, with `iconv -f ISO-8859-1 -t UTF-8` if it is Latin-1",
    )
}

/// Whether the first wrong bytes are the beginning of a character that the text ends in.
fn is_cut_short(text: &str) -> bool {
    let bytes = source::octets::restore(text);
    std::str::from_utf8(&bytes).is_err_and(|error| error.error_len().is_none())
}

/// Where a word of a line stands in the spec: in the same line, else in one that is not a comment.
fn written(text: &str, line: &str, word: &str) -> Option<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    for written in text.split_inclusive('\n') {
        if let Some(place) = written.find(word).filter(|_| !written.starts_with('#')) {
            starts.push((at + place, written.trim() == line.trim()));
        }
        at += written.len();
    }
    let same = starts.iter().find(|(_, is_same)| *is_same);
    same.or(starts.first()).map(|(start, _)| *start)
}

/// Where the first carried byte of a message stands in the spec, if it was written there.
fn place(context: &Context<'_>, message: &str) -> Option<Origin> {
    let line = message.lines().find(|line| carries(line))?;
    let word = line.split(char::is_whitespace).find(|word| carries(word))?;
    let file = context.spec.main().origin?.span.file;
    let text = context.engine.sources.text(file);
    let start = written(text, line, word)? + word.find(is_carried)?;
    let whole = context.engine.sources.whole(file);
    Some(whole.slice(start, 4).into())
}
