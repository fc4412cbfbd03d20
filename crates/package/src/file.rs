//! The files of a package.

use std::path::PathBuf;

use source::Origin;

use crate::{Dependency, RelationKind};

/// Where a file's bytes are. Never holds a large file in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In a file on disk, to be read once, front to back.
    OnDisk(PathBuf),
    /// Here; for small generated files.
    Inline(Vec<u8>),
}

/// What kind of file it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Bytes.
    Regular {
        /// Where they are.
        content: Content,
        /// How many they are.
        size: u64,
    },
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink {
        /// What it points to, as written in the link.
        target: String,
    },
    /// A character device.
    CharDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
}

/// What the file list said of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileFlags {
    /// `%config`.
    pub config: bool,
    /// `%config(noreplace)`.
    pub noreplace: bool,
    /// `%config(missingok)`, `%missingok`.
    pub missingok: bool,
    /// `%doc`, or below a `%docdir`.
    pub doc: bool,
    /// `%license`.
    pub license: bool,
    /// `%readme`.
    pub readme: bool,
    /// `%ghost`: belongs to the package but is not in it.
    pub ghost: bool,
    /// `%artifact`.
    pub artifact: bool,
    /// `%pubkey`.
    pub pubkey: bool,
    /// The spec file within a source package.
    pub specfile: bool,
}

/// The attributes `rpm -V` compares; all of them unless `%verify` says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyFlags {
    /// Contents (`md5`, `filedigest`).
    pub digest: bool,
    /// Size.
    pub size: bool,
    /// Target of a link.
    pub link: bool,
    /// Owner.
    pub user: bool,
    /// Group.
    pub group: bool,
    /// Time of last change.
    pub mtime: bool,
    /// Permissions.
    pub mode: bool,
    /// Device numbers.
    pub rdev: bool,
    /// Capabilities.
    pub caps: bool,
    /// What has no name yet: bits that rpm sets unless things to compare are named one by one.
    pub others: bool,
}

impl VerifyFlags {
    /// Everything is compared.
    pub const ALL: Self = Self::same(true);
    /// Nothing is compared.
    pub const NONE: Self = Self::same(false);

    const fn same(all: bool) -> Self {
        Self {
            digest: all,
            size: all,
            link: all,
            user: all,
            group: all,
            mtime: all,
            mode: all,
            rdev: all,
            caps: all,
            others: all,
        }
    }
}

/// Files of one package that are the same file on disk carry the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkSet {
    /// Number of the set within its package, from 0.
    pub id: u32,
    /// How many names the file has in the build root, those outside this package included.
    pub names: u32,
}

/// What stands for a file's inode in a package. Names that `%exclude` leaves out count, and so do files
/// that are listed twice.
///
/// Source: rpm `build/files.cc`, what becomes of `FILEINODES` and `SIZE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// The place in the sorted list of all that the file list names, from 1; further names of a file
    /// have the number of the first.
    pub inode: u32,
    /// Whether an earlier place in the list is the same file: its size counts already.
    pub is_repeated: bool,
    /// Whether any other place in the list is the same file.
    pub is_shared: bool,
}

/// A dependency that a generator found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDependency {
    /// Provides, Requires, ….
    pub kind: RelationKind,
    /// What.
    pub dependency: Dependency,
}

/// One path of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Absolute path on the installed system, without a trailing slash (except `/`).
    pub path: String,
    /// Kind, and what goes with it.
    pub kind: FileKind,
    /// Permission bits, at most 0o7777.
    pub mode: u32,
    /// Owner's name.
    pub user: String,
    /// Group's name.
    pub group: String,
    /// Seconds since 1970 UTC.
    pub mtime: i64,
    /// What the file list said.
    pub flags: FileFlags,
    /// What `rpm -V` compares.
    pub verify: VerifyFlags,
    /// `%lang(…)`, in the order written.
    pub langs: Vec<String>,
    /// `%caps(…)`, as cap_to_text(3) writes it.
    pub caps: Option<String>,
    /// Whether it is a ghost that is not in the build root: it is what the file list says.
    pub is_made_up: bool,
    /// Set if the file has further names.
    pub link_set: Option<LinkSet>,
    /// Its number, where files were left out or listed twice; else they are numbered as they stand.
    pub numbering: Option<Numbering>,
    /// What libmagic calls it; empty for what it has no word for.
    pub class: String,
    /// Its media type as libmagic tells it, `text/plain`; empty for what is not there.
    pub media_type: String,
    /// 0: no colour, 1: 32-bit ELF, 2: 64-bit ELF.
    pub color: u32,
    /// What generators found in it. Each of these also stands among the package's relations.
    pub dependencies: Vec<FileDependency>,
    /// The line of the file list that brought it in.
    pub origin: Option<Origin>,
}

impl FileEntry {
    /// A file of root's with nothing special about it.
    pub fn new(path: impl Into<String>, kind: FileKind, mode: u32) -> Self {
        Self {
            path: path.into(),
            kind,
            mode,
            user: "root".to_owned(),
            group: "root".to_owned(),
            mtime: 0,
            flags: FileFlags::default(),
            verify: VerifyFlags::ALL,
            langs: Vec::new(),
            caps: None,
            is_made_up: false,
            link_set: None,
            numbering: None,
            class: String::new(),
            media_type: String::new(),
            color: 0,
            dependencies: Vec::new(),
            origin: None,
        }
    }

    /// Whether its bytes are in the package.
    pub fn has_content(&self) -> bool {
        matches!(self.kind, FileKind::Regular { .. }) && !self.flags.ghost
    }

    /// Size in bytes as `rpm -qlv` shows it: contents of files, length of link targets, else 0.
    pub fn size(&self) -> u64 {
        match &self.kind {
            FileKind::Regular { size, .. } => *size,
            FileKind::Symlink { target } => target.len() as u64,
            _ => 0,
        }
    }
}

/// The files of a package, sorted by the bytes of their paths, each path once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileList(Vec<FileEntry>);

impl FileList {
    /// Sorts the entries; of entries with the same path the last one stays.
    pub fn new(mut entries: Vec<FileEntry>) -> Self {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries.reverse();
        entries.dedup_by(|later, earlier| later.path == earlier.path);
        entries.reverse();
        Self(entries)
    }

    /// The entries, sorted.
    pub fn entries(&self) -> &[FileEntry] {
        &self.0
    }

    /// Bytes of all regular files; one that has several names counts for each.
    pub fn content_length(&self) -> u64 {
        let contents = self.entries().iter().filter(|entry| entry.has_content());
        contents.map(FileEntry::size).sum()
    }

    /// The entry of a path.
    pub fn get(&self, path: &str) -> Option<&FileEntry> {
        let index = self
            .0
            .binary_search_by(|entry| entry.path.as_str().cmp(path))
            .ok()?;
        Some(&self.0[index])
    }

    /// Changes each entry; paths stay as they are because the order hangs on them.
    pub fn update(&mut self, mut change: impl FnMut(&mut FileEntry)) {
        for entry in &mut self.0 {
            let path = entry.path.clone();
            change(entry);
            entry.path = path;
        }
    }
}
