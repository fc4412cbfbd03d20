//! The steps of a case, as its `steps.txt` says them, a line each.

use std::path::Path;

/// A package that was built with `-D 'round NUMBER'`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Built {
    pub(super) name: String,
    pub(super) number: u32,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The line as it stands.
    pub(super) line: String,
    pub(super) action: Action,
}

/// What is done in both roots.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// `install NAME-NUMBER...`: installs, upgrades, downgrades or reinstalls.
    Install(Vec<Built>),
    /// `remove NAME...`.
    Remove(Vec<String>),
    /// `purge NAME...`: also removes what the removed package left, where there is such a thing.
    Purge(Vec<String>),
    /// `verify NAME`: what the package manager finds changed.
    Verify(String),
    /// `show PATH...`: mode, owner, and what is in the file.
    Show(Vec<String>),
    /// `write PATH TEXT`.
    Write(String, String),
    /// `run COMMAND`: in the root.
    Run(String),
}

/// Reads the steps of a case. Blank lines and comments are left out.
pub(super) fn load(path: &Path) -> Vec<Step> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| Step {
            line: line.to_owned(),
            action: parse(line).unwrap_or_else(|| panic!("{}: `{line}`", path.display())),
        })
        .collect()
}

fn parse(line: &str) -> Option<Action> {
    let (verb, rest) = line.split_once(' ')?;
    let words = || rest.split_whitespace().map(str::to_owned);
    Some(match verb {
        "install" => Action::Install(words().map(|it| parse_built(&it)).collect::<Option<_>>()?),
        "remove" => Action::Remove(words().collect()),
        "purge" => Action::Purge(words().collect()),
        "verify" => Action::Verify(rest.to_owned()),
        "show" => Action::Show(words().collect()),
        "write" => {
            let (path, text) = rest.split_once(' ')?;
            Action::Write(path.to_owned(), format!("{text}\n"))
        }
        "run" => Action::Run(rest.to_owned()),
        _ => return None,
    })
}

fn parse_built(word: &str) -> Option<Built> {
    let (name, number) = word.rsplit_once('-')?;
    Some(Built {
        name: name.to_owned(),
        number: number.parse().ok()?,
    })
}

/// The highest build number in use.
pub(super) fn last_build(steps: &[Step]) -> u32 {
    let numbers = steps.iter().filter_map(|step| match &step.action {
        Action::Install(packages) => packages.iter().map(|it| it.number).max(),
        _ => None,
    });
    numbers.max().expect("something is installed")
}
