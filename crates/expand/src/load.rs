//! Reading macro files. Bodies are only marked out here, and looked at when they are first used.
//!
//! Source: rpm-macrofile(5).

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};

use source::{Origin, Shared, Span, Text};

use crate::Engine;
use crate::args::Outcome;
use crate::define::{Head, HeadFault, body_fault, free_body, parse_head};
use crate::place::Loading;
use crate::scan::{Nesting, find_byte};
use crate::table::{Body, Level, Macro};

/// Whether a file name is that of a backup, which rpm skips among macro files: `.rpmnew`, `.rpmsave`
/// and `.rpmorig`, and names that do not end in a letter or digit.
pub fn is_backup_name(name: &str) -> bool {
    [".rpmnew", ".rpmsave", ".rpmorig"]
        .iter()
        .any(|suffix| name.ends_with(suffix))
        || !name.ends_with(|c: char| c.is_ascii_alphanumeric())
}

impl Engine {
    /// Loads a text in the format of macro files; `name` is what messages call it.
    pub fn load_text(&mut self, name: impl Into<Shared>, text: impl Into<Shared>) {
        self.load_definitions(name.into(), &text.into());
    }

    /// Loads a macro file; how many of its definitions were bad.
    ///
    /// Its bytes count as text made, since macros can load files again and again.
    pub fn load_file(&mut self, path: &Path) -> io::Result<usize> {
        let text = self.host.read_file(path)?;
        self.spent.bytes = self.spent.bytes.saturating_add(text.len());
        if self.is_spent() {
            return Err(io::Error::other("too many macro files"));
        }
        Ok(self.load_definitions(path.to_string_lossy().into(), &text.into()))
    }

    fn load_definitions(&mut self, name: Shared, text: &Shared) -> usize {
        let text = with_plain_ends(text.clone());
        let file = self.sources.add(name, text.clone());
        self.table.reserve(text.len() / 100);
        let span = |start: usize, len: usize| Span {
            file,
            start: offset(start),
            end: offset(start + len),
        };
        let mut bad = 0;
        let outer = self.loading;
        for (end, found) in definitions(&text) {
            self.loading = Some(Loading { file, end });
            let loaded = match found {
                Err(fault) => {
                    let place = Origin::from(span(fault.start, fault.len));
                    Err(self.report_in_file(fault.told(Some(place))))
                }
                Ok(marked) => {
                    let name = span(marked.at, marked.head.name.len());
                    let start = marked.body.as_ptr() as usize - text.as_ptr() as usize;
                    self.load_definition(&marked, name, span(start, marked.body.len()))
                }
            };
            bad += usize::from(loaded.is_err());
        }
        self.loading = outer;
        bad
    }

    /// Loads every file that a colon-separated list of patterns names, backups left out. Files that
    /// are not there or can't be read are passed over, as in rpm.
    pub fn load_path(&mut self, patterns: &str) {
        for path in self.macro_files(patterns) {
            self.load_file(&path).ok();
        }
    }

    /// The paths that a colon-separated list of patterns names, backups left out.
    pub(crate) fn macro_files(&mut self, patterns: &str) -> Vec<PathBuf> {
        let patterns = patterns.split(':').filter(|pattern| !pattern.is_empty());
        let found = patterns.flat_map(|pattern| self.host.glob(pattern));
        found
            .filter(|path| !is_backup_name(&path.to_string_lossy()))
            .collect()
    }

    fn load_definition(&mut self, marked: &Marked<'_>, name: Span, body: Span) -> Outcome {
        let (head, place) = (&marked.head, Some(Origin::from(name)));
        let fail = |engine: &mut Self, what: &str| {
            Err(engine.report_in_file(body_fault(head.name, what).at(place)))
        };
        if marked.is_open {
            return fail(self, OPEN);
        }
        if !self.may_define(head.name, "%define", place) {
            return self.sink.check();
        }
        if marked.is_empty {
            return fail(self, EMPTY);
        }
        self.check_separated(head, place);
        let modifiers = head.parse_modifiers();
        let (is_literal, is_one_shot) =
            modifiers.map_err(|fault| self.report_in_file(fault.told(place)))?;
        self.table.push(Macro {
            name: head.name.into(),
            options: head.options.map(Into::into),
            body: Body::Unread(body),
            level: Level::MACRO_FILES,
            is_literal,
            is_one_shot,
            is_quoted: false,
            is_used: Cell::new(false),
            defined: Some(body),
        });
        Ok(())
    }
}

