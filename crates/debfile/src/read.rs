//! Reading .deb files, whoever made them: control fields, maintainer scripts, the list of files.
//!
//! Contents of files are passed over, not kept. Source: deb(5), deb-control(5).

mod relations;
mod tags;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use archive::tar::{ReadEntry, ReadKind, Reader};
use archive::{ArReader, Decoder};

use crate::deb822::Paragraph;

/// Most control information, in bytes; `md5sums` of very large packages included.
const CONTROL_LIMIT: u64 = 64 << 20;
/// Most files in the control information.
const CONTROL_FILES: usize = 256;
/// Most files of a package; what rpm has as a limit.
const FILES: usize = 1 << 20;
/// What their names may hold, all together, in bytes.
const NAMES: usize = 256 << 20;

/// Why a .deb file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be opened or read on.
    #[error("cannot read the file")]
    Read(#[source] io::Error),
    /// It is no such package.
    #[error("not a .deb package: {0}")]
    NotPackage(&'static str),
    /// It is damaged.
    #[error("the package is damaged")]
    Damaged(#[source] archive::Error),
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The whole path, without the dot that archives put before it.
    pub path: String,
    /// Everything else.
    pub entry: ReadEntry,
}

/// What a .deb file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebFile {
    /// The fields of `control`.
    pub control: Paragraph,
    /// The other control files by name: `md5sums`, `conffiles`, `postinst`, …
    pub control_files: BTreeMap<String, String>,
    /// The files, in the order of their paths.
    pub entries: Vec<StoredEntry>,
}

impl DebFile {
    /// Opens a file and reads it.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Self::read(BufReader::new(File::open(path).map_err(ReadError::Read)?))
    }

    /// Reads a package.
    pub fn read(input: impl Read) -> Result<Self, ReadError> {
        let mut archive = ArReader::new(input).map_err(ReadError::Damaged)?;
        let mut package = Self::default();
        let mut found = 0;
        while let Some((name, _)) = archive.next_member().map_err(ReadError::Damaged)? {
            match (found, name.split('.').next()) {
                (0, Some("debian-binary")) => check_version(&mut archive)?,
                (1, Some("control")) => package.read_control(&mut archive)?,
                (2, Some("data")) => package.read_data(&mut archive)?,
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

    fn read_control(&mut self, member: &mut impl Read) -> Result<(), ReadError> {
        let mut archive = Reader::new(Decoder::new(member).map_err(ReadError::Read)?);
        let mut room = CONTROL_LIMIT;
        while let Some(entry) = archive.next_entry().map_err(ReadError::Damaged)? {
            let path = path_of(&entry.name);
            if entry.kind != ReadKind::Regular {
                continue;
            }
            let left = room.checked_sub(entry.size);
            if left.is_none() || self.control_files.len() >= CONTROL_FILES {
                return Err(ReadError::NotPackage(
                    "its control information is too large",
                ));
            }
            room = left.unwrap_or_default();
            let mut bytes = Vec::new();
            archive.read_to_end(&mut bytes).map_err(ReadError::Read)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            self.control_files
                .insert(path.trim_start_matches('/').to_owned(), text);
        }
        if let Some(text) = self.control_files.remove("control") {
            self.control = Paragraph::parse(&text);
        }
        Ok(())
    }

    fn read_data(&mut self, member: &mut impl Read) -> Result<(), ReadError> {
        let mut archive = Reader::new(Decoder::new(member).map_err(ReadError::Read)?);
        let mut room = NAMES;
        while let Some(entry) = archive.next_entry().map_err(ReadError::Damaged)? {
            let path = path_of(&entry.name);
            if path == "/" {
                continue;
            }
            let length = entry.name.len() + entry.target.len();
            let left = room.checked_sub(length);
            if self.entries.len() >= FILES || left.is_none() {
                return Err(ReadError::NotPackage("it has too many files"));
            }
            room = left.unwrap_or_default();
            self.entries.push(StoredEntry { path, entry });
        }
        self.entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
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

/// `/usr/bin` of `./usr/bin/`.
fn path_of(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    let path: String = parts.map(|part| format!("/{part}")).collect();
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn paths_begin_at_the_root_however_names_are_written() {
        for name in ["./usr/bin/", "usr/bin", "/usr//bin/.", "././usr/./bin"] {
            assert_eq!(path_of(name.as_bytes()), "/usr/bin", "{name}");
        }
        for name in ["", ".", "./", "/", "./.", "//."] {
            assert_eq!(path_of(name.as_bytes()), "/", "{name}");
        }
    }
}
