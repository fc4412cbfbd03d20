//! Reading .deb files, whoever made them: control fields, maintainer scripts, the list of files.
//!
//! Contents of files are passed over, not kept, but for the changelog; whoever needs them reads them with
//! [`DebFile::open_with`]. Source: deb(5), deb-control(5).

mod changelog;
mod relations;
mod stored;
mod tags;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use archive::{ArReader, Decoder};
use limits::{Allowance, TarReader};

use crate::deb822::Paragraph;

pub use stored::{StoredEntry, StoredKind};

/// What a package may hold.
#[derive(Clone, Copy)]
struct Limits {
    /// Control information in bytes; `md5sums` of very large packages included.
    control: u64,
    /// Files in the control information.
    control_files: usize,
    /// Files of the package; what rpm has as a limit.
    files: usize,
    /// What their names and the targets of links hold, all together, in bytes.
    names: usize,
}

const LIMITS: Limits = Limits {
    control: 64 << 20,
    control_files: 256,
    files: 1 << 20,
    names: 256 << 20,
};

/// Most files that are kept as changelogs.
const CHANGELOGS: usize = 4;

/// Why a .deb file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be opened or read on.
    #[error("cannot read the file")]
    Read(#[source] io::Error),
    /// It is no such package.
    #[error("not a .deb package: {0}")]
    NotPackage(&'static str),
    /// It holds more than any package does.
    #[error("the package holds too much: {0}")]
    TooMuch(String),
    /// It is damaged.
    #[error("the package is damaged")]
    Damaged(#[source] archive::Error),
    /// One of the tar archives in it is damaged.
    #[error("the package is damaged: cannot read its `{archive}`")]
    DamagedArchive {
        /// Name of the archive, without how it is compressed.
        archive: &'static str,
        /// The fault found in it.
        #[source]
        source: io::Error,
    },
}

/// What a file is, as rpm records it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileClass {
    /// In libmagic's words.
    pub class: String,
    /// As a media type.
    pub media_type: String,
    /// 1 for ELF files of 32 bits, 2 for those of 64.
    pub color: u32,
}

/// Called with each file and its content.
type Visitor<'v> = &'v mut dyn FnMut(&StoredEntry, &mut dyn Read) -> io::Result<()>;

/// What a .deb file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebFile {
    /// The fields of `control`.
    pub control: Paragraph,
    /// The other control files by name: `md5sums`, `conffiles`, `postinst`, …
    pub control_files: BTreeMap<String, String>,
    /// The files, in the order of their paths.
    pub entries: Vec<StoredEntry>,
    /// What regular files are, by path; filled in by whoever looks at them.
    pub classes: BTreeMap<String, FileClass>,
    /// The files that may be the changelog, as stored: rank among them, name and content.
    changelogs: Vec<(u8, String, Vec<u8>)>,
}

