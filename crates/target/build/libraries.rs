//! What each macro library says of itself in `library.toml`, written as Rust.

use indexmap::IndexMap;
use serde::Deserialize;

/// A `library.toml`, of what this program shows.
#[derive(Deserialize)]
struct Library {
    upstream: String,
    version: String,
    macros: IndexMap<String, String>,
}

/// The library of a folder as a Rust expression, its macros sorted by name.
pub(crate) fn in_rust(folder: &str, text: &str) -> Result<String, toml::de::Error> {
    let mut library: Library = toml::from_str(text)?;
    library.macros.sort_keys();
    let macros = library.macros.iter().map(|(name, purpose)| {
        let purpose = purpose.trim();
        format!("LibraryMacro {{ name: {name:?}, purpose: {purpose:?} }}")
    });
    let macros = macros.collect::<Vec<_>>().join(", ");
    let Library {
        upstream, version, ..
    } = &library;
    Ok(format!(
        "MacroLibrary {{ name: {folder:?}, upstream: {upstream:?}, version: {version:?}, macros: &[{macros}] }}"
    ))
}
