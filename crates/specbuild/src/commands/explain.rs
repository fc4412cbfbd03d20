//! `specbuild explain [NAME]`: the kinds of errors and warnings, and what they mean.

mod advice;

use std::ffi::OsString;

use clap::{Arg, Command};
use source::Code;

use crate::cli;
use crate::terminal;
use advice::Advice;

/// The findings of each crate that makes some by name.
const LISTS: [&[(Code, &str)]; 8] = [
    expand::CODES,
    lua::CODES,
    spec::CODES,
    collect::CODES,
    generate::CODES,
    debfile::codes::CODES,
    rpmfile::CODES,
    build::CODES,
];

fn all() -> impl Iterator<Item = (Code, &'static str)> {
    LISTS.into_iter().flatten().copied()
}

/// The names of all findings, as people give them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(code, _)| code.name())
}

pub(super) fn command() -> Command {
    Command::new("explain")
        .about("Explains errors and warnings by their names, or lists them")
        .after_help(
            "A finding shows its name in its first line:\n  \
             error[spec::unknown-tag]: line 8: Unknown tag: Reqires: glibc\n  \
             specbuild explain unknown-tag",
        )
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .num_args(0..)
                .help("Names, with their area or without; none for a list of all"),
        )
}

/// Runs `specbuild explain`.
pub(super) fn run(args: &[OsString]) -> u8 {
    let matches = match cli::parse_own(command(), args) {
        Ok(matches) => matches,
        Err(status) => return status,
    };
    let Some(names) = matches.get_many::<String>("name") else {
        list();
        return 0;
    };
    names.map(|name| explain(name)).fold(0, u8::max)
}

fn list() {
    for (code, meaning) in all() {
        let first = meaning.split_inclusive(". ").next().unwrap_or(meaning);
        terminal::print_line(&format!("{:34} {}", code.0, first.trim_end()));
    }
}

fn explain(name: &str) -> u8 {
    let find = |name: &str| all().find(|(code, _)| code.name() == name || code.0 == name);
    // Names of some begin with `no-` themselves.
    let found = find(name).or_else(|| find(name.strip_prefix("no-")?));
    match found {
        Some((code, meaning)) => {
            terminal::print_line(&format!("{}: {meaning}", code.0));
            advice::about(code.0)
                .iter()
                .for_each(|it| show_advice(code, it));
            0
        }
        None => {
            terminal::print_error(&unknown(name));
            1
        }
    }
}

fn show_advice(code: Code, advice: &Advice) {
    terminal::print_line(&format!(
        "\nExample:\n\n{}\n\n{}",
        advice.example, advice.text
    ));
    if advice.can_be_warning {
        let name = code.name();
        terminal::print_line(&format!(
            "\n`-W no-{name}` silences it where it is a warning, `-W error={name}` makes an error of it."
        ));
    }
}

/// Checks names given with `-W`; the message about the first that is none.
pub(crate) fn check_names<'n>(mut names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let wrong = names.find(|name| all().all(|(code, _)| code.name() != *name));
    wrong.map_or(Ok(()), |name| Err(unknown(name)))
}

fn unknown(name: &str) -> String {
    let near = source::closest(name, all().map(|(code, _)| code.name()));
    let hint = near.map(|near| format!("; did you mean `{near}`?"));
    let hint = hint.unwrap_or_else(|| "; `specbuild explain` lists all".to_owned());
    format!("error: no finding is called `{name}`{hint}")
}
