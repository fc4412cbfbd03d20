//! Options of `rpm` that need its database of installed packages: another rpm on `PATH` carries them out.
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

/// Becomes the other rpm; returns only if that can't be.
pub(super) fn hand_over(args: &[OsString]) -> u8 {
    let Some(rpm) = other_rpm() else {
        terminal::print_error(
            "error: this needs rpm's database of installed packages, and there is no other rpm on PATH",
        );
        return 1;
    };
    let error = Command::new(&rpm).args(args.iter().skip(1)).exec();
    let (rpm, reason) = (rpm.display(), build::reason_of(&error));
    terminal::print_error(&format!("error: cannot run {rpm}: {reason}"));
    1
}

/// The first rpm on `PATH` that is not this program.
fn other_rpm() -> Option<PathBuf> {
    let own = std::env::current_exe().and_then(std::fs::canonicalize).ok();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|dir| dir.join("rpm"));
    found.find(|rpm| rpm.is_file() && std::fs::canonicalize(rpm).ok() != own)
}
