//! Bounds the library functions whose loops can go on for ages without one instruction counted.
//!
//! Each is Lua's own with a check before it, `string.rep` apart.

use mlua::{Lua, Table, Value};

use crate::context::Context;
use crate::fault::Fault;
use crate::native::{self, Answer, Args, answer};

/// Elements that a function of `table` may work on at once, far more than memory holds.
const MOST_ELEMENTS: i64 = 1 << 24;

/// A check that stands before a function of Lua's.
type Check = fn(&Lua, &Args) -> Result<(), Fault>;

const STRING_CHECKS: &[(&str, Check)] = &[
    ("find", check_find),
    ("gmatch", check_pattern),
    ("gsub", check_pattern),
    ("match", check_pattern),
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

/// How much a search in a confined state may have to compare at worst: about a second of it.
const MOST_WORK: f64 = 1e8;

fn check_find(lua: &Lua, args: &Args) -> Result<(), Fault> {
    let is_plain = !matches!(args.value(4), Value::Nil | Value::Boolean(false));
    if is_plain {
        return check_time(lua, args);
    }
    check_pattern(lua, args)
}

/// In a confined state refuses a search that could go on for ages. Elsewhere, where specs may run
/// programs as well, it ends as those do: when the user ends it.
fn check_pattern(lua: &Lua, args: &Args) -> Result<(), Fault> {
    check_time(lua, args)?;
    if !Context::of(lua).is_confined {
        return Ok(());
    }
    let (subject, pattern) = (args.bytes(1)?, args.bytes(2)?);
    if most_work(subject.len(), &pattern) > MOST_WORK {
        return Err(Fault::text("pattern takes too many steps"));
    }
    Ok(())
}

/// How much is compared at worst: a search tries each start, and for each of them every way to share out
/// the rest of the subject among the repetitions. Each try costs more where sets are long.
#[allow(clippy::cast_precision_loss)]
fn most_work(subject: usize, pattern: &[u8]) -> f64 {
    let repetitions = Repetitions::of(pattern);
    let ways = (1..=repetitions.any_length + 1).map(|it| (subject + it) as f64 / it as f64);
    let at_most_one = f64::from(u32::try_from(repetitions.at_most_one).unwrap_or(u32::MAX));
    ways.product::<f64>() * at_most_one.exp2() * (1.0 + pattern.len() as f64 / 10.0)
}

/// What makes a search try more than one length.
#[derive(Default)]
struct Repetitions {
    /// `*`, `+` and `-`, and what looks through the subject likewise: `%bxy` and `%1`.
    any_length: usize,
    /// `?`.
    at_most_one: usize,
}

impl Repetitions {
    /// Counts those of a pattern.
    fn of(pattern: &[u8]) -> Self {
        let (mut found, mut rest) = (Self::default(), pattern);
        loop {
            rest = match rest {
                [] => return found,
                [b'%', b'b', _, _, rest @ ..]
                | [b'%', b'1'..=b'9', rest @ ..]
                | [b'*' | b'+' | b'-', rest @ ..] => {
                    found.any_length += 1;
                    rest
                }
                [b'%', _, rest @ ..] => rest,
                [b'[', set @ ..] => after_set(set),
                [b'?', rest @ ..] => {
                    found.at_most_one += 1;
                    rest
                }
                [_, rest @ ..] => rest,
            }
        }
    }
}

/// What follows a set such as `[^%s-]`, given what follows its `[`. A `]` that stands first is part of it.
fn after_set(set: &[u8]) -> &[u8] {
    let mut rest = set.strip_prefix(b"^").unwrap_or(set);
    loop {
        rest = match rest {
            [b'%', _, rest @ ..] | [_, rest @ ..] => rest,
            [] => return rest,
        };
        if let [b']', rest @ ..] = rest {
            return rest;
        }
    }
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
