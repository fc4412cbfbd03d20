//! A file as generators look at it, and what they find in it.

use std::io;
use std::path::Path;

use package::Dependency;
use source::Origin;

/// A file that generators look at.
pub(crate) struct Subject<'a> {
    /// Path as installed.
    pub(crate) path: &'a str,
    /// Path on disk.
    pub(crate) disk: &'a Path,
    /// Whether it is a file that anybody may execute.
    pub(crate) is_executable: bool,
    /// The rule that brought it in.
    pub(crate) origin: Option<Origin>,
    /// The package that it is in.
    pub(crate) package: &'a str,
    /// The version of Python that modules are for where no path tells it; may be empty.
    pub(crate) python: &'a str,
}

impl Subject<'_> {
    /// The last part of the path.
    pub(crate) fn base_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// What generators find in one file.
pub(crate) type Found = io::Result<Vec<Dependency>>;
/// The lines of a text file, whatever bytes it holds; none if it does not exist, as behind a
/// dangling link.
pub(crate) fn lines(path: &Path) -> io::Result<Vec<String>> {
    match limits::read(path, limits::METADATA) {
        Ok(content) => Ok(String::from_utf8_lossy(&content)
            .lines()
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
