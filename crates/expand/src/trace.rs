//! `%trace`: each call before it is expanded, and what each text came to, in the form of rpm's. Where rpm
//! is verbose, it shows failed calls in the same form.

use std::rc::Rc;

use source::Text;

use crate::definition::Macro;
use crate::scan::find_macro_end;

/// Whether expansions are logged.
#[derive(Default)]
pub(crate) struct Trace {
    /// Whether calls and results are logged in the text that is being expanded.
    is_on: bool,
    /// Whether they are in every text from here on.
    is_everywhere: bool,
    /// The last macro called by name in that text.
    pub(crate) last_call: Option<Rc<Macro>>,
}

/// The state of the text around, for when a text within it is done.
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
    /// From here on every expansion is logged: in all texts if the outermost says so, else in this one.
    pub(crate) fn start(&mut self, depth: usize) {
        self.is_on = true;
        self.is_everywhere |= depth == 1;
    }

    /// The lines for what a text came to.
    pub(crate) fn result_lines(&self, depth: usize, made: &str) -> String {
        let name = self.last_call.as_ref().map_or("", |called| &called.name);
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
        lines
    }
}

/// The line for the call at `percent`: the call, a caret after it, and the rest of its line but for one
/// character.
pub(crate) fn call_line(depth: usize, text: &Text, percent: usize) -> Option<String> {
    let rest = &text[percent..];
    let end = find_macro_end(&rest[1..])? + 1;
    let after = rest[end..].split('\n').next().unwrap_or_default();
    let mut after = after.chars();
    after.next();
    let call = rest[..end].trim_start_matches(['%', '!', '?']);
    let indent = 2 * depth + 1;
    Some(format!(
        "{depth:>3}>{:indent$}%{call}^{}\n",
        "",
        after.as_str()
    ))
}
