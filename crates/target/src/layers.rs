//! The macro layers of a target, in the order in which they are loaded; the last wins.

use std::fs;
use std::path::{Path, PathBuf};

use crate::embedded;
use crate::error::Error;

/// One step of loading macros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroLayer {
    /// Where the definitions come from, for messages: `macros/common/paths.macros`.
    pub origin: String,
    /// The definitions.
    pub content: LayerContent,
}

/// The definitions of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerContent {
    /// An embedded macro file: its number in [`crate::library`].
    Embedded(usize),
    /// A macro file that the caller has to read.
    File(PathBuf),
    /// Names and bodies, in order. Bodies are in the macro language.
    Defines(Vec<(String, String)>),
}

/// The layer name that stands for what follows from the architecture.
const PLATFORM: &str = "@platform";

/// Finds the files of the layers `names` (each with the profile that names it).
///
/// A name is a macro file without its ending, or a folder, which means all macro files
/// below it in order of their paths. `platform` goes where `@platform` stands.
pub(crate) fn resolve(
    names: &[(&'static str, String)],
    platform: Vec<(String, String)>,
    folder: Option<&Path>,
) -> Result<Vec<MacroLayer>, Error> {
    let mut layers = Vec::new();
    let mut platform = Some(platform);
    for (name, profile) in names {
        if *name == PLATFORM {
            layers.extend(platform.take().map(|it| platform_layer(profile, it)));
            continue;
        }
        let found = match folder {
            Some(folder) => in_folder(folder, name)?,
            None => in_embedded(name),
        };
        if found.is_empty() {
            return Err(Error::MissingFile {
                file: profile.clone(),
                name: (*name).to_owned(),
            });
        }
        layers.extend(found);
    }
    Ok(layers)
}

fn platform_layer(profile: &str, defines: Vec<(String, String)>) -> MacroLayer {
    MacroLayer {
        origin: profile.to_owned(),
        content: LayerContent::Defines(defines),
    }
}

fn in_embedded(name: &str) -> Vec<MacroLayer> {
    let name = format!("macros/{name}");
    let is_meant = |path: &str| {
        let rest = path.strip_prefix(&name);
        rest.is_some_and(|rest| rest.starts_with('/') || stem(rest) == Some(""))
    };
    let files = embedded::library().files.iter().enumerate();
    files
        .filter(|(_, (path, _))| is_meant(path))
        .map(|(number, (path, _))| MacroLayer {
            origin: (*path).to_owned(),
            content: LayerContent::Embedded(number),
        })
        .collect()
}

/// The path without the ending of macro files; `None` for other files.
fn stem(path: &str) -> Option<&str> {
    path.strip_suffix(".macros")
        .or_else(|| path.strip_suffix(".attr"))
}

fn in_folder(folder: &Path, name: &str) -> Result<Vec<MacroLayer>, Error> {
    let mut files: Vec<PathBuf> = [".macros", ".attr"]
        .iter()
        .map(|ending| folder.join(format!("{name}{ending}")))
        .filter(|path| path.is_file())
        .collect();
    if folder.join(name).is_dir() {
        files.extend(macro_files_below(&folder.join(name))?);
    }
    Ok(files.into_iter().map(file_layer).collect())
}

fn file_layer(path: PathBuf) -> MacroLayer {
    MacroLayer {
        origin: path.display().to_string(),
        content: LayerContent::File(path),
    }
}

/// All macro files below `folder`, in order of their paths.
fn macro_files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let fault = |source| Error::MacroFolder {
        path: folder.to_owned(),
        source,
    };
    let mut entries = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|it| it.map(|it| it.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(fault)?;
    entries.sort();
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(macro_files_below(&path)?);
        } else if stem(&path.to_string_lossy()).is_some() {
            files.push(path);
        }
    }
    Ok(files)
}
