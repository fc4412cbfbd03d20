//! Faults of the world met while collecting. Faults of the spec go to the sink.

use std::io;
use std::path::{Path, PathBuf};

use generate::Unreadable;

/// Why the packages could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// Faults were found in the spec or in the build root; they are in the sink.
    #[error("the files of the packages could not be collected")]
    Reported(#[from] source::Reported),
    /// A directory can't be listed.
    #[error("cannot list directory {path}")]
    List {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file can't be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A directory or link can't be made in the build root.
    #[error("cannot make {path}")]
    Make {
        /// What was to be made.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A `%doc` or `%license` file can't be copied into the build root.
    #[error("cannot copy {from} to {to}")]
    Copy {
        /// The file in the build directory.
        from: PathBuf,
        /// The place in the build root.
        to: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl From<Unreadable> for CollectError {
    fn from(file: Unreadable) -> Self {
        let Unreadable { path, source } = file;
        Self::Read { path, source }
    }
}

impl CollectError {
    pub(crate) fn list(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::List { path, source }
    }

    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    pub(crate) fn make(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Make { path, source }
    }

    pub(crate) fn copy(from: &Path, to: &Path) -> impl FnOnce(io::Error) -> Self {
        let (from, to) = (from.to_owned(), to.to_owned());
        move |source| Self::Copy { from, to, source }
    }
}
