//! The header structure: tagged values in one immutable region.
//!
//! Layout, big-endian: magic, count of index entries, length of the data; an index entry per tag
//! (number, type, offset, count), sorted by number; the data. The first entry is the region: it
//! points at a trailer at the end of the data, which says how many entries belong to it.
//!
//! Source: rpm `docs/manual/format_header.md`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use package::WriteError;
use source::octets;

use crate::tags::Tag;

/// Magic, format version 1, four reserved bytes.
pub const MAGIC: [u8; 8] = [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0];
/// Bytes of an index entry, and of the region's trailer.
pub const ENTRY: usize = 16;
/// Type number of binary values.
pub const BINARY: u32 = 7;
/// rpm refuses headers with more data, in bytes.
pub const DATA_LIMIT: usize = 0x0fff_ffff;

/// The value of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One string.
    Text(String),
    /// Strings.
    Texts(Vec<String>),
    /// One string per language.
    Translated(Vec<String>),
    /// Bytes that are a number each; read, never written.
    Int8(Vec<u8>),
    /// 16-bit numbers.
    Int16(Vec<u16>),
    /// 32-bit numbers.
    Int32(Vec<u32>),
    /// 64-bit numbers.
    Int64(Vec<u64>),
    /// Bytes.
    Binary(Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int32(vec![number])
    }
}

impl From<Vec<u32>> for Value {
    fn from(numbers: Vec<u32>) -> Self {
        Self::Int32(numbers)
    }
}

impl From<Vec<u16>> for Value {
    fn from(numbers: Vec<u16>) -> Self {
        Self::Int16(numbers)
    }
}

impl Value {
    /// Type number and alignment in bytes.
    fn type_and_alignment(&self) -> (u32, usize) {
        match self {
            Self::Int8(_) => (2, 1),
            Self::Int16(_) => (3, 2),
            Self::Int32(_) => (4, 4),
            Self::Int64(_) => (5, 8),
            Self::Text(_) => (6, 1),
            Self::Binary(_) => (BINARY, 1),
            Self::Texts(_) => (8, 1),
            Self::Translated(_) => (9, 1),
        }
    }

    /// Number of elements; bytes count one each, a single string is one.
    pub fn count(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::Texts(it) | Self::Translated(it) => it.len(),
            Self::Int8(it) | Self::Binary(it) => it.len(),
            Self::Int16(it) => it.len(),
            Self::Int32(it) => it.len(),
            Self::Int64(it) => it.len(),
        }
    }

    /// Length of the encoded value in bytes.
    fn length(&self) -> usize {
        match self {
            Self::Text(it) => text_of(it).len() + 1,
            Self::Texts(it) | Self::Translated(it) => {
                it.iter().map(|text| text_of(text).len() + 1).sum()
            }
            Self::Int16(it) => 2 * it.len(),
            Self::Int32(it) => 4 * it.len(),
            Self::Int64(it) => 8 * it.len(),
            Self::Int8(it) | Self::Binary(it) => it.len(),
        }
    }

    fn append_to(&self, data: &mut Vec<u8>) {
        match self {
            Self::Text(it) => append_text(data, it),
            Self::Texts(it) | Self::Translated(it) => {
                it.iter().for_each(|text| append_text(data, text));
            }
            Self::Int16(it) => it.iter().for_each(|n| data.extend(n.to_be_bytes())),
            Self::Int32(it) => it.iter().for_each(|n| data.extend(n.to_be_bytes())),
            Self::Int64(it) => it.iter().for_each(|n| data.extend(n.to_be_bytes())),
            Self::Int8(it) | Self::Binary(it) => data.extend(it),
        }
    }
}

/// Appends a string with its NUL.
fn append_text(data: &mut Vec<u8>, text: &str) {
    data.extend(&*text_of(text));
    data.push(0);
}

/// The bytes of a string; one that holds a NUL ends there.
fn text_of(text: &str) -> Cow<'_, [u8]> {
    let bytes = octets::restore(text);
    match bytes.iter().position(|byte| *byte == 0) {
        Some(end) => Cow::Owned(bytes[..end].to_vec()),
        None => bytes,
    }
}

/// Of a text's translations the one in the first of `languages` that has any; the plain text otherwise.
/// `known` is the header's table of languages.
pub fn in_language(
    texts: &[String],
    known: Option<&Value>,
    languages: &[String],
) -> Option<String> {
    let known: &[String] = match known {
        Some(Value::Texts(known)) => known,
        _ => &[],
    };
    let place = |language: &String| known.iter().position(|it| it == language);
    let wanted = languages.iter().find_map(place);
    let text = wanted.and_then(|place| texts.get(place));
    let text = text.filter(|text| !text.is_empty());
    text.or(texts.first()).cloned()
}

