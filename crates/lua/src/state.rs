//! Making a Lua state.

use std::rc::Rc;

use expand::ScriptItem;
use mlua::{Lua, LuaOptions, StdLib, Table, Value};

use crate::context::Context;
use crate::{Config, posix, rpm, stdlib, watch};

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
    watch::apply(&lua, context)?;
    Ok(lua)
}

/// Makes a table known both as a global and to `require`.
fn add_module(lua: &Lua, name: &str, module: &Table) -> mlua::Result<()> {
    lua.globals().set(name, module)?;
    lua.register_module(name, module)
}

/// Adds an item to a global list, or makes a new list. What a chunk may have put in place of the list
/// stays.
pub(crate) fn add_to_list(lua: &Lua, name: &str, item: Option<ScriptItem>) -> mlua::Result<()> {
    let globals = lua.globals();
    let Some(item) = item else {
        return globals.raw_set(name, lua.create_table()?);
    };
    let Value::Table(list) = globals.raw_get(name)? else {
        return Ok(());
    };
    let at = list.raw_len() + 1;
    match item {
        ScriptItem::Text(text) => list.raw_set(at, text),
        ScriptItem::Number(number) => list.raw_set(at, number),
    }
}
