//! The only loop that reads spec text: one expanded line after the other.
//!
//! A logical line is gathered, expanded if it stands in a branch that is read, and split again,
//! because a macro may yield several lines. Conditionals and `%include` are dealt with here; every
//! other line goes to the section that is being read.
//!
//! Source: rpm-spec(5), "Generic syntax", "Conditionals".

mod directives;
mod lenient;
mod operands;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use expand::{Engine, Level, Nesting};
use source::{Diagnostic, FileId, LINE_END, Origin, Reported, Span, Text};

use crate::codes;
use crate::conditions::Conditions;
use crate::line::{Directive, Line, Strip};

pub(crate) use lenient::Leniency;

/// Files may include files this deep.
const MAX_FILES: usize = 64;

/// A file that is being read.
struct OpenFile {
    name: Arc<str>,
    id: FileId,
    text: Arc<str>,
    at: usize,
    /// Number of the line read last.
    line: Rc<Cell<usize>>,
}

/// Reads lines from a stack of files.
#[derive(Default)]
pub(crate) struct Reader {
    files: Vec<OpenFile>,
    conditions: Conditions,
    /// An expanded logical line, and how much of it has been given out.
    pending: Text,
    given: usize,
    /// Nothing of the pending text has been given out. A line that expands to nothing at all still
    /// counts as a line, though without a newline.
    is_fresh: bool,
    /// Number of the line read last, kept when its file has ended.
    last_line: usize,
    /// The condition read last, as it was written.
    condition: Text,
    /// Conditions are read as debbuild reads them.
    leniency: Option<Leniency>,
    /// Everything given out so far, as `rpmspec -P` prints it.
    expanded: String,
}

impl Reader {
    /// Reads conditions as debbuild does, or as rpm.
    pub(crate) fn set_lenient(&mut self, leniency: Option<Leniency>) {
        self.leniency = leniency;
    }

    /// Starts to read a text before anything else goes on.
    pub(crate) fn push(&mut self, engine: &mut Engine, name: Arc<str>, text: Arc<str>) {
        let id = engine.sources.add(name.clone(), text.clone());
        let line = Rc::new(Cell::new(0));
        engine.define_literal("__file_name", Text::detached(&*name), Level::SPEC);
        engine.define_counter("__file_lineno", line.clone(), Level::SPEC);
        self.files.push(OpenFile {
            name,
            id,
            text,
            at: 0,
            line,
        });
    }

    /// Stops reading, and undefines the macros that hold the reader's position.
    pub(crate) fn close(&mut self, engine: &mut Engine) {
        while !self.files.is_empty() {
            self.pop(engine);
        }
    }

    fn pop(&mut self, engine: &mut Engine) {
        if self.files.pop().is_some() {
            engine.undefine("__file_name");
            engine.undefine("__file_lineno");
        }
    }

    /// Number of the line read last.
    pub(crate) fn line_number(&self) -> usize {
        self.last_line
    }

    /// Name of the file being read.
    pub(crate) fn file_name(&self) -> &str {
        self.files.last().map_or("", |file| &file.name)
    }

    /// The first byte of the file being read, for faults that are nowhere in particular.
    pub(crate) fn file_start(&self) -> Option<Origin> {
        let file = self.files.first()?;
        let end = file.text.find('\n').unwrap_or(file.text.len());
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Some(
            Span {
                file: file.id,
                start: 0,
                end,
            }
            .into(),
        )
    }

    /// Takes out everything given out so far.
    pub(crate) fn take_expanded(&mut self) -> String {
        std::mem::take(&mut self.expanded)
    }

    /// The next line, or `None` at the end of the last file.
    pub(crate) fn next_line(
        &mut self,
        engine: &mut Engine,
        strip: Strip,
    ) -> Result<Option<Line>, Reported> {
        loop {
            let is_used_up = !self.is_fresh && self.given >= self.pending.len();
            if is_used_up && !self.refill(engine, strip)? {
                return Ok(None);
            }
            self.is_fresh = false;
            let (text, directive) = self.split_line();
            let text = strip_line(text, strip);
            if let Some(directive) = directive
                && self.follow(engine, directive, &text)?
            {
                continue;
            }
            let is_shown = directive.is_none() && self.conditions.is_reading();
            let text = if is_shown { text } else { Text::new() };
            self.expanded.push_str(&text);
            if strip.trailing_space {
                self.expanded.push('\n');
            }
            return Ok(Some(Line {
                text,
                number: self.last_line,
            }));
        }
    }

