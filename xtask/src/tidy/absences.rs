//! Rules on what must not occur: printing in libraries, the world in pure crates, unfinished
//! code, header tag numbers outside the writer that knows them. Tests may do as they like.

use super::rust::RustFile;
use super::{Finding, crate_of};

/// A set of words that may not occur in the code of some files.
struct Absence {
    words: &'static [&'static str],
    applies: fn(&str) -> bool,
    reason: &'static str,
}

const ABSENCES: &[Absence] = &[
    Absence {
        words: &["println!", "eprintln!", "print!", "eprint!"],
        applies: |path| {
            !matches!(crate_of(path), "specbuild" | "xtask") && !path.ends_with("build.rs")
        },
        reason: "only the command prints; push a diagnostic or an event",
    },
    Absence {
        words: &[
            "std::fs",
            "std::process",
            "std::env",
            "std::net",
            "SystemTime",
            "Instant::now",
        ],
        applies: is_pure,
        reason: "this part never touches the world, except through `expand::Host`",
    },
    Absence {
        words: &["dbg!", "todo!", "unimplemented!", ".unwrap()"],
        applies: |_| true,
        reason: "unfinished or unguarded; `expect` states an invariant",
    },
    Absence {
        words: &["RPMTAG_", "RPMSIGTAG_", "IndexTag", "IndexSignatureTag"],
        applies: |path| crate_of(path) != "rpmfile",
        reason: "only `rpmfile` knows header tags",
    },
];

/// The crates and modules that compute and do nothing else.
fn is_pure(path: &str) -> bool {
    match crate_of(path) {
        "source" | "expand" | "package" | "spec" => path.contains("/src/"),
        "rpmfile" | "debfile" => path.contains("/lower"),
        _ => false,
    }
}

pub(crate) fn check(file: &RustFile) -> Vec<Finding> {
    let rules: Vec<&Absence> = ABSENCES
        .iter()
        .filter(|rule| (rule.applies)(&file.path))
        .collect();
    let mut findings = Vec::new();
    for (line, code) in file.lines() {
        let code = ungrouped(code);
        for rule in &rules {
            for word in rule.words.iter().filter(|word| has_word(&code, word)) {
                let message = format!("`{word}`: {}", rule.reason);
                findings.push(Finding::new(&file.path, line, message));
            }
        }
    }
    findings
}

/// Spells `use std::{fs, io}` on one line as `std::fs std::io`, so that one look finds both.
fn ungrouped(code: &str) -> String {
    let Some((before, group)) = code.split_once("std::{") else {
        return code.to_owned();
    };
    let names = group
        .split(['{', '}', ','])
        .map(|name| format!(" std::{}", name.trim()));
    before.to_owned() + &names.collect::<String>()
}

fn has_word(code: &str, word: &str) -> bool {
    let starts_word = |at: usize| {
        !code[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_') || word.starts_with('.')
    };
    let ends_word = |at: usize| {
        !code[at..].starts_with(|it: char| it.is_alphanumeric() || it == '_')
            || word.ends_with(['!', ')', '_'])
    };
    code.match_indices(word)
        .any(|(at, _)| starts_word(at) && ends_word(at + word.len()))
}

#[cfg(test)]
mod tests {
    use super::{has_word, is_pure, ungrouped};

    #[test]
    fn words_are_whole() {
        assert!(has_word("std::fs::read(x)", "std::fs"));
        assert!(!has_word("std::fsx", "std::fs"));
        assert!(!has_word("eprintln!()", "println!"));
        assert!(has_word("x.unwrap()", ".unwrap()"));
    }

    #[test]
    fn grouped_uses_are_seen() {
        assert!(has_word(&ungrouped("use std::{io, fs};"), "std::fs"));
    }

    #[test]
    fn lowering_is_pure_and_writing_is_not() {
        assert!(is_pure("crates/debfile/src/lower/names.rs"));
        assert!(!is_pure("crates/debfile/src/write.rs"));
    }
}
