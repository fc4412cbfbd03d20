//! One header as it stands in a file.
//!
//! What is checked is what rpm checks: the number of entries and the length of the data, the region
//! around them, and that each entry's data lie within the header, aligned, behind those of the entry
//! before it. So the work of reading a header never exceeds its length.

use std::io::{self, Read};

use source::octets;

use super::ReadError;
use crate::tags::{self, Tag};
use header::{BINARY, DATA_LIMIT, ENTRY, MAGIC, Value};

/// Bytes before the index: magic, count of entries, length of the data.
const INTRO: usize = MAGIC.len() + 8;
/// More entries are refused.
const TAGS_LIMIT: u32 = 0xffff;
/// More entries are refused in a signature header.
const SIGNATURE_TAGS_LIMIT: u32 = 32;
/// More data are refused in a signature header, in bytes.
const SIGNATURE_DATA_LIMIT: usize = 64 << 20;
/// Arrays have fewer elements, bytes aside.
const ARRAY_LIMIT: u32 = 1 << 20;
/// Tags below this number only mark regions.
const FIRST_TAG: u32 = 100;
/// The region of very old packages.
const HEADER_IMAGE: u32 = 61;

/// Which of a package's two headers is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Signature,
    Main,
}

impl Part {
    fn region(self) -> u32 {
        match self {
            Self::Signature => tags::HEADER_SIGNATURES.number,
            Self::Main => tags::HEADER_IMMUTABLE.number,
        }
    }

    fn limits(self) -> (u32, usize) {
        match self {
            Self::Signature => (SIGNATURE_TAGS_LIMIT, SIGNATURE_DATA_LIMIT),
            Self::Main => (TAGS_LIMIT, DATA_LIMIT),
        }
    }

    fn fault(self, what: &str) -> ReadError {
        let prefix = match self {
            Self::Signature => "signature ",
            Self::Main => "",
        };
        ReadError::Header(format!("{prefix}{what}"))
    }
}

/// An entry of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    tag: u32,
    kind: u32,
    offset: u32,
    count: u32,
}

impl Entry {
    fn parse(bytes: &[u8]) -> Self {
        let word = |at: usize| be32(bytes, at);
        Self {
            tag: word(0),
            kind: word(4),
            offset: word(8),
            count: word(12),
        }
    }
}

/// Four bytes of `bytes` as a number; 0 where there are none.
fn be32(bytes: &[u8], at: usize) -> u32 {
    let word = bytes
        .get(at..at + 4)
        .and_then(|it| <[u8; 4]>::try_from(it).ok());
    word.map_or(0, u32::from_be_bytes)
}

/// A header as it stands in a file: valid throughout, decoded tag by tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHeader {
    bytes: Vec<u8>,
    /// By tag.
    index: Vec<Entry>,
    data: usize,
    has_region: bool,
}

impl StoredHeader {
    /// Reads a header, and the padding after it if it is the signature header.
    pub(super) fn read(input: &mut impl Read, part: Part) -> Result<Self, ReadError> {
        let mut bytes = Vec::new();
        fill(input, &mut bytes, INTRO, part, "size")?;
        if !bytes.starts_with(&MAGIC) {
            return Err(part.fault("hdr magic: BAD"));
        }
        let (entries, length) = (be32(&bytes, MAGIC.len()), be32(&bytes, MAGIC.len() + 4));
        let (most_entries, most_data) = part.limits();
        if entries > most_entries {
            let what = format!("hdr tags: BAD, no. of tags({entries}) out of range");
            return Err(part.fault(&what));
        }
        if length as usize > most_data {
            let what = format!("hdr data: BAD, no. of bytes({length}) out of range");
            return Err(part.fault(&what));
        }
        let rest = entries as usize * ENTRY + length as usize;
        fill(input, &mut bytes, rest, part, "blob")?;
        let header = Self::parse(bytes, entries as usize, part)?;
        if part == Part::Signature {
            let padding = (header.bytes.len().wrapping_neg() % 8) as u64;
            io::copy(&mut input.take(padding), &mut io::sink()).map_err(ReadError::Read)?;
        }
        Ok(header)
    }

    fn parse(bytes: Vec<u8>, entries: usize, part: Part) -> Result<Self, ReadError> {
        let data = INTRO + entries * ENTRY;
        let index = bytes[INTRO..data]
            .chunks_exact(ENTRY)
            .map(Entry::parse)
            .collect();
        let mut header = Self {
            bytes,
            index,
            data,
            has_region: false,
        };
        header.has_region = header.check_region(part)?;
        header.check_entries(part)?;
        // The first of several entries of a tag is the one that counts.
        header.index.sort_by_key(|entry| entry.tag);
        header.index.dedup_by_key(|entry| entry.tag);
        Ok(header)
    }

    /// Whether there is a region; fails if it does not span the whole header.
    fn check_region(&self, part: Part) -> Result<bool, ReadError> {
        let first = self.index.first();
        let first = first.ok_or_else(|| part.fault("region: no tags"))?;
        if first.tag != part.region() {
            return Ok(false);
        }
        let is_region = |it: &Entry| it.kind == BINARY && it.count as usize == ENTRY;
        let place = first.offset as usize;
        if !is_region(first) || place.checked_add(ENTRY) != Some(self.data().len()) {
            return Err(part.fault(&bad("region tag", first)));
        }
        let trailer = Entry::parse(&self.data()[place..]);
        let is_known =
            trailer.tag == first.tag || (part == Part::Signature && trailer.tag == HEADER_IMAGE);
        let spans = trailer.offset.wrapping_neg() as usize == self.index.len() * ENTRY;
        if is_known && is_region(&trailer) && spans {
            Ok(true)
        } else {
            Err(part.fault(&bad("region trailer", &trailer)))
        }
    }

