//! Reading macro files. Bodies are only marked out here, and looked at when they are first used.
//!
//! Source: rpm-macrofile(5).

use std::io;
use std::path::Path;
use std::sync::Arc;

use source::{Diagnostic, Origin, Span, Text};

use crate::define::{body_fault, free_body, parse_head, unspaced};
use crate::scan::Nesting;
use crate::table::{Body, Level, Macro};
use crate::{Engine, codes};

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
    pub fn load_text(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) {
        let file = self.sources.add(name, text);
        let text = self.sources.text(file).clone();
        self.table.reserve(text.len() / 100);
        let mut at = 0;
        while at < text.len() {
            let (end, is_closed) = logical_line(&text, at);
            let line = Span {
                file,
                start: offset(at),
                end: offset(end),
            };
            if text[at..end]
                .trim_start_matches([' ', '\t'])
                .starts_with('%')
            {
                self.load_definition(&text[at..end], line, is_closed);
            }
            at = end;
        }
    }

    /// Loads a macro file. Its bytes count as text made, since macros can load files again and again.
    pub fn load_file(&mut self, path: &Path) -> io::Result<()> {
        let text = self.host.read_file(path)?;
        self.spent.bytes = self.spent.bytes.saturating_add(text.len());
        if self.is_spent() {
            return Err(io::Error::other("too many macro files"));
        }
        self.load_text(path.to_string_lossy(), text);
        Ok(())
    }

    /// Loads every file that a colon-separated list of patterns names, backups left out. Files that
    /// are not there or can't be read are passed over, as in rpm.
    pub fn load_path(&mut self, patterns: &str) {
        for pattern in patterns.split(':').filter(|pattern| !pattern.is_empty()) {
            for path in self.host.glob(pattern) {
                if !is_backup_name(&path.to_string_lossy()) {
                    self.load_file(&path).ok();
                }
            }
        }
    }

    fn load_definition(&mut self, line: &str, span: Span, is_closed: bool) {
        let percent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let definition = &line[percent + 1..];
        let at = |start: usize, len: usize| span.slice(percent + 1 + start, len);
        let head = match parse_head(definition) {
            Ok(head) => head,
            Err(fault) => {
                let place = at(fault.start, fault.len);
                let diagnostic = Diagnostic::error(codes::BAD_DEFINITION, fault.message);
                self.sink
                    .push(diagnostic.at(Origin::from(place)).help(fault.help));
                return;
            }
        };
        let body = definition[head.body..].trim_end_matches([' ', '\t', '\n', '\r']);
        let fault = if (!is_closed && !body.ends_with('\\')) || never_closes(body) {
            Some("has unterminated body")
        } else if body.is_empty() || body == "\\" {
            Some("has empty body")
        } else {
            None
        };
        if let Some(what) = fault {
            let place = Origin::from(at(0, head.name.len()));
            self.sink.push(body_fault(head.name, what).at(place));
            return;
        }
        if !self.may_define(head.name, "%define", Some(at(0, head.name.len()).into())) {
            return;
        }
        if !head.is_separated {
            let place = Origin::from(at(0, head.name.len()));
            self.sink.push(unspaced(head.name).at(place));
        }
        let unread = at(head.body, definition.len() - head.body);
        self.table.push(Macro {
            name: head.name.into(),
            options: head.options.map(Into::into),
            body: Body::Unread(unread),
            level: Level::MACRO_FILES,
            is_literal: head.is_literal,
            is_one_shot: head.is_one_shot,
            is_quoted: false,
            is_used: false,
            defined: Some(unread),
        });
    }
}

/// Whether a body that its line holds turns out to be open when it is read: one in braces, or one
/// with a `%[` on more than one line.
fn never_closes(body: &str) -> bool {
    let is_doubtful = body.starts_with('{') || (body.contains('\n') && body.contains("%["));
    is_doubtful && free_body(&Text::detached(body), 0).is_none()
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
            memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |n| end + n + 1);
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
