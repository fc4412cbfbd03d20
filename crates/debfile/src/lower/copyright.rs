//! The `copyright` file.
//!
//! Source: machine-readable copyright file 1.0; Debian Policy 12.5.

use std::collections::BTreeMap;

use package::{FileEntry, FileKind, Package, Tag};
use source::{Diagnostic, Sink};

use super::license_names::{Name, kept_text, recognise_text, synopsis};
use crate::codes;
use crate::context::Context;
use crate::deb822::Paragraph;
use crate::words::COPYRIGHT_FORMAT;

/// Whether the text of a file goes into the `copyright` file, so that the file itself is not needed.
pub(crate) fn is_embedded(entry: &FileEntry, context: &Context<'_>) -> bool {
    entry.flags.license && is_license_text(entry) && context.texts.contains_key(&entry.path)
}

/// Whether a file may be a licence's text.
pub(crate) fn is_license_text(entry: &FileEntry) -> bool {
    entry.flags.license && !entry.flags.ghost && matches!(entry.kind, FileKind::Regular { .. })
}

/// Whether a file is documentation of the kind that says whose work the package is.
pub(crate) fn is_notice(entry: &FileEntry) -> bool {
    let name = entry.path.rsplit('/').next().unwrap_or("");
    let names = ["README", "AUTHORS", "COPYRIGHT", "NOTICE"];
    let is_named = names.iter().any(|it| name.to_uppercase().starts_with(it));
    is_named && entry.flags.doc && matches!(entry.kind, FileKind::Regular { .. })
}

/// The `copyright` file of a package.
pub(crate) fn copyright(package: &Package, context: &Context<'_>, sink: &mut Sink) -> String {
    let written = package.tag(Tag::CopyrightData);
    if !written.trim().is_empty() {
        return format!("{}\n", written.trim_end());
    }
    let texts = texts(package, context, is_license_text);
    let statements = match statements(&texts) {
        none if none == AS_STATED => statements(&self::texts(package, context, is_notice)),
        found => found,
    };
    let (text, missing) = compose(package, package.tag(Tag::License), &texts, statements, "");
    for name in missing {
        warn_of_missing(package, &name, sink);
    }
    text
}

/// The `copyright` file of a source package, for all licences of its binary packages. Licences whose
/// texts are not known stand by their names alone.
pub(crate) fn source_copyright(
    package: &Package,
    license: &str,
    texts: &BTreeMap<String, String>,
) -> String {
    let texts = texts.iter().map(|(name, text)| (&**name, &**text));
    let texts = texts.collect();
    compose(package, license, &texts, statements(&texts), UNSEEN).0
}

/// Stands where a paragraph on a licence must have a text, and none is known.
const UNSEEN: &str = "The spec names this license; where the text is, the source files say.";

/// The file, and the names of licences whose texts are missing.
fn compose(
    package: &Package,
    license_tag: &str,
    texts: &BTreeMap<&str, &str>,
    statements: String,
    without_text: &str,
) -> (String, Vec<String>) {
    let (synopsis, names) = synopsis(license_tag);
    let synopsis = if synopsis.is_empty() {
        "unknown".to_owned()
    } else {
        synopsis
    };
    let (licenses, remaining) = licenses(&names, texts);
    let mut paragraphs = vec![
        header(package),
        files(&synopsis, &licenses, &remaining, statements),
    ];
    let mut missing = Vec::new();
    for (name, text) in &licenses {
        match text {
            Some(_) if name.short == synopsis => {}
            Some(text) => paragraphs.push(license(&name.short, text)),
            None => {
                missing.push(name.spec.clone());
                if !without_text.is_empty() {
                    paragraphs.push(license(&name.short, without_text));
                }
            }
        }
    }
    let written: Vec<String> = paragraphs.iter().map(Paragraph::write).collect();
    (written.join("\n"), missing)
}

fn header(package: &Package) -> Paragraph {
    let mut paragraph = Paragraph::new();
    paragraph.set("Format", COPYRIGHT_FORMAT);
    paragraph.set("Upstream-Name", package.build.source_name.as_str());
    paragraph.set("Source", package.tag(Tag::Url).trim());
    paragraph
}