    fn check_entries(&self, part: Part) -> Result<(), ReadError> {
        let trailer = if self.has_region { ENTRY } else { 0 };
        let data = &self.data()[..self.data().len() - trailer];
        let mut end = 0;
        let skipped = usize::from(self.has_region);
        for (place, entry) in self.index.iter().skip(skipped).enumerate() {
            end = end_of(entry, data)
                .filter(|_| entry.offset as usize >= end && entry.tag >= FIRST_TAG)
                .ok_or_else(|| part.fault(&bad(&format!("tag[{place}]"), entry)))?;
        }
        Ok(())
    }

    fn data(&self) -> &[u8] {
        &self.bytes[self.data..]
    }

    /// The header as in the file, magic included; this is what digests are taken of.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether all tags are in one region that must not change, as in every package since format 4.
    pub fn has_region(&self) -> bool {
        self.has_region
    }

    /// The numbers of the tags there are, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.index.iter().map(|entry| entry.tag)
    }

    /// The value of a tag.
    pub fn get(&self, tag: Tag) -> Option<Value> {
        self.get_number(tag.number)
    }

    /// How many elements a tag has; 0 without one.
    pub(super) fn count(&self, number: u32) -> usize {
        let place = self.index.binary_search_by_key(&number, |it| it.tag);
        place.map_or(0, |place| self.index[place].count as usize)
    }

    /// The value of a tag by its number. That of a region is the region itself.
    pub fn get_number(&self, number: u32) -> Option<Value> {
        let place = self.index.binary_search_by_key(&number, |it| it.tag).ok()?;
        let entry = self.index[place];
        if self.has_region && number < FIRST_TAG {
            // Without the magic, as rpm shows it.
            return Some(Value::Binary(self.bytes[MAGIC.len()..].to_vec()));
        }
        Some(decode(&entry, &self.data()[entry.offset as usize..]))
    }

    /// The first text of a tag.
    pub fn text(&self, tag: Tag) -> Option<String> {
        match self.get(tag)? {
            Value::Text(text) => Some(text),
            Value::Texts(texts) | Value::Translated(texts) => texts.into_iter().next(),
            _ => None,
        }
    }
}

/// Appends exactly `count` bytes of `input`; memory grows only as they come.
fn fill(
    input: &mut impl Read,
    bytes: &mut Vec<u8>,
    count: usize,
    part: Part,
    what: &str,
) -> Result<(), ReadError> {
    let read = input.take(count as u64).read_to_end(bytes);
    if read.map_err(ReadError::Read)? == count {
        Ok(())
    } else {
        Err(part.fault(&format!("hdr {what}({count}): BAD, read returned 0")))
    }
}

fn bad(what: &str, entry: &Entry) -> String {
    format!(
        "{what}: BAD, tag {} type {} offset {} count {}",
        entry.tag as i32, entry.kind as i32, entry.offset as i32, entry.count as i32
    )
}

/// Where an entry's data end; `None` if they are not within `data`, or not of their type.
fn end_of(entry: &Entry, data: &[u8]) -> Option<usize> {
    let offset = entry.offset as usize;
    let rest = data.get(offset..)?;
    let size = match entry.kind {
        1 | 2 | BINARY => 1,
        3 => 2,
        4 => 4,
        5 => 8,
        6 if entry.count != 1 => return None,
        6 | 8 | 9 => 0,
        _ => return None,
    };
    let is_counted = entry.count > 0 && (entry.kind == BINARY || entry.count < ARRAY_LIMIT);
    if !is_counted || (size > 1 && !offset.is_multiple_of(size)) {
        return None;
    }
    let length = match size {
        0 => texts_length(rest, entry.count)?,
        size => size * entry.count as usize,
    };
    (length <= rest.len()).then_some(offset + length)
}

/// Bytes of `count` strings that end in a NUL each.
fn texts_length(data: &[u8], count: u32) -> Option<usize> {
    let mut length = 0;
    for _ in 0..count {
        length += data[length..].iter().position(|byte| *byte == 0)? + 1;
    }
    Some(length)
}

/// The value of an entry that has been checked.
fn decode(entry: &Entry, data: &[u8]) -> Value {
    let count = entry.count as usize;
    match entry.kind {
        1 | 2 => Value::Int8(data[..count].to_vec()),
        3 => Value::Int16(numbers(data, count, u16::from_be_bytes)),
        4 => Value::Int32(numbers(data, count, u32::from_be_bytes)),
        5 => Value::Int64(numbers(data, count, u64::from_be_bytes)),
        6 => Value::Text(texts(data, 1).pop().unwrap_or_default()),
        8 => Value::Texts(texts(data, count)),
        9 => Value::Translated(texts(data, count)),
        _ => Value::Binary(data[..count].to_vec()),
    }
}

fn numbers<const N: usize, T>(data: &[u8], count: usize, number: fn([u8; N]) -> T) -> Vec<T> {
    let words = data.chunks_exact(N).take(count);
    words
        .filter_map(|word| word.try_into().ok())
        .map(number)
        .collect()
}

/// Strings.
fn texts(data: &[u8], count: usize) -> Vec<String> {
    let texts = data.split(|byte| *byte == 0).take(count);
    texts.map(|text| octets::carry(text.to_vec())).collect()
}
