//! Rule: a macro library says in `library.toml` what it follows, and what each of its public macros is for;
//! it has a page of cases, and some profile loads it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, TextFile};
use common::macro_libraries::Library;

/// The folder of the libraries, one folder each.
const LIBRARIES: &str = "macros/lib/";

/// The folder of the profiles, and the file there that lists the variants of libraries.
const PROFILES: &str = "crates/target/profiles/";
const INDEX: &str = "crates/target/profiles/index.toml";

pub(crate) fn check(files: &[TextFile]) -> Vec<Finding> {
    let mut libraries: BTreeMap<&str, Vec<(&str, &TextFile)>> = BTreeMap::new();
    for file in files {
        let below = file.path.strip_prefix(LIBRARIES);
        if let Some((library, rest)) = below.and_then(|it| it.split_once('/')) {
            libraries.entry(library).or_default().push((rest, file));
        }
    }
    let profiles = files.iter().filter(|it| it.path.starts_with(PROFILES));
    let (index, profiles): (Vec<_>, Vec<_>) = profiles.partition(|it| it.path == INDEX);
    let names_of_others = distributions(files);
    let findings = libraries.iter().flat_map(|(name, files)| {
        let path = format!("{LIBRARIES}{name}/library.toml");
        let mut found = check_library(files);
        found.extend(check_names_of_files(files, &names_of_others, &index));
        if !profiles.iter().any(|it| lists(&it.text, name)) {
            found.push("no profile names the library".to_owned());
        }
        let found = found.into_iter();
        found.map(move |message| Finding::new(&path, 0, message))
    });
    findings.collect()
}

/// Whether a text has a name in a list.
fn lists(text: &str, name: &str) -> bool {
    text.contains(&format!("\"{name}\""))
}

/// The folders of families, vendors and distributions, by which a file of a library may be called.
fn distributions(files: &[TextFile]) -> BTreeSet<&str> {
    let folders = ["macros/family/", "macros/vendor/", "macros/distro/"];
    let below = files.iter().filter_map(|file| {
        let mut rest = folders.iter().filter_map(|it| file.path.strip_prefix(it));
        rest.next()?.split_once('/')
    });
    below.map(|(folder, _)| folder).collect()
}

/// Files and folders that are called like a family, vendor or distribution are read for its targets
/// alone, so the index of the targets has to list it as a variant.
fn check_names_of_files(
    files: &[(&str, &TextFile)],
    distributions: &BTreeSet<&str>,
    index: &[&TextFile],
) -> BTreeSet<String> {
    let stems = files.iter().map(|(path, _)| {
        let first = path.split('/').next().unwrap_or_default();
        first.split('.').next().unwrap_or_default()
    });
    let lines = index.iter().flat_map(|index| index.text.lines());
    let variants = lines.filter(|line| line.starts_with("variants ="));
    let variants: Vec<&str> = variants.collect();
    let is_variant = |stem: &str| variants.iter().any(|line| lists(line, stem));
    let unknown = stems.filter(|stem| distributions.contains(stem) && !is_variant(stem));
    let message =
        |stem| format!("every target would read `{stem}`, which {INDEX} lists as no variant");
    unknown.map(message).collect()
}

/// What a library lacks; its files are given with their paths below its folder.
fn check_library(files: &[(&str, &TextFile)]) -> Vec<String> {
    let mut found = Vec::new();
    let is_page = |path: &str| path.starts_with("cases/") && path.ends_with(".md");
    if !files.iter().any(|(path, _)| is_page(path)) {
        found.push("the library has no page of cases".to_owned());
    }
    let Some((_, file)) = files.iter().find(|(path, _)| *path == "library.toml") else {
        found.push("the library has no `library.toml`".to_owned());
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
    fn a_file_for_one_distribution_needs_a_variant() {
        let file = |path: &str, text: &str| TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let whole = [
            file(INDEX, "variants = [\"deb\"]\nhosts = [\"fedora\"]\n"),
            file(
                "crates/target/profiles/fedora.toml",
                "libraries = [\"x\"]\n",
            ),
            file("macros/distro/fedora/42.macros", ""),
            file("macros/family/deb/paths.macros", ""),
            file("macros/lib/x/cases/x.md", ""),
            file("macros/lib/x/deb.macros", ""),
            file("macros/lib/x/library.toml", WHOLE),
            file("macros/lib/x/x.macros", "%x 1\n"),
        ];
        let messages = |files: &[TextFile]| -> Vec<String> {
            let found = check(files).into_iter();
            found.map(|it| it.message).collect()
        };
        assert_eq!(messages(&whole), [""; 0]);
        let mut files = whole.into_iter().collect::<Vec<_>>();
        files.push(file("macros/lib/x/fedora.macros", ""));
        files.remove(1);
        assert_eq!(
            messages(&files),
            [
                format!("every target would read `fedora`, which {INDEX} lists as no variant"),
                "no profile names the library".to_owned(),
            ]
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
                "the library has no `library.toml`"
            ]
        );
    }
}
