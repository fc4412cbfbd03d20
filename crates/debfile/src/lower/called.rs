//! What a script calls: by the first words of its commands, and by words that other commands call.

use super::programs::base_name;
use super::shell::{Command, Shell, Word};

/// Scripts within scripts.
const DEEPEST: usize = 4;

/// Commands that call what stands behind their options.
const WRAPPERS: [&str; 13] = [
    "builtin", "chroot", "command", "env", "exec", "ionice", "nice", "nohup", "runuser", "setsid",
    "sudo", "timeout", "xargs",
];

/// Actions of `find` that call what stands behind them.
const ACTIONS: [&str; 4] = ["-exec", "-execdir", "-ok", "-okdir"];

/// Commands that hand the text behind `-c` to a shell.
const SHELLS: [&str; 6] = ["bash", "dash", "ksh", "runuser", "sh", "su"];

/// Programs and sourced files that a script names, and at which byte. What a text for another shell
/// calls stands where the text stands.
pub(super) fn called_words(shell: &Shell) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for command in &shell.commands {
        of_command(command, None, 0, &mut found);
    }
    found
}

fn of_command(
    command: &Command,
    place: Option<usize>,
    depth: usize,
    found: &mut Vec<(String, usize)>,
) {
    let mut add = |word: &Word| {
        if word.is_literal {
            found.push((word.value.clone(), place.unwrap_or(word.span.start)));
        }
    };
    let words = &command.words[..];
    let Some(first) = words.first() else { return };
    match base_name(&first.value) {
        "." | "source" => words.get(1).into_iter().for_each(&mut add),
        "find" => {
            let pairs = words.windows(2);
            let actions = pairs.filter(|it| ACTIONS.contains(&it[0].value.as_str()));
            actions.for_each(|it| add(&it[1]));
        }
        _ => {}
    }
    add(first);
    behind_wrappers(words).into_iter().for_each(&mut add);
    if depth >= DEEPEST {
        return;
    }
    for (text, at) in texts(words) {
        for inner in &Shell::read(&text).commands {
            of_command(inner, Some(place.unwrap_or(at)), depth + 1, found);
        }
    }
}

/// What `exec`, `env`, `xargs` and their like call. Behind an option of one letter may stand its value,
/// so that the word after that counts too.
fn behind_wrappers(words: &[Word]) -> Vec<&Word> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some((first, arguments)) = rest.split_first()
        && WRAPPERS.contains(&base_name(&first.value))
    {
        let is_passed = |it: &Word| {
            let value = it.value.as_str();
            let is_number = value.starts_with(|sign: char| sign.is_ascii_digit());
            value.starts_with('-') || value.contains('=') || is_number
        };
        let Some(at) = arguments.iter().position(|it| !is_passed(it)) else {
            break;
        };
        let option = at.checked_sub(1).map(|before| &arguments[before].value);
        let takes_value = option.is_some_and(|it| it.starts_with('-') && it.len() == 2);
        found.push(&arguments[at]);
        rest = &arguments[at..];
        if takes_value && let Some(next) = arguments.get(at + 1) {
            found.push(next);
            let is_wrapper = WRAPPERS.contains(&base_name(&rest[0].value));
            rest = if is_wrapper {
                rest
            } else {
                &arguments[at + 1..]
            };
        }
    }
    found
}

/// The texts that a command has run, and where they stand.
fn texts(words: &[Word]) -> Vec<(String, usize)> {
    let Some((first, arguments)) = words.split_first() else {
        return Vec::new();
    };
    if first.value == "eval" {
        let values: Vec<&str> = arguments.iter().map(|it| it.value.as_str()).collect();
        return vec![(values.join(" "), first.span.start)];
    }
    if first.value == "trap" {
        let text = arguments.first();
        return text
            .map(|it| (it.value.clone(), it.span.start))
            .into_iter()
            .collect();
    }
    let text = text_for_shell(words);
    text.map(|it| (it.value.clone(), it.span.start))
        .into_iter()
        .collect()
}

/// The text behind `-c`, `-ec` or `--command` that a shell is given.
pub(super) fn text_for_shell(words: &[Word]) -> Option<&Word> {
    let shell = words
        .iter()
        .position(|it| SHELLS.contains(&base_name(&it.value)))?;
    let options = words.iter().enumerate().skip(shell + 1);
    let asks_user = matches!(base_name(&words[shell].value), "su" | "runuser");
    let mut options = options.take_while(|(_, it)| asks_user || it.value.starts_with('-'));
    let is_text = |it: &Word| {
        let letters = it.value.strip_prefix('-').unwrap_or("");
        letters == "-command" || (!letters.starts_with('-') && letters.ends_with('c'))
    };
    let (at, _) = options.find(|(_, it)| is_text(it))?;
    words.get(at + 1)
}
