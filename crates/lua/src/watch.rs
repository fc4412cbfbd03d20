//! Watches over the limits of chunks while they run.

use std::rc::Rc;

use mlua::{HookTriggers, Lua, VmState};

use crate::context::Context;
use crate::fault::place;

/// Instructions between two looks at the count.
const STEP: u32 = 500;

/// Puts the limits into force.
pub(crate) fn apply(lua: &Lua, context: &Rc<Context>) -> mlua::Result<()> {
    lua.set_memory_limit(context.limits.memory)?;
    watch(
        lua,
        Rc::clone(context),
        STEP.min(narrow(context.limits.instructions)),
    )
}

/// Looks at the count every `step` instructions.
fn watch(lua: &Lua, context: Rc<Context>, step: u32) -> mlua::Result<()> {
    let triggers = HookTriggers::new().every_nth_instruction(step.max(1));
    lua.set_global_hook(triggers, move |lua, frame| {
        if context.spend(u64::from(step)) {
            return Ok(VmState::Continue);
        }
        // From now on every instruction fails, so that no `pcall` can go on regardless.
        watch(lua, Rc::clone(&context), 1)?;
        let place = place(frame);
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
