//! Why a package file cannot be read.

use std::io;

/// Why a package file cannot be read. The words for damaged headers are rpm's, which scripts know.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be opened.
    #[error("cannot open the file")]
    Open(#[source] io::Error),
    /// The file could not be read on.
    #[error("cannot read the file")]
    Read(#[source] io::Error),
    /// It does not begin as a package does.
    #[error("not an rpm package")]
    NotPackage,
    /// A header is damaged.
    #[error("{0}")]
    Header(String),
    /// The headers do not fit together, or not with the payload.
    #[error("{0}")]
    Contents(String),
    /// The payload is damaged, or of a kind that is not known.
    #[error("the payload is damaged")]
    Payload(#[source] archive::Error),
    /// What was unpacked could not be written.
    #[error("cannot write what was unpacked")]
    Write(#[source] archive::Error),
    /// A digest is another than the package says.
    #[error("{what} digest: BAD (Expected {expected} != {found})")]
    Digest {
        /// The digested part and the algorithm, such as `Header SHA256`.
        what: String,
        /// What the package says, in hex.
        expected: String,
        /// What was found, in hex.
        found: String,
    },
}
