//! The system that libraries are looked up on, and why it could not be read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why libraries could not be looked for.
#[derive(Debug, thiserror::Error)]
pub enum ShlibsError {
    /// A packaged file, or a file of dpkg's database, can't be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl ShlibsError {
    pub(super) fn read(path: &Path, source: std::io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }
}

/// Where libraries are looked for.
#[derive(Clone, Debug)]
pub struct System {
    /// Top of the system that the packages are built in, usually `/`.
    pub root: PathBuf,
    /// dpkg's administration directory, usually `/var/lib/dpkg` below the root.
    pub admin: PathBuf,
    /// Whether generators have looked at the packages: then only the sonames that a package
    /// requires count, so that `AutoReq` and the spec's filters have a say.
    pub generated: bool,
    /// Least versions of packages that the build asks for; see [`super::least_versions`].
    pub build_depends: BTreeMap<String, String>,
}
