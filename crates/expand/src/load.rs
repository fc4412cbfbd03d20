//! Reading macro files. Bodies are only marked out here, and looked at when they are first used.
//!
//! Source: rpm-macrofile(5).

use std::io;
use std::path::Path;
use std::sync::Arc;

use source::{Diagnostic, Origin, Span, Text};

use crate::args::Outcome;
use crate::define::{free_body, parse_head};
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
        self.load_definitions(name.into(), text.into());
    }

    /// Loads a macro file; how many of its definitions were bad.
    pub fn load_file(&mut self, path: &Path) -> io::Result<usize> {
        let text = self.host.read_file(path)?;
        Ok(self.load_definitions(path.to_string_lossy().into(), text.into()))
    }

    fn load_definitions(&mut self, name: Arc<str>, text: Arc<str>) -> usize {
        let text = if text.contains("\r\n") {
            text.replace("\r\n", "\n").into()
        } else {
            text
        };
        let file = self.sources.add(name, text);
        let text = self.sources.text(file).clone();
        self.table.reserve(text.len() / 100);
        let (mut at, mut bad) = (0, 0);
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
                let loaded = self.load_definition(&text[at..end], line, is_closed);
                bad += usize::from(loaded.is_err());
            }
            at = end;
        }
        bad
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

    fn load_definition(&mut self, line: &str, span: Span, is_closed: bool) -> Outcome {
        let percent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let definition = &line[percent + 1..];
        let at = |start: usize, len: usize| span.slice(percent + 1 + start, len);
        let head = parse_head(definition).map_err(|fault| {
            let place = at(fault.start, fault.len);
            let diagnostic = Diagnostic::error(codes::BAD_DEFINITION, fault.message);
            self.sink.report(diagnostic.at(Origin::from(place)))
        })?;
        let place: Option<Origin> = Some(at(0, head.name.len()).into());
        let fail = |engine: &mut Self, what: &str| {
            let message = format!("Macro %{} {what}", head.name);
            let diagnostic = Diagnostic::error(codes::BAD_DEFINITION, message).at(place);
            Err(engine.sink.report(diagnostic))
        };
        let unread = at(head.body, definition.len() - head.body);
        let is_closed = is_closed && counts_for_body(definition, head.name, head.options);
        let Some(is_empty) = is_empty_body(&definition[head.body..], is_closed) else {
            return fail(self, "has unterminated body");
        };
        if !self.may_define(head.name, "%define", place) {
            return self.sink.check();
        }
        if is_empty {
            return fail(self, "has empty body");
        }
        self.check_separated(&head, place);
        let (is_literal, is_one_shot) = match head.parse_modifiers() {
            Ok(modifiers) => modifiers,
            Err(what) => return fail(self, &what),
        };
        self.table.push(Macro {
            name: head.name.into(),
            options: head.options.map(Into::into),
            body: Body::Unread(unread),
            level: Level::MACRO_FILES,
            is_literal,
            is_one_shot,
            is_quoted: false,
            is_used: false,
            defined: Some(unread),
        });
        Ok(())
    }
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
