//! Macros from Lua: `rpm.expand` and its kin, and the table `macros`.
//!
//! Errors of macros go to the engine's sink; Lua only gets to know that there was one.

use std::path::Path;

use expand::{Body, Engine, Level, Macro};
use mlua::{Lua, Table, Value};
use source::Reported;

use crate::context::Context;
use crate::fault::Fault;
use crate::native::{self, Answer, Args, answer, native};

/// `rpm.expand(TEXT)`.
pub(crate) fn expand(lua: &Lua, args: &Args) -> Answer {
    expand_text(lua, &args.string(1)?)
}

fn expand_text(lua: &Lua, text: &str) -> Answer {
    let expanded = with_macros(lua, "error expanding macro", |it| it.expand_str(text))?;
    answer(lua, expanded)
}

/// `rpm.define("NAME BODY")`.
pub(crate) fn define(lua: &Lua, args: &Args) -> Answer {
    let definition = args.string(1)?;
    with_macros(lua, "error defining macro", |it| {
        it.define_line(&definition, Level::GLOBAL)
    })?;
    answer(lua, ())
}

/// `rpm.undefine(NAME)`.
pub(crate) fn undefine(lua: &Lua, args: &Args) -> Answer {
    let name = args.string(1)?;
    with_macros(lua, "error undefining macro", |it| it.undefine_legal(&name))?;
    answer(lua, ())
}

/// `rpm.isdefined(NAME)`: whether it is, and whether it takes arguments.
pub(crate) fn is_defined(lua: &Lua, args: &Args) -> Answer {
    let name = args.string(1)?;
    let found = find(lua, &name)?;
    answer(lua, (found.is_some(), found.unwrap_or(false)))
}

/// `None`: not defined; else whether it takes arguments.
fn find(lua: &Lua, name: &str) -> Result<Option<bool>, Fault> {
    Context::of(lua).with_engine(|engine| match engine.definition(name) {
        Some(found) => Some(takes_arguments(found)),
        None => engine.is_defined(name).then_some(false),
    })
}

/// Builtins that take no arguments; all others do.
const BARE_BUILTINS: [&str; 4] = ["dump", "getconfdir", "rpmversion", "trace"];

fn takes_arguments(found: &Macro) -> bool {
    match found.body {
        Body::Builtin(number) => !BARE_BUILTINS.contains(&number.builtin().name),
        _ => found.is_parametric(),
    }
}

/// `rpm.load(PATH)`: 0, or -1 if the file cannot be read, or 1 if definitions in it are bad.
pub(crate) fn load(lua: &Lua, args: &Args) -> Answer {
    let path = args.string(1)?;
    let loaded = Context::of(lua).with_engine(|engine| engine.load_file(Path::new(&path)))?;
    let result = loaded.map_or(-1.0, |bad| if bad == 0 { 0.0 } else { 1.0 });
    answer(lua, result)
}

/// `rpm.glob(PATTERN, FLAGS)`: a table of paths; with `c` in FLAGS the pattern if there are none.
pub(crate) fn glob(lua: &Lua, args: &Args) -> Answer {
    let (pattern, flags) = (args.string(1)?, args.string_or(2, "")?);
    let paths = Context::of(lua).with_engine(|engine| engine.host.glob(&pattern))?;
    let mut names: Vec<_> = paths
        .iter()
        .map(|it| it.to_string_lossy().into_owned())
        .collect();
    if names.is_empty() && flags.contains('c') {
        names.push(pattern);
    }
    answer(lua, lua.create_sequence_from(names)?)
}

/// The table `macros`: reading expands, assigning defines, nil undefines, calling calls.
pub(crate) fn create(lua: &Lua) -> mlua::Result<Table> {
    let meta = lua.create_table()?;
    native::register(lua, &meta, &[("__index", index), ("__newindex", assign)])?;
    let macros = lua.create_table()?;
    macros.set_metatable(Some(meta))?;
    Ok(macros)
}

fn index(lua: &Lua, args: &Args) -> Answer {
    let name = args.string(2)?;
    match find(lua, &name)? {
        None => answer(lua, Value::Nil),
        Some(false) => expand_text(lua, &format!("%{{{name}}}")),
        Some(true) => {
            let caller = native(lua, move |lua, args| call(lua, &name, args))?;
            answer(lua, caller)
        }
    }
}

fn assign(lua: &Lua, args: &Args) -> Answer {
    let name = args.string(2)?;
    if args.is_nothing(3) {
        let fault = format!("error undefining macro {name}");
        with_macros(lua, &fault, |it| it.undefine_legal(&name))?;
    } else {
        let (fault, body) = (format!("error defining macro {name}"), args.string(3)?);
        let definition = format!("{name} {body}");
        with_macros(lua, &fault, |it| it.define_line(&definition, Level::GLOBAL))?;
    }
    answer(lua, ())
}

/// `macros.NAME(ARGS)`: a string is expanded and split, a table is taken as it is.
fn call(lua: &Lua, name: &str, args: &Args) -> Answer {
    if args.len() > 1 {
        return Err(Fault::text("too many arguments"));
    }
    if args.is_string(1) {
        return expand_text(lua, &format!("%{{{name} {}}}", args.string(1)?));
    }
    let Value::Table(words) = args.value(1) else {
        return Err(Fault::Argument(1, "string or table expected".to_owned()));
    };
    let words = table_words(lua, &words)?;
    let expanded = with_macros(lua, "error expanding macro", |it| it.call(name, &words))?;
    let gone = || Fault::text("error expanding macro");
    answer(lua, expanded.ok_or_else(gone)?)
}

fn table_words(lua: &Lua, table: &Table) -> Result<Vec<String>, Fault> {
    let word = |number: usize| {
        let text = lua.coerce_string(table.raw_get(number)?)?;
        let wrong = || Fault::Argument(number, "cannot convert to string".to_owned());
        Ok(text.ok_or_else(wrong)?.to_string_lossy())
    };
    (1..=table.raw_len()).map(word).collect()
}

/// Lets the engine work; a reported fault becomes a short one for Lua.
fn with_macros<R>(
    lua: &Lua,
    fault: &str,
    work: impl FnOnce(&mut Engine) -> Result<R, Reported>,
) -> Result<R, Fault> {
    Context::of(lua)
        .with_engine(work)?
        .map_err(|_| Fault::text(fault))
}
