//! `rpm.interactive`: lines of Lua from the terminal, run one by one.

use std::io::{BufRead, IsTerminal};

use mlua::{Lua, Value};

use crate::chunk;
use crate::context::Context;
use crate::native::{Answer, Args, Fault, answer};
use crate::stdlib::show;

/// Runs lines until the end of input. Needs a terminal.
pub(crate) fn run(lua: &Lua, _: &Args) -> Answer {
    let input = std::io::stdin();
    if !input.is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Fault::text("not a tty"));
    }
    let context = Context::of(lua);
    show(&context, b"\nRPM Interactive Lua 5.4 Interpreter\n> ")?;
    for line in input.lock().lines() {
        let Ok(line) = line else { break };
        let shown = run_line(lua, &line).unwrap_or_else(|error| chunk::message(&error));
        show(&context, format!("{shown}\n> ").as_bytes())?;
    }
    show(&context, b"\n")?;
    answer(lua, ())
}

/// Runs a line; `=` before an expression shows its value.
fn run_line(lua: &Lua, line: &str) -> mlua::Result<String> {
    let code = match line.strip_prefix('=') {
        Some(expression) => format!("return {expression}"),
        None => line.to_owned(),
    };
    let results: mlua::MultiValue = lua.load(code).set_name("<lua>").call(())?;
    let texts = results
        .iter()
        .map(Value::to_string)
        .collect::<mlua::Result<Vec<_>>>()?;
    Ok(texts.join("\t"))
}
