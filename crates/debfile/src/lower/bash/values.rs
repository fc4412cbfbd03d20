//! What the variables of a script can hold: `echo` and commands in variables depend on it.
//!
//! dash's `echo` reads backslashes in what it prints, bash's does not. Only texts that are known to have
//! none read the same; files, users and other programs may give any.

use std::collections::{BTreeMap, BTreeSet};

use super::super::shell::{Command, Shell, Word};

/// Commands that give variables values that no script shows.
const READERS: [&str; 5] = [".", "source", "eval", "getopts", "read"];

/// Parameters that are numbers, or options of the shell.
const NUMBERS: [&str; 5] = ["!", "#", "$", "-", "?"];

/// A value that a variable gets: the word that it stands in, the value alone, and the command.
type Value<'s> = (&'s Word, &'s str, &'s Command);

/// The values that a script gives its variables.
pub(super) struct Values<'s> {
    /// Whether the script keeps the arguments that the package manager calls it with.
    keeps_arguments: bool,
    /// All values of the variables that have no others.
    known: BTreeMap<&'s str, Vec<Value<'s>>>,
    /// Variables that never have a backslash in them.
    plain: BTreeSet<&'s str>,
}

impl<'s> Values<'s> {
    pub(super) fn of(shell: &'s Shell) -> Self {
        let mut values = Self {
            keeps_arguments: !calls(shell, &["set", ".", "source", "eval"]),
            known: BTreeMap::new(),
            plain: BTreeSet::new(),
        };
        if !calls(shell, &READERS) {
            values.collect(shell);
        }
        values.plain = values.known.keys().copied().collect();
        loop {
            let has_backslash = |name: &&str| {
                let mut all = values.known[*name].iter();
                all.any(|(word, value, command)| {
                    word.has_backslash
                        || (!word.is_literal && !values.becomes_plain(value, command))
                })
            };
            let found: BTreeSet<&str> =
                values.plain.iter().copied().filter(has_backslash).collect();
            if found.is_empty() {
                return values;
            }
            values.plain.retain(|name| !found.contains(name));
        }
    }

    /// Whether what a word becomes may have a backslash in it.
    pub(super) fn may_have_backslash(&self, word: &Word, command: &Command) -> bool {
        word.has_backslash || !(word.is_literal || self.becomes_plain(&word.value, command))
    }

    /// The texts that a word which is one variable can become; `None` if they are not known.
    pub(super) fn texts(&self, word: &Word) -> Option<Vec<&'s str>> {
        let values = self.known.get(only_variable(&word.value)?)?;
        let texts = values.iter().map(|(word, value, _)| {
            let is_known = word.is_literal && !word.has_backslash;
            is_known.then_some(*value)
        });
        texts.collect()
    }

    /// Whether all expansions in a text become texts without backslashes.
    fn becomes_plain(&self, text: &str, command: &Command) -> bool {
        let Some(names) = expanded_names(text) else {
            return false;
        };
        let is_argument = |it: &str| it.starts_with(|sign: char| sign.is_ascii_digit());
        names.into_iter().all(|name| {
            NUMBERS.contains(&name)
                || self.plain.contains(name)
                || (is_argument(name) && self.has_own_arguments(command))
        })
    }

    /// Whether a command sees what the package manager calls the scriptlet with.
    fn has_own_arguments(&self, command: &Command) -> bool {
        command.function.is_none() && self.keeps_arguments
    }

    /// Finds all values, and leaves out the variables that other things set too.
    fn collect(&mut self, shell: &'s Shell) {
        let mut others = BTreeSet::new();
        for command in &shell.commands {
            if let [first, name, list @ ..] = &command.words[..]
                && first.value == "for"
            {
                match list.split_first() {
                    Some((is_in, list)) if is_in.value == "in" => {
                        let list = list.iter().map(|it| (it, it.value.as_str(), command));
                        let known = self.known.entry(name.value.as_str());
                        known.or_default().extend(list);
                    }
                    _ => drop(others.insert(name.value.as_str())),
                }
            }
            for word in command.assignments.iter().chain(&command.words) {
                others.extend(defaulted(&word.value));
                if let Some((name, value)) = word.value.split_once('=') {
                    let known = self.known.entry(name).or_default();
                    known.push((word, value, command));
                }
            }
        }
        self.known.retain(|name, _| !others.contains(name));
    }
}

fn calls(shell: &Shell, names: &[&str]) -> bool {
    let mut called = shell.commands.iter().filter_map(Command::name);
    called.any(|it| names.contains(&it))
}

/// The variables that `${name:=…}` sets in a word.
fn defaulted(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|inner| {
        let name = &inner[..inner.bytes().take_while(|it| is_part(*it)).count()];
        let rest = inner[name.len()..].trim_start_matches(':');
        rest.starts_with('=').then_some(name)
    })
}

/// The name in `$name` or `${name}`, if a text is that alone.
fn only_variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let name = name
        .strip_prefix('{')
        .map_or(Some(name), |it| it.strip_suffix('}'))?;
    (!name.is_empty() && name.bytes().all(is_part)).then_some(name)
}

/// The parameters in a text of which nothing else is expanded; `None` where a command is, or a part of a
/// parameter. Arithmetic makes numbers.
fn expanded_names(text: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    if text.contains('`') {
        return None;
    }
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        rest = &rest[at + 1..];
        if let Some(inner) = rest.strip_prefix("((") {
            rest = &inner[inner.find("))")? + 2..];
        } else if let Some(inner) = rest.strip_prefix('{') {
            let (name, after) = inner.split_once('}')?;
            let is_length = name.len() > 1 && name.starts_with('#');
            let is_name = name.bytes().all(is_part) || NUMBERS.contains(&name);
            match (is_length, is_name) {
                (true, _) => {}
                (false, true) => names.push(name),
                _ => return None,
            }
            rest = after;
        } else if rest.starts_with(['(', '[', '@', '*']) {
            return None;
        } else {
            let length = rest.bytes().take_while(|it| is_part(*it)).count();
            let is_digit = rest.starts_with(|it: char| it.is_ascii_digit());
            let is_sign = NUMBERS.iter().any(|it| rest.starts_with(it));
            let length = if is_digit || is_sign { 1 } else { length };
            names.extend((length > 0).then(|| &rest[..length]));
            rest = &rest[length..];
        }
    }
    Some(names)
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
