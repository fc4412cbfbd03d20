//! What is said of options that nobody knows, or that lack their argument: under rpm's names what popt
//! says, else what clap does.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Error};

use crate::{habits, personality, terminal};

/// Tells why the arguments of `name` are refused, or what they ask for; the exit status.
pub(crate) fn tell(name: &str, last_word: Option<&OsString>, error: &Error) -> u8 {
    if !error.use_stderr() {
        terminal::print_text(&without_dots(&error.render().to_string()));
        return 0;
    }
    // Whoever sits at a terminal gets a suggestion.
    let is_read_by_programs = personality::is_rpms_own() && !std::io::stderr().is_terminal();
    let words = is_read_by_programs.then(|| in_words_of_popt(last_word, error));
    let habit = || (name == "specbuild").then(|| about_habit(last_word, error));
    match (words.flatten(), habit().flatten()) {
        (Some(words), _) => terminal::print_error(&format!("{name}: {words}")),
        (None, Some(habit)) => terminal::print_error(&habit),
        (None, None) => terminal::print_error(&error.render().to_string()),
    }
    1
}

/// What is said of an option that another program has.
fn about_habit(last_word: Option<&OsString>, error: &Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let option = text(ContextKind::InvalidArg)?;
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let last_word = last_word.map(|word| word.to_string_lossy());
            let option = option.split('=').next().unwrap_or(option);
            habits::about_option(option, last_word.as_deref())
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            habits::about_stage(option, text(ContextKind::InvalidValue)?)
        }
        _ => None,
    }
}

/// A help without the dots of options that may be given again, which all may: where an option ends in
/// them, blanks.
pub(crate) fn without_dots(help: &str) -> String {
    let mut shown = String::with_capacity(help.len());
    for line in help.split_inclusive('\n') {
        let option = line.trim_start().split("  ").next().unwrap_or_default();
        match option.starts_with('-') && option.ends_with("...") {
            true => shown.push_str(&line.replacen("...", "   ", 1)),
            false => shown.push_str(line),
        }
    }
    shown
}

fn in_words_of_popt(last_word: Option<&OsString>, error: &Error) -> Option<String> {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let option = argument.split('=').next().unwrap_or(argument);
            Some(format!("{option}: unknown option"))
        }
        ErrorKind::InvalidValue if lacks_value(error) => {
            // clap names the long form; popt what was written, which is the last word then.
            let written = last_word.map(|word| word.to_string_lossy());
            let written = written.filter(|word| word.starts_with('-'));
            let written = written.unwrap_or_else(|| argument.as_str().into());
            let option = written.split(' ').next().unwrap_or_default();
            Some(format!("{option}: missing argument"))
        }
        ErrorKind::TooManyValues => {
            let written = last_word.map(|word| word.to_string_lossy());
            let written = written.filter(|word| word.starts_with("--") && word.contains('='));
            let written = written.unwrap_or_else(|| argument.as_str().into());
            Some(format!("{written}: option does not take an argument"))
        }
        _ => None,
    }
}

fn lacks_value(error: &Error) -> bool {
    let value = error.get(ContextKind::InvalidValue);
    value.is_none_or(|value| matches!(value, ContextValue::String(text) if text.is_empty()))
}

/// Refuses a root, or a database, that does not begin at the root.
pub(crate) fn check_root(name: &str, matches: &ArgMatches) -> Result<(), u8> {
    let root = matches.try_get_one::<PathBuf>("root").ok().flatten();
    if root.is_some_and(|root| !root.is_absolute()) {
        let message = format!("{name}: arguments to --root (-r) must begin with a /");
        terminal::print_error(&message);
        return Err(1);
    }
    let database = matches.try_get_one::<PathBuf>("dbpath").ok().flatten();
    if database.is_some_and(|path| !path.is_absolute()) {
        terminal::print_error("arguments to --dbpath must begin with '/'");
        return Err(1);
    }
    Ok(())
}