/// Tags and their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    entries: BTreeMap<u32, Value>,
}

impl Header {
    /// Sets a tag. A value without elements leaves the tag out, as the format demands.
    pub fn set(&mut self, tag: Tag, value: impl Into<Value>) {
        let value = value.into();
        if value.count() > 0 {
            self.entries.insert(tag.number, value);
        }
    }

    /// Sets a tag by its number.
    pub fn set_number(&mut self, number: u32, value: Value) {
        self.entries.insert(number, value);
    }

    /// Takes a tag away.
    pub fn remove(&mut self, tag: Tag) {
        self.entries.remove(&tag.number);
    }

    /// Sets a tag to a string, unless the string is empty.
    pub fn set_unless_empty(&mut self, tag: Tag, text: &str) {
        if !text.is_empty() {
            self.set(tag, text);
        }
    }

    /// The value of a tag.
    pub fn get(&self, tag: Tag) -> Option<&Value> {
        self.entries.get(&tag.number)
    }

    /// Tag numbers and values, by number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Value)> {
        self.entries.iter().map(|(number, value)| (*number, value))
    }

    /// How many bytes [`Header::encode`] would make.
    pub fn encoded_length(&self) -> usize {
        let add = |length: usize, value: &Value| {
            length.next_multiple_of(value.type_and_alignment().1) + value.length()
        };
        let data = self.entries.values().fold(0, add);
        MAGIC.len() + 8 + ENTRY * (self.entries.len() + 1) + data + ENTRY
    }

    /// The header's bytes, magic included. `region` is the tag of the region around all entries.
    ///
    /// Fails if there is more data than rpm accepts.
    pub fn encode(&self, region: Tag) -> Result<Vec<u8>, WriteError> {
        let mut index = Vec::new();
        let mut data = Vec::new();
        for (number, value) in &self.entries {
            let (kind, alignment) = value.type_and_alignment();
            data.resize(data.len().next_multiple_of(alignment), 0);
            append_entry(
                &mut index,
                *number,
                kind,
                data.len() as u32,
                value.count() as u32,
            );
            value.append_to(&mut data);
        }
        if data.len() + ENTRY > DATA_LIMIT {
            let text = "the package's header exceeds 256 MiB, the most that rpm reads";
            return Err(WriteError::Unsupported(text.to_owned()));
        }
        Ok(self.enclose(region.number, &index, &data))
    }

    /// Puts the region's entry before the index and its trailer behind the data.
    fn enclose(&self, region: u32, index: &[u8], data: &[u8]) -> Vec<u8> {
        let entries = self.entries.len() as u32 + 1;
        let mut bytes = Vec::with_capacity(3 * ENTRY + index.len() + data.len());
        bytes.extend(MAGIC);
        bytes.extend(entries.to_be_bytes());
        bytes.extend((data.len() as u32 + ENTRY as u32).to_be_bytes());
        append_entry(&mut bytes, region, BINARY, data.len() as u32, ENTRY as u32);
        bytes.extend(index);
        bytes.extend(data);
        let back = (entries * ENTRY as u32).wrapping_neg();
        append_entry(&mut bytes, region, BINARY, back, ENTRY as u32);
        bytes
    }
}

fn append_entry(bytes: &mut Vec<u8>, number: u32, kind: u32, offset: u32, count: u32) {
    for field in [number, kind, offset, count] {
        bytes.extend(field.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags;

    #[test]
    fn a_header_of_two_tags() {
        let mut header = Header::default();
        header.set(tags::EPOCH, 7);
        header.set(tags::NAME, "abc");
        header.set(tags::PREFIXES, Vec::<String>::new());
        let bytes = header.encode(tags::HEADER_IMMUTABLE).unwrap();
        let words: Vec<u32> = bytes
            .chunks(4)
            .map(|it| u32::from_be_bytes(it.try_into().unwrap()))
            .collect();
        let region_end = 8;
        let expected = [
            &[0x8ead_e801, 0, 3, 24][..],
            &[63, 7, region_end, 16],
            &[1000, 6, 0, 1],
            &[1003, 4, 4, 1],
            &[u32::from_be_bytes(*b"abc\0"), 7],
            &[63, 7, 0xffff_ffd0, 16],
        ];
        assert_eq!(words, expected.concat());
        assert_eq!(header.encoded_length(), bytes.len());
    }

    #[test]
    fn a_string_ends_at_its_nul() {
        let mut data = Vec::new();
        Value::Texts(vec!["a\0b".into(), "c".into()]).append_to(&mut data);
        assert_eq!(data, b"a\0c\0");
    }
}
