//! `specbuild explain`: every finding that is made anywhere is there, and its example shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below, workspace};
use crate::machine::Machine;

pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    vec![
        machine.trial("explain: every code in the source", &[], lists_every_code),
        machine.trial(
            "explain: each example shows its finding",
            &[],
            examples_hold,
        ),
    ]
}

/// The codes that stand in the source of any crate.
fn lists_every_code() {
    let bench = Bench::new();
    let output = bench.command("specbuild").arg("explain").output().unwrap();
    let told = Ran::from(output).ok().stdout;
    let told: BTreeSet<&str> = told
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let mut found = BTreeSet::new();
    let crates = workspace("crates");
    let folders = fs::read_dir(&crates).unwrap().map(Result::unwrap);
    let folders: Vec<_> = folders.map(|it| it.path()).collect();
    let name = |folder: &PathBuf| folder.file_name().unwrap().to_string_lossy().into_owned();
    // A crate may report what has the name of one above it, which had it first.
    let starts: Vec<String> = folders
        .iter()
        .map(|it| format!("\"{}::", name(it)))
        .collect();
    for source in folders.iter().map(|it| it.join("src")) {
        for file in files_below(&source) {
            let text = fs::read_to_string(source.join(file)).unwrap_or_default();
            found.extend(starts.iter().flat_map(|start| codes_in(&text, start)));
        }
    }
    assert!(found.len() > 100, "{found:?}");
    let missing: Vec<&String> = found
        .iter()
        .filter(|it| !told.contains(it.as_str()))
        .collect();
    assert!(missing.is_empty(), "`specbuild explain` lacks {missing:?}");
    for code in &told {
        assert!(found.contains(*code), "nothing makes {code}");
    }
}

/// Strings of the form `area::kebab-name`.
fn codes_in(text: &str, start: &str) -> Vec<String> {
    let is_name = |name: &str| {
        let is_letter = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        !name.is_empty() && name.chars().all(is_letter)
    };
    text.match_indices(start)
        .filter_map(|(at, _)| {
            let code = text[at + 1..].split('"').next()?;
            is_name(code.split("::").nth(1)?).then(|| code.to_owned())
        })
        .collect()
}

/// What stands before an example that is not a whole spec.
const HEAD: &str = "Name: hello\nVersion: 1\nRelease: 1\nSummary: Greets\nLicense: MIT\n";

fn examples_hold() {
    let page = workspace("crates/specbuild/src/commands/explanations.md");
    let page = fs::read_to_string(page).unwrap();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for section in page.split("\n## ").skip(1) {
        let (code, rest) = section.split_once(": ").unwrap();
        let example = rest.split("\n\n").nth(1).unwrap();
        let lines = example
            .lines()
            .map(|line| line.strip_prefix("    ").unwrap());
        let example: String = lines.map(|line| format!("{line}\n")).collect();
        if !example.starts_with('$') {
            tried += 1;
            wrong.extend(said_of(code, &example));
        }
    }
    assert!(tried > 60, "{tried} examples are specs");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said of an example in place of its finding, if that is missing.
fn said_of(code: &str, example: &str) -> Option<String> {
    let bench = Bench::new();
    let targets = ["fedora-42", "debian-12"];
    let mut all = String::new();
    for target in targets {
        fs::write(bench.join("desk/hello.spec"), whole_spec(example)).unwrap();
        let ran = bench.build(["-bb", "hello.spec", "--nodeps", "--target", target]);
        if ran.stderr.contains(&format!("[{code}]")) {
            return None;
        }
        all += &ran.stderr;
    }
    Some(format!("--- {code}\n{example}{all}"))
}

/// An example as a spec: tags come first, then a description, then sections.
fn whole_spec(example: &str) -> String {
    if example.starts_with("Name:") {
        return example.to_owned();
    }
    let is_section = |line: &str| {
        let word = line.strip_prefix('%').unwrap_or_default();
        let word = word.split(' ').next().unwrap_or_default();
        [
            "package",
            "build",
            "install",
            "prep",
            "files",
            "post",
            "changelog",
            "sepolicy",
            "end",
        ]
        .contains(&word)
            || word.contains("trigger")
            || ["generate_buildrequires", "verifyscript"].contains(&word)
    };
    let at = example.lines().position(is_section);
    let at = at.unwrap_or(example.lines().count());
    let (tags, sections): (Vec<_>, Vec<_>) = example
        .lines()
        .enumerate()
        .partition(|(line, _)| *line < at);
    let join = |lines: Vec<(usize, &str)>| -> String {
        lines.iter().map(|(_, line)| format!("{line}\n")).collect()
    };
    format!(
        "{HEAD}{}%description\nGreets.\n{}",
        join(tags),
        join(sections)
    )
}
