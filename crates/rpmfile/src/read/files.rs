//! The list of files that a header holds.

use query::{Tags, Value};

use super::{Headers, ReadError};

/// One file of a package's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredFile {
    /// The whole path; a bare name in source packages. Not to be trusted.
    pub path: String,
    /// Length in bytes.
    pub size: u64,
    /// Kind and permissions, as in stat(2).
    pub mode: u32,
    /// Seconds since 1970.
    pub mtime: u64,
    /// The digest of the content in hex; empty if there is none.
    pub digest: String,
    /// Where a link points.
    pub target: String,
    /// `%config`, `%ghost` and so on, as bits.
    pub flags: u64,
    /// Device number.
    pub device: u64,
    /// Number that names of one file have in common.
    pub inode: u64,
    /// Owner's name.
    pub user: String,
    /// Group's name.
    pub group: String,
}

/// Bit of [`StoredFile::flags`] for a ghost, of which there is no content.
pub(super) const GHOST: u64 = 1 << 6;

impl StoredFile {
    /// Whether it is a regular file.
    pub fn is_regular(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    /// Whether it is a symbolic link.
    pub fn is_symlink(&self) -> bool {
        self.mode & 0o170_000 == 0o120_000
    }
}

/// A column of the list: one element per file, or nothing at all.
struct Column(Option<Value>);

impl Column {
    fn of(headers: &Headers, tag: &str, count: usize) -> Result<Self, ReadError> {
        let value = headers.get(tag);
        let found = value.as_ref().map_or(count, Value::len);
        if found == count {
            return Ok(Self(value));
        }
        let what = format!("{tag} has {found} elements for {count} files");
        Err(ReadError::Contents(what))
    }

    fn number(&self, index: usize) -> u64 {
        self.0
            .as_ref()
            .and_then(|it| it.number_at(index))
            .unwrap_or(0)
    }

    fn text(&self, index: usize) -> String {
        let text = self.0.as_ref().and_then(|it| it.text_at(index));
        text.unwrap_or_default().to_owned()
    }
}

/// The list of files.
pub(super) fn files(headers: &Headers) -> Result<Vec<StoredFile>, ReadError> {
    let Some(names) = headers.get("BASENAMES") else {
        return Ok(Vec::new());
    };
    let count = names.len();
    let dirs = headers.get("DIRNAMES");
    let column = |tag: &str| Column::of(headers, tag, count);
    let sizes = match headers.get("LONGFILESIZES") {
        Some(_) => column("LONGFILESIZES")?,
        None => column("FILESIZES")?,
    };
    let (indexes, modes, mtimes) = (
        column("DIRINDEXES")?,
        column("FILEMODES")?,
        column("FILEMTIMES")?,
    );
    let (digests, targets, flags) = (
        column("FILEDIGESTS")?,
        column("FILELINKTOS")?,
        column("FILEFLAGS")?,
    );
    let (devices, inodes) = (column("FILERDEVS")?, column("FILEINODES")?);
    let (users, groups) = (column("FILEUSERNAME")?, column("FILEGROUPNAME")?);
    let file = |(index, name): (usize, &String)| {
        let dir = usize::try_from(indexes.number(index)).ok();
        let dir = dir.and_then(|it| dirs.as_ref()?.text_at(it));
        let dir = dir.ok_or_else(|| ReadError::Contents(format!("{name} has no directory")))?;
        Ok(StoredFile {
            path: format!("{dir}{name}"),
            size: sizes.number(index),
            mode: modes.number(index) as u32,
            mtime: mtimes.number(index),
            digest: digests.text(index),
            target: targets.text(index),
            flags: flags.number(index),
            device: devices.number(index),
            inode: inodes.number(index),
            user: users.text(index),
            group: groups.text(index),
        })
    };
    names.texts().iter().enumerate().map(file).collect()
}
