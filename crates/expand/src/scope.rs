//! The scope of a parametric macro that is being expanded: `%1`, `%*`, `%{-f}`, and macros that its body
//! defines.
//!
//! Source: rpm-macros(7), "Automatic macros", "Scope and visibility".

use std::sync::Arc;

use source::Text;

use crate::args::{detached, join, parse_options, unsplit_quoted};
use crate::definition::Macro;

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
    pub(crate) locals: Vec<Arc<str>>,
}

impl ExpandedMacro {
    /// A call of a macro with arguments. The error is the letter of an option that it does not know.
    pub(crate) fn new(called: &Macro, args: &[Text]) -> Result<Self, char> {
        let options = called.options.as_deref().unwrap_or("");
        let parsed = parse_options(options, args)?;
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
        Ok(Self {
            name: called.name.to_string(),
            options: options.to_owned(),
            args: args.iter().map(|arg| arg.as_str().to_owned()).collect(),
            automatic,
            locals: Vec::new(),
        })
    }

    /// `%1`, `%*`, `%{-f}` and the like.
    pub(crate) fn automatic(&self, name: &str) -> Option<&Text> {
        let mut known = self.automatic.iter().rev();
        known.find(|(known, _)| known == name).map(|(_, text)| text)
    }
}
