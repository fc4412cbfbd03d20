//! Files and directories of a build.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use archive::Decoder;
use expand::Engine;
use limits::{Allowance, TarReader};

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

/// Removes a file. If it is gone already, that is no fault.
pub(crate) fn remove_file(path: &Path) -> Result<(), BuildError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BuildError::Remove {
            path: path.to_owned(),
            source: error,
        }),
        _ => Ok(()),
    }
}

/// A tar archive that may unpack to as much as its size lets expect.
pub(crate) fn open_tar(file: File) -> io::Result<TarReader<Decoder<'static>>> {
    let allowance = Allowance::for_archive(file.metadata()?.len());
    Ok(TarReader::new(Decoder::new(file)?, allowance))
}

/// A file that can't be written.
pub(crate) fn write_fault(path: &Path, source: std::io::Error) -> BuildError {
    BuildError::Write {
        path: path.to_owned(),
        source,
    }
}
