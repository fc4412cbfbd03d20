//! What an embedded scripting language has to do for macros.
//!
//! Not here: Lua. Crate `lua` implements [`ScriptEngine`].

use crate::{Engine, Value};

/// A chunk to run, and the macro that it is part of.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// The code.
    pub code: &'a str,
    /// The name of the chunk in messages: the macro's name, or `<lua>`.
    pub name: &'a str,
    /// The option string of the parametric macro around the chunk, if it is in one.
    pub options: Option<&'a str>,
    /// That macro's name and its arguments as they were given, options included.
    pub args: &'a [String],
}

/// An error of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The interpreter's message.
    pub message: String,
    /// Line within the chunk, from 1, if the interpreter knows it.
    pub line: Option<usize>,
    /// What the chunk had printed before.
    pub printed: String,
}

/// An item of a global list for scripts to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptItem {
    /// A text, as in `sources`.
    Text(String),
    /// A number, as in `source_nums`.
    Number(i64),
}

/// An embedded scripting language, `%{lua:…}`.
///
/// Methods take `&self` because a script may expand macros that run scripts in their turn.
pub trait ScriptEngine {
    /// Runs a chunk and returns what it printed, or else what it returned.
    fn run(&self, engine: &mut Engine, script: &Script<'_>) -> Result<String, ScriptError>;

    /// Checks the syntax of a scriptlet, without running it.
    fn check(&self, code: &str, name: &str) -> Result<(), ScriptError>;

    /// Calls a global function, `lua:name(…)` in an expression; the result as text.
    fn call(
        &self,
        engine: &mut Engine,
        function: &str,
        args: &[Value],
    ) -> Result<String, ScriptError>;

    /// Makes a global list, without items.
    fn clear_list(&self, name: &str);

    /// Adds an item to a global list.
    fn add_to_list(&self, name: &str, item: ScriptItem);
}
