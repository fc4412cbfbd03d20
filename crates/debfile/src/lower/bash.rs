//! Tells shell scripts that need bash from those that any POSIX shell runs.
//!
//! Scriptlets that name no interpreter were written where `/bin/sh` is bash. Running a plain one
//! under bash does no harm, and every system has it, so whatever is in doubt goes to bash.
//!
//! Source: Debian Policy 10.4; POSIX, "Shell Command Language"; dash(1) and bash(1) for what either has
//! built in, and what each did when it was tried.

mod builtins;
mod variables;

use super::shell::{Command, Shell};
use builtins::needs_bash_for;
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
    let commands = shell.commands.iter().filter(|it| !calls_own(it));
    commands.into_iter().find_map(|it| extension_of(it, depth))
}

fn extension_of(command: &Command, depth: usize) -> Option<String> {
    let mut words = &command.words[..];
    while words.len() > 1 && words[0].value == "command" && !words[1].value.starts_with('-') {
        words = &words[1..];
    }
    if needs_bash_for(words) {
        return Some(words.first().map(|it| it.value.clone()).unwrap_or_default());
    }
    let text = text_to_run(words)?;
    if depth < DEEPEST {
        extension(&text, depth + 1)
    } else {
        Some("eval".to_owned())
    }
}

/// What `eval` and `trap` are given to run.
fn text_to_run(words: &[super::shell::Word]) -> Option<String> {
    let values = |words: &[super::shell::Word]| {
        let values: Vec<&str> = words.iter().map(|it| it.value.as_str()).collect();
        values.join(" ")
    };
    match words.first()?.value.as_str() {
        "eval" => Some(values(&words[1..])),
        "trap" => Some(values(words.get(1..2)?)),
        _ => None,
    }
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
