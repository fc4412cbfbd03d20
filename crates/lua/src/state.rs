//! Making a Lua state.

use std::rc::Rc;

use expand::ScriptList;
use mlua::{Lua, LuaOptions, StdLib, Table};

use crate::context::Context;
use crate::{Config, limits, posix, rpm, stdlib};

/// A state with Lua's libraries and rpm's.
pub(crate) fn create(config: &Config, context: &Rc<Context>) -> mlua::Result<Lua> {
    let lua = Lua::new_with(StdLib::ALL_SAFE, LuaOptions::default())?;
    lua.set_app_data(Rc::clone(context));
    stdlib::adapt(&lua, config)?;
    let posix = posix::create(&lua, context.is_confined)?;
    add_module(&lua, "posix", &posix)?;
    let rpm = rpm::create(&lua, context.is_confined)?;
    add_module(&lua, "rpm", &rpm)?;
    lua.globals().set("macros", rpm::create_macros(&lua)?)?;
    limits::apply(&lua, context)?;
    Ok(lua)
}

/// Makes a table known both as a global and to `require`.
fn add_module(lua: &Lua, name: &str, module: &Table) -> mlua::Result<()> {
    lua.globals().set(name, module)?;
    lua.register_module(name, module)
}

/// Sets a global list.
pub(crate) fn set_list(lua: &Lua, name: &str, list: ScriptList) -> mlua::Result<()> {
    let table = match list {
        ScriptList::Strings(strings) => lua.create_sequence_from(strings)?,
        ScriptList::Numbers(numbers) => lua.create_sequence_from(numbers)?,
    };
    lua.globals().set(name, table)
}