fn files(
    synopsis: &str,
    licenses: &[(&Name, Option<String>)],
    remaining: &[&str],
    statements: String,
) -> Paragraph {
    let mut paragraph = Paragraph::new();
    paragraph.set("Files", "*");
    paragraph.set("Copyright", statements);
    let own = licenses.iter().find(|(name, _)| name.short == synopsis);
    paragraph.set(
        "License",
        match own {
            Some((_, Some(text))) => format!("{synopsis}\n{text}"),
            _ => synopsis.to_owned(),
        },
    );
    if !remaining.is_empty() {
        let intro = "The package has these further texts:".to_owned();
        paragraph.set("Comment", format!("{intro}\n\n{}", remaining.join("\n\n")));
    }
    paragraph
}

fn license(name: &str, text: &str) -> Paragraph {
    let mut paragraph = Paragraph::new();
    paragraph.set("License", format!("{name}\n{text}"));
    paragraph
}

/// A text for each name, and the texts that are left. A text that the system keeps is only pointed
/// at; of the others, all go to the first name that the system keeps none for.
fn licenses<'a>(
    names: &'a [Name],
    texts: &BTreeMap<&'a str, &'a str>,
) -> (Vec<(&'a Name, Option<String>)>, Vec<&'a str>) {
    let mut own: Vec<&str> = Vec::new();
    for text in texts.values().filter(|text| recognise_text(text).is_none()) {
        if !own.contains(text) {
            own.push(text);
        }
    }
    let text_of = |name: &'a Name| {
        let text = kept_text(&name.short).map(pointer).or_else(|| {
            let joined = own
                .iter()
                .map(|text| text.trim_end())
                .collect::<Vec<_>>()
                .join("\n\n");
            own.clear();
            (!joined.is_empty()).then_some(joined)
        });
        (name, text)
    };
    let licenses = names.iter().map(text_of).collect();
    (licenses, own)
}

fn pointer(file: &str) -> String {
    format!("The full text of this license is in /usr/share/common-licenses/{file}.")
}

/// The texts of a kind that the package has; if it has none, those of the other packages of the spec,
/// as rpm's packages rely on the one that they require.
fn texts<'a>(
    package: &Package,
    context: &'a Context<'_>,
    is_wanted: fn(&FileEntry) -> bool,
) -> BTreeMap<&'a str, &'a str> {
    let of = |package: &Package| {
        let entries = package
            .files
            .entries()
            .iter()
            .filter(|entry| is_wanted(entry));
        let found: Vec<_> = entries
            .filter_map(|entry| context.texts.get_key_value(&entry.path))
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        found
    };
    let own: BTreeMap<_, _> = of(package).into_iter().collect();
    if own.is_empty() {
        context.packages.iter().flat_map(of).collect()
    } else {
        own
    }
}

/// What stands for holders of copyright that no text names.
const AS_STATED: &str = "as stated in the source files";

/// The lines of the texts that name holders of copyright.
fn statements(texts: &BTreeMap<&str, &str>) -> String {
    let mut found: Vec<String> = Vec::new();
    let own = texts.values().filter(|text| recognise_text(text).is_none());
    for statement in own.flat_map(|text| statements_in(text)) {
        if !found.contains(&statement) {
            found.push(statement);
        }
    }
    if found.is_empty() {
        return AS_STATED.to_owned();
    }
    found.join("\n")
}

/// The statements of a text; one goes on while its lines end in a comma.
fn statements_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines().map(str::trim) {
        if is_statement(line) {
            found.push(line.to_owned());
        } else if let (true, false, Some(last)) = (goes_on, line.is_empty(), found.last_mut()) {
            *last = format!("{last} {line}");
        } else {
            goes_on = false;
            continue;
        }
        goes_on = line.ends_with(',');
    }
    found
}

fn is_statement(line: &str) -> bool {
    let rest = ["Copyright", "copyright", "COPYRIGHT", "(c)", "(C)", "©"]
        .iter()
        .find_map(|word| line.strip_prefix(word));
    rest.is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()) || rest.contains("(c)"))
}

fn warn_of_missing(package: &Package, name: &str, sink: &mut Sink) {
    let message = format!(
        "the text of the license `{name}` is not in package `{}`",
        package.name
    );
    sink.push(
        Diagnostic::warning(codes::NO_LICENSE_TEXT, message)
            .at(package.origin)
            .note("Debian Policy 12.5 wants it in the package's `copyright` file")
            .help("list the file with the text as `%license`"),
    );
}
