//! The `rpm` library. Source: rpm-lua(7), "rpm extension".

mod base64;
mod hooks;
pub(crate) mod interactive;
mod macros;
mod process;
mod split_args;
mod stream;
mod version;

use mlua::{Lua, Table};

use crate::native::{self, Entry};

pub(crate) use macros::create as create_macros;
pub(crate) use process::check_gone;

const FUNCTIONS: &[Entry] = &[
    ("b64decode", base64::decode_string),
    ("b64encode", base64::encode_string),
    ("call", hooks::call),
    ("define", macros::define),
    ("expand", macros::expand),
    ("glob", macros::glob),
    ("isdefined", macros::is_defined),
    ("load", macros::load),
    ("redirect2null", process::redirect_to_null),
    ("register", hooks::register),
    ("splitargs", split_args::split),
    ("undefine", macros::undefine),
    ("unregister", hooks::unregister),
    ("unsplitargs", split_args::unsplit),
    ("ver", version::create),
    ("vercmp", version::compare),
];

/// What reaches the world; not in a confined state.
const WORLDLY_FUNCTIONS: &[Entry] = &[
    ("execute", process::execute),
    ("interactive", interactive::run),
    ("open", stream::open),
    ("spawn", process::spawn),
];

/// The table `rpm`.
pub(crate) fn create(lua: &Lua, is_confined: bool) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    native::register(lua, &table, FUNCTIONS)?;
    if !is_confined {
        native::register(lua, &table, WORLDLY_FUNCTIONS)?;
    }
    Ok(table)
}
