//! What exists only while a parametric macro is being expanded: `%1`, `%*`, `%{-f}`, and macros
//! defined inside.
//!
//! Source: rpm-macros(7), "Automatic macros", "Scope and visibility".

use std::sync::Arc;

use source::{Diagnostic, Origin, Text};

use crate::args::{Outcome, detached, join, parse_options, said_by_getopt, unsplit_quoted};
use crate::table::{Level, Macro};
use crate::{Engine, codes};

/// A parametric macro that is being expanded, as its body and scripts see it.
#[derive(Clone, Default)]
pub struct ExpandedMacro {
    /// Its name.
    pub name: String,
    /// Its option string.
    pub options: String,
    /// Its arguments as given, options included.
    pub args: Vec<String>,
    /// `%0`, `%1`, `%*`, `%-f` and the like.
    automatic: Vec<(String, Text)>,
    /// Names of macros defined in this call.
    locals: Vec<Arc<str>>,
}

/// What a macro that does not know an option does know.
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

impl Engine {
    /// The level that `%define` defines at.
    pub(crate) fn level(&self) -> Level {
        Level(i32::try_from(self.scopes.len()).unwrap_or(i32::MAX))
    }

    /// Adds a definition; one made inside a parametric macro goes when the call ends.
    pub(crate) fn push_local(&mut self, definition: Macro) {
        if definition.level.0 > 0
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.locals.push(definition.name.clone());
        }
        self.table.push(definition);
    }

    /// `%1`, `%*`, `%{-f}` and the like, as the innermost call sees them.
    pub(crate) fn automatic(&self, name: &str) -> Option<&Text> {
        let is_automatic = |byte: &u8| byte.is_ascii_digit() || b"*#-".contains(byte);
        name.as_bytes().first().filter(|byte| is_automatic(byte))?;
        let scope = self.scopes.last()?;
        scope
            .automatic
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text)
    }

    /// Sets up `%1`, `%*`, `%{-f}` and the like for a call.
    pub(crate) fn open_scope(
        &mut self,
        called: &Macro,
        args: &[Text],
        call: Option<Origin>,
    ) -> Outcome {
        let options = called.options.as_deref().unwrap_or("");
        let parsed = parse_options(options, args).map_err(|letter| {
            let name = &called.name;
            let message = format!("Unknown option {letter} in {name}({options})");
            let diagnostic = Diagnostic::error(codes::BAD_CALL, message)
                .at(call)
                .line_before(said_by_getopt(name, options, letter));
            self.report_in_file(diagnostic.help(known_options(options, letter)))
        })?;
        let mut automatic = vec![("0".to_owned(), detached(&*called.name))];
        automatic.push(("**".to_owned(), unsplit_quoted(args)));
        for option in &parsed.options {
            let letter = option.letter;
            let mut shown = detached(format!("-{letter}"));
            if let Some(argument) = &option.argument {
                shown.push_detached(" ");
                shown.push_text(argument);
                automatic.push((format!("-{letter}*"), argument.clone()));
            }
            automatic.push((format!("-{letter}"), shown));
        }
        automatic.push(("#".to_owned(), detached(parsed.words.len().to_string())));
        for (index, word) in parsed.words.iter().enumerate() {
            automatic.push(((index + 1).to_string(), word.clone()));
        }
        automatic.push(("*".to_owned(), join(&parsed.words)));
        self.scopes.push(ExpandedMacro {
            name: called.name.to_string(),
            options: options.to_owned(),
            args: args.iter().map(|arg| arg.as_str().to_owned()).collect(),
            automatic,
            locals: Vec::new(),
        });
        Ok(())
    }

    /// Drops what the innermost call defined, with a word about what it never used, in the order
    /// of names.
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
