//! Rpm's embedded Lua, behind [`expand::ScriptEngine`].
//!
//! A [`LuaEngine`] holds one Lua 5.4 state, made when the first chunk runs. Globals persist between
//! chunks. Besides Lua's own libraries a chunk finds `rpm`, `posix` and `macros`, as described in
//! rpm-lua(7). Chunks may expand macros that run chunks in their turn.
//!
//! Unlike the rest of what reads a spec, a chunk may touch the world by itself: `io`, `os`, `posix`,
//! `rpm.open`, `rpm.execute` and `rpm.spawn` do, unless [`Config::is_confined`] is set.
//!
//! Not here: when chunks run, and how their faults are shown; that is the macro engine's.
//!
//! Not as in rpm: `posix.fork`, `exec`, `wait` and `redirect2null` only say that they are gone, as
//! rpm 6 does wherever macros are expanded; `debug` has `traceback` and `getinfo` alone; C modules
//! and precompiled chunks are refused, and so are finalisers (`__gc`), which nothing could stop;
//! `posix.setenv` and its kin change what this engine's chunks, its macros and their processes see,
//! not the environment of the whole process.

mod chunk;
mod codes;
mod context;
mod fault;
mod limits;
mod loops;
mod modules;
mod native;
mod options;
mod posix;
mod rpm;
mod state;
mod stdlib;
mod watch;

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

use expand::{Engine, Script, ScriptEngine, ScriptError, ScriptItem, Value};
use mlua::Lua;
use source::{Diagnostic, Reported};

pub use codes::CODES;
pub use limits::Limits;
pub use modules::Modules;

use context::Context;

/// How a [`LuaEngine`] is set up.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Run once before the first chunk, if the file is there: rpm's `init.lua`.
    pub init_file: Option<PathBuf>,
    /// Where `require` looks for `?.lua`, first to last: rpm's `%{getconfdir}/lua`.
    pub library_dirs: Vec<PathBuf>,
    /// The modules that the program brings along.
    pub modules: Modules,
    /// How much chunks may use.
    pub limits: Limits,
    /// Leaves out everything that reaches the world: for tests, fuzzers and untrusted specs.
    pub is_confined: bool,
}

/// rpm's Lua. See the crate's description.
pub struct LuaEngine {
    config: Config,
    context: Rc<Context>,
    lua: OnceCell<Lua>,
    /// Changes of lists since a chunk ran last: an item to add, or none for a new list.
    waiting_items: RefCell<Vec<(String, Option<ScriptItem>)>>,
}

impl LuaEngine {
    /// An engine without a state yet; costs next to nothing.
    pub fn new(config: Config) -> Rc<Self> {
        let context = Rc::new(Context::new(config.limits, config.is_confined));
        Rc::new(Self {
            config,
            context,
            lua: OnceCell::new(),
            waiting_items: RefCell::default(),
        })
    }

    /// Runs a chunk as a program, for rpmlua(1): each call of `print` is a line on standard output,
    /// and what the chunk returns counts for nothing. Without options `arg` holds all arguments.
    pub fn run_program(&self, engine: &mut Engine, script: &Script<'_>) -> Result<(), Reported> {
        let mut run = || {
            let _entered = self.context.enter(engine);
            chunk::run(self.state()?, script).map(drop)
        };
        run().map_err(|error| report(engine, error.message))
    }

    /// Runs statements from standard input until it ends, for `rpmlua -i`. What they print is shown
    /// at once; a fault is logged and the session goes on.
    pub fn run_session(&self, engine: &mut Engine) -> Result<(), Reported> {
        let mut run = || {
            let _entered = self.context.enter(engine);
            let state = self.state().map_err(|error| error.message)?;
            rpm::interactive::session(state).map_err(|fault| fault.message())
        };
        run().map_err(|message| report(engine, message))
    }

    /// The state, made on first use, without `init.lua`.
    fn bare_state(&self) -> Result<&Lua, ScriptError> {
        if let Some(lua) = self.lua.get() {
            return Ok(lua);
        }
        let lua =
            state::create(&self.config, &self.context).map_err(|it| chunk::failure("", &it))?;
        Ok(self.lua.get_or_init(|| lua))
    }

    /// The state, ready to run chunks. Needs an engine at hand, for `init.lua`.
    fn state(&self) -> Result<&Lua, ScriptError> {
        let lua = self.bare_state()?;
        watch::renew(lua, &self.context).map_err(|it| chunk::failure("", &it))?;
        for (name, item) in self.waiting_items.take() {
            state::add_to_list(lua, &name, item).map_err(|it| chunk::failure("", &it))?;
        }
        if let (true, Some(file)) = (self.context.is_first(), &self.config.init_file) {
            // It only fails without an engine, and there is one whenever a chunk runs.
            let _ = chunk::run_init(lua, &self.context, file);
        }
        Ok(lua)
    }
}

/// A program failed.
fn report(engine: &mut Engine, message: String) -> Reported {
    engine
        .sink
        .report(Diagnostic::error(codes::PROGRAM_FAILED, message))
}

impl ScriptEngine for LuaEngine {
    fn run(&self, engine: &mut Engine, script: &Script<'_>) -> Result<String, ScriptError> {
        let entered = self.context.enter(engine);
        let lua = self.state()?;
        let printed = entered.gather_print();
        let outcome = chunk::run(lua, script).and_then(|results| chunk::print(lua, results));
        let printed = printed.finish();
        match outcome {
            Ok(()) => Ok(printed),
            Err(error) => Err(ScriptError { printed, ..error }),
        }
    }

    /// Fails with rpm's wording, `invalid syntax in lua scriptlet: …`.
    fn check(&self, code: &str, name: &str) -> Result<(), ScriptError> {
        chunk::check(self.bare_state()?, code, name)
    }

    /// `function` may be dotted, as `string.gsub`, and is in fact any Lua expression, as in rpm.
    fn call(
        &self,
        engine: &mut Engine,
        function: &str,
        args: &[Value],
    ) -> Result<String, ScriptError> {
        let _entered = self.context.enter(engine);
        chunk::call(self.state()?, function, args)
    }

    fn clear_list(&self, name: &str) {
        let mut waiting = self.waiting_items.borrow_mut();
        waiting.push((name.to_owned(), None));
    }

    fn add_to_list(&self, name: &str, item: ScriptItem) {
        let mut waiting = self.waiting_items.borrow_mut();
        waiting.push((name.to_owned(), Some(item)));
    }
}

#[cfg(test)]
mod tests;
