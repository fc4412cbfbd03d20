//! PAX extended headers, and the sparse files that GNU tar describes with them.
//!
//! The old GNU sparse format is undone by the `tar` crate. Of the PAX forms, 1.0 has its map at the
//! start of the member's data, 0.0 and 0.1 in the headers.
//!
//! Source: GNU tar manual, "Storing Sparse Files", "PAX Format".

use std::io::Read;

use tar::Entry;

use super::destination::Problem;

/// The parts of a sparse file that are stored, and its full size.
pub(super) struct SparseMap {
    /// Offset and length of each part, in bytes, as they follow each other in the member's data.
    pub(super) parts: Vec<(u64, u64)>,
    /// The file's size, in bytes.
    pub(super) size: u64,
}

/// A map with more parts than this is refused.
const MOST_PARTS: u64 = 1 << 20;

/// The headers that hold the map, or each a number of it.
const MAP_HEADERS: &[&str] = &["GNU.sparse.map", "GNU.sparse.offset", "GNU.sparse.numbytes"];

/// The value of a PAX extended header.
pub(super) fn extension<R: Read>(
    entry: &mut Entry<'_, R>,
    name: &str,
) -> Result<Option<String>, Problem> {
    let Some(extensions) = entry.pax_extensions()? else {
        return Ok(None);
    };
    let found = extensions
        .flatten()
        .filter(|it| it.key_bytes() == name.as_bytes())
        .last();
    Ok(found.map(|it| String::from_utf8_lossy(it.value_bytes()).into_owned()))
}

/// A member's name; for a sparse file in PAX form not the stand-in of its header, but its own.
pub(super) fn real_name<R: Read>(entry: &mut Entry<'_, R>) -> Result<Vec<u8>, Problem> {
    let name = extension(entry, "GNU.sparse.name")?.map(String::into_bytes);
    Ok(name.unwrap_or_else(|| entry.path_bytes().into_owned()))
}

/// The map of a sparse file in PAX form, with the member's data left where the first part begins.
/// `None` for any other file.
pub(super) fn map<R: Read>(entry: &mut Entry<'_, R>) -> Result<Option<SparseMap>, Problem> {
    let number = |text: Option<String>| text.and_then(|text| text.parse::<u64>().ok());
    if let Some(size) = number(extension(entry, "GNU.sparse.size")?) {
        return checked(&header_map(entry)?, size).map(Some);
    }
    if extension(entry, "GNU.sparse.major")?.as_deref() != Some("1") {
        return Ok(None);
    }
    let size =
        number(extension(entry, "GNU.sparse.realsize")?).ok_or("no size of a sparse file")?;
    checked(&leading_map(entry)?, size).map(Some)
}

/// The map of version 0.1, one header with commas, or of 0.0, a header for each number.
fn header_map<R: Read>(entry: &mut Entry<'_, R>) -> Result<Vec<u64>, Problem> {
    let mut numbers = Vec::new();
    for extension in entry.pax_extensions()?.into_iter().flatten() {
        let extension = extension?;
        let name = extension.key_bytes();
        if MAP_HEADERS.iter().any(|header| name == header.as_bytes()) {
            let value = String::from_utf8_lossy(extension.value_bytes());
            for number in value.split(',').filter(|number| !number.is_empty()) {
                numbers.push(
                    number
                        .parse()
                        .map_err(|_| "a sparse file's map is broken")?,
                );
            }
        }
    }
    Ok(numbers)
}

/// Reads decimal numbers, a line each, from whole blocks of 512 bytes: a count of pairs, the pairs.
fn leading_map(input: &mut impl Read) -> Result<Vec<u64>, Problem> {
    let mut numbers: Vec<u64> = Vec::new();
    let mut digits = String::new();
    let mut block = [0; 512];
    loop {
        input.read_exact(&mut block)?;
        for byte in block {
            match byte {
                b'\n' => numbers.push(
                    digits
                        .parse()
                        .map_err(|_| "a sparse file's map is broken")?,
                ),
                b'0'..=b'9' if digits.len() < 20 => digits.push(char::from(byte)),
                _ => return Err("a sparse file's map is broken".into()),
            }
            if byte == b'\n' {
                digits.clear();
            }
            let Some((count, pairs)) = numbers.split_first() else {
                continue;
            };
            if *count > MOST_PARTS {
                return Err("a sparse file's map is too long".into());
            }
            if pairs.len() as u64 == 2 * count {
                return Ok(pairs.to_vec());
            }
        }
    }
}

/// Pairs as parts; they must follow each other and lie within the file.
fn checked(numbers: &[u64], size: u64) -> Result<SparseMap, Problem> {
    let parts: Vec<(u64, u64)> = numbers
        .as_chunks::<2>()
        .0
        .iter()
        .map(|it| (it[0], it[1]))
        .collect();
    let mut end = 0;
    for (offset, length) in &parts {
        let next = offset
            .checked_add(*length)
            .filter(|next| *offset >= end && *next <= size);
        end = next.ok_or("a sparse file's map is out of order")?;
    }
    Ok(SparseMap { parts, size })
}
