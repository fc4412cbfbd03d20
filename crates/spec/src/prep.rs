//! `%prep`, and the macros `%setup` and `%patch` that exist while it is read.
//!
//! Not here: `%autosetup` and `%autopatch`, which are macros built upon these.
//! Source: rpm-spec(5), "%prep"; rpm's manual, "Auto setup".

mod patch;
mod setup;

use std::collections::HashMap;
use std::rc::Rc;

use expand::{Engine, Level};
use source::{Diagnostic, Origin, Reported, Text};

use crate::ast::{BuildSection, Source, SourceKind};
use crate::codes;
use crate::context::Context;
use crate::line::Line;
use crate::scripts;
use crate::section::Next;
use crate::words::{BAD_QUOTE, Options, parse_options, split_words};

pub(crate) use patch::parse_integer;

/// What the two macros know of the spec.
struct Facts {
    sources: HashMap<(SourceKind, u32), Source>,
    /// `NAME-VERSION`: the directory that `%setup` expects by default.
    subdir: String,
}

/// Reads `%prep`.
pub(crate) fn read(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let main = &context.spec.packages[0];
    let version = main.version.as_deref().unwrap_or_default();
    let sources = context.spec.sources.iter();
    let facts = Rc::new(Facts {
        sources: sources
            .map(|it| ((it.kind, it.number), it.clone()))
            .collect(),
        subdir: format!("{}-{version}", main.name),
    });
    let of_setup = facts.clone();
    let setup = move |engine: &mut Engine, args: &[Text]| setup::expand(engine, &of_setup, args);
    let patch = move |engine: &mut Engine, args: &[Text]| patch::expand(engine, &facts, args);
    context
        .engine
        .define_native("setup", Rc::new(setup), Level::SPEC);
    context
        .engine
        .define_native("patch", Rc::new(patch), Level::SPEC);
    let next = scripts::read(context, BuildSection::Prep, header);
    context.engine.undefine("patch");
    context.engine.undefine("setup");
    next
}

/// Refuses `%patchN`, the old form with the number glued to the name.
pub(crate) fn check_obsolete_patch(context: &mut Context<'_>, lines: &[Line]) {
    for line in lines {
        let Some(rest) = line.text.strip_prefix("%patch") else {
            continue;
        };
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 {
            continue;
        }
        let number = &rest[..digits];
        let message = format!(
            "%patchN is obsolete, use %patch N (or %patch -P N): {}",
            line.shown()
        );
        let diagnostic = Diagnostic::error(codes::OBSOLETE_PATCH, message)
            .at(line.text.origin(0, "%patch".len() + digits))
            .help(format!("write `%patch -P {number}`"));
        context.sink().report(diagnostic);
        context.sink().mark_beyond_rpm(true);
    }
}

/// A call of one of the two macros.
struct CallArgs<'a> {
    /// The macro, without `%`.
    name: &'static str,
    options: Options,
    /// The call as one line.
    line: Text,
    args: &'a [Text],
}

impl<'a> CallArgs<'a> {
    fn parse(
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

    fn report(&self, engine: &mut Engine, place: Option<Origin>, message: &str) -> Reported {
        self.report_with(engine, place, message, None)
    }

    fn report_with(
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
