//! A file that can't be read.

use std::io;
use std::path::{Path, PathBuf};

/// A file can't be read, so that it is not known what it is. Faults in what generators read or print go
/// to the sink.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {path}")]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

impl Unreadable {
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { path, source }
    }
}
