//! The expansion loop.
//!
//! Text is read once, front to back: what stands between calls is copied with its origin, and each
//! call is looked up and expanded in its place. Nothing is expanded that the result does not need:
//! the other side of a condition stays as it is.
//!
//! Source: rpm-macros(7), "Expansion".

use std::rc::Rc;

use source::{Diagnostic, Frame, FrameId, Text, octets};

use crate::args::{Outcome, QUOTE, detached, split_quoted};
use crate::buffer::{Buffer, Site, copy, site};
use crate::builtin::{self, BuiltinCall};
use crate::call::{Call, NamedCall, Range, parse_call};
use crate::scan::find_byte;
use crate::scan::find_macro_end;
use crate::table::{Body, Macro};
use crate::{Engine, codes, expr};

/// Characters of an unfinished call that a message repeats.
const MOST_SHOWN: usize = 1000;

/// Bytes of memory that a word of a call takes beside its text.
const WORD: usize = 256;

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
                    self.expand_call(text, percent, frame, out)?
                }
            };
        }
        copy(text, at..text.len(), frame, &mut out.text);
        Ok(())
    }

    /// Expands the call at `percent`; returns where reading goes on.
    fn expand_call(
        &mut self,
        text: &Text,
        percent: usize,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome<usize> {
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
            Call::Shell { command, end } => {
                self.recorded(text, percent, None, out, |engine, out| {
                    let origin = site(text, percent..end, frame);
                    let command = text.slice(command.start, command.end);
                    engine.expand_shell(&command, Site { origin, frame }, out)?;
                    Ok(end)
                })
            }
            Call::Expression { expression, end } => {
                self.recorded(text, percent, None, out, |engine, out| {
                    let origin = site(text, percent..end, frame);
                    let expression = text.slice(expression.start, expression.end);
                    let value = expr::evaluate(engine, &expression, frame, true)?;
                    out.push(&value.to_string(), origin);
                    Ok(end)
                })
            }
            Call::Named(call) => self.expand_by_name(text, percent, &call, frame, out),
        }
    }

    /// Expands a call by name, which stays as it is if nothing defines it; returns where reading
    /// goes on.
    fn expand_by_name(
        &mut self,
        text: &Text,
        percent: usize,
        call: &NamedCall,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome<usize> {
        let name = &text[call.name.clone()];
        let definition = self.lookup(name);
        let defined = definition.as_ref().and_then(|it| it.defined);
        if name.starts_with('-') || call.is_conditional {
            let called = definition.clone();
            let expanded = self.recorded(text, percent, defined, out, |engine, out| {
                engine.expand_condition(text, percent, call, definition, frame, out)?;
                Ok(call.end)
            });
            self.trace.last_call = called;
            return expanded;
        }
        let Some(found) = definition else {
            self.trace.last_call = None;
            self.count(call.end - percent, text.origin(percent, percent + 1))?;
            self.record_unknown(text, percent, call.end);
            copy(text, percent..percent + 1, frame, &mut out.text);
            return Ok(call.resume);
        };
        let expanded = self.recorded(text, percent, defined, out, |engine, out| {
            engine.expand_named(text, percent, call, &found, frame, out)
        });
        self.trace.last_call = Some(found);
        expanded
    }

    /// `%{?name}`, `%{!?name:text}`, `%{-f:text}`.
    fn expand_condition(
        &mut self,
        text: &Text,
        percent: usize,
        call: &NamedCall,
        definition: Option<Rc<Macro>>,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome {
        if definition.is_some() == call.is_negated {
            return Ok(());
        }
        match (&call.argument, definition) {
            (Some(argument), _) if !argument.is_empty() => {
                self.expand_into(&text.slice(argument.start, argument.end), frame, out)
            }
            (_, Some(definition)) => {
                let origin = site(text, percent..call.end, frame);
                self.expand_macro(&definition, None, None, Site { origin, frame }, out)
            }
            _ => Ok(()),
        }
    }

    /// A call by name of a macro that is defined; returns where reading goes on.
    fn expand_named(
        &mut self,
        text: &Text,
        percent: usize,
        call: &NamedCall,
        definition: &Macro,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome<usize> {
        let at = Site {
            origin: site(text, percent..call.end, frame),
            frame,
        };
        let takes_args = definition.options.is_some() || definition.is_builtin();
        if !takes_args {
            if call.argument.is_some() || (call.is_braced && call.words.is_some()) {
                self.push_in_file(unexpected_argument(&definition.name, at));
            }
            self.expand_macro(definition, None, None, at, out)?;
            return Ok(call.end);
        }
        if let Body::Builtin(builtin) = definition.body
            && builtin.is_free_field
            && !call.is_braced
        {
            let rest = text.slice(call.end, text.len());
            let mut taken = 0;
            self.expand_macro(definition, Some(&[rest]), Some(&mut taken), at, out)?;
            return Ok(call.end + taken);
        }
        let takes_no_words = matches!(definition.body, Body::Builtin(b) if b.takes_nothing());
        let words = call
            .words
            .clone()
            .filter(|_| call.is_braced || !takes_no_words);
        let (args, end, grabbed) =
            self.grab_args(text, call, definition, words, frame, out.keep_quoted);
        let at = Site {
            origin: site(text, percent..end, frame),
            frame,
        };
        if let Err(reported) = grabbed {
            self.call_anyway(definition, &args, at, out);
            return Err(reported);
        }
        self.expand_macro(definition, Some(&args), None, at, out)?;
        Ok(end)
    }

    /// Does what rpm does though an argument failed: builtins see what there is of their arguments,
    /// so that `%{warn:…}` warns, and options are checked; but nothing more is expanded.
    fn call_anyway(&mut self, definition: &Macro, args: &[Text], at: Site, out: &mut Buffer) {
        match &definition.body {
            Body::Builtin(builtin) if builtin.expands_again() => {
                let checked = builtin::check_arity(self, builtin, args, at.origin);
                // It adds its argument as it is to what it expands to.
                if checked.is_ok() && builtin.name == "uncompress" {
                    out.text.push_text(&args[0]);
                }
            }
            Body::Builtin(_) => {
                self.expand_macro(definition, Some(args), None, at, out)
                    .ok();
            }
            Body::Text(body)
                if !body.is_empty() && self.open_scope(definition, args, at.origin).is_ok() =>
            {
                self.close_scope();
            }
            _ => {}
        }
    }

    /// The arguments of a call, expanded as far as that went, where reading goes on, and whether
    /// all went well.
    fn grab_args(
        &mut self,
        text: &Text,
        call: &NamedCall,
        definition: &Macro,
        words: Option<Range>,
        frame: Option<FrameId>,
        keep_quoted: bool,
    ) -> (Vec<Text>, usize, Outcome) {
        let splits = call.argument.is_none();
        let Some(range) = call.argument.clone().or(words) else {
            return (Vec::new(), call.end, Ok(()));
        };
        let given = text.slice(range.start, range.end);
        let end = if call.is_braced {
            call.end
        } else {
            line_end(text, range.end)
        };
        if matches!(definition.body, Body::Builtin(builtin) if builtin.is_free_field) {
            return (vec![given], end, Ok(()));
        }
        let mut expanded = Buffer {
            keep_quoted: keep_quoted || splits,
            ..Buffer::default()
        };
        let outcome = self.expand_into(&given, frame, &mut expanded);
        if !splits {
            return (vec![expanded.text], end, outcome);
        }
        let words = memchr::memchr2_iter(b' ', b'\t', expanded.text.as_bytes()).count();
        match self.count(words * WORD, text.origin(range.start, range.end)) {
            Ok(()) => (split_quoted(&expanded.text), end, outcome),
            Err(reported) => (Vec::new(), end, outcome.and(Err(reported))),
        }
    }

    /// Expands one macro in its place.
    pub(crate) fn expand_macro(
        &mut self,
        definition: &Macro,
        args: Option<&[Text]>,
        taken: Option<&mut usize>,
        at: Site,
        out: &mut Buffer,
    ) -> Outcome {
        let start = out.text.len();
        match &definition.body {
            Body::Builtin(builtin) => {
                let args = args.unwrap_or(&[]);
                builtin::run(
                    self,
                    builtin,
                    &mut BuiltinCall {
                        args,
                        taken,
                        at,
                        out,
                    },
                )?;
            }
            Body::Native(native) => {
                let mut all = vec![detached(&*definition.name)];
                all.extend_from_slice(args.unwrap_or(&[]));
                let made = native.clone()(self, &all)?;
                match at.origin {
                    // What has no place of its own stems from the call.
                    Some(origin) if made.whole().is_none() => out.text.push_str(&made, origin),
                    _ => out.text.push_text(&made),
                }
            }
            Body::Counter(cell) => out.push(&cell.get().to_string(), at.origin),
            Body::Text(body) if definition.is_literal => out.text.push_text(body),
            Body::Text(body) => self.expand_body(definition, body, args, at, out)?,
            Body::Unread(_) => {}
        }
        if definition.is_literal || !matches!(definition.body, Body::Text(_)) {
            self.spent.bytes += out.text.len().saturating_sub(start);
        }
        if definition.is_quoted {
            if out.keep_quoted {
                out.have_quoted = true;
            } else {
                out.remove_quotes(start);
            }
        }
        Ok(())
    }

    fn expand_body(
        &mut self,
        definition: &Macro,
        body: &Rc<Text>,
        args: Option<&[Text]>,
        at: Site,
        out: &mut Buffer,
    ) -> Outcome {
        if body.is_empty() {
            // As in rpm, not even options are looked at.
            return Ok(());
        }
        let start = out.text.len();
        let frame = match at.origin {
            None => at.frame,
            Some(call) => {
                let name = definition.name.clone();
                self.sources.push_frame(Frame {
                    name,
                    call,
                    defined: definition.defined,
                })
            }
        };
        let args = args.filter(|_| definition.options.is_some());
        if let Some(args) = args {
            self.open_scope(definition, args, at.origin)?;
        }
        let result = if definition.is_quoted && out.keep_quoted {
            self.expand_quoted(body, frame, out)
        } else {
            self.expand_into(body, frame, out)
        };
        if args.is_some() {
            self.close_scope();
        }
        result?;
        if definition.is_one_shot {
            let made = out.text.slice(start, out.text.len());
            let body = Body::Text(Rc::new(made));
            let kept = Macro {
                body,
                is_literal: true,
                is_one_shot: false,
                ..definition.clone()
            };
            self.table.push(kept);
        }
        Ok(())
    }

    /// Expands a body with quoted arguments in it: between quote marks, quotes are not wanted. The
    /// marks are kept though something between them fails.
    fn expand_quoted(&mut self, body: &Text, frame: Option<FrameId>, out: &mut Buffer) -> Outcome {
        let (mut start, mut outcome) = (0, Ok(()));
        for (mark, _) in body.match_indices(QUOTE) {
            outcome = outcome.and_then(|()| self.expand_into(&body.slice(start, mark), frame, out));
            copy(body, mark..mark + QUOTE.len_utf8(), frame, &mut out.text);
            out.keep_quoted = !out.keep_quoted;
            start = mark + QUOTE.len_utf8();
        }
        outcome =
            outcome.and_then(|()| self.expand_into(&body.slice(start, body.len()), frame, out));
        out.keep_quoted = true;
        outcome
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

fn unexpected_argument(name: &str, at: Site) -> Diagnostic {
    let message = format!("unexpected argument to non-parametric macro %{name}");
    Diagnostic::warning(codes::BAD_CALL, message)
        .at(at.origin)
        .help(format!("a macro defined as `{name}()` takes arguments"))
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

/// Where reading goes on after a call that took all words of its line: the newline stays unless a
/// backslash precedes it.
fn line_end(text: &str, end: usize) -> usize {
    let continues = text[..end].ends_with('\\') && text[end..].starts_with('\n');
    end + usize::from(continues)
}