    /// Gathers and expands the next logical line; false at the end of the last file.
    fn refill(&mut self, engine: &mut Engine, strip: Strip) -> Result<bool, Reported> {
        let Some(raw) = self.gather(engine)? else {
            return Ok(false);
        };
        let directive = Directive::of(&raw);
        if let Some(directive) = directive {
            self.check_extra_tokens(engine, directive, &raw)?;
        }
        let is_expanded = match directive {
            Some(directive) if directive.is_elif() => self.conditions.decides(directive),
            _ => self.conditions.is_reading(),
        };
        self.given = 0;
        if is_expanded && directive.is_some_and(Directive::is_condition) {
            self.condition = raw.clone();
        }
        if is_expanded && strip.comments && raw.trim_start().starts_with('#') {
            self.pending = engine.expand(&raw)?;
            self.warn_of_comment(engine, &raw);
        } else if is_expanded
            && self.leniency.is_some()
            && directive.is_some_and(Directive::is_condition)
        {
            self.pending = lenient::expand(engine, &raw)?;
        } else if is_expanded {
            self.pending = engine.expand_owned(raw)?;
        } else {
            self.pending = raw;
        }
        self.is_fresh = true;
        Ok(true)
    }

    /// Takes physical lines until no macro call is open and no backslash continues the line.
    fn gather(&mut self, engine: &mut Engine) -> Result<Option<Text>, Reported> {
        let mut gathered = Text::new();
        let mut nesting = Nesting::default();
        let mut first = None;
        loop {
            let Some((text, span)) = self.physical_line(engine) else {
                return self.end_of_files(engine, &gathered, first).map(|()| None);
            };
            let line = &text[span.start as usize..span.end as usize];
            let origin = Origin::from(span);
            first.get_or_insert((self.last_line, origin));
            gathered.push_str(line, origin);
            nesting.feed(line);
            if !nesting.is_unclosed() && !ends_in_backslash(line) {
                return Ok(Some(gathered));
            }
        }
    }

    /// The text of the file being read, and where in it the next line stands.
    fn physical_line(&mut self, engine: &mut Engine) -> Option<(Arc<str>, Span)> {
        loop {
            let file = self.files.last_mut()?;
            if file.at >= file.text.len() {
                self.pop(engine);
                continue;
            }
            let rest = &file.text[file.at..];
            let len = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
            let span = engine.sources.whole(file.id).slice(file.at, len);
            file.at += len;
            file.line.set(file.line.get() + 1);
            self.last_line = file.line.get();
            return Some((file.text.clone(), span));
        }
    }

    /// Complains about what is still open when the text ends.
    fn end_of_files(
        &self,
        engine: &mut Engine,
        gathered: &Text,
        first: Option<(usize, Origin)>,
    ) -> Result<(), Reported> {
        if let Some((line, origin)) = self.conditions.innermost() {
            let message = format!("line {line}: Unclosed %if");
            let diagnostic = Diagnostic::error(codes::UNCLOSED_IF, message)
                .label(origin, "no `%endif` closes this")
                .help("end the conditional with `%endif`");
            return Err(engine.sink.report(diagnostic));
        }
        if let Some((line, _)) = first {
            let message = format!("line {line}: unclosed macro or bad line continuation");
            let diagnostic = Diagnostic::error(codes::UNCLOSED_MACRO, message);
            let (start, end) = unclosed_call(gathered);
            let help = match &gathered[start..end] {
                "%{" => "a `}` is missing",
                "%(" => "a `)` is missing",
                "%[" => "a `]` is missing",
                _ => "nothing follows the backslash at the end of the text",
            };
            let place = gathered.origin(start, end);
            return Err(engine
                .sink
                .report(diagnostic.label(place, "opened here").help(help)));
        }
        Ok(())
    }

