//! Rules of the macro files: each says in its head which library and version it follows, where that is
//! documented, which targets it serves and where it deviates. A macro library states the same of the whole
//! in `library.toml`, which names and explains its public macros, and has a page of cases.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, TextFile};
use common::macro_libraries::Library;

const HEAD: [&str; 4] = ["Library:", "Documented:", "Targets:", "Deviations:"];

/// Lines in which the head must be complete.
const HEAD_LINES: usize = 24;

/// The folder of the libraries, one folder each.
const LIBRARIES: &str = "macros/lib/";

/// The head of one file.
pub(crate) fn check(file: &TextFile) -> Option<Finding> {
    if !file.path.starts_with("macros/")
        || [".md", "library.toml"]
            .iter()
            .any(|it| file.path.ends_with(it))
    {
        return None;
    }
    let has = |key: &&str| {
        file.text
            .lines()
            .take(HEAD_LINES)
            .any(|line| states(line, key))
    };
    let missing: Vec<&str> = HEAD.into_iter().filter(|key| !has(key)).collect();
    if missing.is_empty() {
        return None;
    }
    Some(Finding::new(
        &file.path,
        1,
        format!("the head lacks {}", missing.join(", ")),
    ))
}

/// True if a comment line states something under this key.
fn states(line: &str, key: &str) -> bool {
    let text = line.trim_start_matches(['#', '-', '/', '"', ' ', '\t']);
    text.len() < line.len()
        && text
            .strip_prefix(key)
            .is_some_and(|rest| !rest.trim().is_empty())
}

/// The libraries as wholes.
pub(crate) fn check_libraries(files: &[TextFile]) -> Vec<Finding> {
    let mut libraries: BTreeMap<&str, Vec<(&str, &TextFile)>> = BTreeMap::new();
    for file in files {
        let below = file.path.strip_prefix(LIBRARIES);
        if let Some((library, rest)) = below.and_then(|it| it.split_once('/')) {
            libraries.entry(library).or_default().push((rest, file));
        }
    }
    let findings = libraries.iter().flat_map(|(name, files)| {
        let path = format!("{LIBRARIES}{name}/library.toml");
        let found = check_library(files).into_iter();
        found.map(move |message| Finding::new(&path, 0, message))
    });
    findings.collect()
}

/// What a library lacks; its files are given with their paths below its folder.
fn check_library(files: &[(&str, &TextFile)]) -> Vec<String> {
    let mut found = Vec::new();
    let is_page = |path: &str| path.starts_with("cases/") && path.ends_with(".md");
    if !files.iter().any(|(path, _)| is_page(path)) {
        found.push("the library has no page of cases".to_owned());
    }
    let Some((_, file)) = files.iter().find(|(path, _)| *path == "library.toml") else {
        found.push("the library says nothing about itself".to_owned());
        return found;
    };
    match Library::parse(&file.text) {
        Ok(library) => {
            found.extend(check_statements(&library));
            found.extend(check_names(&library, &defined_in(files)));
        }
        Err(fault) => found.push(fault.to_string()),
    }
    found
}

fn check_statements(library: &Library) -> Vec<String> {
    let stated = [
        ("upstream", &library.upstream),
        ("version", &library.version),
        ("licence", &library.licence),
        ("deviations", &library.deviations),
    ];
    let mut empty: Vec<&str> = stated
        .iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(key, _)| *key)
        .collect();
    if library.documentation.is_empty() {
        empty.push("documentation");
    }
    empty
        .iter()
        .map(|key| format!("`{key}` is empty"))
        .collect()
}

/// Public macros are all that begin with a letter, and others that are named as such.
fn check_names(library: &Library, defined: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    let public = defined.iter().filter(|name| !name.starts_with('_'));
    for name in public.filter(|name| !library.macros.contains_key(**name)) {
        found.push(format!("the public macro %{name} is not explained"));
    }
    for (name, text) in &library.macros {
        if !defined.contains(name.as_str()) {
            found.push(format!("%{name} is explained, but no file defines it"));
        }
        if text.len() < 8 || !text.ends_with('.') {
            found.push(format!("%{name} needs a sentence that says what it is for"));
        }
    }
    found
}

/// The macros that the files of a library define, lines of bodies left out.
fn defined_in<'f>(files: &[(&str, &'f TextFile)]) -> BTreeSet<&'f str> {
    let is_macro_file = |path: &str| {
        !path.starts_with("cases/") && (path.ends_with(".macros") || path.ends_with(".attr"))
    };
    let files = files.iter().filter(|(path, _)| is_macro_file(path));
    files
        .flat_map(|(_, file)| definitions(&file.text))
        .collect()
}

fn definitions(text: &str) -> Vec<&str> {
    let mut goes_on = false;
    let mut names = Vec::new();
    for line in text.lines() {
        let name = line.strip_prefix('%').filter(|_| !goes_on);
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let name = name.map(|it| &it[..it.find(|it| !is_part(it)).unwrap_or(it.len())]);
        names.extend(name.filter(|it| !it.is_empty()));
        goes_on = line.ends_with('\\');
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_needs_a_comment_and_a_value() {
        assert!(states("# Library:    cmake 3.28", "Library:"));
        assert!(states("-- Targets: all", "Targets:"));
        assert!(!states("# Library:", "Library:"));
        assert!(!states("Library: x", "Library:"));
    }

    fn faults(toml: &str, macros: &str) -> Vec<String> {
        let file = |path: &str, text: &str| TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let (toml, macros) = (file("library.toml", toml), file("x.macros", macros));
        let page = file("cases/x.md", "");
        check_library(&[
            ("library.toml", &toml),
            ("x.macros", &macros),
            ("cases/x.md", &page),
        ])
    }

    const WHOLE: &str = "upstream = 'x'\nversion = '1'\nlicence = 'MIT'\ndocumentation = ['x(1)']\n\
                         deviations = 'none'\n[macros]\nx = 'Makes an x.'\n";

    #[test]
    fn a_library_explains_each_public_macro() {
        assert_eq!(faults(WHOLE, "%x(a:) 1\\\n%y\n%_z 1\n"), [""; 0]);
        assert_eq!(
            faults(WHOLE, "%x 1\n%y 1\n"),
            ["the public macro %y is not explained"]
        );
        assert_eq!(
            faults(WHOLE, "%_x 1\n"),
            ["%x is explained, but no file defines it"]
        );
        let short = WHOLE.replace("Makes an x.", "x");
        assert_eq!(
            faults(&short, "%x 1\n"),
            ["%x needs a sentence that says what it is for"]
        );
    }

    #[test]
    fn a_library_has_a_page_and_says_what_it_follows() {
        assert_eq!(
            faults(&WHOLE.replace("'MIT'", "''"), "%x 1\n"),
            ["`licence` is empty"]
        );
        assert_eq!(
            check_library(&[]),
            [
                "the library has no page of cases",
                "the library says nothing about itself"
            ]
        );
    }
}
