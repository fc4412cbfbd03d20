//! `rpm.interactive` and rpmlua(1) without a script: statements line by line.

use std::io::{BufRead, IsTerminal, StdinLock};

use mlua::{Lua, MultiValue};

use crate::context::Context;
use crate::fault;
use crate::fault::Fault;
use crate::native::{Answer, Args, answer};
use crate::stdlib::show;

/// `rpm.interactive()`: needs a terminal.
pub(crate) fn run(lua: &Lua, _: &Args) -> Answer {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Fault::text("not a tty"));
    }
    session(lua)?;
    answer(lua, ())
}

/// Runs statements from standard input until it ends.
pub(crate) fn session(lua: &Lua) -> Result<(), Fault> {
    let context = Context::of(lua);
    show(&context, b"\nRPM Interactive Lua 5.4 Interpreter\n")?;
    let mut input = std::io::stdin().lock();
    while let Some(statement) = read_statement(lua, &context, &mut input)? {
        let run = statement.and_then(|function| function.call::<MultiValue>(()));
        if let Err(error) = run {
            let line = format!("{}\n", fault::message(&error));
            context.with_engine(|engine| engine.host.log(&line))?;
        }
    }
    show(&context, b"\n")
}

type Statement = mlua::Result<mlua::Function>;

/// The next statement, which may take several lines; `None` at the end of input. `=` before an
/// expression prints its value.
fn read_statement(
    lua: &Lua,
    context: &Context,
    input: &mut StdinLock<'_>,
) -> Result<Option<Statement>, Fault> {
    let Some(mut code) = read_line(context, "> ", input)? else {
        return Ok(None);
    };
    if let Some(expression) = code.strip_prefix('=') {
        code = format!("print({expression})");
    }
    loop {
        let statement = lua.load(&code).set_name("<lua>").into_function();
        if !matches!(&statement, Err(error) if is_unfinished(error)) {
            return Ok(Some(statement));
        }
        match read_line(context, ">> ", input)? {
            Some(more) => code.push_str(&format!("\n{more}")),
            None => return Ok(Some(statement)),
        }
    }
}

fn is_unfinished(error: &mlua::Error) -> bool {
    let incomplete = |message: &str| message.ends_with("near <eof>");
    matches!(error, mlua::Error::SyntaxError { .. }) && incomplete(&fault::message(error))
}

fn read_line(
    context: &Context,
    prompt: &str,
    input: &mut StdinLock<'_>,
) -> Result<Option<String>, Fault> {
    show(context, prompt.as_bytes())?;
    let mut line = String::new();
    match input.read_line(&mut line) {
        Ok(0) | Err(_) => Ok(None),
        Ok(_) => Ok(Some(line.trim_end_matches('\n').to_owned())),
    }
}
