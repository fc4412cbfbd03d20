//! Reading a spec that nobody has decided to build, so that nothing of it is run.
//!
//! Macros expand as ever, but no command runs for `%( )`, and Lua reaches nothing outside and ends soon.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use expand::{Engine, Host};

use crate::event::{Event, Listener};
use crate::{Helpers, SystemHost};

/// What all Lua of such a spec may use up: far more than names and versions take, and no time that
/// anybody notices.
const LUA: lua::Limits = lua::Limits {
    instructions: 20_000_000,
    is_for_all: true,
    time: Duration::from_secs(2),
    memory: 64 << 20,
    output: 4 << 20,
};

/// A machine whose shell is never called.
pub(crate) struct ConfinedHost {
    machine: SystemHost,
    /// What every command is said to print.
    answer: &'static str,
}

impl ConfinedHost {
    /// Takes away from an engine what runs programs; each command prints `answer` instead.
    pub(crate) fn confine(engine: &mut Engine, answer: &'static str, helpers: &Helpers) {
        engine.host = Box::new(Self {
            machine: SystemHost::default(),
            answer,
        });
        engine.set_script_engine(lua::LuaEngine::new(lua::Config {
            is_confined: true,
            modules: helpers.lua_modules(),
            limits: LUA,
            ..lua::Config::default()
        }));
    }
}

impl Host for ConfinedHost {
    fn shell(&mut self, _command: &str) -> io::Result<Vec<u8>> {
        Ok(self.answer.into())
    }

    fn read_file(&mut self, path: &Path) -> io::Result<String> {
        self.machine.read_file(path)
    }

    fn exists(&mut self, path: &Path) -> bool {
        self.machine.exists(path)
    }

    fn glob(&mut self, pattern: &str) -> Vec<PathBuf> {
        self.machine.glob(pattern)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.machine.env(name)
    }

    fn set_env(&mut self, name: &str, value: Option<&str>) {
        self.machine.set_env(name, value);
    }

    fn cpus(&self) -> u32 {
        self.machine.cpus()
    }

    fn memory(&self) -> u64 {
        self.machine.memory()
    }

    fn print(&mut self, _text: &str) {}

    fn log(&mut self, _text: &str) {}

    fn verbose(&self) -> bool {
        false
    }
}

/// Passes over everything: what is found in such a reading is found again by a build.
pub(crate) struct Unheard;

impl Listener for Unheard {
    fn take(&mut self, _event: &Event<'_>) {}
}
