//! Tells shell scripts that need bash from those that any POSIX shell runs.
//!
//! Scriptlets that name no interpreter were written where `/bin/sh` is bash. Running a plain one
//! under bash does no harm, and every system has it, so whatever is in doubt goes to bash.
//!
//! Source: Debian Policy 10.4; POSIX, "Shell Command Language"; dash(1) and bash(1) for what either has
//! built in, and what each did when it was tried.

mod builtins;
mod values;
mod variables;

use super::shell::{Command, Shell, Word};
use builtins::{is_builtin, needs_bash_for};
use values::Values;
use variables::only_bash_has;

/// Scripts within scripts; `eval "eval …"`.
const DEEPEST: usize = 4;

/// Whether a script uses what only bash understands.
pub(crate) fn needs_bash(body: &str) -> bool {
    extension(body, 0).is_some()
}

/// The first thing in a script that only bash understands, by an example of it.
fn extension(body: &str, depth: usize) -> Option<String> {
    let shell = Shell::read(body);
    if let Some(found) = shell.extensions.first() {
        return Some((*found).to_owned());
    }
    let parameter = shell.parameters.iter().find(|it| only_bash_has(it));
    if let Some(name) = parameter.filter(|it| !sets(&shell, it)) {
        return Some(format!("${name}"));
    }
    let calls_own = |it: &&Command| {
        it.name()
            .is_some_and(|name| shell.functions.iter().any(|own| own == name))
    };
    let values = Values::of(&shell);
    let mut commands = shell.commands.iter().filter(|it| !calls_own(it));
    commands.find_map(|it| extension_of(it, &values, depth))
}

fn extension_of(command: &Command, values: &Values<'_>, depth: usize) -> Option<String> {
    let mut words = &command.words[..];
    while words.len() > 1 && words[0].value == "command" && !words[1].value.starts_with('-') {
        words = &words[1..];
    }
    let first = words.first()?;
    let is_other = match first.is_literal {
        true => needs_bash_for(words) || prints_backslashes(words, command, values),
        false => is_bash_in_variable(words, command, values),
    };
    if is_other {
        return Some(first.value.clone());
    }
    let (text, is_known) = text_to_run(words)?;
    if is_known && depth < DEEPEST {
        extension(&text, depth + 1)
    } else {
        Some(first.value.clone())
    }
}

/// Whether `echo` or `printf` may get a backslash from a variable, or from a command.
fn prints_backslashes(words: &[Word], command: &Command, values: &Values<'_>) -> bool {
    let may = |it: &Word| values.may_have_backslash(it, command);
    match words[0].value.as_str() {
        "echo" => words[1..].iter().any(may),
        "printf" => {
            let format = words.get(1).filter(|it| !it.is_literal);
            let reads_arguments = words.get(1).is_some_and(|it| it.value.contains("%b"));
            format.is_some_and(may) || (reads_arguments && words[2..].iter().any(may))
        }
        _ => false,
    }
}

/// Whether the command that a variable names may be one that other shells have otherwise. A path is
/// that of a program.
fn is_bash_in_variable(words: &[Word], command: &Command, values: &Values<'_>) -> bool {
    if is_path_behind_expansion(&words[0].value) {
        return false;
    }
    let Some(texts) = values.texts(&words[0]) else {
        return true;
    };
    texts.into_iter().any(|text| {
        let named = text.split_whitespace().map(Word::literal);
        let all: Vec<Word> = named.chain(words[1..].iter().cloned()).collect();
        match all.first() {
            None => !words[1..].is_empty(),
            Some(name) if is_builtin(&name.value) => {
                needs_bash_for(&all) || prints_backslashes(&all, command, values)
            }
            Some(_) => false,
        }
    })
}

/// Whether a word goes on with a `/` behind a variable, as `$bindir/tool` does.
fn is_path_behind_expansion(word: &str) -> bool {
    let is_name = |it: char| it.is_ascii_alphanumeric() || "_{}".contains(it);
    let rest = word.trim_start_matches('$').trim_start_matches(is_name);
    word.starts_with('/') || rest.starts_with('/')
}

/// What `eval` and `trap` are given to run, and whether that is known.
fn text_to_run(words: &[Word]) -> Option<(String, bool)> {
    let run = match words.first()?.value.as_str() {
        "eval" => &words[1..],
        "trap" => words.get(1..2)?,
        _ => return None,
    };
    let values: Vec<&str> = run.iter().map(|it| it.value.as_str()).collect();
    Some((values.join(" "), run.iter().all(|it| it.is_literal)))
}

/// Whether a script gives a variable its value itself.
fn sets(shell: &Shell, name: &str) -> bool {
    let assigned = |command: &Command| {
        let words = command.assignments.iter().chain(&command.words);
        let mut names = words.filter_map(|it| it.value.split_once('='));
        let takes = matches!(command.name(), Some("read" | "for" | "getopts"));
        names.any(|(it, _)| it == name)
            || (takes && command.words.iter().skip(1).any(|it| it.value == name))
    };
    shell.commands.iter().any(assigned)
}

#[cfg(test)]
mod tests;
