//! Modules of the macro libraries: what `require "specbuild.NAME"` finds.

use std::fs;
use std::path::PathBuf;

use mlua::{Lua, MultiValue, Table, Value};

/// Before the names of the modules, so that they meet none of rpm's or of a distribution's.
const PREFIX: &str = "specbuild.";

/// Where the modules are. They may be used in a confined state too.
#[derive(Clone, Debug, Default)]
pub enum Modules {
    /// Nowhere.
    #[default]
    None,
    /// Carried by the program: the text by the name.
    Carried(fn(&str) -> Option<&'static str>),
    /// Files `NAME.lua` in these directories.
    In(Vec<PathBuf>),
}

impl Modules {
    /// The text of a module.
    fn text(&self, name: &str) -> Option<String> {
        match self {
            Modules::None => None,
            Modules::Carried(text_of) => text_of(name).map(str::to_owned),
            Modules::In(folders) => {
                let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
                let file = name.chars().all(is_name).then(|| format!("{name}.lua"))?;
                let mut paths = folders.iter().map(|folder| folder.join(&file));
                paths.find_map(|path| fs::read_to_string(path).ok())
            }
        }
    }
}

/// Adds the searcher of the modules behind those that `package.searchers` has.
pub(crate) fn add_searcher(lua: &Lua, searchers: &Table, modules: &Modules) -> mlua::Result<()> {
    if matches!(modules, Modules::None) {
        return Ok(());
    }
    let modules = modules.clone();
    let search = lua.create_function(move |lua, name: String| {
        let text = name.strip_prefix(PREFIX).and_then(|it| modules.text(it));
        let Some(text) = text else {
            let nothing = lua.create_string("no module of a macro library")?;
            return Ok(MultiValue::from_iter([Value::String(nothing)]));
        };
        let chunk = lua.load(text).set_name(format!("@{name}"));
        let loader = chunk.into_function()?;
        let name = lua.create_string(&name)?;
        Ok(MultiValue::from_iter([
            Value::Function(loader),
            Value::String(name),
        ]))
    })?;
    searchers.push(search)
}
