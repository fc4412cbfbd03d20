//! Unpacking zip archives, and what builds on them, as `TZ=UTC unzip -u` does.
//!
//! A member replaces an older file only. Times of the extended kind are UTC; MS-DOS times are taken
//! for UTC. Members packed on Unix bring their permissions and symbolic links, without set-id bits.
//!
//! Source: unzip(1); APPNOTE 4.4.2 (made by), 4.5 (extra fields).

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use package::calendar::{DAY, Date};
use zip::ZipArchive;
use zip::extra_fields::ExtraField;
use zip::read::ZipFile;

use super::allowance::too_much;
use super::destination::{Attributes, Destination, Problem};
use crate::error::{Doing, Error};

/// A symbolic link's target may not be longer than the system allows.
const LONGEST_TARGET: u64 = 4096;

/// Unpacks `file`; with `top` without its single top directory, if it has one.
pub(super) fn unpack(file: &Path, top: bool, destination: &mut Destination) -> Result<(), Error> {
    let input = BufReader::new(File::open(file).doing("open", file)?);
    let mut archive =
        ZipArchive::new(input).map_err(|error| Error::content(file, error.to_string()))?;
    let strip = top && has_single_top(archive.file_names().map(Result::ok));
    for index in 0..archive.len() {
        let name = archive.name_for_index(index).and_then(Result::ok);
        let name = name.map_or_else(|| "?".to_owned(), Cow::into_owned);
        let mut member = match archive.by_index(index) {
            Ok(member) => member,
            Err(error) => {
                destination.problem(Path::new(&name), error);
                continue;
            }
        };
        match unpack_member(&mut member, strip, destination) {
            Ok(()) => {}
            Err(Problem::TooMuch) => return Err(too_much(file)),
            Err(Problem::Member(message)) => destination.problem(Path::new(&name), message),
            // A member's data are broken or cut off; the next has its own place in the file.
            Err(Problem::Archive(error)) => destination.problem(Path::new(&name), error),
        }
    }
    Ok(())
}

/// Whether all names begin with the same directory.
fn has_single_top<'a>(names: impl Iterator<Item = Option<Cow<'a, str>>>) -> bool {
    let mut first = None;
    for name in names {
        match name.as_ref().and_then(|name| name.split_once('/')) {
            Some((top, _)) if *first.get_or_insert_with(|| top.to_owned()) == top => {}
            _ => return false,
        }
    }
    true
}

fn unpack_member<R: Read>(
    member: &mut ZipFile<'_, R>,
    strip: bool,
    destination: &mut Destination,
) -> Result<(), Problem> {
    let full = name_of(member);
    let name = if strip {
        full.split_once('/').map_or("", |(_, rest)| rest)
    } else {
        &full
    };
    if name.is_empty() {
        return Ok(());
    }
    let path = Path::new(name);
    let attributes = attributes(member);
    if full.ends_with('/') {
        return destination.directory(path, attributes);
    }
    if destination
        .existing_time(path)
        .is_some_and(|time| time >= attributes.seconds)
    {
        return Ok(());
    }
    if member.is_symlink() {
        let mut target = String::new();
        member.take(LONGEST_TARGET).read_to_string(&mut target)?;
        return destination.symlink(path, Path::new(&target), attributes);
    }
    let size = member.size();
    destination.file(path, attributes, size, member)
}

/// A member's name. Names are often UTF-8 without being marked so; and where there is no `/`, a `\`
/// separates directories.
fn name_of<R: Read>(member: &ZipFile<'_, R>) -> String {
    let name = match std::str::from_utf8(member.name_raw()) {
        Ok(name) => Cow::Borrowed(name),
        Err(_) => member.name().unwrap_or(Cow::Borrowed("?")),
    };
    if name.contains('/') {
        name.into_owned()
    } else {
        name.replace('\\', "/")
    }
}

/// Permissions and time of a member.
fn attributes<R: Read>(member: &ZipFile<'_, R>) -> Attributes {
    let usual = if member.is_dir() { 0o777 } else { 0o666 };
    // What was not packed on Unix gets what a new file would get.
    let mode = member
        .unix_mode()
        .map_or(usual & 0o755, |mode| mode & 0o777);
    let extended = member.extra_data_fields().find_map(|field| match field {
        ExtraField::ExtendedTimestamp(times) => times.mod_time(),
        _ => None,
    });
    // The extended time has 32 bits, and no sign that all agree on: beyond 2038 it only holds if the
    // MS-DOS time, which covers 1980 to 2107, is there too.
    let dos = member.last_modified().map(dos_seconds);
    let last = i64::from(i32::MAX);
    let seconds = match (extended.map(i64::from), dos) {
        (Some(time), _) if time <= last => Some(time),
        (Some(time), Some(dos)) if dos > last => Some(time),
        (time, dos) => dos.or(time),
    };
    Attributes {
        mode,
        seconds: seconds.unwrap_or(0),
        nanoseconds: 0,
    }
}

/// An MS-DOS time as seconds since 1970, taken for UTC.
fn dos_seconds(time: zip::DateTime) -> i64 {
    let date = Date {
        year: time.year().into(),
        month: usize::from(time.month()).saturating_sub(1),
        day: time.day().into(),
    };
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i64::from);
    date.days_since_1970() * DAY + hour * 3_600 + minute * 60 + second
}

#[cfg(test)]
#[path = "zipfile_tests.rs"]
mod tests;
