//! The macro table: a stack of definitions for each name.
//!
//! Not here: reading definitions from text, see `define` and `load`.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use source::{Reported, Span, Text};

use crate::library::Stratum;
use crate::{Builtin, Engine};

/// Where a definition was made. Levels above 0 are calls of parametric macros: what is defined there
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

/// A macro that the caller of the engine provides; it gets its arguments as given, name first.
pub type NativeMacro = Rc<dyn Fn(&mut Engine, &[Text]) -> Result<Text, Reported>>;

/// What a macro expands to.
#[derive(Clone)]
pub enum Body {
    /// Text in a loaded macro file, not yet looked at.
    Unread(Span),
    /// Text to expand.
    Text(Rc<Text>),
    /// A builtin.
    Builtin(&'static Builtin),
    /// A function of the engine's caller.
    Native(NativeMacro),
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
    /// What it expands to.
    pub body: Body,
    /// Where it was made.
    pub level: Level,
    /// `<l>`: the body is not expanded.
    pub is_literal: bool,
    /// `<o>`: the first expansion is kept.
    pub is_one_shot: bool,
    /// The body holds quoted arguments.
    pub(crate) is_quoted: bool,
    /// It has been looked up.
    pub(crate) is_used: Cell<bool>,
    /// The bytes of its body, if a file holds them.
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

    /// Whether it takes arguments.
    pub fn is_parametric(&self) -> bool {
        self.options.is_some() || matches!(self.body, Body::Native(_))
    }

    /// Whether it can be redefined.
    pub(crate) fn is_builtin(&self) -> bool {
        matches!(
            self.body,
            Body::Builtin(_) | Body::Native(_) | Body::Counter(_)
        )
    }
}

/// All macros: the last definition of each name is in force.
///
/// Names that only a [`crate::Library`] defines get their stack when they are first asked for.
#[derive(Default)]
pub struct MacroTable {
    /// Where the stack of a name is.
    places: HashMap<Arc<str>, usize, std::hash::BuildHasherDefault<NameHasher>>,
    stacks: Vec<Stack>,
    /// What libraries were loaded, in order. A name that has a stack has their definitions on it.
    strata: Vec<Stratum>,
}

/// The definitions of one name, the one in force last. It may be empty.
struct Stack {
    name: Arc<str>,
    definitions: Vec<Rc<Macro>>,
}

impl MacroTable {
    /// The definition in force.
    pub(crate) fn get(&mut self, name: &str) -> Option<&mut Rc<Macro>> {
        self.stack_of(name).definitions.last_mut()
    }

    /// Whether a name has a definition.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self.places.get(name) {
            Some(place) => !self.stacks[*place].definitions.is_empty(),
            None => self.strata.iter().any(|stratum| stratum.has(name)),
        }
    }

    /// All definitions of a name, the one in force last.
    pub fn stack(&self, name: &str) -> &[Rc<Macro>] {
        let place = self.places.get(name);
        place.map_or(&[], |place| &self.stacks[*place].definitions)
    }

    /// Puts a definition on top.
    pub(crate) fn push(&mut self, definition: Macro) {
        let stack = self.stack_of(&definition.name);
        stack.definitions.push(Rc::new(definition));
    }

    /// Takes the top definition away.
    pub(crate) fn pop(&mut self, name: &str) {
        self.stack_of(name).definitions.pop();
    }

    pub(crate) fn reserve(&mut self, names: usize) {
        self.places.reserve(names);
    }

    /// Adds what a library defines on top of what is there.
    pub(crate) fn add(&mut self, stratum: Stratum) {
        for stack in &mut self.stacks {
            stratum.stack_on(&stack.name, &mut stack.definitions);
        }
        self.strata.push(stratum);
    }

    /// Adds what a library defines, for names that have no definition.
    pub(crate) fn add_for_the_rest(&mut self, stratum: Stratum) {
        let stratum = stratum.for_the_rest();
        self.add(stratum);
    }

    /// Gives every name its stack.
    pub(crate) fn complete(&mut self) {
        let names = self.strata.iter().flat_map(Stratum::names);
        for name in names.collect::<Vec<_>>() {
            self.stack_of(name);
        }
    }

    /// The definitions in force, sorted by name.
    pub fn sorted(&self) -> Vec<&Macro> {
        let tops = self.stacks.iter().map(|stack| stack.definitions.last());
        let mut all: Vec<&Macro> = tops.flatten().map(|definition| &**definition).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    fn stack_of(&mut self, name: &str) -> &mut Stack {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => self.open_stack(name),
        };
        &mut self.stacks[place]
    }

    fn open_stack(&mut self, name: &str) -> usize {
        let name: Arc<str> = name.into();
        let mut definitions = Vec::new();
        for stratum in &self.strata {
            stratum.stack_on(&name, &mut definitions);
        }
        let place = self.stacks.len();
        self.places.insert(name.clone(), place);
        self.stacks.push(Stack { name, definitions });
        place
    }
}

/// FNV-1a: names are short and come from specs that run code anyway, so speed is all that counts.
#[derive(Clone)]
pub(crate) struct NameHasher(u64);

impl Default for NameHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl std::hash::Hasher for NameHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}
