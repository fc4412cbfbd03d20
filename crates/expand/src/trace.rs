//! `%trace`: each call before it is expanded, and what each text came to, in the form of rpm's. Where rpm
//! is verbose, what failed is told in the same way.

use std::rc::Rc;

use source::Text;

use crate::Engine;
use crate::args::Outcome;
use crate::scan::find_macro_end;
use crate::table::Macro;

/// What is traced.
#[derive(Default)]
pub(crate) struct Trace {
    /// Whether calls and results are logged in the text that is being expanded.
    is_on: bool,
    /// Whether they are in every text from here on.
    is_everywhere: bool,
    /// The last macro called by name in that text.
    pub(crate) last_call: Option<Rc<Macro>>,
}

/// What goes on when a text within another is done.
pub(crate) struct Around {
    is_on: bool,
    last_call: Option<Rc<Macro>>,
}

impl Trace {
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Begins a text, which is the outermost at depth 1.
    pub(crate) fn enter(&mut self, depth: usize) -> Around {
        if depth == 1 {
            self.is_on = self.is_everywhere;
        }
        Around {
            is_on: self.is_on,
            last_call: self.last_call.take(),
        }
    }

    /// Ends a text. What was switched on within it alone is off again.
    pub(crate) fn leave(&mut self, around: Around) {
        self.is_on = around.is_on;
        self.last_call = around.last_call;
    }
}

impl Engine {
    /// From here on every expansion is logged: in all texts if the outermost says so, else in this one.
    pub(crate) fn start_trace(&mut self) {
        self.trace.is_on = true;
        self.trace.is_everywhere |= self.depth() == 1;
    }

    /// Logs the call at `percent`, a caret after it, and the rest of its line but for one character.
    pub(crate) fn trace_call(&mut self, text: &Text, percent: usize) {
        let rest = &text[percent..];
        let Some(end) = find_macro_end(&rest[1..]).map(|end| end + 1) else {
            return;
        };
        let after = rest[end..].split('\n').next().unwrap_or_default();
        let mut after = after.chars();
        after.next();
        let call = rest[..end].trim_start_matches(['%', '!', '?']);
        let depth = self.depth();
        let indent = 2 * depth + 1;
        let line = format!("{depth:>3}>{:indent$}%{call}^{}\n", "", after.as_str());
        self.log_trace(&line);
    }

    /// Logs what a text came to, if that is asked for, or notes it with the finding that made it fail.
    pub(crate) fn trace_result(&mut self, made: &str, result: &Outcome) {
        let is_verbose = result.is_err() && self.host.verbose();
        if !is_verbose && !self.trace.is_on() {
            return;
        }
        let depth = self.depth();
        let called = self.trace.last_call.as_ref();
        let name = called.map_or("", |called| &called.name);
        let indent = 2 * depth + 1;
        let mut lines = format!("{depth:>3}<{:indent$} (%{name})\n", "");
        if !made.is_empty() {
            let made = made.trim_end_matches('\n');
            lines.push_str(match depth {
                0 => made,
                _ => made.rsplit('\n').next().unwrap_or_default(),
            });
            lines.push('\n');
        }
        match is_verbose && !self.sink.found().is_empty() {
            true => self.sink.trace(&lines),
            false => self.log_trace(&lines),
        }
    }

    fn log_trace(&mut self, lines: &str) {
        self.spent.bytes = self.spent.bytes.saturating_add(lines.len());
        self.host.log(lines);
    }
}
