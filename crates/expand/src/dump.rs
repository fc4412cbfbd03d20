//! `%dump`, in the form of rpm's.

use std::borrow::Cow;
use std::fmt::Write;

use crate::definition::{Body, Macro};
use crate::engine::{Engine, read_body};

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
}
