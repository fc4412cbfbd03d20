//! Calls by name: `%name`, `%{name:argument}` and `%{?name}`.

use std::rc::Rc;

use source::{Diagnostic, Span, Text};

use crate::args::{Outcome, split_quoted};
use crate::buffer::{Buffer, CallStart, Invocation, Site, copy};
use crate::builtin::{self, Builtin};
use crate::call::NamedCall;
use crate::codes;
use crate::definition::{Body, Macro};
use crate::engine::Engine;
use crate::scan::find_macro_end;
use crate::steps::Step;

/// Bytes of memory that a word of a call takes beside its text.
const WORD: usize = 256;

/// The arguments of a call.
struct GatheredArgs {
    /// The arguments, expanded as far as that went.
    args: Vec<Text>,
    /// Where reading goes on.
    end: usize,
    /// Whether all of them could be expanded.
    outcome: Outcome,
}

impl GatheredArgs {
    fn new(args: Vec<Text>, end: usize, outcome: Outcome) -> Self {
        Self { args, end, outcome }
    }
}

impl Engine {
    /// Expands a call by name, which stays as it is if nothing defines it; returns where reading
    /// goes on.
    pub(crate) fn expand_by_name(
        &mut self,
        start: CallStart<'_>,
        call: &NamedCall,
        out: &mut Buffer,
    ) -> Outcome<usize> {
        let CallStart { text, percent, .. } = start;
        let name = &text[call.name.clone()];
        let definition = self.lookup(name);
        let defined = definition.as_ref().and_then(|it| it.defined);
        if name.starts_with('-') || call.is_conditional {
            let called = definition.clone();
            let expanded = self.recorded(start, defined, out, |engine, out| {
                engine.expand_condition(start, call, definition, out)?;
                Ok(call.end)
            });
            self.trace.last_call = called;
            return expanded;
        }
        let Some(found) = definition else {
            self.trace.last_call = None;
            self.count(call.end - percent, text.origin(percent, percent + 1))?;
            self.record_unknown(start, call.end);
            copy(text, percent..percent + 1, start.frame, &mut out.text);
            return Ok(call.resume);
        };
        let expanded = self.recorded(start, defined, out, |engine, out| {
            engine.expand_named(start, call, &found, out)
        });
        self.trace.last_call = Some(found);
        expanded
    }

    /// `%{?name}`, `%{!?name:text}`, `%{-f:text}`.
    fn expand_condition(
        &mut self,
        start: CallStart<'_>,
        call: &NamedCall,
        definition: Option<Rc<Macro>>,
        out: &mut Buffer,
    ) -> Outcome {
        if definition.is_some() == call.is_negated {
            return Ok(());
        }
        match (&call.argument, definition) {
            (Some(argument), _) if !argument.is_empty() => {
                let argument = start.text.slice(argument.start, argument.end);
                self.expand_into(&argument, start.frame, out)
            }
            (_, Some(definition)) => {
                let plain = Invocation::plain(start.to(call.end));
                self.expand_macro(&definition, plain, out)
            }
            _ => Ok(()),
        }
    }

    /// A call by name of a macro that is defined; returns where reading goes on.
    fn expand_named(
        &mut self,
        start: CallStart<'_>,
        call: &NamedCall,
        definition: &Macro,
        out: &mut Buffer,
    ) -> Outcome<usize> {
        let at = start.to(call.end);
        let takes_args = definition.options.is_some() || definition.is_builtin();
        if !takes_args {
            if call.argument.is_some() || (call.is_braced && call.words.is_some()) {
                self.push_in_file(unexpected_argument(&definition.name, at));
            }
            self.expand_macro(definition, Invocation::plain(at), out)?;
            return Ok(call.end);
        }
        let builtin = definition.builtin();
        if builtin.is_some_and(|it| it.is_free_field) && !call.is_braced {
            let rest = start.text.slice(call.end, start.text.len());
            let mut taken = 0;
            let given = Invocation {
                args: Some(&[rest]),
                taken: Some(&mut taken),
                at,
            };
            self.expand_macro(definition, given, out)?;
            return Ok(call.end + taken);
        }
        let gathered = self.gather_args(start, call, builtin, out.keep_quoted);
        let (args, at) = (&gathered.args, start.to(gathered.end));
        if let Err(reported) = gathered.outcome {
            self.call_anyway(definition, args, at, out);
            return Err(reported);
        }
        let given = Invocation {
            args: Some(args),
            taken: None,
            at,
        };
        self.expand_macro(definition, given, out)?;
        Ok(gathered.end)
    }

