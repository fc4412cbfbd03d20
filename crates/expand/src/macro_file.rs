//! The text of a macro file: where its definitions are.
//!
//! Source: rpm-macrofile(5).

use source::{FileId, Shared, Text};

use crate::head::{Head, HeadFault, free_body, parse_head};
use crate::scan::{Nesting, find_byte};

/// A macro file that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Loading {
    pub(crate) file: FileId,
    /// The end of the line that was read last.
    pub(crate) end: usize,
}

/// A text whose lines end in newlines, where they ended in carriage returns and newlines.
pub(crate) fn with_plain_ends(text: Shared) -> Shared {
    if text.contains("\r\n") {
        text.replace("\r\n", "\n").into()
    } else {
        text
    }
}

pub(crate) const OPEN: &str = "has unterminated body";
pub(crate) const EMPTY: &str = "has empty body";

/// A definition in a macro file.
pub(crate) struct FileDefinition<'t> {
    pub(crate) head: Head<'t>,
    /// The offset after its `%`.
    pub(crate) at: usize,
    /// The body, with what blanks follow it.
    pub(crate) body: &'t str,
    /// The body is never closed.
    pub(crate) is_open: bool,
    /// Nothing is left of the body once it is read.
    pub(crate) is_empty: bool,
}

impl FileDefinition<'_> {
    /// What is wrong with the body, in rpm's words.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let faults = [(self.is_open, OPEN), (self.is_empty, EMPTY)];
        faults.iter().find(|(is, _)| *is).map(|(_, what)| *what)
    }
}

/// The definitions in the text of a macro file, each with where its last line ends. Faults have their
/// places in the text.
pub(crate) fn definitions(
    text: &str,
) -> impl Iterator<Item = (usize, Result<FileDefinition<'_>, HeadFault>)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        while next < text.len() {
            let at = next;
            let (end, is_closed) = logical_line(text, at);
            next = end;
            let line = &text[at..end];
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            if line[blanks..].starts_with('%') {
                let start = at + blanks + 1;
                return Some((end, definition(&text[start..end], start, is_closed)));
            }
        }
        None
    })
}

/// Reads the definition that starts at `at` in its text.
fn definition(text: &str, at: usize, is_closed: bool) -> Result<FileDefinition<'_>, HeadFault> {
    let head = parse_head(text).map_err(|fault| HeadFault {
        start: at + fault.start,
        ..fault
    })?;
    let body = &text[head.body..];
    let is_closed = is_closed && counts_for_body(text, head.name, head.options);
    let is_empty = is_empty_body(body, is_closed);
    Ok(FileDefinition {
        head,
        at,
        body,
        is_open: is_empty.is_none(),
        is_empty: is_empty == Some(true),
    })
}

/// Whether the brackets of a whole definition are those of its body: there are none before it, and
/// no newline within `%[`, which ends a body though it does not end the line.
fn counts_for_body(definition: &str, name: &str, options: Option<&str>) -> bool {
    let starts_plainly = !name.is_empty() && !options.is_some_and(|it| it.contains(['%', '\\']));
    let is_one_line = !definition.trim_end_matches(['\n', '\r']).contains('\n');
    starts_plainly && (is_one_line || !definition.contains("%["))
}

/// Whether nothing is left of a body once it is read; `None` if it is never closed. Few bodies have
/// to be read for that: one that is closed and has no braces around it is only trimmed.
fn is_empty_body(body: &str, is_closed: bool) -> Option<bool> {
    if is_closed && !body.starts_with(['{', '\\', '\r']) {
        return Some(body.trim_end_matches([' ', '\t', '\n', '\r']).is_empty());
    }
    let (body, _) = free_body(&Text::detached(body), 0)?;
    Some(body.is_empty())
}

/// The end of the logical line that starts at `at` (past its newline), and whether all is closed.
///
/// Only lines that begin with `%` go on.
fn logical_line(text: &str, at: usize) -> (usize, bool) {
    let mut nesting = Nesting::default();
    let mut end = at;
    let starts_definition = text[at..].trim_start_matches([' ', '\t']).starts_with('%');
    loop {
        let line_end =
            find_byte(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |n| end + n + 1);
        if !starts_definition {
            return (line_end, true);
        }
        nesting.feed(&text[end..line_end]);
        end = line_end;
        if !nesting.is_open() || end == text.len() {
            return (end, !nesting.is_unclosed());
        }
    }
}
