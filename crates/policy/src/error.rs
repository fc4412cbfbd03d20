//! Faults of the world that end a helper.

use std::io;
use std::path::{Path, PathBuf};

/// Why a helper could not do its work. Each names what was being done, and to what.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or directory could not be read, made, changed or removed.
    #[error("cannot {action} {}", path.display())]
    File {
        /// A verb, such as `read`.
        action: &'static str,
        /// What it was to be done to.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program could not be started.
    #[error("cannot run `{program}`")]
    Start {
        /// The program's name as given.
        program: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program ended with a failure.
    #[error("`{program}` failed on {} ({status})", path.display())]
    Failed {
        /// The program's name as given.
        program: String,
        /// The file it worked on.
        path: PathBuf,
        /// Its exit status, in words.
        status: String,
    },
    /// A file does not hold what it should.
    #[error("{}: {message}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// The arguments make no sense.
    #[error("{0}")]
    Usage(String),
    /// Output could not be written.
    #[error("cannot write output")]
    Output(#[from] io::Error),
    /// Worker threads could not be started.
    #[error("cannot start worker threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl Error {
    /// A fault in what `path` holds.
    pub(crate) fn content(path: &Path, message: impl Into<String>) -> Self {
        Self::Content {
            path: path.to_owned(),
            message: message.into(),
        }
    }
}

/// Adds what was being done, and to what, to a bare I/O error.
pub(crate) trait Doing<T> {
    /// `action` is a verb that reads well after `cannot`.
    fn doing(self, action: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::File {
            action,
            path: path.to_owned(),
            source: source.into(),
        })
    }
}
