//! `rpm.splitargs` and `rpm.unsplitargs`: a macro's arguments as one text, quotes kept apart.

use expand::{split_quoted, unsplit_quoted};
use mlua::{Lua, Value};
use source::Text;

use crate::fault::Fault;
use crate::native::{Answer, Args, answer, lossy};

/// `rpm.splitargs(TEXT)`.
pub(crate) fn split(lua: &Lua, args: &Args) -> Answer {
    let words = split_quoted(&Text::detached(args.string(1)?));
    answer(
        lua,
        lua.create_sequence_from(words.iter().map(Text::as_str))?,
    )
}

/// `rpm.unsplitargs(TABLE)`: up to the first nil.
pub(crate) fn unsplit(lua: &Lua, args: &Args) -> Answer {
    let table = args.table(1)?;
    let mut words = Vec::new();
    for number in 1.. {
        let value: Value = table.raw_get(number)?;
        if value.is_nil() {
            break;
        }
        let text = lua.coerce_string(value)?;
        let wrong = || Fault::text(format!("element {number} is no string"));
        words.push(Text::detached(lossy(
            text.ok_or_else(wrong)?.as_bytes().to_vec(),
        )));
    }
    answer(lua, unsplit_quoted(&words).into_string())
}
