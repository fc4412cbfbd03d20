//! How much an archive may unpack to: a small file can stand for more than a disk has room for.

use std::path::Path;

use limits::{Allowance, Exceeded};

use super::destination::Problem;
use crate::error::{Doing, Error};

/// What a member takes, however little it holds, in bytes: a block of a disk.
pub(super) const MEMBER: u64 = 4096;

/// What `file` may unpack to: `limit` bytes, any number if that is 0, else by the file's size.
pub(super) fn allowance(file: &Path, limit: Option<u64>) -> Result<Allowance, Error> {
    Ok(match limit {
        Some(0) => Allowance::NONE,
        Some(limit) => Allowance::bytes(limit),
        None => Allowance::for_archive(file.metadata().doing("read", file)?.len()),
    })
}

impl From<Exceeded> for Problem {
    fn from(_: Exceeded) -> Self {
        Self::TooMuch
    }
}

/// The error that ends unpacking `file`.
pub(super) fn too_much(file: &Path) -> Error {
    let message = "it unpacks to more than such a file should; with `%_unpack_limit 0` it may";
    Error::content(file, message)
}
