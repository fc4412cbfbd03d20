//! The entries of a package's archive, while they are put together.
//!
//! Source: deb(5).

use std::collections::{BTreeMap, BTreeSet};

use package::Content;

use crate::deb::{Entry, EntryKind, Owner};

/// The tree being built.
pub(crate) struct Tree {
    pub(super) entries: BTreeMap<String, Entry>,
    time: i64,
}

impl Tree {
    /// An empty tree; later times are brought down to `time`.
    pub(crate) fn new(time: i64) -> Self {
        Self {
            entries: BTreeMap::new(),
            time,
        }
    }

    /// Whether there is an entry of this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// Adds a generated file of root's.
    pub(crate) fn add_text(&mut self, path: String, bytes: Vec<u8>) {
        let size = bytes.len() as u64;
        let kind = EntryKind::Regular {
            content: Content::Inline(bytes),
            size,
        };
        self.add_generated(path, kind, 0o644);
    }

    /// Gives a regular file that is there another text.
    pub(crate) fn change_text(&mut self, path: &str, bytes: Vec<u8>) {
        let entry = self.entries.get_mut(path);
        if let Some(EntryKind::Regular { content, size }) = entry.map(|it| &mut it.kind) {
            *size = bytes.len() as u64;
            *content = Content::Inline(bytes);
        }
    }

    /// Adds a generated link.
    pub(crate) fn add_link(&mut self, path: String, target: String) {
        self.add_generated(path, EntryKind::Symlink { target }, 0o777);
    }

    fn add_generated(&mut self, path: String, kind: EntryKind, mode: u32) {
        let entry = Entry {
            path,
            kind,
            mode,
            user: Owner::ROOT,
            group: Owner::ROOT,
            mtime: self.time,
        };
        self.entries.insert(entry.path.clone(), entry);
    }

    /// Adds the directories that nobody listed; they are root's.
    pub(crate) fn add_parents(&mut self) {
        // Files of one directory lie side by side, and one of them speaks for all.
        let mut directories: Vec<&str> = self.entries.keys().map(|path| directory(path)).collect();
        directories.dedup();
        let missing: BTreeSet<String> = directories
            .into_iter()
            .flat_map(|path| parents(path).chain([path]))
            .filter(|parent| !parent.is_empty() && !self.entries.contains_key(*parent))
            .map(str::to_owned)
            .collect();
        for path in missing {
            self.add_generated(path, EntryKind::Directory, 0o755);
        }
    }

    /// The entries, parents first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The same, when no more will come.
    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries.into_values().collect()
    }

    /// Size in KiB as dpkg counts it: files and links rounded up, 1 for anything else.
    ///
    /// Source: deb-substvars(5), `Installed-Size`.
    pub(crate) fn installed_size(&self) -> u64 {
        let size = |entry: &Entry| match &entry.kind {
            EntryKind::Regular { size, .. } => size.div_ceil(1024),
            EntryKind::Symlink { target } => (target.len() as u64).div_ceil(1024),
            EntryKind::HardLink { .. } => 0,
            _ => 1,
        };
        self.entries().map(size).sum()
    }
}

/// `/usr/share` for `/usr/share/x`.
fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// `/usr/share` and `/usr` for `/usr/share/x`.
pub(super) fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .filter(|(at, _)| *at > 0)
        .map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_added_once_and_come_first() {
        let mut tree = Tree::new(7);
        tree.add_text("/usr/share/x".into(), b"x".to_vec());
        tree.add_text("/usr/y".into(), Vec::new());
        tree.add_parents();
        let paths: Vec<_> = tree.entries().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["/usr", "/usr/share", "/usr/share/x", "/usr/y"]);
        assert_eq!(tree.installed_size(), 3);
    }
}
