//! What needs rpm's database of installed packages, or the keys in it: another program of the same name
//! on `PATH` carries it out, always; where there is none, that is said.
//!
//! `rpm -K` and `rpmkeys -K` check here, and ask the other rpm for the keys.
//!
//! Source: rpm(8).

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use clap::{Arg, ArgAction};

use crate::terminal;

/// Heading in the help, and options: name, letter, what it is about.
type Group = (
    &'static str,
    &'static [(&'static str, Option<char>, &'static str)],
);

/// Options of queries.
const QUERIES: Group = (
    "Installed packages (by another rpm on PATH)",
    &[
        ("all", Some('a'), "Ask all packages"),
        ("file", Some('f'), "Ask the packages that own files"),
        (
            "path",
            None,
            "Ask the packages that have paths, installed or not",
        ),
        ("group", Some('g'), "Ask the packages of a group"),
        ("pkgid", None, "Ask by the digest of a package"),
        ("hdrid", None, "Ask by the digest of a header"),
        (
            "triggeredby",
            None,
            "Ask the packages that a package triggers",
        ),
        (
            "whatconflicts",
            None,
            "Ask the packages that conflict with a capability",
        ),
        (
            "whatrequires",
            None,
            "Ask the packages that require a capability",
        ),
        (
            "whatobsoletes",
            None,
            "Ask the packages that obsolete a capability",
        ),
        (
            "whatprovides",
            None,
            "Ask the packages that provide a capability",
        ),
        (
            "whatrecommends",
            None,
            "Ask the packages that recommend a capability",
        ),
        (
            "whatsuggests",
            None,
            "Ask the packages that suggest a capability",
        ),
        (
            "whatsupplements",
            None,
            "Ask the packages that supplement a capability",
        ),
        (
            "whatenhances",
            None,
            "Ask the packages that enhance a capability",
        ),
        (
            "last",
            None,
            "Show packages by the time they were installed, newest first",
        ),
        (
            "dupes",
            None,
            "Show packages that are installed more than once",
        ),
    ],
);

/// Options that change something.
const CHANGES: Group = (
    "Changes to installed packages (by another rpm on PATH)",
    &[
        ("install", Some('i'), "Install packages"),
        ("upgrade", Some('U'), "Install or upgrade packages"),
        ("freshen", Some('F'), "Upgrade packages that are installed"),
        ("reinstall", None, "Install packages again"),
        ("erase", Some('e'), "Remove packages"),
        ("restore", None, "Restore attributes of files"),
        ("setperms", None, "Restore permissions of files"),
        ("setugids", None, "Restore owners of files"),
        ("setcaps", None, "Restore capabilities of files"),
        (
            "verify",
            Some('V'),
            "Compare packages with what is installed",
        ),
        ("import", None, "Import keys"),
        ("initdb", None, "Make a database"),
        ("rebuilddb", None, "Make the indexes of the database anew"),
        ("verifydb", None, "Check the database"),
    ],
);

/// All of them, for the help.
pub(super) fn options() -> impl Iterator<Item = Arg> {
    [QUERIES, CHANGES]
        .into_iter()
        .flat_map(|(heading, options)| {
            let option =
                move |(name, letter, help): &(&'static str, Option<char>, &'static str)| {
                    let option = Arg::new(*name).long(*name).action(ArgAction::Count);
                    // In queries, letters of changes mean something else.
                    let letter = letter.filter(|letter| !"i".contains(*letter));
                    option.short(letter).help(*help).help_heading(heading)
                };
            options.iter().map(option)
        })
}

/// Whether words of a command line have one of these options.
pub(super) fn is_meant(args: &[OsString], is_query: bool) -> bool {
    let words = args.iter().skip(1).map(|word| word.to_string_lossy());
    let mut words = words.take_while(|word| word != "--");
    words.any(|word| match word.strip_prefix("--") {
        Some(long) => {
            let name = long.split('=').next().unwrap_or(long);
            names(&QUERIES).chain(names(&CHANGES)).any(|it| it == name)
        }
        None => word
            .strip_prefix('-')
            .is_some_and(|letters| is_short(letters, is_query)),
    })
}

fn names(group: &Group) -> impl Iterator<Item = &'static str> + use<> {
    group.1.iter().map(|(name, ..)| *name)
}

/// Letters mean queries or changes; those of changes come first in their word.
fn is_short(letters: &str, is_query: bool) -> bool {
    let has = |group: &Group, letter: char| group.1.iter().any(|(_, it, _)| *it == Some(letter));
    if letters.starts_with(['D', 'E', 'W']) {
        return false;
    }
    match is_query {
        true => letters.chars().any(|letter| has(&QUERIES, letter)),
        false => letters
            .chars()
            .next()
            .is_some_and(|letter| has(&CHANGES, letter)),
    }
}

