//! A temporary tree of files, made in one expression and gone at its end.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A temporary folder. Each method that makes something panics if it cannot.
///
/// ```
/// let root = testkit::Tree::new().file("etc/hello.conf", "x = 1\n").link("etc/alias", "hello.conf");
/// assert!(root.join("etc/alias").is_file());
/// ```
#[derive(Debug)]
pub struct Tree(TempDir);

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl Tree {
    /// An empty folder.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    /// The path of the tree's root.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of something in the tree. A leading slash is the tree's root.
    pub fn join(&self, path: &str) -> PathBuf {
        self.path().join(path.trim_start_matches('/'))
    }

    /// Adds a file (mode 644) and the folders above it.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let place = self.place(path);
        fs::write(&place, content).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        self.mode(path, 0o644)
    }

    /// Adds a file with mode 755.
    #[must_use]
    pub fn program(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.file(path, content).mode(path, 0o755)
    }

    /// Adds a folder.
    #[must_use]
    pub fn dir(self, path: &str) -> Self {
        let place = self.join(path);
        fs::create_dir_all(&place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        self
    }

    /// Adds a symbolic link at `path` that holds `target` as it is.
    #[must_use]
    pub fn link(self, path: &str, target: &str) -> Self {
        let place = self.place(path);
        symlink(target, &place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        self
    }

    /// Sets the mode of a file or folder.
    #[must_use]
    pub fn mode(self, path: &str, mode: u32) -> Self {
        let place = self.join(path);
        fs::set_permissions(&place, fs::Permissions::from_mode(mode))
            .unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        self
    }

    fn place(&self, path: &str) -> PathBuf {
        let place = self.join(path);
        let above = place.parent().expect("a joined path has a parent");
        fs::create_dir_all(above).unwrap_or_else(|error| panic!("{}: {error}", above.display()));
        place
    }
}
