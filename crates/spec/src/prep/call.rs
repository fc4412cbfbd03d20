//! A call of `%setup` or `%patch`, and the facts of the spec that it is expanded with.

use std::collections::HashMap;

use expand::Engine;
use source::{Diagnostic, Origin, Reported, Text};

use crate::ast::{Source, SourceKind};
use crate::codes;
use crate::words::{BAD_QUOTE, Options, parse_options, split_words};

/// What the two macros know of the spec.
pub(super) struct Facts {
    pub(super) sources: HashMap<(SourceKind, u32), Source>,
    /// `NAME-VERSION`: the directory that `%setup` expects by default.
    pub(super) subdir: String,
}

/// A call of one of the two macros.
pub(super) struct CallArgs<'a> {
    /// The macro, without `%`.
    name: &'static str,
    pub(super) options: Options,
    /// The call as one line.
    pub(super) line: Text,
    args: &'a [Text],
}

impl<'a> CallArgs<'a> {
    pub(super) fn parse(
        engine: &mut Engine,
        name: &'static str,
        args: &'a [Text],
        known: &str,
    ) -> Result<Self, Reported> {
        let line = join(args);
        let call = Self {
            name,
            options: Options::default(),
            line,
            args,
        };
        let words = split_words(&call.line).map_err(|_| {
            call.report(engine, None, &format!("Error parsing %{name}: {BAD_QUOTE}"))
        })?;
        let options = parse_options(&words[1..], known).map_err(|bad| {
            let message = match name {
                "setup" => format!("Bad %setup option {}: {}", bad.word, bad.message),
                _ => format!("{}: {}: {}", bad.message, bad.word, call.line),
            };
            let help = match (name, bad.word.starts_with("-p")) {
                ("setup", true) => {
                    "patches are applied by `%patch -P 0 -p1`, or all by `%autosetup -p1` in place of `%setup`"
                        .to_owned()
                }
                _ => bad.help(&format!("`%{name}`"), known),
            };
            call.report_with(engine, bad.word.whole(), &message, Some(help))
        })?;
        Ok(Self { options, ..call })
    }

    /// Where the call's arguments stand, as far as that is known.
    fn origin(&self) -> Option<Origin> {
        self.args.iter().find_map(Text::whole)
    }

    pub(super) fn report(
        &self,
        engine: &mut Engine,
        place: Option<Origin>,
        message: &str,
    ) -> Reported {
        self.report_with(engine, place, message, None)
    }

    pub(super) fn report_with(
        &self,
        engine: &mut Engine,
        place: Option<Origin>,
        message: &str,
        help: Option<String>,
    ) -> Reported {
        let diagnostic = Diagnostic::error(codes::BAD_PREP, message).label(
            place.or(self.origin()),
            format!("in this call of `%{}`", self.name),
        );
        engine.report_in_file(diagnostic.help_if(help))
    }
}

/// Words joined by blanks.
fn join(words: &[Text]) -> Text {
    let mut line = Text::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            line.push_detached(" ");
        }
        line.push_text(word);
    }
    line
}