/// Options of `rpmkeys` that are about the keys in the database: names and letters.
///
/// Source: rpmkeys(8).
const KEYS: [(&str, Option<char>); 6] = [
    ("import", Some('i')),
    ("export", Some('x')),
    ("delete", Some('d')),
    ("erase", Some('e')),
    ("list", Some('l')),
    ("rebuild", None),
];

/// What the help says of them.
pub(super) const KEYS_HELP: &str = "\
Keys in rpm's database (by another rpmkeys on PATH):
  -i, --import, -x, --export, -d, --delete, -l, --list, --rebuild";

/// Whether words of a command line of `rpmkeys` have one of these options.
pub(super) fn is_about_keys(args: &[OsString]) -> bool {
    let words = args.iter().skip(1).map(|word| word.to_string_lossy());
    let mut words = words.take_while(|word| word != "--");
    words.any(|word| match word.strip_prefix("--") {
        Some(long) => KEYS.iter().any(|(name, _)| *name == long),
        None => word.strip_prefix('-').is_some_and(|letters| {
            let first = letters.chars().next();
            first.is_some() && KEYS.iter().any(|(_, letter)| *letter == first)
        }),
    })
}

/// The variable by which a program that is run in our place sees which were: the id of the process, and
/// their paths. Copies of this program would hand over to each other without end.
const TRIED: &str = "SPECBUILD_HANDED_OVER";

/// Becomes another program of this name, as far as there is one; returns only if that can't be.
pub(super) fn hand_over(name: &str, args: &[OsString]) -> u8 {
    hand_over_if_possible(name, args).unwrap_or_else(|| {
        terminal::print_error(&no_other(name));
        1
    })
}

/// The same; `None` if there is no such program.
pub(super) fn hand_over_if_possible(name: &str, args: &[OsString]) -> Option<u8> {
    let program = other(name)?;
    let error = Command::new(&program)
        .args(args.iter().skip(1))
        .env(TRIED, tried_with_own())
        .exec();
    let (program, reason) = (program.display(), build::reason_of(&error));
    terminal::print_error(&format!("error: cannot run {program}: {reason}"));
    Some(1)
}

/// What is said where there is none.
pub(super) fn no_other(name: &str) -> String {
    let what = match name {
        "rpmkeys" => "the keys in rpm's database",
        _ => "rpm's database of installed packages",
    };
    format!("error: this needs {what}, and there is no other {name} on PATH")
}

/// The first program of this name on `PATH` that is not this one, nor one that has handed over to it.
pub(super) fn other(name: &str) -> Option<PathBuf> {
    let mut tried = tried();
    tried.extend(own_path());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|dir| dir.join(name));
    found.find(|program| {
        let real = std::fs::canonicalize(program).ok();
        program.is_file() && real.is_none_or(|real| !tried.contains(&real))
    })
}

fn own_path() -> Option<PathBuf> {
    std::env::current_exe().and_then(std::fs::canonicalize).ok()
}

/// The programs that this process was before.
fn tried() -> Vec<PathBuf> {
    let value = std::env::var(TRIED).unwrap_or_default();
    match value.split_once(':') {
        Some((id, paths)) if id == std::process::id().to_string() => {
            std::env::split_paths(paths).collect()
        }
        _ => Vec::new(),
    }
}

fn tried_with_own() -> OsString {
    let mut paths = tried();
    paths.extend(own_path());
    let mut value = OsString::from(format!("{}:", std::process::id()));
    value.push(std::env::join_paths(paths).unwrap_or_default());
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_installed_packages_is_told_by_its_options() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in [
            "rpm -qa",
            "rpm --import k",
            "rpm -Uvh a.rpm",
            "rpm --setperms a",
        ] {
            assert!(is_meant(&words(line), line.contains("-q")), "{line}");
        }
        for line in [
            "rpm -qp a.rpm",
            "rpm -E x",
            "rpm --eval x",
            "rpm -q -- --all",
        ] {
            assert!(!is_meant(&words(line), line.contains("-q")), "{line}");
        }
        for line in [
            "rpmkeys --import k",
            "rpmkeys -l",
            "rpmkeys --dbpath /x --rebuild",
        ] {
            assert!(is_about_keys(&words(line)), "{line}");
        }
        for line in [
            "rpmkeys -K a.rpm",
            "rpmkeys --checksig a",
            "rpmkeys -- --list",
        ] {
            assert!(!is_about_keys(&words(line)), "{line}");
        }
    }
}
