//! The text of a script: a template, the section's body and a closing part, all macros, so that a build
//! root can change any of them. Source: rpm's manual, "Package build process"; rpm-spec(5), "Build
//! scriptlets".

use expand::Engine;
use source::{Origin, Text};
use spec::UndefinedCall;

use crate::BuildError;
use crate::scripts::stand_ins;

/// Which macros frame a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The part of the macro names: `__spec_<key>_template`, `…_cmd`, `…_post`.
    pub(crate) key: &'static str,
    /// The name shown in `Executing(NAME)`.
    pub(crate) name: &'static str,
    /// Whether it starts in the directory that `%setup` made.
    pub(crate) enters_subdir: bool,
}

impl Frame {
    pub(crate) const MAKE_BUILD_DIR: Self = Self::outside("builddir", "mkbuilddir");
    pub(crate) const REMOVE_BUILD: Self = Self::outside("rmbuild", "rmbuild");
    pub(crate) const PREP: Self = Self::outside("prep", "%prep");
    pub(crate) const BUILD_REQUIRES: Self =
        Self::inside("buildrequires", "%generate_buildrequires");
    pub(crate) const CONF: Self = Self::inside("conf", "%conf");
    pub(crate) const BUILD: Self = Self::inside("build", "%build");
    pub(crate) const INSTALL: Self = Self::inside("install", "%install");
    pub(crate) const CHECK: Self = Self::inside("check", "%check");
    pub(crate) const CLEAN: Self = Self::inside("clean", "%clean");

    const fn outside(key: &'static str, name: &'static str) -> Self {
        Self {
            key,
            name,
            enters_subdir: false,
        }
    }

    const fn inside(key: &'static str, name: &'static str) -> Self {
        Self {
            key,
            name,
            enters_subdir: true,
        }
    }
}

/// A script ready to run.
pub(crate) struct Script<'a> {
    pub(crate) frame: Frame,
    /// The section's body.
    pub(crate) body: &'a Text,
    /// `%buildsubdir`, or empty.
    pub(crate) subdir: &'a str,
    /// The section's line, for messages.
    pub(crate) origin: Option<Origin>,
    /// The calls in it of macros that are not defined.
    pub(crate) undefined: Vec<UndefinedCall>,
}

/// A script as it is run.
pub(crate) struct ScriptText {
    pub(crate) whole: String,
    /// How many lines are there before the section's body.
    pub(crate) lines_before: usize,
}

/// Template, `cd` into the sources, body, closing part.
pub(crate) fn script_text(
    engine: &mut Engine,
    script: &Script<'_>,
) -> Result<ScriptText, BuildError> {
    let key = script.frame.key;
    let mut text = engine.expand_str(&format!("%{{__spec_{key}_template}}"))?;
    if script.frame.enters_subdir && !script.subdir.is_empty() {
        text.push_str(&format!("cd '{}'\n", script.subdir));
    }
    let lines_before = text.matches('\n').count();
    text.push_str(script.body);
    text.push_str(&engine.expand_str(&format!("%{{__spec_{key}_post}}"))?);
    // That changes words, not lines.
    let whole = stand_ins::put_in(&text, engine)?;
    Ok(ScriptText {
        whole,
        lines_before,
    })
}
