//! Hooks: `rpm.register`, `rpm.unregister` and `rpm.call`.

use mlua::{AnyUserData, Function, Lua, Table, UserData, Value};
use source::Diagnostic;

use crate::context::Context;
use crate::fault::Fault;
use crate::native::{Answer, Args, answer};
use crate::{codes, fault};

/// Where the registry keeps the hooks: a list of tables with `name`, `body` and `handle`.
const REGISTRY_KEY: &str = "specbuild.hooks";

/// What `rpm.register` returns and `rpm.unregister` takes.
struct Handle;

impl UserData for Handle {}

fn hooks(lua: &Lua) -> Result<Table, Fault> {
    if let Value::Table(hooks) = lua.named_registry_value(REGISTRY_KEY)? {
        return Ok(hooks);
    }
    let hooks = lua.create_table()?;
    lua.set_named_registry_value(REGISTRY_KEY, &hooks)?;
    Ok(hooks)
}

fn name(args: &Args) -> Result<String, Fault> {
    if args.is_string(1) {
        args.string(1)
    } else {
        Err(Fault::Argument(1, "hook name expected".to_owned()))
    }
}

/// `rpm.register(NAME, FUNCTION)`: a handle.
pub(crate) fn register(lua: &Lua, args: &Args) -> Answer {
    let name = name(args)?;
    let Value::Function(body) = args.value(2) else {
        return Err(Fault::Argument(2, "function expected".to_owned()));
    };
    let (entry, handle) = (lua.create_table()?, lua.create_userdata(Handle)?);
    entry.raw_set("name", name)?;
    entry.raw_set("body", body)?;
    entry.raw_set("handle", &handle)?;
    hooks(lua)?.raw_push(entry)?;
    answer(lua, handle)
}

/// `rpm.unregister(NAME, HANDLE)`.
pub(crate) fn unregister(lua: &Lua, args: &Args) -> Answer {
    let name = name(args)?;
    let Value::UserData(handle) = args.value(2) else {
        return Err(Fault::Argument(2, "hook information expected".to_owned()));
    };
    let hooks = hooks(lua)?;
    for number in (1..=hooks.raw_len()).rev() {
        let entry: Table = hooks.raw_get(number)?;
        let is_same = entry.raw_get::<AnyUserData>("handle")? == handle;
        if is_same && entry.raw_get::<String>("name")? == name {
            hooks.raw_remove(number)?;
        }
    }
    answer(lua, ())
}

/// `rpm.call(NAME, …)`: calls each function with a table of the arguments, until one returns a
/// number other than 0. A function that fails is reported, and the next one called.
pub(crate) fn call(lua: &Lua, args: &Args) -> Answer {
    let name = name(args)?;
    let values = (2..=args.len()).map(|number| hook_value(args.value(number)));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    for body in registered(lua, &name)? {
        match body.call::<Value>(lua.create_sequence_from(values.clone())?) {
            Ok(result) if stops(&result) => break,
            Ok(_) => {}
            Err(error) => report(&Context::of(lua), &error)?,
        }
    }
    answer(lua, ())
}

fn registered(lua: &Lua, name: &str) -> Result<Vec<Function>, Fault> {
    let mut bodies = Vec::new();
    for entry in hooks(lua)?.sequence_values::<Table>() {
        let entry = entry?;
        if entry.raw_get::<String>("name")? == name {
            bodies.push(entry.raw_get("body")?);
        }
    }
    Ok(bodies)
}

/// Hooks take numbers (whole ones as integers), strings and userdata; nil becomes a null pointer.
fn hook_value(value: Value) -> Result<Value, Fault> {
    match value {
        Value::Nil => Ok(Value::LightUserData(mlua::LightUserData(
            std::ptr::null_mut(),
        ))),
        Value::Number(number) if number == f64::from(number as i32) => {
            Ok(Value::Integer(number as i64))
        }
        Value::Integer(_) | Value::Number(_) | Value::String(_) => Ok(value),
        Value::UserData(_) | Value::LightUserData(_) => Ok(value),
        _ => Err(Fault::text("unsupported Lua type passed to hook")),
    }
}

fn stops(result: &Value) -> bool {
    matches!(result, Value::Integer(number) if *number != 0)
        || matches!(result, Value::Number(number) if *number as i64 != 0)
}

fn report(context: &Context, error: &mlua::Error) -> Result<(), Fault> {
    let message = format!("lua hook failed: {}", fault::message(error));
    context.with_engine(|engine| {
        engine
            .sink
            .push(Diagnostic::error(codes::HOOK_FAILED, message));
    })
}
