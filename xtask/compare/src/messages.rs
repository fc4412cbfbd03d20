//! Messages as both sides have them: severity and words, carets of expressions included.
//!
//! Under rpm's name ours says what rpm says, and nothing else. Left out is what rpm puts before
//! messages about macro files, `FILE: line N: `.

use std::fmt;

/// The macro file for `--macros`, as messages name it.
pub(crate) const BASE: &str = "base.macros";
/// The macro file for `--load` and `%{load:…}`.
pub(crate) const MORE: &str = "more.macros";

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// `error`, `warning`, or nothing for words that stand alone.
    pub(super) severity: &'static str,
    pub(super) words: String,
}

const SEVERITIES: [&str; 2] = ["error", "warning"];

/// How `--load` fails; rpm says it without severity.
const NOT_LOADED: &str = "failed to load macro file ";

/// What getopt(3) says of options.
const GETOPT: [&str; 2] = [
    ": invalid option -- '",
    ": option requires an argument -- '",
];

/// Messages of which ours shows the first line only, since the drawing has the rest.
const FIRST_LINE_ONLY: [&str; 3] = ["Unterminated ", "unmatched (", "expanded string: "];

/// What rpm says twice of `--define`, since it keeps such a definition in two places.
const TOLD_TWICE: &str = " needs whitespace before body";

/// Reads what was written to standard error. An error counts once if it is said twice in a row, as
/// rpm does when it goes on for a bit after it.
pub(super) fn parse_messages(text: &str) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    let mut said_by_others = Vec::new();
    let lines = std::iter::once("").chain(text.lines());
    for (before, line) in lines.zip(text.lines()) {
        if let Some((severity, words)) = head(line) {
            messages.push(message(severity, without_place(words)));
        } else if let Some(words) = said_by_shell(line) {
            said_by_others.push(message("", words));
        } else if is_of_getopt(line, before) {
            // Repeated by a message of rpm's own.
        } else if line.starts_with(NOT_LOADED) {
            messages.push(message("error", line));
        } else if let Some(last) = messages.last_mut() {
            last.words.push('\n');
            last.words.push_str(line);
        } else {
            messages.push(message("", line));
        }
    }
    for message in &mut messages {
        message.words = shown(&message.words);
    }
    join_repeated(&mut messages);
    said_by_others.extend(messages);
    said_by_others
}

/// Takes an error that is said twice in a row for one, and what rpm says twice of definitions.
pub(super) fn join_repeated(messages: &mut Vec<Message>) {
    messages.dedup_by(|next, last| {
        next == last && (next.severity == "error" || next.words.ends_with(TOLD_TWICE))
    });
}

/// What the shell of a `%( )` says. Its place among the messages depends on when those are written.
fn said_by_shell(line: &str) -> Option<&str> {
    let line = line.strip_prefix("/bin/").unwrap_or(line);
    line.starts_with("sh: ").then_some(line)
}

/// The words as ours draws them: a tab is four blanks, the mark of a quote can be seen.
fn shown(words: &str) -> String {
    let words = if FIRST_LINE_ONLY.iter().any(|start| words.starts_with(start)) {
        words.lines().next().unwrap_or_default()
    } else {
        words
    };
    let words = without_addresses(words)
        .trim_end()
        .replace('\t', "    ")
        .replace('\u{1f}', "\u{241f}");
    match words.split_once("(error object is a ") {
        // Raised by Lua's `error` with something that is no string.
        Some((before, _)) => format!("{before}(null)"),
        None => words,
    }
}

/// What Lua shows of a function or a table, without the address.
pub(super) fn without_addresses(text: &str) -> String {
    let mut parts = text.split(": 0x");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(": 0x");
        kept.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    kept
}

fn message(severity: &'static str, words: &str) -> Message {
    Message {
        severity,
        words: words.to_owned(),
    }
}

/// Whether a line comes from getopt(3), or ends what it says of a newline.
fn is_of_getopt(line: &str, before: &str) -> bool {
    let is_begun = |line: &str| GETOPT.iter().any(|words| line.contains(words));
    is_begun(line) || (line == "'" && is_begun(before) && before.ends_with('\''))
}

/// Takes apart `error: words`.
fn head(line: &str) -> Option<(&'static str, &str)> {
    SEVERITIES.iter().find_map(|severity| {
        let words = line.strip_prefix(severity)?.strip_prefix(':')?;
        Some((*severity, words.strip_prefix(' ').unwrap_or(words)))
    })
}

/// The words without `FILE: line N: `.
fn without_place(words: &str) -> &str {
    let named = [BASE, MORE]
        .into_iter()
        .find_map(|name| words.strip_prefix(name)?.strip_prefix(": line "));
    named
        .and_then(|rest| rest.split_once(": "))
        .filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(words, |(_, words)| words)
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.severity, self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::parse_messages;

    #[test]
    fn places_are_left_out_and_carets_are_not() {
        let rpm = "error: more.macros: line 2: division by zero: 1/0\nerror:    ^\n\
                   error: Macro %aa failed to expand\nwarning: two\nlines\n";
        let ours = "error: division by zero: 1/0\nerror:    ^\n\
                    error: Macro %aa failed to expand\nwarning: two\nlines\n";
        assert_eq!(parse_messages(rpm), parse_messages(ours));
        assert_eq!(parse_messages(rpm).len(), 4);
    }
}
