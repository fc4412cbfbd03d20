//! Calls of parametric macros: from the setting of `%1` and `%{-f}` to the dropping of what the call
//! defined.
//!
//! Source: rpm-macros(7), "Scope and visibility".

use source::{Diagnostic, Origin, Text};

use crate::args::{Outcome, getopt_message};
use crate::codes;
use crate::definition::Macro;
use crate::engine::Engine;
use crate::scope::ExpandedMacro;

impl Engine {
    /// Adds a definition; one made inside a parametric macro goes when the call ends.
    pub(crate) fn push_local(&mut self, definition: Macro) {
        if definition.level.0 > 0
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.locals.push(definition.name.clone());
        }
        self.table.push(definition);
    }

    /// Sets up `%1`, `%*`, `%{-f}` and the like for a call.
    pub(crate) fn open_scope(
        &mut self,
        called: &Macro,
        args: &[Text],
        call: Option<Origin>,
    ) -> Outcome {
        let scope = ExpandedMacro::new(called, args).map_err(|letter| {
            let options = called.options.as_deref().unwrap_or("");
            let name = &called.name;
            let message = format!("Unknown option {letter} in {name}({options})");
            let diagnostic = Diagnostic::error(codes::BAD_CALL, message)
                .at(call)
                .line_before(getopt_message(name, options, letter));
            self.report_in_file(diagnostic.help(known_options(options, letter)))
        })?;
        self.scopes.push(scope);
        Ok(())
    }

    /// Drops what the innermost call defined, with a warning for what it never used, in the order of
    /// names.
    pub(crate) fn close_scope(&mut self) {
        let level = self.level();
        let Some(mut scope) = self.scopes.pop() else {
            return;
        };
        scope.locals.sort_unstable();
        for name in scope.locals {
            let Some(top) = self.table.get(&name).filter(|top| top.level >= level) else {
                continue;
            };
            if !top.is_used.get() {
                let message = format!("Macro %{name} defined but not used within scope");
                let origin = top.defined.map(Origin::from);
                self.push_in_file(Diagnostic::warning(codes::UNUSED, message).at(origin));
            }
            while self.table.get(&name).is_some_and(|top| top.level >= level) {
                self.table.pop(&name);
            }
        }
    }
}

/// The options that a macro knows, for a call with one that it does not know.
fn known_options(options: &str, letter: char) -> String {
    if letter != ':' && options.contains(letter) {
        return format!("`-{letter}` takes an argument");
    }
    let known = options.chars().filter(char::is_ascii_alphanumeric);
    let known: Vec<_> = known.map(|letter| format!("`-{letter}`")).collect();
    match known.split_last() {
        None => "it takes no options; after `--` none are looked for".to_owned(),
        Some((last, [])) => format!("{last} is known; after `--` no options are looked for"),
        Some((last, others)) => format!("{} and {last} are known", others.join(", ")),
    }
}
