//! Marks in a script for a shell without an `ERR` trap: each command of the script's own sets a variable to its
//! line first, which the `EXIT` trap writes down.
//!
//! Only where a script can't notice: a mark changes `$?`, and it would be shown by `set -x`. Where a command
//! begins, the shell itself says, which costs about a millisecond for a line. Source: dash(1), `trap`.

use std::ops::Range;

use crate::scripts::shell::{can_be_parsed, goes_on};

/// What sets the variable.
const MARK: &str = "specbuild_line=";

/// Scripts with more lines than these have no marks.
const MOST_LINES: usize = 400;

/// The trap that writes the note, into `FILE`.
pub(crate) const TRAP: &str = r#"; trap '{ specbuild_status=$?; test $specbuild_status = 0 || printf "%s\n" "EXIT $specbuild_status ${specbuild_line:-0}" - "" > "FILE" || :; } 2>/dev/null' EXIT"#;

/// A script with marks in some of its lines, counted from 1; `None` where it might notice them. Lines keep their
/// numbers.
pub(crate) fn put_in(script: &str, own: Range<usize>, shell: &str) -> Option<String> {
    let lines = || (1..).zip(script.split_inclusive('\n'));
    let mut checked = lines().filter(|(number, _)| own.contains(number));
    if own.len() > MOST_LINES || checked.any(|(_, line)| notices(line.trim_end())) {
        return None;
    }
    let mut text = String::new();
    let mut at = 0;
    for (number, line) in lines() {
        let before = &script[..at];
        if own.contains(&number) && may_begin(line, before) && is_complete(shell, before) {
            text.push_str(&format!("{MARK}{number}; "));
        }
        text.push_str(line);
        at += line.len();
    }
    Some(text)
}

/// Whether a line looks at the status of what comes before it, or has commands shown.
fn notices(line: &str) -> bool {
    let mut words = line.split([' ', '\t', ';', '&', '|', '{', '}', '(', ')']);
    let mut ends = words
        .clone()
        .zip(words.by_ref().skip(1).chain([""]))
        .filter(|(word, _)| matches!(*word, "exit" | "return"));
    let is_bare = ends.any(|(_, status)| !status.starts_with(|it: char| it.is_ascii_digit()));
    is_bare || line.contains("$?") || line.contains("${?") || line.contains("set -x")
}

/// Whether a command may begin with a line.
fn may_begin(line: &str, before: &str) -> bool {
    let line = line.trim();
    let ends = before.lines().next_back().unwrap_or("");
    !line.is_empty() && !line.starts_with('#') && !goes_on(ends)
}

/// Whether all commands of a text have their ends. A here-document without one would hide what follows.
fn is_complete(shell: &str, text: &str) -> bool {
    can_be_parsed(shell, text) && !can_be_parsed(shell, &format!("{text})\n"))
}

/// The line that failed, where the command that begins at `first` did: the one that ends the script with this
/// status, if there is a single one in it.
pub(crate) fn failed_line(marked: &str, first: usize, status: i32) -> usize {
    let exits = format!("exit {status}");
    let is_exit = |line: &str| {
        let mut parts = line.split([';', '&', '|', '{', '}', '(', ')']);
        parts.any(|part| part.trim() == exits || part.ends_with(&format!(" {exits}")))
    };
    let following = (1..).zip(marked.lines()).skip(first);
    let inside = following.take_while(|(_, line)| !line.starts_with(MARK));
    let own = (1..).zip(marked.lines()).skip(first - 1).take(1);
    let mut found = own.chain(inside).filter(|(_, line)| is_exit(line));
    match (found.next(), found.next()) {
        (Some((line, _)), None) => line,
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_begin_a_line_are_marked() {
        let script = "a\n# b\nif c; then\n  exit 3\nfi\n\ncat <<E\nd\nE\ne \\\n  f\ng &&\nh\nx() {\n  i\n}\nx\n";
        let marked = put_in(script, 1..18, "sh").unwrap();
        let lines: Vec<&str> = marked.lines().filter(|it| it.starts_with(MARK)).collect();
        let expected = [
            "specbuild_line=1; a",
            "specbuild_line=3; if c; then",
            "specbuild_line=7; cat <<E",
            "specbuild_line=10; e \\",
            "specbuild_line=12; g &&",
            "specbuild_line=14; x() {",
            "specbuild_line=17; x",
        ];
        assert_eq!(lines, expected);
        assert_eq!(failed_line(&marked, 3, 3), 4);
        assert_eq!(failed_line(&marked, 3, 1), 3);
        assert_eq!(failed_line(&marked, 17, 1), 17);
    }

    #[test]
    fn scripts_that_would_notice_have_no_marks() {
        for script in [
            "a\nb=$?\n",
            "a\nexit\n",
            "f() { return; }\n",
            "set -x\na\n",
            "exit $x\n",
        ] {
            assert_eq!(put_in(script, 1..9, "sh"), None, "{script}");
        }
        assert!(put_in("a || exit 1\nb || { exit 2; }\n", 1..3, "sh").is_some());
        let own = put_in("x=$?\na\nexit $x\n", 2..3, "sh");
        assert_eq!(own.unwrap(), "x=$?\nspecbuild_line=2; a\nexit $x\n");
    }
}
