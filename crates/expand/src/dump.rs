//! `%dump` and `%trace`, in the form of rpm's.

use std::borrow::Cow;
use std::fmt::Write;

use crate::Engine;
use crate::engine::read_body;
use crate::table::{Body, Macro};

impl Engine {
    /// The table of macros as `%dump` and `--showrc` print it, sorted by name: level, `=` if it was
    /// used or `:` if not, name, modifiers, options, body.
    pub fn dump(&mut self) -> String {
        self.table.complete();
        let mut dump = "========================\n".to_owned();
        let all = self.table.sorted();
        for definition in &all {
            self.dump_one(definition, &mut dump);
        }
        let count = all.len();
        dump.push_str(&format!(
            "======================== active {count} empty 0\n"
        ));
        dump
    }

    fn dump_one(&self, definition: &Macro, dump: &mut String) {
        let used = if definition.is_used.get() { '=' } else { ':' };
        let mut line = format!("{:>3}{used} {}", definition.level.0, definition.name);
        let modifiers = [(definition.is_literal, "l"), (definition.is_one_shot, "o")];
        let modifiers: String = modifiers
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, m)| *m)
            .collect();
        if !modifiers.is_empty() {
            line.push_str(&format!("<{modifiers}>"));
        }
        if let Some(options) = definition
            .options
            .as_deref()
            .filter(|options| !options.is_empty())
        {
            line.push_str(&format!("({options})"));
        }
        let body = match &definition.body {
            Body::Text(text) => text.as_str().into(),
            Body::Unread(span) => read_body(&self.sources, *span).into_string().into(),
            Body::Builtin(_) => Cow::from("<builtin>"),
            Body::Native(_) | Body::Counter(_) => "<aux>".into(),
        };
        // Writing to a string can't fail.
        let _ = writeln!(dump, "{line}\t{body}");
    }

    /// Notes with the finding that a text failed, what failed in it, and what it had come to; rpm prints
    /// that where it is verbose.
    pub(crate) fn trace_failure(&mut self, made: &str) {
        let failed = self.failed_call.take();
        if !self.host.verbose() {
            return;
        }
        let depth = self.depth();
        let name = failed.as_ref().map_or("", |it| &it.name);
        let mut lines = format!(
            "{depth:>3}<{:indent$} (%{name})\n",
            "",
            indent = 2 * depth + 1
        );
        let made = made.trim_end_matches('\n');
        let shown = match depth {
            0 => made,
            _ => made.rsplit('\n').next().unwrap_or_default(),
        };
        if !shown.is_empty() {
            lines.push_str(shown);
            lines.push('\n');
        }
        self.spent.bytes = self.spent.bytes.saturating_add(lines.len());
        self.sink.trace(&lines);
    }

    /// From here on every expansion is logged.
    pub(crate) fn start_trace(&mut self) {
        self.trace = self.trace.max(1);
    }

    /// Logs one expansion, if tracing is on.
    pub(crate) fn trace_result(&mut self, definition: &Macro, made: &str) {
        if self.trace == 0 {
            return;
        }
        let depth = self.depth();
        let last_line = made
            .trim_end_matches('\n')
            .rsplit('\n')
            .next()
            .unwrap_or("");
        let indent = 2 * depth + 1;
        let name = &definition.name;
        let line = format!("{depth:>3}<{:indent$} (%{name})\n{last_line}\n", "");
        self.spent.bytes = self.spent.bytes.saturating_add(line.len());
        self.host.log(&line);
    }
}
