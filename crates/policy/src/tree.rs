//! Walking a build root in a fixed order, and changing its files without losing their attributes.

use std::collections::BTreeMap;
use std::fs::{File, FileTimes, Metadata};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::{Doing, Error};

/// One path below a build root.
pub(crate) struct Node {
    /// The full path.
    pub(crate) path: PathBuf,
    /// How many bytes of `path` are the build root.
    root: usize,
    /// What the system says of it; symbolic links are not followed.
    pub(crate) metadata: Metadata,
}

impl Node {
    /// The path as it will be when installed, with a leading slash.
    pub(crate) fn inside(&self) -> &Path {
        let inside = self
            .path
            .as_os_str()
            .as_bytes()
            .get(self.root..)
            .unwrap_or_default();
        Path::new(std::ffi::OsStr::from_bytes(inside))
    }

    /// The last part of the path; bytes that are no UTF-8 are replaced.
    pub(crate) fn name(&self) -> std::borrow::Cow<'_, str> {
        self.path.file_name().unwrap_or_default().to_string_lossy()
    }

    /// Whether any of the three executable bits is set.
    pub(crate) fn is_executable(&self) -> bool {
        self.metadata.mode() & 0o111 != 0
    }

    /// Whether it lies in the tree of separate debugging files.
    pub(crate) fn is_debug(&self) -> bool {
        self.inside()
            .as_os_str()
            .as_bytes()
            .starts_with(b"/usr/lib/debug")
    }

    /// What tells a file from another, whatever its names.
    pub(crate) fn identity(&self) -> (u64, u64) {
        (self.metadata.dev(), self.metadata.ino())
    }
}

/// Everything below `root` (not itself), sorted so that a directory comes before what it holds.
pub(crate) fn walk(root: &Path) -> Result<Vec<Node>, Error> {
    let prefix = root.as_os_str().len();
    let walk = WalkDir::new(root).min_depth(1).sort_by_file_name();
    walk.into_iter()
        .map(|entry| {
            let entry = entry.map_err(|error| unreadable(root, error))?;
            let metadata = entry.metadata().map_err(|error| unreadable(root, error))?;
            Ok(Node {
                path: entry.into_path(),
                root: prefix,
                metadata,
            })
        })
        .collect()
}

fn unreadable(root: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(root).to_owned();
    Error::File {
        action: "read",
        path,
        source: error.into(),
    }
}

/// The regular files below `root`.
pub(crate) fn files(root: &Path) -> Result<Vec<Node>, Error> {
    Ok(walk(root)?
        .into_iter()
        .filter(|node| node.metadata.is_file())
        .collect())
}

/// The regular files below `root`, a file with several names only under the first of them.
pub(crate) fn distinct_files(root: &Path) -> Result<Vec<Node>, Error> {
    let mut seen = std::collections::BTreeSet::new();
    let fresh = |node: &Node| node.metadata.nlink() == 1 || seen.insert(node.identity());
    Ok(files(root)?.into_iter().filter(fresh).collect())
}

/// Groups files by what they are: each group holds all names of one file among `nodes`.
pub(crate) fn by_identity(nodes: Vec<Node>) -> Vec<Vec<Node>> {
    let mut order: BTreeMap<(u64, u64), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<Node>> = Vec::new();
    for node in nodes {
        let index = *order.entry(node.identity()).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(node),
            None => groups.push(vec![node]),
        }
    }
    groups
}

/// Writes a file beside `path` with `fill` and puts it in its place, with the permissions, owner and
/// times that `like` describes. Nothing is left behind when `fill` fails.
pub(crate) fn replace(
    path: &Path,
    like: &Metadata,
    fill: impl FnOnce(&mut File) -> Result<(), Error>,
) -> Result<(), Error> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut spare = tempfile::NamedTempFile::new_in(directory).doing("write in", directory)?;
    fill(spare.as_file_mut())?;
    spare.flush().doing("write", path)?;
    keep_attributes(spare.as_file(), like).doing("set the attributes of", path)?;
    spare
        .persist(path)
        .map_err(|failed| failed.error)
        .doing("replace", path)?;
    Ok(())
}

/// Gives `file` the permissions, owner (as far as allowed) and times that `like` describes.
fn keep_attributes(file: &File, like: &Metadata) -> std::io::Result<()> {
    // Only root may give files away, and then it must; for anybody else the owner is right already.
    let _ = std::os::unix::fs::fchown(file, Some(like.uid()), Some(like.gid()));
    file.set_permissions(like.permissions())?;
    file.set_times(
        FileTimes::new()
            .set_accessed(like.accessed()?)
            .set_modified(like.modified()?),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::Bench;

    #[test]
    fn order_is_fixed_and_paths_are_inside() {
        let bench = Bench::new();
        for path in ["b", "a/z", "a/b", "a.txt"] {
            bench.file(path, "");
        }
        assert_eq!(bench.listing(), ["/a/b", "/a/z", "/a.txt", "/b"]);
    }

    #[test]
    fn names_of_one_file_are_one_group() {
        let bench = Bench::new();
        let first = bench.file("a", "1");
        bench.file("b", "2");
        std::fs::hard_link(first, bench.at("c")).unwrap();
        let groups = by_identity(files(&bench.root()).unwrap());
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1]);
        assert_eq!(distinct_files(&bench.root()).unwrap().len(), 2);
    }
}
