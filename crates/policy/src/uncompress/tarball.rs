//! Unpacking tar archives: old, ustar, GNU and PAX, as GNU tar unpacks them.
//!
//! Where members go and what they may not do is [`Destination`]'s matter; here their headers are read.

use std::io::Read;
use std::path::{Path, PathBuf};

use limits::{Allowance, TarReader};
use tar::{Entry, EntryType};

use super::allowance::too_much;
use super::decode::ahead;
use super::destination::{Attributes, Destination, Problem};
use super::format::Format;
use super::sparse;
use crate::call::Environment;
use crate::error::{Doing, Error};

/// Unpacks the archive `file`; with `top` without its single top directory, if it has one.
pub(super) fn unpack(
    environment: &Environment,
    file: &Path,
    format: Format,
    top: bool,
    destination: &mut Destination,
) -> Result<(), Error> {
    let open = || super::open(file, format, environment);
    let strip = usize::from(top && has_single_top(open()?, file)?);
    let input = ahead(open()?).doing("read", file)?;
    unpack_stream(input, file, strip, Path::new(""), destination)
}

/// Whether all members lie below the first component of the first member's name, and that is a
/// directory. An archive without members has one, for want of any other.
fn has_single_top(input: Box<dyn Read + Send>, file: &Path) -> Result<bool, Error> {
    let mut archive = TarReader::new(input, Allowance::NONE);
    let mut first: Option<Vec<u8>> = None;
    for entry in archive.entries().doing("read", file)? {
        let entry = entry.doing("read", file)?;
        if entry.header().entry_type().is_pax_global_extensions() {
            continue;
        }
        let name = entry.path_bytes();
        let top = match name.iter().position(|byte| *byte == b'/') {
            Some(slash) => name.get(..slash).unwrap_or_default(),
            None if is_directory(&entry) => &name,
            None => return Ok(false),
        };
        if first.get_or_insert_with(|| top.to_vec()) != top {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Unpacks a stream of tar blocks. `strip` leading components of each name are left out, then
/// `below` is put before it. `file` is only named in errors.
pub(super) fn unpack_stream(
    input: impl Read,
    file: &Path,
    strip: usize,
    below: &Path,
    destination: &mut Destination,
) -> Result<(), Error> {
    let mut archive = TarReader::new(input, Allowance::NONE);
    for entry in archive.entries().doing("read", file)? {
        let mut entry = entry.doing("read", file)?;
        let name = path_of(&entry.path_bytes());
        let unpacked = unpack_entry(&mut entry, strip, below, destination);
        match unpacked {
            Ok(()) => {}
            Err(Problem::TooMuch) => return Err(too_much(file)),
            Err(Problem::Member(message)) => destination.problem(&name, message),
            Err(Problem::Archive(source)) => return Err(source).doing("read", file),
        }
    }
    Ok(())
}

/// Unpacks one member.
fn unpack_entry<R: Read>(
    entry: &mut Entry<'_, R>,
    strip: usize,
    below: &Path,
    destination: &mut Destination,
) -> Result<(), Problem> {
    let attributes = attributes(entry)?;
    let kind = entry.header().entry_type();
    if kind.is_pax_global_extensions() || kind.as_byte() == b'V' {
        return Ok(());
    }
    let place = |name: &[u8]| stripped(&path_of(name), strip).map(|rest| below.join(rest));
    let Some(name) = place(&sparse::real_name(entry)?) else {
        return Ok(());
    };
    if is_directory(entry) {
        return destination.directory(&name, attributes);
    }
    match kind {
        EntryType::Symlink => destination.symlink(&name, &link_target(entry)?, attributes),
        EntryType::Link => match place(link_target(entry)?.as_os_str().as_encoded_bytes()) {
            Some(target) => destination.hard_link(&name, &target),
            None => Ok(()),
        },
        EntryType::Fifo => destination.fifo(&name, attributes),
        EntryType::Char | EntryType::Block => Err("device nodes are not unpacked".into()),
        _ => {
            let size = entry.size();
            match sparse::map(entry)? {
                Some(map) => destination.sparse_file(&name, attributes, &map, entry),
                None => destination.file(&name, attributes, size, entry),
            }
        }
    }
}

/// Whether a member is a directory: by its type, or as before 1988 by a slash after its name.
fn is_directory<R: Read>(entry: &Entry<'_, R>) -> bool {
    let kind = entry.header().entry_type();
    let plain = matches!(kind, EntryType::Regular) && entry.path_bytes().ends_with(b"/");
    kind.is_dir() || kind.as_byte() == b'D' || plain
}

/// Mode and time of a member; a PAX time goes before the header's.
fn attributes<R: Read>(entry: &mut Entry<'_, R>) -> Result<Attributes, Problem> {
    let mode = entry
        .header()
        .mode()
        .map_err(|error| Problem::Member(error.to_string()))?;
    // A time that cannot be read is no reason to lose the file.
    let seconds = entry.header().mtime().unwrap_or(0).cast_signed();
    let pax = sparse::extension(entry, "mtime")?.and_then(|text| parse_time(&text));
    let (seconds, nanoseconds) = pax.unwrap_or((seconds, 0));
    Ok(Attributes {
        mode,
        seconds,
        nanoseconds,
    })
}

/// A PAX time: decimal seconds since 1970, possibly negative or with a fraction.
///
/// Source: POSIX.1-2024, `pax`, "pax Extended Header File Times".
fn parse_time(text: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = whole.parse().ok()?;
    let digits: String = fraction
        .chars()
        .chain(std::iter::repeat('0'))
        .take(9)
        .collect();
    let nanoseconds: u32 = digits.parse().ok()?;
    if whole.starts_with('-') && nanoseconds > 0 {
        return Some((seconds.checked_sub(1)?, 1_000_000_000 - nanoseconds));
    }
    Some((seconds, nanoseconds))
}

fn link_target<R: Read>(entry: &Entry<'_, R>) -> Result<PathBuf, Problem> {
    let target = entry
        .link_name_bytes()
        .ok_or_else(|| Problem::from("a link without a target"))?;
    Ok(path_of(&target))
}

fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// A name without its first `count` components; `None` when nothing is left. A leading `./` counts
/// as a component, as in GNU tar.
fn stripped(name: &Path, count: usize) -> Option<PathBuf> {
    let bytes = name.as_os_str().as_encoded_bytes();
    let mut rest = bytes;
    for _ in 0..count {
        let slash = rest.iter().position(|byte| *byte == b'/')?;
        rest = rest.get(slash..)?;
        let name = rest.iter().position(|byte| *byte != b'/')?;
        rest = rest.get(name..)?;
    }
    Some(path_of(rest))
}

#[cfg(test)]
#[path = "tarball_tests.rs"]
mod tests;
