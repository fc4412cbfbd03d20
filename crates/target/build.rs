//! Generates the lists of embedded data: macro files, helpers, profiles and name tables.
//!
//! Each list is a sorted `&[(path, text)]`; the text is an `include_str!` of the file. What the macro
//! files define is indexed here, profiles are read, and the macro files of each profile are found, so
//! that a run only looks up what it uses.

#[path = "build/layers.rs"]
mod layers;
#[path = "src/layout.rs"]
mod layout;
#[path = "build/libraries.rs"]
mod libraries;
#[path = "build/profiles.rs"]
mod profiles;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use indexmap::IndexMap;

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

const TABLES: List = list("TABLES", "translate", "", &[".toml"]);
const HELPERS: List = list("HELPERS", "macros", "", &[""]);
const LIBRARIES: List = list("LIBRARIES", "macros/lib", "", &["/library.toml"]);
const MODULES: List = list("MODULES", "macros", "", &[".lua"]);
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
    write_list(&mut code, &TABLES, &files_of(&root, &TABLES)?)?;
    write_list(&mut code, &HELPERS, &helpers(&root)?)?;
    write_list(&mut code, &MODULES, &lua_modules(&root)?)?;
    write_libraries(&mut code, &files_of(&root, &LIBRARIES)?)?;
    let macros = files_of(&root, &MACROS)?;
    write_profiles(&mut code, &files_of(&root, &PROFILES)?, &macros)?;
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
    let mut files: Vec<File> = named.collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The programs in the folders `helpers` of all libraries, which are unpacked into one directory.
fn helpers(root: &Path) -> io::Result<Vec<File>> {
    let files = files_in_folders("helpers", files_of(root, &HELPERS)?);
    called_differently(files, "helper")
}

/// The modules in the folders `lua` of all libraries, by their names without the ending.
fn lua_modules(root: &Path) -> io::Result<Vec<File>> {
    let mut files = files_in_folders("lua", files_of(root, &MODULES)?);
    for file in &mut files {
        file.name.truncate(file.name.len() - ".lua".len());
    }
    called_differently(files, "Lua module")
}

/// The files that lie in folders of that name, under their bare names.
fn files_in_folders(folder: &str, mut files: Vec<File>) -> Vec<File> {
    files.retain(|file| file.path.parent().is_some_and(|it| it.ends_with(folder)));
    for file in &mut files {
        let name = file.path.file_name().unwrap_or_default();
        file.name = name.to_string_lossy().into_owned();
    }
    files
}

/// The files sorted by names, which have to be different.
fn called_differently(mut files: Vec<File>, what: &str) -> io::Result<Vec<File>> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    match files.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some(pair) => Err(io::Error::other(format!(
            "two libraries have a {what} called {}",
            pair[0].name
        ))),
        None => Ok(files),
    }
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

/// What the libraries say of themselves, sorted by the names of their folders.
fn write_libraries(code: &mut String, files: &[File]) -> io::Result<()> {
    code.push_str("use crate::libraries::{LibraryMacro, MacroLibrary};\n");
    code.push_str("pub(crate) static LIBRARIES: &[MacroLibrary] = &[\n");
    for File { name, path } in files {
        let folder = name.trim_end_matches("/library.toml");
        let library = libraries::in_rust(folder, &fs::read_to_string(path)?);
        let library = library.map_err(|it| io::Error::other(format!("{name}: {it}")))?;
        writeln!(code, "    {library},").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(())
}

/// The profiles by name, and the index of the targets, written as Rust.
fn write_profiles(code: &mut String, files: &[File], macros: &[File]) -> io::Result<()> {
    let (index, profiles) = read_profiles(files)?;
    code.push_str(
        "use crate::profile::Profile;\nuse crate::release::{Compression, Format, Method};\n",
    );
    code.push_str("use crate::index::{Family, Index, KnownTarget};\nuse crate::step::Step;\n");
    let variants: Vec<&str> = index.variants.iter().map(String::as_str).collect();
    let index = profiles::index_in_rust(&index);
    writeln!(code, "pub(crate) static INDEX: Index = {index};").map_err(io::Error::other)?;
    let paths = macros
        .iter()
        .filter_map(|it| it.name.strip_prefix(MACROS.prefix));
    let paths: Vec<&str> = paths.collect();
    code.push_str("pub(crate) static PROFILES: &[(&str, Profile)] = &[\n");
    for (name, profile) in &profiles {
        let steps = layers::steps(&profiles, name, &paths, &variants);
        let steps = steps.map_err(|it| io::Error::other(format!("{name}.toml: {it}")))?;
        let profile = profiles::profile_in_rust(profile, &steps);
        writeln!(code, "    ({name:?}, {profile}),").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(())
}

/// `index.toml`, and all other files by their names without the ending.
fn read_profiles(
    files: &[File],
) -> io::Result<(profiles::Index, IndexMap<String, profiles::Profile>)> {
    let mut index = None;
    let mut profiles = IndexMap::new();
    for File { name, path } in files {
        let text = fs::read_to_string(path)?;
        let fault = |fault| io::Error::other(format!("{name}: {fault}"));
        match name.trim_end_matches(".toml") {
            "index" => index = Some(profiles::index(&text).map_err(fault)?),
            name => {
                let profile = profiles::profile(&text).map_err(fault)?;
                profiles.insert(name.to_owned(), profile);
            }
        }
    }
    let index = index.ok_or_else(|| io::Error::other("there is no index.toml"))?;
    Ok((index, profiles))
}

/// A list of the definitions, written as Rust.
fn write_library(code: &mut String, files: &[File]) -> io::Result<()> {
    let texts = files.iter().map(|file| fs::read_to_string(&file.path));
    let texts = texts.collect::<io::Result<Vec<_>>>()?;
    let files = files.iter().zip(&texts);
    let files: Vec<_> = files
        .map(|(file, text)| (file.name.as_str(), text.as_str()))
        .collect();
    let entries = expand::index_macro_files(&files).map_err(io::Error::other)?;
    code.push_str("use expand::{ByteRange, Entry};\npub(crate) static ENTRIES: &[Entry] = &[\n");
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
