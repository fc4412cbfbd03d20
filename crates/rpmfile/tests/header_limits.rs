//! Headers that say of themselves what cannot be, or more than any package has: each check of the reader
//! by itself, with the words that it is refused with. No memory is reserved for what is only claimed.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

use specbuild_rpmfile::{PackageFile, ReadError};

/// Tag, type, offset and count of an entry of the index.
type Entry = [u32; 4];

const LEAD: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const MAGIC: [u8; 8] = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];

/// Types of entries.
const INT32: u32 = 4;
const TEXT: u32 = 6;
const BINARY: u32 = 7;
const TEXTS: u32 = 8;

/// The regions of the two headers.
const SIGNATURES: u32 = 62;
const IMMUTABLE: u32 = 63;

/// A header of these entries, which says that its data are of another length if `length` does.
fn header(entries: &[Entry], data: &[u8], length: Option<u32>) -> Vec<u8> {
    let length = length.unwrap_or(data.len() as u32);
    let words = entries.iter().flatten();
    let mut bytes = MAGIC.to_vec();
    for word in [&(entries.len() as u32), &length].into_iter().chain(words) {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend(data);
    bytes
}

/// The beginning of a header that says how much comes.
fn claim(entries: u32, length: u32) -> Vec<u8> {
    [&MAGIC[..], &entries.to_be_bytes(), &length.to_be_bytes()].concat()
}

fn package(signature: &[u8], main: &[u8]) -> Result<PackageFile<&'static [u8]>, ReadError> {
    let mut file = LEAD.to_vec();
    file.extend([3, 0, 0, 0]);
    file.resize(96, 0);
    file.extend(signature);
    file.resize(file.len().next_multiple_of(8), 0);
    file.extend(main);
    // Packages are small, and a test ends.
    PackageFile::read(&*file.leak())
}

/// A signature header with nothing of note.
fn signature() -> Vec<u8> {
    header(&[[1000, INT32, 0, 1]], &[0; 4], None)
}

#[track_caller]
fn refuses(signature: &[u8], main: &[u8], words: &str) {
    let refused = package(signature, main).map(|_| "it is read").unwrap_err();
    assert_eq!(refused.to_string(), words);
}

#[test]
fn more_tags_and_data_than_any_header_has() {
    let good = signature();
    for (entries, length, words) in [
        (33, 4, "hdr tags: BAD, no. of tags(33) out of range"),
        (
            u32::MAX,
            4,
            "hdr tags: BAD, no. of tags(4294967295) out of range",
        ),
        (
            1,
            (64 << 20) + 1,
            "hdr data: BAD, no. of bytes(67108865) out of range",
        ),
        (
            1,
            u32::MAX,
            "hdr data: BAD, no. of bytes(4294967295) out of range",
        ),
        // As many as may be, which are not there.
        (32, 64 << 20, "hdr blob(67109376): BAD, read returned 0"),
    ] {
        refuses(&claim(entries, length), &[], &format!("signature {words}"));
    }
    for (entries, length, words) in [
        (
            0x1_0000,
            4,
            "hdr tags: BAD, no. of tags(65536) out of range",
        ),
        (
            1,
            0x1000_0000,
            "hdr data: BAD, no. of bytes(268435456) out of range",
        ),
        (
            0xffff,
            0x0fff_ffff,
            "hdr blob(269484015): BAD, read returned 0",
        ),
        (0, 0, "region: no tags"),
    ] {
        refuses(&good, &claim(entries, length), words);
    }
    let mut other = good.clone();
    other[0] = 0;
    refuses(&other, &[], "signature hdr magic: BAD");
    refuses(&good, &[0; 16], "hdr magic: BAD");
    refuses(&good, &MAGIC, "hdr size(16): BAD, read returned 0");
}

#[test]
fn regions_lie_around_their_header() {
    let good = signature();
    let minus = |number: u32| number.wrapping_neg();
    let trailer = |words: Entry| words.map(u32::to_be_bytes).concat();
    let of = |tag: Entry, data: &[u8]| header(&[tag], data, None);
    let fitting = trailer([IMMUTABLE, BINARY, minus(16), 16]);
    let whole = of([IMMUTABLE, BINARY, 0, 16], &fitting);
    let read = package(&good, &whole).map(|it| it.headers().header().has_region());
    assert!(read.unwrap());
    for (kind, offset, count) in [
        (BINARY, 1_000_000, 16),
        (BINARY, u32::MAX, 16),
        (BINARY, 1, 16),
        (BINARY, 0, 15),
        (BINARY, 0, u32::MAX),
        (TEXT, 0, 16),
    ] {
        let (place, many) = (offset as i32, count as i32);
        let words = format!("region tag: BAD, tag 63 type {kind} offset {place} count {many}");
        refuses(
            &good,
            &of([IMMUTABLE, kind, offset, count], &fitting),
            &words,
        );
    }
    for (tag, kind, offset, count) in [
        (IMMUTABLE, BINARY, minus(32), 16),
        (IMMUTABLE, BINARY, 16, 16),
        (IMMUTABLE, BINARY, 0, 16),
        (IMMUTABLE, BINARY, minus(16), 17),
        (IMMUTABLE, INT32, minus(16), 16),
        (SIGNATURES, BINARY, minus(16), 16),
    ] {
        let data = trailer([tag, kind, offset, count]);
        let place = offset as i32;
        let words =
            format!("region trailer: BAD, tag {tag} type {kind} offset {place} count {count}");
        refuses(&good, &of([IMMUTABLE, BINARY, 0, 16], &data), &words);
    }
    // The region of a signature is another.
    let data = trailer([IMMUTABLE, BINARY, minus(16), 16]);
    refuses(
        &of([SIGNATURES, BINARY, 0, 16], &data),
        &whole,
        &format!(
            "signature region trailer: BAD, tag 63 type 7 offset {} count 16",
            -16
        ),
    );
}

