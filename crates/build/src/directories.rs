//! Directories and paths of a build.

use std::path::{Path, PathBuf};

use expand::Engine;

use crate::BuildError;

/// Makes a directory and all above it.
pub(crate) fn make_dir(path: &Path) -> Result<(), BuildError> {
    std::fs::create_dir_all(path).map_err(|source| BuildError::Write {
        path: path.to_owned(),
        source,
    })
}

/// The directory a macro names.
pub(crate) fn dir_of(engine: &mut Engine, name: &str) -> Result<PathBuf, BuildError> {
    Ok(PathBuf::from(engine.expand_str(&format!("%{{{name}}}"))?))
}

/// The path from the root, links left alone.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
