//! Why a package could not be signed.

use crate::read::ReadError;

/// Why a package could not be signed; it is as it was. Some wording is rpm's, which scripts know.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// It cannot be read, or written anew.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its digests do not hold.
    #[error("not signing corrupt package: {0}")]
    Corrupt(String),
    /// It is of a format whose signatures nobody should make any more.
    #[error("Cannot sign RPM v3 packages")]
    OldFormat,
    /// It is signed by another key, and its format has room for one signature only.
    #[error("already contains a legacy signature")]
    HasAnother,
    /// Its format knows no signatures like that.
    #[error("format 4 has no place for a {0}")]
    Unsupported(String),
    /// No signature could be made.
    #[error(transparent)]
    Sign(#[from] sign::SignError),
    /// The new package cannot be written.
    #[error(transparent)]
    Write(#[from] archive::Error),
    /// There are too many signatures.
    #[error(transparent)]
    Encode(#[from] package::WriteError),
}
