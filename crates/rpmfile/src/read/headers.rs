//! Both headers of a package as one set of tags, for query formats and everything else.

use package::split_path;
use query::Tags;

use super::{ReadError, StoredFile, StoredHeader, digests, files};
use crate::{lead, tags};
use header::Value;

/// Tags of the signature header as the whole package has them: number there, and here. Source:
/// rpm `docs/manual/tags.md`, "Signatures and digests".
const SIGNATURE_TAGS: [(u32, u32); 7] = [
    (1000, 257),
    (1002, 259),
    (1004, 261),
    (1005, 262),
    (1007, 1046),
    (274, 5090),
    (275, 5091),
];
/// Tags of the signature header that keep their numbers.
const KEPT: std::ops::RangeInclusive<u32> = 267..=279;
/// Tags from here on mean something else in the main header; format 6 has none of them.
const LEGACY: u32 = 1000;
/// `RPMFORMAT`.
const FORMAT: u32 = 5114;
/// Whole paths, in packages older than lists of directories.
const OLD_FILE_NAMES: u32 = 1027;

/// The two headers of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    signature: StoredHeader,
    header: StoredHeader,
    languages: Vec<String>,
}

impl Headers {
    pub(super) fn new(signature: StoredHeader, header: StoredHeader) -> Self {
        Self {
            signature,
            header,
            languages: Vec::new(),
        }
    }

    /// The signature header.
    pub fn signature(&self) -> &StoredHeader {
        &self.signature
    }

    /// The main header.
    pub fn header(&self) -> &StoredHeader {
        &self.header
    }

    /// Where the main header begins in the file, in bytes.
    pub(crate) fn start_of_header(&self) -> u64 {
        let signature = self.signature.bytes().len().next_multiple_of(8);
        (lead::LENGTH + signature) as u64
    }

    /// Prefers these languages, the first most, for texts that are translated: locale names without
    /// codeset and modifier, such as `de_DE`, `de`.
    pub fn set_languages(&mut self, languages: Vec<String>) {
        self.languages = languages;
    }

    /// Whether it is a source package: it says so, or names no source package of its own.
    pub fn is_source(&self) -> bool {
        self.header.get(tags::SOURCE_PACKAGE).is_some()
            || (self.header.get(tags::SOURCE_RPM).is_none() && !self.has_absolute_dirs())
    }

    fn has_absolute_dirs(&self) -> bool {
        let dirs = self.header.get(tags::DIR_NAMES);
        matches!(dirs, Some(Value::Texts(dirs)) if dirs.iter().any(|dir| dir.starts_with('/')))
    }

    /// The version of the package format: 3, 4 or 6.
    pub fn format(&self) -> u32 {
        match self.header.get_number(FORMAT) {
            Some(Value::Int32(format)) => format.first().copied().unwrap_or(6),
            _ if self.header.has_region() => 4,
            _ => 3,
        }
    }

    /// Compares the main header with the digests that the signature header has of it.
    pub fn check_digests(&self) -> Result<(), ReadError> {
        digests::check_header(&self.signature, &self.header)
    }

    /// The list of files; fails if its parts have different lengths.
    pub fn files(&self) -> Result<Vec<StoredFile>, ReadError> {
        files::files(self)
    }

    /// The value of a tag by its number in the whole package.
    pub fn get_number(&self, number: u32) -> Option<Value> {
        let stored = self.header.get_number(number);
        stored.or_else(|| self.signature.get_number(self.signature_number(number)?))
    }

    /// The number in the signature header of a tag of the whole package.
    fn signature_number(&self, number: u32) -> Option<u32> {
        let moved = SIGNATURE_TAGS.iter().find(|(_, here)| *here == number);
        let there = moved.map(|(there, _)| *there);
        let there = there.or_else(|| KEPT.contains(&number).then_some(number))?;
        (there < LEGACY || self.format() < 6).then_some(there)
    }

    /// Names and directories out of whole paths.
    fn old_names(&self, tag: &str) -> Option<query::Value> {
        let Some(Value::Texts(paths)) = self.header.get_number(OLD_FILE_NAMES) else {
            return None;
        };
        let dirs: indexmap::IndexSet<&str> = paths.iter().map(|it| split_path(it).0).collect();
        let index = |it: &String| dirs.get_index_of(split_path(it).0).unwrap_or(0) as u64;
        Some(match tag {
            "BASENAMES" => {
                query::Value::Texts(paths.iter().map(|it| split_path(it).1.into()).collect())
            }
            "DIRNAMES" => query::Value::Texts(dirs.iter().map(|it| (*it).into()).collect()),
            "DIRINDEXES" => query::Value::Numbers(paths.iter().map(index).collect()),
            _ => return None,
        })
    }
}

impl Tags for Headers {
    fn get(&self, tag: &str) -> Option<query::Value> {
        match self.get_number(query::tag_number(tag)?) {
            Some(Value::Translated(texts)) => {
                let known = self.header.get(tags::HEADER_I18N_TABLE);
                header::in_language(&texts, known.as_ref(), &self.languages).map(query::Value::Text)
            }
            Some(stored) => Some(stored.into()),
            None => self.old_names(tag),
        }
    }

    fn get_raw(&self, tag: &str) -> Option<query::Value> {
        let number = query::tag_number(tag)?;
        let is_region = number == tags::HEADER_IMMUTABLE.number;
        let stored = self.get_number(number).filter(|_| !is_region);
        stored
            .map(query::Value::from)
            .or_else(|| self.old_names(tag))
    }
}
