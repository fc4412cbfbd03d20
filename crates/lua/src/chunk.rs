//! Running chunks, with errors in rpm's words.

use std::path::Path;
use std::rc::Rc;

use expand::{Script, ScriptError};
use mlua::{Function, IntoLuaMulti, Lua, MultiValue, Value};
use source::Diagnostic;

use crate::context::Context;
use crate::fault::{Fault, message};
use crate::{codes, options};

/// Runs a chunk; what it returns.
pub(crate) fn run(lua: &Lua, script: &Script<'_>) -> Result<MultiValue, ScriptError> {
    run_unlocated(lua, script).map_err(|error| located(error, script.name))
}

fn run_unlocated(lua: &Lua, script: &Script<'_>) -> Result<MultiValue, ScriptError> {
    let code = format!("local opt, arg = ...;{}", script.code);
    let chunk = compile(lua, &code, script.name)
        .map_err(|error| failure("invalid syntax in lua script: ", &error))?;
    let args = macro_args(lua, script)?;
    chunk
        .call(args)
        .map_err(|error| failure("lua script failed: ", &error))
}

/// Prints what a chunk returned, if it returned anything.
pub(crate) fn print(lua: &Lua, results: MultiValue) -> Result<(), ScriptError> {
    if results.is_empty() {
        return Ok(());
    }
    let print: mlua::Result<Function> = lua.globals().get("print");
    print
        .and_then(|it| it.call::<()>(results))
        .map_err(|error| failure("result print failed: ", &error))
}

/// Checks the syntax of a chunk.
pub(crate) fn check(lua: &Lua, code: &str, name: &str) -> Result<(), ScriptError> {
    let checked = compile(lua, code, name);
    checked
        .map(drop)
        .map_err(|error| failure("invalid syntax in lua scriptlet: ", &error))
        .map_err(|error| located(error, name))
}

/// Runs `init.lua`. A fault in it is reported; chunks run all the same, as in rpm.
pub(crate) fn run_init(lua: &Lua, context: &Rc<Context>, file: &Path) -> Result<(), Fault> {
    let code = context.with_engine(|engine| {
        engine
            .host
            .exists(file)
            .then(|| engine.host.read_file(file))
    })?;
    let outcome = match code {
        None => Ok(()),
        Some(Ok(code)) => run_file(lua, &code, file),
        Some(Err(error)) => Err(format!("cannot read {}: {error}", file.display())),
    };
    let Err(message) = outcome else { return Ok(()) };
    context.with_engine(|engine| {
        engine
            .sink
            .push(Diagnostic::error(codes::INIT_FAILED, message));
    })
}

fn run_file(lua: &Lua, code: &str, file: &Path) -> Result<(), String> {
    let chunk = compile(lua, code, &format!("@{}", file.display()))
        .map_err(|error| format!("invalid syntax in lua file: {}", message(&error)))?;
    chunk
        .call::<()>(())
        .map_err(|error| format!("lua script failed: {}", message(&error)))
}

/// Calls the function that an expression stands for; the result as text.
pub(crate) fn call(
    lua: &Lua,
    function: &str,
    args: &[expand::Value],
) -> Result<String, ScriptError> {
    let prefix = format!("{function}: ");
    let results = compile(lua, &format!("return ({function})(...)"), function)
        .and_then(|chunk| chunk.call::<Value>(lua_args(lua, args)?))
        .and_then(|result| result_text(lua, &result));
    results.map_err(|error| failure(&prefix, &error))
}

fn compile(lua: &Lua, code: &str, name: &str) -> mlua::Result<Function> {
    lua.load(code)
        .set_name(name)
        .set_mode(mlua::chunk::ChunkMode::Text)
        .into_function()
}

/// The tables `opt` and `arg`. Without options the arguments stay as they are, a name included.
fn macro_args(lua: &Lua, script: &Script<'_>) -> Result<MultiValue, ScriptError> {
    let after_name = script.args.get(1..).unwrap_or_default();
    let options = match script.options {
        Some(letters) => options::parse(letters, after_name).map_err(|letter| ScriptError {
            message: format!("Unknown option {letter} in {}({letters})", script.name),
            line: None,
            printed: String::new(),
        })?,
        None => options::Options {
            words: script.args.to_vec(),
            ..Default::default()
        },
    };
    let tables = || {
        let opt = lua.create_table()?;
        for (letter, value) in options.given {
            opt.set(letter.to_string(), value)?;
        }
        (opt, lua.create_sequence_from(options.words)?).into_lua_multi(lua)
    };
    tables().map_err(|error| failure("lua script failed: ", &error))
}

fn lua_args(lua: &Lua, args: &[expand::Value]) -> mlua::Result<MultiValue> {
    let values = args.iter().map(|arg| match arg {
        expand::Value::Integer(number) => Ok(Value::Integer((*number).into())),
        expand::Value::String(text) => Ok(Value::String(lua.create_string(text)?)),
        _ => Err(mlua::Error::runtime("unsupported function argument type")),
    });
    values
        .collect::<mlua::Result<Vec<_>>>()
        .map(MultiValue::from_vec)
}

/// nil and false are empty, true is 1.
fn result_text(lua: &Lua, result: &Value) -> mlua::Result<String> {
    match result {
        Value::Nil | Value::Boolean(false) => Ok(String::new()),
        Value::Boolean(true) => Ok("1".to_owned()),
        other => {
            let to_string: Function = lua.globals().get("tostring")?;
            let text: mlua::LuaString = to_string.call(other)?;
            Ok(source::octets::carry_back(text.as_bytes().to_vec()))
        }
    }
}

/// An error in rpm's words: what failed, then Lua's message without the traceback.
pub(crate) fn failure(what: &str, error: &mlua::Error) -> ScriptError {
    ScriptError {
        message: format!("{what}{}", message(error)),
        line: None,
        printed: String::new(),
    }
}

/// Adds the line that the message names, if it is one of the chunk called `name`.
fn located(mut error: ScriptError, name: &str) -> ScriptError {
    let mark = format!("[string \"{name}\"]:");
    let line = error.message.split_once(&mark).and_then(|(_, after)| {
        let (line, _) = after.split_once(':')?;
        line.parse().ok()
    });
    error.line = line;
    error
}
