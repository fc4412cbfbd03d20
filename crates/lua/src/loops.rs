//! Bounds the library functions whose loops can go on for ages without one instruction counted.
//!
//! Each is Lua's own with a check before it, `string.rep` apart.

use mlua::{Lua, Table, Value};

use crate::context::Context;
use crate::native::{self, Answer, Args, Fault, answer};
use crate::pattern::{self, Search};

/// Elements that a function of `table` may work on at once, far more than memory holds.
const MOST_ELEMENTS: i64 = 1 << 24;

/// A check that stands before a function of Lua's.
type Check = fn(&Lua, &Args) -> Result<(), Fault>;

const STRING_CHECKS: &[(&str, Check)] = &[
    ("find", check_find),
    ("gmatch", check_gmatch),
    ("gsub", check_gsub),
    ("match", check_match),
    ("lower", check_time),
    ("reverse", check_time),
    ("upper", check_time),
];

const TABLE_CHECKS: &[(&str, Check)] = &[
    ("concat", check_time),
    ("insert", check_length),
    ("move", check_move),
    ("remove", check_length),
    ("sort", check_length),
    ("unpack", check_time),
];

/// Puts the bounds into force.
pub(crate) fn guard(lua: &Lua) -> mlua::Result<()> {
    let string: Table = lua.globals().get("string")?;
    let table: Table = lua.globals().get("table")?;
    native::register(lua, &string, &[("rep", repeat)])?;
    for (library, checks) in [(string, STRING_CHECKS), (table, TABLE_CHECKS)] {
        for (name, check) in checks {
            let original = library.get(*name)?;
            library.set(*name, native::checked(lua, original, check)?)?;
        }
    }
    let set_metatable = lua.globals().get("setmetatable")?;
    let checked = native::checked(lua, set_metatable, check_metatable)?;
    lua.globals().set("setmetatable", checked)
}

/// Lua counts no instructions while it runs a finaliser, so there are none.
fn check_metatable(_: &Lua, args: &Args) -> Result<(), Fault> {
    match args.value(2) {
        Value::Table(table) if !table.raw_get::<Value>("__gc")?.is_nil() => {
            Err(Fault::Argument(2, "`__gc` is not supported".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Fails if the chunk has used up its time.
fn check_time(lua: &Lua, _: &Args) -> Result<(), Fault> {
    let context = Context::of(lua);
    match context.is_late() {
        true => Err(Fault::text(context.is_over())),
        false => Ok(()),
    }
}

/// Only a table that lies about its length is too long.
fn check_length(lua: &Lua, args: &Args) -> Result<(), Fault> {
    check_time(lua, args)?;
    match args.value(1) {
        Value::Table(table) if table.metatable().is_some() => check_elements(table.len()?, 1),
        _ => Ok(()),
    }
}

fn check_move(lua: &Lua, args: &Args) -> Result<(), Fault> {
    check_time(lua, args)?;
    check_elements(args.integer(3)?.saturating_sub(args.integer(2)?), 3)
}

fn check_elements(count: i64, argument: usize) -> Result<(), Fault> {
    if count > MOST_ELEMENTS {
        return Err(Fault::Argument(
            argument,
            "too many elements to move".to_owned(),
        ));
    }
    Ok(())
}

fn check_find(lua: &Lua, args: &Args) -> Result<(), Fault> {
    let is_plain = !matches!(args.value(4), Value::Nil | Value::Boolean(false));
    if is_plain {
        return check_time(lua, args);
    }
    check_pattern(lua, args, start(args)?, 1, true)
}

fn check_match(lua: &Lua, args: &Args) -> Result<(), Fault> {
    check_pattern(lua, args, start(args)?, 1, true)
}

fn check_gmatch(lua: &Lua, args: &Args) -> Result<(), Fault> {
    check_pattern(lua, args, start(args)?, usize::MAX, false)
}

fn check_gsub(lua: &Lua, args: &Args) -> Result<(), Fault> {
    let most = args.integer_or(4, i64::MAX)?;
    let most = usize::try_from(most).unwrap_or(0);
    if most == 0 {
        return Ok(());
    }
    check_pattern(lua, args, 0, most, true)
}

/// Where a search begins by its third argument, from 0; the library corrects what is out of range.
fn start(args: &Args) -> Result<usize, Fault> {
    let given = args.integer_or(3, 1)?;
    if given >= 0 {
        return Ok(usize::try_from(given.max(1) - 1).unwrap_or(usize::MAX));
    }
    let back = usize::try_from(given.unsigned_abs()).unwrap_or(usize::MAX);
    Ok(args.bytes(1)?.len().saturating_sub(back))
}

/// Instructions that a step of a search counts for.
const STEP: u64 = 4;

/// Counts the steps of a search as instructions.
fn check_pattern(
    lua: &Lua,
    args: &Args,
    start: usize,
    matches: usize,
    anchors: bool,
) -> Result<(), Fault> {
    check_time(lua, args)?;
    let context = Context::of(lua);
    let (subject, pattern) = (args.bytes(1)?, args.bytes(2)?);
    let search = Search {
        subject: &subject,
        pattern: &pattern,
        start,
        matches,
        anchors,
    };
    let most = context.left() / STEP;
    let steps = pattern::steps(&search, most);
    if steps > most || !context.spend(STEP * steps) {
        return Err(Fault::text("pattern takes too many steps"));
    }
    Ok(())
}

/// `string.rep`, which may not make more than a share of the memory limit.
fn repeat(lua: &Lua, args: &Args) -> Answer {
    check_time(lua, args)?;
    let (unit, separator) = (args.bytes(1)?, args.string_or(3, "")?.into_bytes());
    let times = usize::try_from(args.integer(2)?).unwrap_or(0);
    let length = (unit.len() + separator.len()).saturating_mul(times);
    if length > Context::of(lua).limits.memory / 2 {
        return Err(Fault::text("resulting string too large"));
    }
    let mut made = Vec::with_capacity(length);
    if length > 0 {
        for _ in 1..times {
            made.extend_from_slice(&unit);
            made.extend_from_slice(&separator);
        }
        made.extend_from_slice(&unit);
    }
    answer(lua, lua.create_string(made)?)
}
