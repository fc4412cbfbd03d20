//! What a script calls: by the first words of its commands, and by words that other commands call.

use super::inner_scripts::{InnerScript, behind_actions, behind_wrappers, inner_shell};
use super::shell::{Command, Shell, Word};

/// Scripts within scripts.
const DEEPEST: usize = 4;

/// Programs and sourced files that a script names, and at which byte. What a text for another shell
/// calls stands where the text stands.
pub(super) fn called_words(shell: &Shell) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for command in &shell.commands {
        of_command(command, shell, None, 0, &mut found);
    }
    found
}

fn of_command(
    command: &Command,
    shell: &Shell,
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
    if matches!(first.value.as_str(), "." | "source") {
        words.get(1).into_iter().for_each(&mut add);
    }
    add(first);
    let others = behind_wrappers(words).into_iter();
    for at in others.chain(behind_actions(words)) {
        add(&words[at]);
    }
    if depth >= DEEPEST {
        return;
    }
    let Some((text, at)) = text_to_run(command, shell) else {
        return;
    };
    let inner = Shell::read(&text);
    for command in &inner.commands {
        of_command(command, &inner, Some(place.unwrap_or(at)), depth + 1, found);
    }
}

/// The text that a command has run, and where it stands.
fn text_to_run(command: &Command, shell: &Shell) -> Option<(String, usize)> {
    let (first, arguments) = command.words.split_first()?;
    match first.value.as_str() {
        "eval" => {
            let values: Vec<&str> = arguments.iter().map(|it| it.value.as_str()).collect();
            Some((values.join(" "), first.span.start))
        }
        "trap" => {
            let text = arguments.first()?;
            Some((text.value.clone(), text.span.start))
        }
        _ => match inner_shell(command, shell)?.script {
            InnerScript::Known(known) => Some((known.text, known.span.start)),
            _ => None,
        },
    }
}
