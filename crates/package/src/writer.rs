//! What a package format has to be able to do.

use std::num::NonZeroU32;
use std::path::PathBuf;

use source::Sink;

use crate::{Output, Package};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Size of the package file in bytes.
    pub size: u64,
}

/// Why a package could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A packaged file can't be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A packaged file changed while the package was being written.
    #[error("{path} changed while it was being packaged: expected {expected} bytes, found {found}")]
    Changed {
        /// The file.
        path: PathBuf,
        /// Size in bytes when it was listed.
        expected: u64,
        /// Size in bytes when it was read.
        found: u64,
    },
    /// The package file can't be written.
    #[error("cannot write the package")]
    Write(#[source] std::io::Error),
    /// The format has no way to say this.
    #[error("{0}")]
    Unsupported(String),
    /// The package can't be expressed; the reasons are in the sink.
    #[error("the package cannot be expressed in this format")]
    Reported(#[from] source::Reported),
}

/// A package format: lowers a [`Package`] to its own terms and streams it.
pub trait PackageWriter: Sync {
    /// The file name the format's own tools would give the package.
    fn file_name(&self, package: &Package) -> String;

    /// How many threads writing the package keeps busy, if there are that many processors.
    fn useful_threads(&self, package: &Package) -> NonZeroU32;

    /// Finds what writing the package would find without its content, so that no package of a set is
    /// written where one cannot be.
    fn check(&self, package: &Package, sink: &mut Sink);

    /// Streams the package. Reads each file once, front to back; needs disk space for one compressed
    /// payload. Findings about the package itself go into `sink`.
    fn write(
        &self,
        package: &Package,
        out: &mut Output<'_>,
        sink: &mut Sink,
    ) -> Result<Receipt, WriteError>;
}
