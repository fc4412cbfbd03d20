//! A directory tree on disk, read a directory at a time when first asked for, and then kept.
//!
//! The build root and the build directory are both looked at through this, so that every rule of
//! every file list together reads each directory once.
//!
//! Not here: patterns, see [`crate::glob`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::CollectError;

/// Type bits of a mode. Source: inode(7).
const TYPE: u32 = 0o170_000;
/// Type of a directory.
const DIRECTORY: u32 = 0o040_000;
/// Type of a regular file.
const REGULAR: u32 = 0o100_000;
/// Type of a symbolic link.
const SYMLINK: u32 = 0o120_000;

/// What lstat(2) says of a file, as far as packages care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Type and permission bits.
    pub mode: u32,
    /// Bytes.
    pub size: u64,
    /// Seconds since 1970 UTC.
    pub mtime: i64,
    /// File system and number on it: the same for all names of one file.
    pub identity: (u64, u64),
    /// How many names the file has.
    pub names: u64,
    /// Device number of a device file.
    pub device: u64,
}

impl Meta {
    /// Whether it is a directory, not a link to one.
    pub fn is_dir(&self) -> bool {
        self.mode & TYPE == DIRECTORY
    }

    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        self.mode & TYPE == REGULAR
    }

    /// Whether it is a symbolic link.
    pub fn is_symlink(&self) -> bool {
        self.mode & TYPE == SYMLINK
    }

    /// Type bits alone.
    pub fn kind(&self) -> u32 {
        self.mode & TYPE
    }
}

impl From<&Metadata> for Meta {
    fn from(metadata: &Metadata) -> Self {
        Self {
            mode: metadata.mode(),
            size: metadata.size(),
            mtime: metadata.mtime(),
            identity: (metadata.dev(), metadata.ino()),
            names: metadata.nlink(),
            device: metadata.rdev(),
        }
    }
}

/// An entry of a directory.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name, with stand-ins for what is not UTF-8.
    pub name: String,
    /// Whether the name is UTF-8. Where it is not, the file can't be packaged.
    pub is_utf8: bool,
    /// The file.
    pub meta: Meta,
}

/// The entries of a directory, sorted by name.
pub type Listing = Rc<Vec<Node>>;

/// A directory tree. Paths within it start with `/`, which is the tree's root.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    listings: RefCell<HashMap<String, Listing>>,
}

impl Tree {
    /// The tree below `root`. Nothing is read yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            listings: RefCell::default(),
        }
    }

    /// The directory on disk that is `/` here.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a path of the tree is on disk.
    pub fn on_disk(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The entries of a directory; none if there is no such directory.
    ///
    /// Links are followed as long as they stay within the tree.
    pub fn list(&self, dir: &str) -> Result<Listing, CollectError> {
        let dir = dir.trim_end_matches('/');
        if let Some(known) = self.listings.borrow().get(dir) {
            return Ok(known.clone());
        }
        let listing = Rc::new(self.read(dir)?);
        self.listings
            .borrow_mut()
            .insert(dir.to_owned(), listing.clone());
        Ok(listing)
    }

    /// The file at a path, links not followed; `None` if there is none.
    pub fn find(&self, path: &str) -> Result<Option<Meta>, CollectError> {
        let Some((dir, name)) = path.trim_end_matches('/').rsplit_once('/') else {
            return self.root_meta();
        };
        let listing = self.list(dir)?;
        let index = listing.binary_search_by(|node| node.name.as_str().cmp(name));
        Ok(index.ok().map(|index| listing[index].meta))
    }

    /// Forgets what was read of `dir`, of all above it and of all below it.
    pub fn forget(&self, dir: &str) {
        let dir = dir.trim_end_matches('/');
        let concerned = |other: &str| is_within(dir, other) || is_within(other, dir);
        self.listings
            .borrow_mut()
            .retain(|known, _| !concerned(known));
    }

    fn root_meta(&self) -> Result<Option<Meta>, CollectError> {
        match fs::symlink_metadata(&self.root) {
            Ok(metadata) => Ok(Some(Meta::from(&metadata))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CollectError::read(&self.root)(error)),
        }
    }

    fn read(&self, dir: &str) -> Result<Vec<Node>, CollectError> {
        let path = self.on_disk(dir);
        if !self.is_inside(dir, &path) {
            return Ok(Vec::new());
        }
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if is_absence(error.kind()) => return Ok(Vec::new()),
            Err(error) => return Err(CollectError::list(&path)(error)),
        };
        let nodes: Result<Vec<Node>, _> = entries.map(|entry| node(&entry?)).collect();
        let mut nodes = nodes.map_err(CollectError::list(&path))?;
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(nodes)
    }

    /// Whether a directory that may be reached through links is part of the tree. Only directories
    /// that are links themselves need a look: those above were looked at on the way here.
    fn is_inside(&self, dir: &str, path: &Path) -> bool {
        let is_link = !dir.is_empty()
            && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        !is_link
            || match (path.canonicalize(), self.root.canonicalize()) {
                (Ok(real), Ok(root)) => real.starts_with(root),
                _ => false,
            }
    }
}

fn is_absence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn node(entry: &fs::DirEntry) -> std::io::Result<Node> {
    let meta = Meta::from(&entry.metadata()?);
    let name = entry.file_name();
    Ok(match name.into_string() {
        Ok(name) => Node {
            name,
            is_utf8: true,
            meta,
        },
        Err(name) => Node {
            name: name.to_string_lossy().into_owned(),
            is_utf8: false,
            meta,
        },
    })
}

/// Whether `path` is `dir` or below it.
pub(crate) fn is_within(dir: &str, path: &str) -> bool {
    path.strip_prefix(dir)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> (testkit::Tree, Tree) {
        let disk = testkit::Tree::new()
            .file("usr/bin/a", "1")
            .link("usr/sbin", "bin")
            .link("out", "/etc")
            .dir("empty");
        let tree = Tree::new(disk.path());
        (disk, tree)
    }

    #[test]
    fn listings_are_sorted_and_follow_links_within_the_tree() {
        let (_disk, tree) = tree();
        let names: Vec<_> = tree
            .list("/")
            .unwrap()
            .iter()
            .map(|it| it.name.clone())
            .collect();
        assert_eq!(names, ["empty", "out", "usr"]);
        assert_eq!(tree.list("/usr/sbin").unwrap().len(), 1);
        assert!(tree.list("/out").unwrap().is_empty());
        assert!(tree.list("/nowhere").unwrap().is_empty());
    }

    #[test]
    fn files_are_found_and_changes_are_seen_after_forgetting() {
        let (disk, tree) = tree();
        assert!(
            tree.find("/usr/bin/a")
                .unwrap()
                .is_some_and(|meta| meta.is_file())
        );
        assert!(tree.find("/").unwrap().is_some_and(|meta| meta.is_dir()));
        assert!(tree.find("/usr/bin/b").unwrap().is_none());
        let _disk = disk.file("usr/bin/b", "2");
        assert!(tree.find("/usr/bin/b").unwrap().is_none());
        tree.forget("/usr");
        assert!(tree.find("/usr/bin/b").unwrap().is_some());
    }
}
