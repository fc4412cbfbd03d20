//! `%prep`, and the macros `%setup` and `%patch` that exist while it is read.
//!
//! Not here: `%autosetup` and `%autopatch`, which are macros built upon these.
//! Source: rpm-spec(5), "%prep"; rpm's manual, "Auto setup".

mod call;
pub(crate) mod patch;
mod setup;

use std::rc::Rc;

use expand::{Engine, Level};
use source::{Reported, Text};

use crate::ast::BuildSection;
use crate::context::Context;
use crate::line::Line;
use crate::scripts;
use crate::section::Next;

use call::Facts;

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