impl DebFile {
    /// Opens a file and reads it.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Self::open_with(path, &mut |_, _| Ok(()))
    }

    /// Opens a file and reads it; `visit` is called with each regular file and its content.
    pub fn open_with(path: &Path, visit: Visitor<'_>) -> Result<Self, ReadError> {
        let file = File::open(path).map_err(ReadError::Read)?;
        Self::read_with(BufReader::new(file), visit, LIMITS)
    }

    /// Reads a package.
    pub fn read(input: impl Read) -> Result<Self, ReadError> {
        Self::read_with(input, &mut |_, _| Ok(()), LIMITS)
    }

    fn read_with(input: impl Read, visit: Visitor<'_>, limits: Limits) -> Result<Self, ReadError> {
        let mut archive = ArReader::new(input).map_err(ReadError::Damaged)?;
        let mut package = Self::default();
        let mut found = 0;
        while let Some((name, _)) = archive.next_member().map_err(ReadError::Damaged)? {
            match (found, name.split('.').next()) {
                (0, Some("debian-binary")) => check_version(&mut archive)?,
                (1, Some("control")) => package.read_control(&mut archive, limits)?,
                (2, Some("data")) => package.read_data(&mut archive, visit, limits)?,
                (1 | 2, _) if name.starts_with('_') => continue,
                (3, _) => break,
                _ => return Err(ReadError::NotPackage("its members are not as in deb(5)")),
            }
            found += 1;
        }
        match found {
            3 if package.control.get("Package").is_some() => Ok(package),
            _ => Err(ReadError::NotPackage("parts are missing")),
        }
    }

    fn read_control(&mut self, member: &mut impl Read, limits: Limits) -> Result<(), ReadError> {
        let damaged = |source| ReadError::DamagedArchive {
            archive: "control.tar",
            source,
        };
        let mut archive = open_tar(member)?;
        let mut room = limits.control;
        for entry in archive.entries().map_err(damaged)? {
            let mut content = entry.map_err(damaged)?;
            let entry = StoredEntry::read(&content).map_err(damaged)?;
            let Some(entry) = entry.filter(|it| it.kind == StoredKind::Regular) else {
                continue;
            };
            let left = room.checked_sub(entry.size);
            if left.is_none() || self.control_files.len() >= limits.control_files {
                let (files, most) = (limits.control_files, limits.control >> 20);
                return Err(ReadError::TooMuch(format!(
                    "control information beyond {files} files or {most} MiB"
                )));
            }
            room = left.unwrap_or_default();
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes).map_err(damaged)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let name = entry.path.trim_start_matches('/');
            self.control_files.insert(name.to_owned(), text);
        }
        if let Some(text) = self.control_files.remove("control") {
            self.control = Paragraph::parse(&text);
        }
        Ok(())
    }

    fn read_data(
        &mut self,
        member: &mut impl Read,
        visit: Visitor<'_>,
        limits: Limits,
    ) -> Result<(), ReadError> {
        let damaged = |source| ReadError::DamagedArchive {
            archive: "data.tar",
            source,
        };
        let mut archive = open_tar(member)?;
        let mut room = limits.names;
        for entry in archive.entries().map_err(damaged)? {
            let mut content = entry.map_err(damaged)?;
            let stored = StoredEntry::read(&content).map_err(damaged)?;
            let Some(stored) = stored.filter(|it| it.path != "/") else {
                continue;
            };
            let left = room.checked_sub(stored.path.len() + stored.target.len());
            if self.entries.len() >= limits.files || left.is_none() {
                let (files, most) = (limits.files, limits.names >> 20);
                return Err(ReadError::TooMuch(format!(
                    "more than {files} files, or {most} MiB of their names"
                )));
            }
            room = left.unwrap_or_default();
            if stored.kind == StoredKind::Regular {
                match self.changelog_name(&stored) {
                    Some((rank, name)) => {
                        let mut bytes = Vec::new();
                        content.read_to_end(&mut bytes).map_err(damaged)?;
                        visit(&stored, &mut &*bytes).map_err(ReadError::Read)?;
                        self.changelogs.push((rank, name, bytes));
                    }
                    None => visit(&stored, &mut content).map_err(ReadError::Read)?,
                }
            }
            self.entries.push(stored);
        }
        self.entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }
}

impl DebFile {
    /// The rank and the name of a file that may be the changelog, if it is not too long to be one.
    fn changelog_name(&self, file: &StoredEntry) -> Option<(u8, String)> {
        let package = self.control.get("Package")?;
        let path = file.path.strip_prefix("/usr/share/doc/")?;
        let (_, name) = path.split_once('/').filter(|(dir, _)| *dir == package)?;
        let rank = changelog::rank(name).filter(|_| file.size <= limits::METADATA)?;
        let is_new = self.changelogs.len() < CHANGELOGS;
        is_new.then(|| (rank, name.to_owned()))
    }
}

fn check_version(member: &mut impl Read) -> Result<(), ReadError> {
    let mut text = Vec::new();
    let read = member.take(16).read_to_end(&mut text);
    read.map_err(ReadError::Read)?;
    if text.starts_with(b"2.") {
        Ok(())
    } else {
        Err(ReadError::NotPackage("its format is not version 2"))
    }
}

/// Opens an archive in a package, however it is compressed. Its length needs no limit: what it
/// holds is read past, or counted by who keeps it.
fn open_tar<R: Read>(member: &mut R) -> Result<TarReader<Decoder<'_>>, ReadError> {
    let content = Decoder::new(member).map_err(ReadError::Read)?;
    Ok(TarReader::new(content, Allowance::NONE))
}

#[cfg(test)]
mod tests;