    /// Does what rpm does though an argument failed: builtins see the arguments as far as they were expanded,
    /// so that `%{warn:…}` warns, and options are checked; but nothing more is expanded.
    fn call_anyway(&mut self, definition: &Macro, args: &[Text], at: Site, out: &mut Buffer) {
        match &definition.body {
            Body::Builtin(number) if number.builtin().expands_again() => {
                let builtin = number.builtin();
                let checked = builtin::check_arity(self, builtin, args, at.origin);
                // It adds its argument as it is to what it expands to.
                if checked.is_ok() && builtin.name == "uncompress" {
                    out.text.push_text(&args[0]);
                }
            }
            Body::Builtin(_) => {
                let given = Invocation {
                    args: Some(args),
                    taken: None,
                    at,
                };
                self.expand_macro(definition, given, out).ok();
            }
            Body::Text(body)
                if !body.is_empty() && self.open_scope(definition, args, at.origin).is_ok() =>
            {
                self.close_scope();
            }
            _ => {}
        }
    }

    /// The arguments of a call.
    fn gather_args(
        &mut self,
        CallStart { text, frame, .. }: CallStart<'_>,
        call: &NamedCall,
        builtin: Option<&Builtin>,
        keep_quoted: bool,
    ) -> GatheredArgs {
        let takes_words = call.is_braced || !builtin.is_some_and(Builtin::takes_nothing);
        let words = call.words.clone().filter(|_| takes_words);
        let splits = call.argument.is_none();
        let Some(range) = call.argument.clone().or(words) else {
            return GatheredArgs::new(Vec::new(), call.end, Ok(()));
        };
        let given = text.slice(range.start, range.end);
        let end = if call.is_braced {
            call.end
        } else {
            line_end(text, range.end)
        };
        if builtin.is_some_and(|it| it.is_free_field) {
            return GatheredArgs::new(vec![given], end, Ok(()));
        }
        let mut expanded = Buffer {
            keep_quoted: keep_quoted || splits,
            ..Buffer::default()
        };
        let outcome = self.expand_into(&given, frame, &mut expanded);
        if !splits {
            return GatheredArgs::new(vec![expanded.text], end, outcome);
        }
        let words = memchr::memchr2_iter(b' ', b'\t', expanded.text.as_bytes()).count();
        match self.count(words * WORD, text.origin(range.start, range.end)) {
            Ok(()) => GatheredArgs::new(split_quoted(&expanded.text), end, outcome),
            Err(reported) => GatheredArgs::new(Vec::new(), end, outcome.and(Err(reported))),
        }
    }

    /// Expands a call, whose macro has its body at `defined`, and records it as a step if steps are
    /// recorded; `work` returns where the call ends.
    pub(crate) fn recorded(
        &mut self,
        start: CallStart<'_>,
        defined: Option<Span>,
        out: &mut Buffer,
        work: impl FnOnce(&mut Self, &mut Buffer) -> Outcome<usize>,
    ) -> Outcome<usize> {
        let Some(recorder) = &mut self.recorder else {
            return work(self, out);
        };
        recorder.open();
        let before = out.text.len();
        let result = work(self, out);
        let CallStart { text, percent, .. } = start;
        let end = result.unwrap_or_else(|_| percent + 1 + call_length(&text[percent + 1..]));
        let step = Step {
            call: text[percent..end].to_owned(),
            origin: text.origin(percent, end),
            defined,
            made: result
                .ok()
                .map(|_| out.text[before.min(out.text.len())..].to_owned()),
            is_known: true,
            steps: Vec::new(),
        };
        if let Some(recorder) = &mut self.recorder {
            recorder.close(step);
        }
        result
    }

    /// Records a call of a macro that is not defined.
    fn record_unknown(&mut self, CallStart { text, percent, .. }: CallStart<'_>, end: usize) {
        if let Some(recorder) = &mut self.recorder {
            let call = &text[percent..end];
            recorder.add(Step {
                call: call.to_owned(),
                origin: text.origin(percent, end),
                defined: None,
                made: Some(call.to_owned()),
                is_known: false,
                steps: Vec::new(),
            });
        }
    }
}

/// The length of a call that failed.
fn call_length(after_percent: &str) -> usize {
    find_macro_end(after_percent).unwrap_or(after_percent.len())
}

fn unexpected_argument(name: &str, at: Site) -> Diagnostic {
    let message = format!("unexpected argument to non-parametric macro %{name}");
    Diagnostic::warning(codes::BAD_CALL, message)
        .at(at.origin)
        .help(format!("a macro defined as `{name}()` takes arguments"))
}

/// Where reading goes on after a call that took all words of its line: the newline stays unless a
/// backslash precedes it.
fn line_end(text: &str, end: usize) -> usize {
    let continues = text[..end].ends_with('\\') && text[end..].starts_with('\n');
    end + usize::from(continues)
}