    /// Cuts the next line off the pending text. A directive goes on after a backslash.
    fn split_line(&mut self) -> (Text, Option<Directive>) {
        let rest = &self.pending[self.given..];
        let directive = Directive::of(rest);
        let mut len = 0;
        loop {
            len += rest[len..]
                .find('\n')
                .map_or(rest.len() - len, |newline| newline + 1);
            let goes_on = directive.is_some() && rest[..len].ends_with("\\\n") && len < rest.len();
            if !goes_on {
                break;
            }
        }
        let line = if len == self.pending.len() {
            std::mem::take(&mut self.pending)
        } else {
            self.pending.slice(self.given, self.given + len)
        };
        self.given += len;
        match directive {
            Some(_) if line.contains("\\\n") => (join_lines(&line), directive),
            _ => (line, directive),
        }
    }

    fn warn_of_comment(&self, engine: &mut Engine, raw: &Text) {
        let Some(at) = expansion_in_comment(raw, &self.pending) else {
            return;
        };
        // As in rpm, the message takes the end of the line along.
        let rest = &raw[at..];
        let length = rest.trim_end_matches('\n').len();
        let line = self.last_line;
        let shown = rest.replace('\n', LINE_END.encode_utf8(&mut [0; 4]));
        let message = format!("Macro expanded in comment on line {line}: {shown}");
        let diagnostic = Diagnostic::warning(codes::MACRO_IN_COMMENT, message)
            .at(raw.origin(at, at + length))
            .help("write `%%` for a percent sign, or begin the comment with `%dnl`");
        engine.sink.push(diagnostic);
    }
}

/// Whether a line ends in a backslash that no other backslash protects.
fn ends_in_backslash(line: &str) -> bool {
    let line = line.strip_suffix('\n').unwrap_or("");
    let backslashes = line.len() - line.trim_end_matches('\\').len();
    backslashes % 2 == 1
}

/// The last call that no bracket closes: its `%` and opening bracket.
fn unclosed_call(text: &Text) -> (usize, usize) {
    let mut open = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes[at], bytes.get(at + 1).copied().unwrap_or(0));
        let step = match pair {
            (b'\\', _) | (b'%', b'%') => 2,
            (b'%', b'{' | b'(' | b'[') => {
                open.push((at, pair.1, true));
                2
            }
            (b'{' | b'(' | b'[', _) if open.iter().any(|(_, bracket, _)| *bracket == pair.0) => {
                open.push((at, pair.0, false));
                1
            }
            (b'}' | b')' | b']', _) => {
                let opening = match pair.0 {
                    b'}' => b'{',
                    b')' => b'(',
                    _ => b'[',
                };
                if let Some(last) = open.iter().rposition(|(_, bracket, _)| *bracket == opening) {
                    open.remove(last);
                }
                1
            }
            _ => 1,
        };
        at += step;
    }
    let call = open.iter().find(|(_, _, is_call)| *is_call);
    call.map_or((0, text.trim_end().len()), |(at, ..)| (*at, at + 2))
}

/// The first difference between a comment and its expansion, if there is one.
fn expansion_in_comment(raw: &str, expanded: &str) -> Option<usize> {
    let (mut left, mut right) = (raw.char_indices().peekable(), expanded.chars());
    loop {
        let mut next = left.next();
        if let Some((_, '%')) = next
            && let Some((_, '%')) = left.peek()
        {
            next = left.next();
        }
        match (next, right.next()) {
            (None, None) => return None,
            (Some((_, a)), Some(b)) if a == b => {}
            (Some((at, _)), _) => return Some(at),
            (None, Some(_)) => return Some(raw.len()),
        }
    }
}

/// A directive's lines as one, blanks in the place of backslashes and newlines.
fn join_lines(line: &Text) -> Text {
    let mut joined = Text::new();
    let mut start = 0;
    for (at, _) in line.match_indices("\\\n") {
        joined.push_slice(line, start, at);
        joined.push_detached("  ");
        start = at + 2;
    }
    joined.push_slice(line, start, line.len());
    joined
}

fn strip_line(mut line: Text, strip: Strip) -> Text {
    let mut end = line.len();
    let text = line.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    if strip.comments && text.starts_with('#') {
        // Blanks before it stay.
        end = line.len() - text.len();
    } else if strip.trailing_space {
        let kept = line[..end].trim_end_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
        end = kept.len();
    }
    line.truncate(end);
    line
}
