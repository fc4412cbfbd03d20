//! `specbuild explain [NAME]`: the kinds of errors and warnings, and what they mean.

use std::ffi::OsString;

use source::Code;

use crate::terminal;

/// The findings of each crate that makes some by name.
const LISTS: [&[(Code, &str)]; 7] = [
    expand::CODES,
    lua::CODES,
    spec::CODES,
    collect::CODES,
    debfile::codes::CODES,
    rpmfile::CODES,
    build::CODES,
];

fn all() -> impl Iterator<Item = (Code, &'static str)> {
    LISTS.into_iter().flatten().copied()
}

/// Runs `specbuild explain`.
pub(crate) fn run(args: &[OsString]) -> u8 {
    if args.is_empty() {
        for (code, meaning) in all() {
            let first = meaning.split_inclusive(". ").next().unwrap_or(meaning);
            terminal::print_line(&format!("{:34} {}", code.name(), first.trim_end()));
        }
        return 0;
    }
    let names = args.iter().map(|name| name.to_string_lossy());
    names.map(|name| explain(&name)).fold(0, u8::max)
}

fn explain(name: &str) -> u8 {
    let found = all().find(|(code, _)| code.name() == name || code.0 == name);
    match found {
        Some((code, meaning)) => {
            terminal::print_line(&format!("{}: {meaning}", code.name()));
            0
        }
        None => {
            terminal::print_error(&unknown(name));
            1
        }
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
