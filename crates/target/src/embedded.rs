//! The embedded files: macro libraries, helper programs, profiles and name tables.

mod lists {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

use expand::Library;
use lists::{ENTRIES, HELPERS, INDEX, LIBRARIES, MACROS, MODULES, PROFILES, TABLES};

use crate::index::Index;
use crate::libraries::MacroLibrary;
use crate::profile::Profile;

static LIBRARY: Library = Library {
    files: MACROS,
    entries: ENTRIES,
};

/// Programs that macros call, as (file name, text), sorted by name.
///
/// The workspace unpacks them into `%{_specbuilddir}/helpers`, executable.
#[must_use]
pub fn helper_files() -> &'static [(&'static str, &'static str)] {
    HELPERS
}

/// The macro libraries, sorted by name.
#[must_use]
pub fn macro_libraries() -> &'static [MacroLibrary] {
    LIBRARIES
}

/// The text of a Lua module of the macro libraries, which macros have by `require "specbuild.NAME"`.
#[must_use]
pub fn lua_module(name: &str) -> Option<&'static str> {
    text_of(MODULES, name)
}

/// All macro files, sorted by their paths, which begin with `macros/`.
#[must_use]
pub fn library() -> &'static Library {
    &LIBRARY
}

/// `profiles/NAME.toml`.
pub(crate) fn profile(name: &str) -> Option<&'static Profile> {
    let found = PROFILES.iter().find(|(it, _)| *it == name)?;
    Some(&found.1)
}

/// `profiles/index.toml`.
pub(crate) fn index() -> &'static Index {
    &INDEX
}

/// The text of `translate/NAME.toml`.
pub(crate) fn name_table(name: &str) -> Option<&'static str> {
    text_of(TABLES, &format!("{name}.toml"))
}

fn text_of(list: &'static [(&str, &'static str)], path: &str) -> Option<&'static str> {
    let at = list.binary_search_by_key(&path, |(it, _)| it).ok()?;
    Some(list[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_the_search() {
        for list in [MACROS, HELPERS, MODULES, TABLES] {
            assert!(list.is_sorted_by_key(|(path, _)| *path));
        }
    }
}
