//! Generates the lists of embedded data: macro files, helpers, profiles and name tables.
//!
//! Each list is a sorted `&[(path, text)]`; the text is an `include_str!` of the file. What the macro
//! files define is marked out here, and profiles are read, so that a run only looks up what it uses.

#[path = "build/profiles.rs"]
mod profiles;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// A list to make.
struct List {
    constant: &'static str,
    /// Below the crate.
    folder: &'static str,
    /// What stands before the paths below the folder.
    prefix: &'static str,
    /// Endings of the files that belong into the list.
    endings: &'static [&'static str],
}

const LISTS: &[List] = &[
    list("HELPERS", "macros/helpers", "", &[""]),
    list("TABLES", "translate", "", &[".toml"]),
];

const PROFILES: List = list("PROFILES", "profiles", "", &[".toml"]);
const MACROS: List = list("MACROS", "macros", "macros/", &[".macros", ".attr"]);

const fn list(
    constant: &'static str,
    folder: &'static str,
    prefix: &'static str,
    endings: &'static [&'static str],
) -> List {
    List {
        constant,
        folder,
        prefix,
        endings,
    }
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut code = String::new();
    for list in LISTS {
        write_list(&mut code, list, &files_of(&root, list)?)?;
    }
    write_profiles(&mut code, &files_of(&root, &PROFILES)?)?;
    let macros = files_of(&root, &MACROS)?;
    write_list(&mut code, &MACROS, &macros)?;
    write_library(&mut code, &macros)?;
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("embedded.rs"), code)
}

/// A file that is embedded.
struct File {
    name: String,
    path: PathBuf,
}

fn files_of(root: &Path, list: &List) -> io::Result<Vec<File>> {
    let folder = root.join(list.folder);
    println!("cargo:rerun-if-changed={}", folder.display());
    let paths = files_below(&folder)?.into_iter();
    let named = paths
        .filter(|path| has_ending(path, list.endings))
        .map(|path| {
            println!("cargo:rerun-if-changed={}", path.display());
            let below = path.strip_prefix(&folder).unwrap_or(&path).display();
            let name = format!("{}{below}", list.prefix);
            File { name, path }
        });
    Ok(named.collect())
}

fn write_list(code: &mut String, list: &List, files: &[File]) -> io::Result<()> {
    let constant = list.constant;
    writeln!(code, "pub(crate) static {constant}: &[(&str, &str)] = &[")
        .map_err(io::Error::other)?;
    for File { name, path } in files {
        let path = path.display().to_string();
        writeln!(code, "    ({name:?}, include_str!({path:?})),").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(())
}

/// The profiles by name, and the index of the targets, written as Rust.
fn write_profiles(code: &mut String, files: &[File]) -> io::Result<()> {
    code.push_str("use crate::profile::{Compression, Format, Method, Profile};\n");
    code.push_str("use crate::index::{Family, Index, KnownTarget};\n");
    let mut rows = String::new();
    for File { name, path } in files {
        let text = fs::read_to_string(path)?;
        let fault = |fault| io::Error::other(format!("{name}: {fault}"));
        let name = name.trim_end_matches(".toml");
        if name == "index" {
            let index = profiles::index(&text).map_err(fault)?;
            writeln!(code, "pub(crate) static INDEX: Index = {index};")
                .map_err(io::Error::other)?;
        } else {
            let profile = profiles::profile(&text).map_err(fault)?;
            writeln!(rows, "    ({name:?}, {profile}),").map_err(io::Error::other)?;
        }
    }
    let list = format!("pub(crate) static PROFILES: &[(&str, Profile)] = &[\n{rows}];\n");
    code.push_str(&list);
    Ok(())
}

/// A list of the definitions, written as Rust.
fn write_library(code: &mut String, files: &[File]) -> io::Result<()> {
    let texts = files.iter().map(|file| fs::read_to_string(&file.path));
    let texts = texts.collect::<io::Result<Vec<_>>>()?;
    let files = files.iter().zip(&texts);
    let files: Vec<_> = files
        .map(|(file, text)| (file.name.as_str(), text.as_str()))
        .collect();
    let entries = expand::mark_out(&files).map_err(io::Error::other)?;
    code.push_str("use expand::Entry;\npub(crate) static ENTRIES: &[Entry] = &[\n");
    for entry in entries {
        writeln!(code, "    {entry:?},").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(())
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let name = path.to_string_lossy();
    endings.iter().any(|ending| name.ends_with(ending))
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
