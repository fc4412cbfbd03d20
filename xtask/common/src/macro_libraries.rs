//! The macro libraries as they lie below `macros/lib`, one folder each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::shell::{Failure, Outcome, failed, root};

/// What a library says of itself in `library.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// What packagers call it.
    pub upstream: String,
    /// The version that is followed.
    pub version: String,
    /// The licence of the library whose names, options and results these are.
    pub licence: String,
    /// Where the library is documented.
    pub documentation: Vec<String>,
    /// What is different here.
    pub deviations: String,
    /// The public macros, and what each is for.
    pub macros: BTreeMap<String, String>,
    /// Macros that those define when they are called; each also with a number behind.
    #[serde(default)]
    pub makes: Vec<String>,
}

impl Library {
    /// Reads the text of a `library.toml`.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

/// The folder of all macro files.
pub fn macros() -> PathBuf {
    root().join("macros")
}

/// The folders of the libraries, by name.
pub fn folders() -> Outcome<Vec<PathBuf>> {
    let mut folders = entries(&macros().join("lib"))?;
    folders.retain(|path| path.is_dir());
    Ok(folders)
}

/// The names of the variants that libraries may have, as the index of the targets lists them.
pub fn variants() -> Outcome<Vec<String>> {
    let path = root().join("crates/target/profiles/index.toml");
    let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
    let index: toml::Table = text.parse().map_err(failed("read", &path))?;
    let listed = index.get("variants").and_then(toml::Value::as_array);
    let listed = listed.ok_or_else(|| Failure(format!("{} has no variants", path.display())))?;
    let names = listed.iter().filter_map(toml::Value::as_str);
    Ok(names.map(str::to_owned).collect())
}

/// The macro files of all libraries that every target reads.
pub fn files_for_all() -> Outcome<Vec<PathBuf>> {
    let variants = variants()?;
    let mut files = Vec::new();
    for folder in folders()? {
        files.extend(entries(&folder)?);
    }
    files.retain(|path| {
        let stem = path.file_stem().unwrap_or_default();
        let is_variant = variants.iter().any(|it| stem == it.as_str());
        path.extension().is_some_and(|it| it == "macros") && !is_variant
    });
    Ok(files)
}

/// The programs that macros call, of rpm and of all libraries.
pub fn helpers() -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in folders()?.into_iter().chain([macros().join("rpm")]) {
        let folder = folder.join("helpers");
        if folder.is_dir() {
            files.extend(entries(&folder)?);
        }
    }
    files.retain(|path| path.is_file());
    Ok(files)
}

/// What lies in a folder, sorted.
fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(failed("read", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}
