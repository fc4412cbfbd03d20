//! What chunks may use up, so that no spec hangs the build or fills the machine.
//!
//! Counted are the interpreter's instructions and the steps of matching patterns. One instruction
//! may still work on megabytes, so the time of the processor is looked at as well.

use std::rc::Rc;
use std::time::Duration;

use mlua::{HookTriggers, Lua, VmState};

use crate::context::Context;

/// Instructions between two looks at the count.
const STEP: u32 = 500;

/// What chunks may use up. The defaults are far above what macros of distributions need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instructions of one chunk, with all that it calls. The default takes some ten seconds.
    pub instructions: u64,
    /// Whether instructions and time are for all chunks together.
    pub is_for_all: bool,
    /// Time of the processor for one chunk, the programs it runs left out.
    pub time: Duration,
    /// Memory of the whole state, in bytes.
    pub memory: usize,
    /// Text that one chunk may print, in bytes.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            instructions: 1_000_000_000,
            is_for_all: false,
            time: Duration::from_secs(30),
            memory: 256 << 20,
            output: 64 << 20,
        }
    }
}

/// Puts the limits into force.
pub(crate) fn apply(lua: &Lua, context: &Rc<Context>) -> mlua::Result<()> {
    lua.set_memory_limit(context.limits.memory)?;
    watch(
        lua,
        Rc::clone(context),
        STEP.min(narrow(context.limits.instructions)),
    )
}

fn watch(lua: &Lua, context: Rc<Context>, step: u32) -> mlua::Result<()> {
    let triggers = HookTriggers::new().every_nth_instruction(step.max(1));
    lua.set_global_hook(triggers, move |lua, frame| {
        if context.spend(u64::from(step)) {
            return Ok(VmState::Continue);
        }
        // From now on every instruction fails, so that no `pcall` can go on regardless.
        watch(lua, Rc::clone(&context), 1)?;
        let place = crate::native::place(frame);
        let message = context.is_over();
        Err(mlua::Error::runtime(format!("{place}{message}")))
    })
}

fn narrow(instructions: u64) -> u32 {
    u32::try_from(instructions).unwrap_or(u32::MAX)
}

/// Gives the next outermost chunk its full count.
pub(crate) fn renew(lua: &Lua, context: &Rc<Context>) -> mlua::Result<()> {
    if context.renew() {
        apply(lua, context)
    } else {
        Ok(())
    }
}