#[test]
fn data_lie_in_the_header_behind_each_other() {
    let good = signature();
    let name = [1000, TEXT, 0, 1];
    for (entry, data) in [
        ([1001, TEXT, 100, 1], &b"a\0b\0"[..]),
        ([1001, TEXT, u32::MAX, 1], b"a\0b\0"),
        ([1001, TEXT, 2, 1], b"a\0bb"),
        ([1001, TEXT, 2, 2], b"a\0b\0"),
        ([1001, TEXT, 1, 1], b"a\0b\0"),
        ([1001, TEXTS, 2, 3], b"a\0b\0"),
        ([1001, TEXTS, 2, 1 << 20], b"a\0b\0"),
        ([1001, TEXTS, 2, 0], b"a\0b\0"),
        ([1001, INT32, 2, 1], b"a\0\0\0\0\0\0\0"),
        ([1001, INT32, 4, 2], b"a\0\0\0\0\0\0\0"),
        ([1001, BINARY, 2, u32::MAX], b"a\0b\0"),
        ([1001, 10, 2, 1], b"a\0b\0"),
        ([1001, 0, 2, 1], b"a\0b\0"),
        ([99, TEXT, 2, 1], b"a\0b\0"),
    ] {
        let [tag, kind, offset, count] = entry;
        let (offset, count) = (offset as i32, count as i32);
        let words = format!("tag[1]: BAD, tag {tag} type {kind} offset {offset} count {count}");
        refuses(&good, &header(&[name, entry], data, None), &words);
    }
    let fits = header(&[name, [1001, TEXTS, 2, 1]], b"a\0b\0", None);
    assert!(package(&good, &fits).is_ok());
}

const BASE_NAMES: u32 = 1117;
const DIR_NAMES: u32 = 1118;
const DIR_INDEXES: u32 = 1116;

/// Lists of files whose paths would be longer than what is in memory.
#[test]
fn lists_that_stand_for_more_than_they_hold_are_refused_with_the_limit() {
    let numbers = |count: usize, number: u32| number.to_be_bytes().repeat(count);
    let files = |count: usize, dir: usize| {
        let mut data = numbers(count, 0);
        let names = data.len();
        data.extend(b"a\0".repeat(count));
        let dirs = data.len();
        data.extend(b"d".repeat(dir));
        data.push(0);
        let entries = [
            [DIR_INDEXES, INT32, 0, count as u32],
            [BASE_NAMES, TEXTS, names as u32, count as u32],
            [DIR_NAMES, TEXTS, dirs as u32, 1],
        ];
        header(&entries, &data, None)
    };
    let words = |count: usize, length: usize, words: (u32, u32)| {
        let mut data = numbers(count, 0);
        let at = data.len();
        data.extend(b"w".repeat(length));
        data.push(0);
        let entries = [
            [words.0, INT32, 0, count as u32],
            [words.1, TEXTS, at as u32, 1],
        ];
        header(&entries, &data, None)
    };
    let good = signature();
    assert!(package(&good, &files(1000, 4096)).is_ok());
    refuses(
        &good,
        &files(1, 4097),
        "one of its directory names is longer than 4096 bytes",
    );
    refuses(
        &good,
        &files(66_000, 4096),
        "its paths are longer than 256 MiB together",
    );
    for tags in [(1141, 1142), (5115, 5116)] {
        assert!(package(&good, &words(1000, 1000, tags)).is_ok());
        refuses(
            &good,
            &words(3000, 100_000, tags),
            "its classes of files are longer than 256 MiB together",
        );
    }
    let entries = [[1144, INT32, 0, 2]];
    let many = header(&entries, &numbers(2, 1 << 23 | 1), None);
    refuses(
        &good,
        &many,
        "its files have more than 16777216 dependencies",
    );
}
