//! A macro: its name, its options and what it expands to.
//!
//! Not here: reading definitions from text, see `define` and `load`; what builtins and functions of the
//! engine's caller do, which definitions only know by their numbers.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use source::{Span, Text};

/// The level a definition was made at. Levels above 0 are calls of parametric macros: what is defined there
/// goes when the call ends. Source: rpm's `rpmmacro.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(pub i32);

impl Level {
    /// Builtins.
    pub const BUILTIN: Self = Self(-20);
    /// rpmrc.
    pub const RPMRC: Self = Self(-11);
    /// Macro files.
    pub const MACRO_FILES: Self = Self(-13);
    /// The tool's own configuration.
    pub const CONFIG: Self = Self(-9);
    /// `--define`.
    pub const COMMAND_LINE: Self = Self(-7);
    /// Tags of the spec.
    pub const SPEC: Self = Self(-3);
    /// `%global`, and `%define` outside of parametric macros.
    pub const GLOBAL: Self = Self(0);
}

/// The number of a builtin in [`crate::BUILTINS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltinNumber(pub(crate) usize);

/// The number of a function that the caller of an engine has defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeNumber(pub(crate) usize);

/// The text or the code of a macro.
#[derive(Clone)]
pub enum Body {
    /// Text in a loaded macro file, not yet looked at.
    Unread(Span),
    /// Text to expand.
    Text(Rc<Text>),
    /// A builtin.
    Builtin(BuiltinNumber),
    /// A function of the engine's caller.
    Native(NativeNumber),
    /// The number in the cell, as `%__file_lineno`.
    Counter(Rc<Cell<usize>>),
}

/// One definition.
#[derive(Clone)]
pub struct Macro {
    /// Name, without `%`.
    pub name: Arc<str>,
    /// Option string of a parametric macro.
    pub options: Option<Arc<str>>,
    /// The text or the code that it expands to.
    pub body: Body,
    /// The level it was made at.
    pub level: Level,
    /// `<l>`: the body is not expanded.
    pub is_literal: bool,
    /// `<o>`: the first expansion is kept.
    pub is_one_shot: bool,
    /// The body has marks of quoted arguments.
    pub(crate) is_quoted: bool,
    /// It has been used.
    pub(crate) is_used: Cell<bool>,
    /// The place of its body, if that is in a file.
    pub defined: Option<Span>,
}

impl Macro {
    /// A simple macro whose body is text.
    pub(crate) fn simple(name: &str, body: Text, level: Level) -> Self {
        let defined = body.whole().map(|origin| origin.span);
        Self {
            name: name.into(),
            options: None,
            body: Body::Text(Rc::new(body)),
            level,
            is_literal: false,
            is_one_shot: false,
            is_quoted: false,
            is_used: Cell::new(false),
            defined,
        }
    }

    /// Whether calls of it take arguments.
    pub fn is_parametric(&self) -> bool {
        self.options.is_some() || matches!(self.body, Body::Native(_))
    }

    /// Whether it is a builtin or belongs to the caller, so that specs cannot redefine it.
    pub(crate) fn is_builtin(&self) -> bool {
        matches!(
            self.body,
            Body::Builtin(_) | Body::Native(_) | Body::Counter(_)
        )
    }
}