/// A text whose lines end in newlines, where they ended in carriage returns and newlines.
pub(crate) fn with_plain_ends(text: Shared) -> Shared {
    if text.contains("\r\n") {
        text.replace("\r\n", "\n").into()
    } else {
        text
    }
}

const OPEN: &str = "has unterminated body";
const EMPTY: &str = "has empty body";

/// A definition in a macro file.
pub(crate) struct Marked<'t> {
    pub(crate) head: Head<'t>,
    /// Where it begins, just after the `%`.
    at: usize,
    /// The body, with what blanks follow it.
    pub(crate) body: &'t str,
    /// The body is never closed.
    is_open: bool,
    /// Nothing is left of the body once it is read.
    is_empty: bool,
}

impl Marked<'_> {
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
) -> impl Iterator<Item = (usize, Result<Marked<'_>, HeadFault>)> {
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
fn definition(text: &str, at: usize, is_closed: bool) -> Result<Marked<'_>, HeadFault> {
    let head = parse_head(text).map_err(|fault| HeadFault {
        start: at + fault.start,
        ..fault
    })?;
    let body = &text[head.body..];
    let is_closed = is_closed && counts_for_body(text, head.name, head.options);
    let is_empty = is_empty_body(body, is_closed);
    Ok(Marked {
        head,
        at,
        body,
        is_open: is_empty.is_none(),
        is_empty: is_empty == Some(true),
    })
}

/// Whether the brackets of a whole definition tell those of its body: there are none before it, and
/// no newline within `%[`, which ends a body though it does not end the line.
fn counts_for_body(definition: &str, name: &str, options: Option<&str>) -> bool {
    let starts_plainly = !name.is_empty() && !options.is_some_and(|it| it.contains(['%', '\\']));
    let is_one_line = !definition.trim_end_matches(['\n', '\r']).contains('\n');
    starts_plainly && (is_one_line || !definition.contains("%["))
}

/// Whether nothing is left of a body once it is read; `None` if it is never closed. Few bodies have
/// to be read to tell: those that are closed as far as is known, without braces around, are.
fn is_empty_body(body: &str, is_closed: bool) -> Option<bool> {
    if is_closed && !body.starts_with(['{', '\\', '\r']) {
        return Some(body.trim_end_matches([' ', '\t', '\n', '\r']).is_empty());
    }
    let (body, _) = free_body(&Text::detached(body), 0)?;
    Some(body.is_empty())
}

/// What is wrong with defining a macro of this name, in rpm's words.
pub(crate) fn name_fault(name: &str, is_builtin: bool, action: &str) -> Option<String> {
    if !is_legal_name(name) {
        Some(format!("Macro %{name} has illegal name ({action})"))
    } else if is_builtin {
        Some(format!("Macro %{name} is a built-in ({action})"))
    } else {
        None
    }
}

/// A name begins with a letter, or with `_` and something after it.
pub(crate) fn is_legal_name(name: &str) -> bool {
    let first = name.bytes().next().unwrap_or(b' ');
    first.is_ascii_alphabetic() || (first == b'_' && name.len() > 1)
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
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

#[cfg(test)]
mod tests {
    use crate::{Engine, MemoryHost};

    #[test]
    fn carriage_returns_end_lines_and_bodies() {
        let mut engine = Engine::new(Box::new(MemoryHost::default()));
        engine.load_text("crlf", "%name one \\\r\n two\r\n%braced %{?name:\r\n}\r\n");
        assert_eq!(engine.expand_str("%name").unwrap(), "one \n two");
        assert_eq!(engine.expand_str("<%braced>").unwrap(), "<\n>");
        assert!(engine.sink.take().is_empty());
        engine.load_text("cr", "%lone\rbody\n");
        assert_eq!(engine.sink.errors(), 1);
    }
}
