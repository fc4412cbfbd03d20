//! A tar archive of a tree, as source packages have them.
//!
//! Members are sorted, owned by root and have the times and modes given; the bytes depend on
//! nothing else.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use archive::tar::{self, Kind};
use archive::{Compression, Encoder};
use package::{Content, WriteError};

use crate::write::plain_entry;

/// Something in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeFile {
    /// A file.
    Regular {
        /// What is in it.
        content: Content,
        /// Length in bytes.
        size: u64,
        /// Whether it can be run.
        is_executable: bool,
        /// Seconds since 1970.
        time: i64,
    },
    /// A symbolic link.
    Symlink {
        /// Where it leads.
        target: Vec<u8>,
        /// Seconds since 1970.
        time: i64,
    },
    /// A directory.
    Directory {
        /// Seconds since 1970.
        time: i64,
    },
}

/// Writes an archive of what `tree` holds by path, without a leading slash. Directories must be
/// listed.
pub fn write_tree(
    tree: &BTreeMap<Vec<u8>, TreeFile>,
    compression: &Compression,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let encoder = Encoder::new(compression, out);
    let mut archive = tar::Writer::new(encoder);
    for (path, file) in tree {
        write_file(&mut archive, path, file)?;
    }
    let encoder = archive.finish().map_err(plumbing)?;
    encoder.finish().map_err(WriteError::Write)?;
    Ok(())
}

fn write_file<W: Write>(
    archive: &mut tar::Writer<W>,
    path: &[u8],
    file: &TreeFile,
) -> Result<(), WriteError> {
    match file {
        TreeFile::Directory { time } => {
            let name = [path, b"/"].concat();
            archive.start(&plain_entry(&name, Kind::Directory, 0o755, *time))
        }
        TreeFile::Symlink { target, time } => {
            archive.start(&plain_entry(path, Kind::Symlink { target }, 0o777, *time))
        }
        TreeFile::Regular {
            content,
            size,
            is_executable,
            time,
        } => {
            let mode = if *is_executable { 0o755 } else { 0o644 };
            archive
                .start(&plain_entry(
                    path,
                    Kind::Regular { size: *size },
                    mode,
                    *time,
                ))
                .map_err(plumbing)?;
            return copy(content, *size, archive);
        }
    }
    .map_err(plumbing)
}

fn copy(content: &Content, size: u64, out: &mut dyn Write) -> Result<(), WriteError> {
    match content {
        Content::Inline(bytes) => out.write_all(bytes).map_err(WriteError::Write),
        Content::OnDisk(path) => copy_file(path, size, out),
    }
}

/// Copies a file that must have kept its length.
fn copy_file(path: &PathBuf, expected: u64, out: &mut dyn Write) -> Result<(), WriteError> {
    let read = |source| WriteError::Read {
        path: path.clone(),
        source,
    };
    let file = File::open(path).map_err(read)?;
    let mut limited = io::Read::take(file, expected);
    let found = io::copy(&mut limited, out).map_err(WriteError::Write)?;
    if found == expected {
        return Ok(());
    }
    Err(WriteError::Changed {
        path: path.clone(),
        expected,
        found,
    })
}

fn plumbing(error: archive::Error) -> WriteError {
    match error {
        archive::Error::Write(source) => WriteError::Write(source),
        other => WriteError::Write(io::Error::other(other)),
    }
}
