//! Telling a file's compression or archive format by its first bytes.
//!
//! As in rpm, a tar archive is not looked for: whatever is unpacked and is no other archive is taken
//! for one. `.lzma`, `.gem` and `.car` have no mark of their own and are told by their suffix.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Doing, Error};

/// How a file is compressed or packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Not compressed.
    Plain,
    /// gzip.
    Gzip,
    /// What only the `gzip` program reads besides: `compress`, `pack`, lzh.
    OldGzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// The format before xz.
    Lzma,
    /// Zstandard.
    Zstd,
    /// lzip.
    Lzip,
    /// lrzip.
    Lrzip,
    /// zip, and what builds on it, such as jar.
    Zip,
    /// 7-Zip.
    SevenZip,
    /// A Ruby gem.
    Gem,
    /// A content-addressable archive.
    Car,
}

impl Format {
    /// Whether the format is an archive and not only a compression.
    pub(crate) fn is_archive(self) -> bool {
        matches!(self, Self::Zip | Self::SevenZip | Self::Gem | Self::Car)
    }
}

/// First bytes and what they tell.
const MARKS: &[(&[u8], Format)] = &[
    (b"BZh", Format::Bzip2),
    (b"PK\x03\x04", Format::Zip),
    (b"PK00", Format::Zip),
    (b"\xfd7zXZ\0", Format::Xz),
    (b"\x28\xb5\x2f", Format::Zstd),
    (b"LZIP", Format::Lzip),
    (b"LRZI", Format::Lrzip),
    (b"\x1f\x8b", Format::Gzip),
    (b"\x1f\x9e", Format::OldGzip),
    (b"\x1f\x1e", Format::OldGzip),
    (b"\x1f\xa0", Format::OldGzip),
    (b"\x1f\x9d", Format::OldGzip),
    (b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
    (b"\x0a\xa1gversion\x02", Format::Car),
];

/// Suffixes that tell a format when the first bytes do not.
const SUFFIXES: &[(&str, Format)] = &[
    ("car", Format::Car),
    ("lzma", Format::Lzma),
    ("gem", Format::Gem),
];

/// Tells the format of `path`. A file too short for any mark is plain.
pub(crate) fn detect(path: &Path) -> Result<Format, Error> {
    let file = File::open(path).doing("open", path)?;
    let mut start = Vec::new();
    file.take(13).read_to_end(&mut start).doing("read", path)?;
    let marked = MARKS.iter().find(|(mark, _)| start.starts_with(mark));
    let suffix = path.extension().unwrap_or_default();
    let named = SUFFIXES.iter().find(|(known, _)| suffix == *known);
    Ok(match (marked, named) {
        (Some((_, format)), _) => *format,
        (None, Some((_, format))) if start.len() == 13 => *format,
        _ => Format::Plain,
    })
}
