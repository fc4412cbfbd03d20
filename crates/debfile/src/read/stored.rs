//! What a package's archive records of each file.

use std::io::{self, Read};

use tar::{Entry, EntryType};

/// Longest name or link target, in bytes; what Linux has as a limit for paths, many times over.
const NAME_LIMIT: usize = 64 * 1024;

/// What a file of a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredKind {
    /// A file with content.
    Regular,
    /// Another name of an earlier file.
    HardLink,
    /// A symbolic link.
    Symlink,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
    /// A directory.
    Directory,
    /// A named pipe.
    Fifo,
}

/// A file of a package. Nothing in it is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The whole path, without the dot that archives put before it.
    pub path: String,
    /// Whether it is a file, a directory, a link or a device.
    pub kind: StoredKind,
    /// Where a link points, as stored.
    pub target: Vec<u8>,
    /// Length of the content in bytes.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
    /// Seconds since 1970.
    pub mtime: u64,
    /// Owner's name, or number where there is no name.
    pub user: String,
    /// Group's name, or number.
    pub group: String,
    /// Major number of a device.
    pub major: u32,
    /// Minor number of a device.
    pub minor: u32,
}

impl StoredEntry {
    /// Reads the header of a member; `None` if it describes the archive, not a file.
    pub(super) fn read(entry: &Entry<'_, impl Read>) -> io::Result<Option<Self>> {
        let header = entry.header();
        if header.entry_type().is_pax_global_extensions() {
            return Ok(None);
        }
        let kind = kind(header.entry_type())?;
        let target = entry.link_name_bytes().unwrap_or_default().into_owned();
        let name = entry.path_bytes();
        if name.len().max(target.len()) > NAME_LIMIT {
            return Err(io::Error::other("a name is too long"));
        }
        let (major, minor) = match kind {
            StoredKind::CharDevice | StoredKind::BlockDevice => {
                (header.device_major()?, header.device_minor()?)
            }
            _ => (None, None),
        };
        let is_file = kind == StoredKind::Regular;
        Ok(Some(Self {
            path: path_of(&name),
            kind,
            target,
            size: if is_file { entry.size() } else { 0 },
            mode: header.mode()? & 0o7777,
            mtime: header.mtime()?,
            user: owner(header.username_bytes(), header.uid()?),
            group: owner(header.groupname_bytes(), header.gid()?),
            major: major.unwrap_or(0),
            minor: minor.unwrap_or(0),
        }))
    }
}

fn kind(entry_type: EntryType) -> io::Result<StoredKind> {
    match entry_type {
        EntryType::Regular | EntryType::Continuous => Ok(StoredKind::Regular),
        EntryType::Link => Ok(StoredKind::HardLink),
        EntryType::Symlink => Ok(StoredKind::Symlink),
        EntryType::Char => Ok(StoredKind::CharDevice),
        EntryType::Block => Ok(StoredKind::BlockDevice),
        EntryType::Directory => Ok(StoredKind::Directory),
        EntryType::Fifo => Ok(StoredKind::Fifo),
        // dpkg refuses sparse files, too.
        _ => Err(io::Error::other("a member of an unknown kind")),
    }
}

fn owner(name: Option<&[u8]>, number: u64) -> String {
    match name.filter(|it| !it.is_empty()) {
        Some(name) => String::from_utf8_lossy(name).into_owned(),
        None => number.to_string(),
    }
}

/// `/usr/bin` of `./usr/bin/`.
pub(super) fn path_of(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    let path: String = parts.map(|part| format!("/{part}")).collect();
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}
