//! Lists of files that stand for more than they hold: each file names a directory, a class and a run
//! of dependencies, all by number, so a small header can ask for more paths and words than the memory
//! has room for. No package that was built comes near these limits.

use super::{ReadError, StoredHeader};
use crate::tags;
use header::Value;

/// What all paths, or all words of one kind, may hold, in bytes.
const MOST_TEXT: usize = 256 << 20;
/// How many dependencies all files may have.
const MOST_DEPENDENCIES: u64 = 1 << 24;
/// Words of files, and what they are numbers of. The last is the MIME type of each file.
const WORDS: [(u32, u32); 2] = [
    (tags::FILE_CLASS.number, tags::CLASS_DICT.number),
    (5115, 5116),
];

/// Checks the lists of a header.
pub(super) fn check(header: &StoredHeader) -> Result<(), ReadError> {
    let too_much = |what: &str| {
        let most = MOST_TEXT >> 20;
        Err(ReadError::Contents(format!(
            "its {what} are longer than {most} MiB together"
        )))
    };
    let dirs = lengths(header, tags::DIR_NAMES.number);
    let longest = dirs.iter().copied().max().unwrap_or(0);
    let count = header.count(tags::BASE_NAMES.number);
    if longest > limits::PATH {
        return Err(ReadError::Contents(format!(
            "one of its directory names is longer than {} bytes",
            limits::PATH
        )));
    }
    // Mostly the product is small, and the sum need not be taken.
    if longest.saturating_mul(count) > MOST_TEXT {
        let indexes = numbers(header, tags::DIR_INDEXES.number);
        let of_file = |index: &u64| usize::try_from(*index).ok().and_then(|it| dirs.get(it));
        if indexes.iter().filter_map(of_file).sum::<usize>() > MOST_TEXT {
            return too_much("paths");
        }
    }
    for (indexes, words) in WORDS {
        let longest = lengths(header, words).into_iter().max().unwrap_or(0);
        if longest.saturating_mul(header.count(indexes)) > MOST_TEXT {
            return too_much("classes of files");
        }
    }
    let dependencies = numbers(header, tags::FILE_DEPENDS_N.number);
    match dependencies.iter().sum::<u64>() > MOST_DEPENDENCIES {
        true => Err(ReadError::Contents(format!(
            "its files have more than {MOST_DEPENDENCIES} dependencies"
        ))),
        false => Ok(()),
    }
}

fn lengths(header: &StoredHeader, number: u32) -> Vec<usize> {
    match header.get_number(number) {
        Some(Value::Texts(texts) | Value::Translated(texts)) => {
            texts.iter().map(String::len).collect()
        }
        Some(Value::Text(text)) => vec![text.len()],
        _ => Vec::new(),
    }
}

fn numbers(header: &StoredHeader, number: u32) -> Vec<u64> {
    match header.get_number(number) {
        Some(Value::Int32(numbers)) => numbers.into_iter().map(u64::from).collect(),
        Some(Value::Int64(numbers)) => numbers,
        Some(Value::Int16(numbers)) => numbers.into_iter().map(u64::from).collect(),
        Some(Value::Int8(numbers)) => numbers.into_iter().map(u64::from).collect(),
        _ => Vec::new(),
    }
}
