//! Generates the lists of embedded data: macro files, helpers, profiles and name tables.
//!
//! Each list is a sorted `&[(path, text)]`; the text is an `include_str!` of the file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Constant, folder below the crate, and the endings of the files that belong into the list.
const LISTS: &[(&str, &str, &[&str])] = &[
    ("MACROS", "macros", &[".macros", ".attr"]),
    ("HELPERS", "macros/helpers", &[""]),
    ("PROFILES", "profiles", &[".toml"]),
    ("TABLES", "translate", &[".toml"]),
];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut code = String::new();
    for (constant, folder, endings) in LISTS {
        println!("cargo:rerun-if-changed={}", root.join(folder).display());
        let files = files_below(&root.join(folder))?;
        let rows: String = files
            .iter()
            .filter(|path| has_ending(path, endings))
            .map(|path| row(&root.join(folder), path))
            .collect();
        writeln!(
            code,
            "pub(crate) const {constant}: &[(&str, &str)] = &[\n{rows}];"
        )
        .map_err(io::Error::other)?;
    }
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("embedded.rs"), code)
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let name = path.to_string_lossy();
    endings.iter().any(|ending| name.ends_with(ending))
}

fn row(folder: &Path, path: &Path) -> String {
    println!("cargo:rerun-if-changed={}", path.display());
    let name = path
        .strip_prefix(folder)
        .unwrap_or(path)
        .display()
        .to_string();
    format!(
        "    ({name:?}, include_str!({:?})),\n",
        path.display().to_string()
    )
}

/// All files below `folder`, in order of their paths; none if it does not exist. What an
/// interpreter leaves behind when a helper is tried out is passed over.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.exists() || folder.ends_with("__pycache__") {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.map(|it| it.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            println!("cargo:rerun-if-changed={}", entry.display());
            files.extend(files_below(&entry)?);
        } else {
            files.push(entry);
        }
    }
    Ok(files)
}
