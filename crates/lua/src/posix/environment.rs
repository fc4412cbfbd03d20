//! Environment variables, as chunks and the processes they start see them.

use mlua::{Lua, Value};

use crate::context::Context;
use crate::native::{Answer, Args, answer};

/// `posix.getenv(NAME)`, or a table of all variables.
pub(super) fn getenv(lua: &Lua, args: &Args) -> Answer {
    let context = Context::of(lua);
    if !args.is_none(1) {
        return answer(lua, context.variable(&args.string(1)?)?);
    }
    let table = lua.create_table()?;
    if !context.is_confined {
        for (name, value) in std::env::vars_os() {
            table.set(name.to_string_lossy(), value.to_string_lossy())?;
        }
    }
    for (name, value) in context.variables() {
        table.set(name, value)?;
    }
    answer(lua, table)
}

/// `posix.setenv(NAME, VALUE, OVERWRITE)`.
pub(super) fn setenv(lua: &Lua, args: &Args) -> Answer {
    let (name, value) = (args.string(1)?, args.string(2)?);
    let overwrites = !matches!(args.value(3), Value::Boolean(false));
    if name.is_empty() || name.contains('=') {
        return super::failed(lua, nix::errno::Errno::EINVAL, Some(&name));
    }
    let context = Context::of(lua);
    if overwrites || context.variable(&name)?.is_none() {
        context.set_variable(&name, Some(value))?;
    }
    answer(lua, 0.0)
}

/// `posix.putenv("NAME=VALUE")`; without `=` the variable is taken away.
pub(super) fn putenv(lua: &Lua, args: &Args) -> Answer {
    let text = args.string(1)?;
    match text.split_once('=') {
        Some((name, value)) => Context::of(lua).set_variable(name, Some(value.to_owned()))?,
        None => Context::of(lua).set_variable(&text, None)?,
    }
    answer(lua, 0.0)
}

/// `posix.unsetenv(NAME)`.
pub(super) fn unsetenv(lua: &Lua, args: &Args) -> Answer {
    Context::of(lua).set_variable(&args.string(1)?, None)?;
    answer(lua, ())
}
