//! The header of a package file as it lies there: which entries, in which order, where their data is.
//!
//! Not here: what the values mean, see `listing`.
//!
//! Source: rpm's manual, "RPM v4 package format" and "RPM header format".

use std::fs;
use std::path::Path;

use common::shell::{Failure, Outcome, failed};

/// Bytes of the lead, which begins the file.
const LEAD: usize = 96;
/// What begins a header.
const MAGIC: [u8; 8] = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];

/// One entry of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) tag: u32,
    kind: u32,
    pub(super) count: u32,
    /// Where its data begins, in bytes from the start of all data.
    offset: usize,
    /// Its data up to where that of the next entry, or what aligns it, begins.
    pub(super) data: Vec<u8>,
}

/// The two headers of a package file.
pub(super) struct Headers {
    pub(super) lead: Vec<u8>,
    pub(super) signature: Vec<Entry>,
    pub(super) main: Vec<Entry>,
}

/// Reads the headers of a file.
pub(super) fn read(path: &Path) -> Outcome<Headers> {
    let bytes = fs::read(path).map_err(failed("read", path))?;
    let broken = || Failure(format!("{} is no package", path.display()));
    let lead = bytes.get(..LEAD).ok_or_else(broken)?;
    let (signature, size) = parse(&bytes[LEAD..]).ok_or_else(broken)?;
    let next = LEAD + size.next_multiple_of(8);
    let (main, _) = bytes.get(next..).and_then(parse).ok_or_else(broken)?;
    Ok(Headers {
        lead: lead.to_vec(),
        signature,
        main,
    })
}

/// The entries of the header that begins here, and how many bytes it has.
fn parse(bytes: &[u8]) -> Option<(Vec<Entry>, usize)> {
    let number = |at: usize| {
        let four = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(four))
    };
    if !bytes.starts_with(&MAGIC) {
        return None;
    }
    let (count, size) = (number(8)? as usize, number(12)? as usize);
    let start = 16 + 16 * count;
    let data = bytes.get(start..start + size)?;
    let entries = (0..count).map(|index| {
        let at = 16 + 16 * index;
        let (tag, kind, count) = (number(at)?, number(at + 4)?, number(at + 12)?);
        let offset = number(at + 8)? as usize;
        let length = length(data.get(offset..)?, kind, count)?;
        let data = data.get(offset..offset + length)?.to_vec();
        Some(Entry {
            tag,
            kind,
            count,
            offset,
            data,
        })
    });
    Some((entries.collect::<Option<_>>()?, start + size))
}

/// How many bytes the data of an entry has.
fn length(data: &[u8], kind: u32, count: u32) -> Option<usize> {
    let count = count as usize;
    match kind {
        0 => Some(0),
        1 | 2 | 7 => Some(count),
        3..=5 => Some(count << (kind - 2)),
        6 | 8 | 9 => {
            let ends = data.iter().enumerate().filter(|(_, byte)| **byte == 0);
            ends.map(|(at, _)| at + 1).nth(count.checked_sub(1)?)
        }
        _ => None,
    }
}

/// What differs between two headers besides the data of entries: what, ours, and theirs.
pub(super) fn differences(ours: &[Entry], theirs: &[Entry]) -> Vec<(&'static str, String, String)> {
    let index = |entries: &[Entry]| {
        let entries = entries.iter();
        entries.map(|it| (it.tag, it.kind)).collect::<Vec<_>>()
    };
    let pairs = [
        ("tags and types", index(ours), index(theirs)),
        ("order of the data", layout(ours), layout(theirs)),
    ];
    let unequal = pairs.into_iter().filter(|(_, ours, theirs)| ours != theirs);
    let told = |(what, ours, theirs): (&'static str, Vec<_>, Vec<_>)| {
        let only = |one: &[(u32, u32)], other: &[(u32, u32)]| {
            let only = one.iter().filter(|it| !other.contains(it));
            format!("only here {:?}", only.collect::<Vec<_>>())
        };
        (what, only(&ours, &theirs), only(&theirs, &ours))
    };
    unequal.map(told).collect()
}

/// The tags in the order of their data, each with the number of bytes that are skipped before it
/// besides what its type asks for.
fn layout(entries: &[Entry]) -> Vec<(u32, u32)> {
    let mut sorted: Vec<&Entry> = entries.iter().filter(|it| it.count > 0).collect();
    sorted.sort_by_key(|it| it.offset);
    let mut end = 0;
    let mut places = Vec::new();
    for entry in sorted {
        let alignment = match entry.kind {
            3 => 2,
            4 => 4,
            5 => 8,
            _ => 1,
        };
        let next = usize::next_multiple_of(end, alignment);
        places.push((entry.tag, (entry.offset - next) as u32));
        end = entry.offset + entry.data.len();
    }
    places
}
