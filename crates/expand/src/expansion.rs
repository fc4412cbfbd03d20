//! The expansion loop.
//!
//! Text is read once, front to back: what stands between calls is copied with its origin, and each
//! call is looked up and expanded in its place. Nothing is expanded that the result does not need:
//! the other side of a condition stays as it is.
//!
//! Not here: what callers ask for, see `ways_in`; calls by name, see `by_name`.
//!
//! Source: rpm-macros(7), "Expansion".

use source::{Diagnostic, FrameId, Text, octets};

use crate::args::Outcome;
use crate::buffer::{Buffer, CallStart, Site, copy, site};
use crate::call::{Call, Range, parse_call};
use crate::engine::Engine;
use crate::scan::{find_byte, find_macro_end};
use crate::{codes, expr, trace};

/// Characters of an unfinished call that a message repeats.
const MOST_SHOWN: usize = 1000;

impl Engine {
    /// Expands a text into a buffer. `frame` is the call whose body the text is.
    pub(crate) fn expand_into(
        &mut self,
        text: &Text,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome {
        self.enter(text.whole())?;
        let before = out.size();
        let around = self.trace.enter(self.depth);
        let mut last = out.text.len();
        let result = self.expand_calls(text, frame, out, &mut last);
        self.spent.bytes += out.size().saturating_sub(before);
        self.depth -= 1;
        if result.is_err() || self.trace.is_on() {
            self.trace_result(out.text.get(last..).unwrap_or_default(), &result);
        }
        self.trace.leave(around);
        result
    }

    /// `last` becomes the place in `out` that a trace shows from: where the last call began, but all of
    /// the outermost text is shown.
    fn expand_calls(
        &mut self,
        text: &Text,
        frame: Option<FrameId>,
        out: &mut Buffer,
        last: &mut usize,
    ) -> Outcome {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(offset) = find_byte(b'%', &bytes[at..]) {
            let percent = at + offset;
            copy(text, at..percent, frame, &mut out.text);
            at = match bytes.get(percent + 1) {
                None => {
                    copy(text, percent..percent + 1, frame, &mut out.text);
                    percent + 1
                }
                Some(b'%') => {
                    copy(text, percent + 1..percent + 2, frame, &mut out.text);
                    percent + 2
                }
                Some(_) => {
                    if self.depth > 1 {
                        *last = out.text.len();
                    }
                    if self.trace.is_on() {
                        self.trace_call(text, percent);
                    }
                    let start = CallStart {
                        text,
                        frame,
                        percent,
                    };
                    self.expand_call(start, out)?
                }
            };
        }
        copy(text, at..text.len(), frame, &mut out.text);
        Ok(())
    }

    /// Expands a call; returns where reading goes on.
    fn expand_call(&mut self, start: CallStart<'_>, out: &mut Buffer) -> Outcome<usize> {
        let CallStart {
            text,
            frame,
            percent,
        } = start;
        match parse_call(text, percent + 1) {
            Call::Literal { resume } => {
                // What is between brackets has been looked through, and is read again.
                let passed = find_macro_end(&text[percent + 1..]).unwrap_or(0);
                self.count(passed, text.origin(percent, percent + 1))?;
                copy(text, percent..percent + 1, frame, &mut out.text);
                Ok(resume)
            }
            Call::Unterminated { bracket } => {
                let fault = unterminated(text, percent..bracket, frame);
                Err(self.report_in_file(fault))
            }
            Call::Shell { command, end } => self.recorded(start, None, out, |engine, out| {
                let command = text.slice(command.start, command.end);
                engine.expand_shell(&command, start.to(end), out)?;
                Ok(end)
            }),
            Call::Expression { expression, end } => {
                self.recorded(start, None, out, |engine, out| {
                    let origin = start.to(end).origin;
                    let expression = text.slice(expression.start, expression.end);
                    let value = expr::evaluate(engine, &expression, frame, true)?;
                    out.push(&value.to_string(), origin);
                    Ok(end)
                })
            }
            Call::Named(call) => self.expand_by_name(start, &call, out),
        }
    }

    /// Logs a call before it is expanded.
    fn trace_call(&mut self, text: &Text, percent: usize) {
        if let Some(line) = trace::call_line(self.depth, text, percent) {
            self.log_trace(&line);
        }
    }

    /// Logs what a text came to, if that is asked for, or notes it with the finding that made it fail.
    fn trace_result(&mut self, made: &str, result: &Outcome) {
        let is_verbose = result.is_err() && self.host.verbose();
        if !is_verbose && !self.trace.is_on() {
            return;
        }
        let lines = self.trace.result_lines(self.depth, made);
        match is_verbose && !self.sink.found().is_empty() {
            true => self.sink.trace(&lines),
            false => self.log_trace(&lines),
        }
    }

    fn log_trace(&mut self, lines: &str) {
        self.spent.bytes = self.spent.bytes.saturating_add(lines.len());
        self.host.log(lines);
    }

    /// `%(command)`.
    fn expand_shell(&mut self, command: &Text, at: Site, out: &mut Buffer) -> Outcome {
        let mut expanded = Buffer::default();
        self.expand_into(command, at.frame, &mut expanded)?;
        match self.host.shell(&expanded.text) {
            Ok(output) => {
                let output = octets::carry(output);
                self.spent.bytes += output.len();
                out.push(output.trim_end_matches(['\n', '\r']), at.origin);
                Ok(())
            }
            Err(error) => {
                let command = expanded.text;
                let message =
                    format!("Failed to open shell expansion pipe for command: {command}: {error}");
                let diagnostic = Diagnostic::error(codes::SHELL, message).at(at.origin);
                Err(self.report_in_file(diagnostic))
            }
        }
    }
}

/// A call whose bracket, at the end of `call`, is never closed.
fn unterminated(text: &Text, call: Range, frame: Option<FrameId>) -> Diagnostic {
    let rest = &text[call.end..];
    let shown = rest.chars().next().unwrap_or('{');
    let first_line = rest.split('\n').next().unwrap_or(rest);
    let first_line: String = first_line.chars().take(MOST_SHOWN).collect();
    let message = format!("Unterminated {shown}: {first_line}");
    let origin = site(text, call.start..call.end + 1, frame);
    Diagnostic::error(codes::UNTERMINATED, message).label(origin, "this is never closed")
}
