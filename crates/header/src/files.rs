//! The file list: sizes, modes, owners, flags and the numbers that stand for inodes.
//!
//! Source: rpm `docs/manual/tags.md`, "Per-file information", and `build/files.cc` for how rpm
//! numbers inodes and devices.

use std::collections::HashMap;

use package::{FileEntry, FileFlags, FileKind, Package, RpmFormat};

use crate::structure::{Header, Value};
use crate::tags;
use crate::time::lower_time;

/// Files from this size on need 64-bit sizes and stripped cpio members.
const LARGE: u64 = u32::MAX as u64;

/// Writes everything about files but their paths, classes, digests and dependencies.
pub(crate) fn lower_into(header: &mut Header, package: &Package) {
    let entries = package.files.entries();
    // A spec that nobody built has no sizes; a package without files has one, 0.
    if !entries.is_empty() || package.build.is_known() {
        lower_sizes(header, package);
    }
    lower_numbers(header, entries);
    lower_inodes(header, entries);
    lower_texts(header, package);
}

/// Whether the format has 64-bit sizes only, or a file is too large for 32-bit ones.
pub fn needs_large_sizes(package: &Package) -> bool {
    let is_large =
        |it: &FileEntry| matches!(it.kind, FileKind::Regular { size, .. } if size >= LARGE);
    has_long_sizes(package) || package.files.entries().iter().any(is_large)
}

fn has_long_sizes(package: &Package) -> bool {
    package.build.format >= RpmFormat::V6
}

/// Whether two paths of the package are one file.
pub fn has_links(package: &Package) -> bool {
    let entries = package.files.entries();
    let is_shared = |entry: &FileEntry| entry.numbering.is_some_and(|it| it.is_shared);
    package.extras.speaks_of_links
        || entries.iter().any(is_shared)
        || repeated(entries).contains(&true)
}

/// Type and permission bits as stat(2) gives them. Source: inode(7).
pub fn mode(entry: &FileEntry) -> u16 {
    let kind = match entry.kind {
        FileKind::Fifo => 0o010_000,
        FileKind::CharDevice { .. } => 0o020_000,
        FileKind::Directory => 0o040_000,
        FileKind::BlockDevice { .. } => 0o060_000,
        FileKind::Regular { .. } => 0o100_000,
        FileKind::Symlink { .. } => 0o120_000,
        FileKind::Socket => 0o140_000,
    };
    kind | (entry.mode & 0o7777) as u16
}

/// Major and minor number of a device, eight bits each, as the format has room for.
pub fn device(entry: &FileEntry) -> (u32, u32) {
    match entry.kind {
        FileKind::CharDevice { major, minor } | FileKind::BlockDevice { major, minor } => {
            (major & 0xff, minor & 0xff)
        }
        _ => (0, 0),
    }
}

/// A number per file: its place in the list, from 1; links to one file share that of the first.
pub fn inodes(entries: &[FileEntry]) -> Vec<u32> {
    let mut first = HashMap::new();
    let number = |(place, entry): (u32, &FileEntry)| match (entry.numbering, entry.link_set) {
        (Some(numbering), _) => numbering.inode,
        (None, Some(set)) => *first.entry(set).or_insert(place),
        (None, None) => place,
    };
    (1..).zip(entries).map(number).collect()
}

/// For each file, whether an earlier name stands for the same one.
fn repeated(entries: &[FileEntry]) -> Vec<bool> {
    let places = (1..).zip(inodes(entries)).zip(entries);
    places
        .map(|((place, inode), entry)| match entry.numbering {
            Some(numbering) => numbering.is_repeated,
            None => inode != place,
        })
        .collect()
}

fn lower_sizes(header: &mut Header, package: &Package) {
    let entries = package.files.entries();
    let sizes = || entries.iter().map(FileEntry::size);
    if needs_large_sizes(package) {
        header.set(tags::LONG_FILE_SIZES, Value::Int64(sizes().collect()));
    } else {
        header.set(
            tags::FILE_SIZES,
            sizes().map(|it| it as u32).collect::<Vec<u32>>(),
        );
    }
    let total = total_size(entries);
    match u32::try_from(total) {
        Ok(total) if total < u32::MAX && !has_long_sizes(package) => header.set(tags::SIZE, total),
        _ => header.set(tags::LONG_SIZE, Value::Int64(vec![total])),
    }
}

/// Bytes of all files and link targets; a file with several links counts once.
fn total_size(entries: &[FileEntry]) -> u64 {
    let files = entries.iter().zip(repeated(entries));
    let counted = files.filter(|(_, is_repeated)| !is_repeated);
    counted.map(|(entry, _)| entry.size()).sum()
}

fn lower_numbers(header: &mut Header, entries: &[FileEntry]) {
    let devices = entries
        .iter()
        .map(device)
        .map(|(major, minor)| (major << 8 | minor) as u16);
    header.set(tags::FILE_RDEVS, devices.collect::<Vec<u16>>());
    header.set(
        tags::FILE_MODES,
        entries.iter().map(mode).collect::<Vec<u16>>(),
    );
    header.set(
        tags::FILE_MTIMES,
        numbers(entries, |it| lower_time(it.mtime)),
    );
    header.set(tags::FILE_FLAGS, numbers(entries, file_flags));
    header.set(tags::FILE_VERIFY_FLAGS, numbers(entries, verify_flags));
}

/// All files are said to lie on one device, as they will when installed; those that are not there
/// yet on none.
fn lower_inodes(header: &mut Header, entries: &[FileEntry]) {
    header.set(tags::FILE_INODES, inodes(entries));
    header.set(
        tags::FILE_DEVICES,
        numbers(entries, |it| u32::from(!it.is_made_up)),
    );
}

/// Whether the list of files speaks of capabilities.
pub fn has_caps(package: &Package) -> bool {
    let entries = package.files.entries();
    package.extras.speaks_of_caps || entries.iter().any(|it| it.caps.is_some())
}

fn lower_texts(header: &mut Header, package: &Package) {
    let entries = package.files.entries();
    header.set(tags::FILE_USER_NAME, texts(entries, |it| it.user.clone()));
    header.set(tags::FILE_GROUP_NAME, texts(entries, |it| it.group.clone()));
    header.set(tags::FILE_LANGS, texts(entries, |it| it.langs.join("|")));
    header.set(tags::FILE_LINK_TOS, texts(entries, link_target));
    if has_caps(package) {
        header.set(
            tags::FILE_CAPS,
            texts(entries, |it| it.caps.clone().unwrap_or_default()),
        );
    }
}

fn numbers(entries: &[FileEntry], of: impl Fn(&FileEntry) -> u32) -> Vec<u32> {
    entries.iter().map(of).collect()
}

fn texts(entries: &[FileEntry], of: impl Fn(&FileEntry) -> String) -> Vec<String> {
    entries.iter().map(of).collect()
}

fn link_target(entry: &FileEntry) -> String {
    match &entry.kind {
        FileKind::Symlink { target } => target.clone(),
        _ => String::new(),
    }
}

/// Bits of `flags`, from the lowest; directories are never configuration, doc or licence.
fn file_flags(entry: &FileEntry) -> u32 {
    let FileFlags {
        config,
        noreplace,
        missingok,
        doc,
        license,
        readme,
        ..
    } = entry.flags;
    let FileFlags {
        ghost,
        artifact,
        pubkey,
        specfile,
        ..
    } = entry.flags;
    let is_file = entry.kind != FileKind::Directory;
    let bits = [
        (config && is_file, 0),
        (doc && is_file, 1),
        (missingok, 3),
        (noreplace, 4),
        (specfile, 5),
        (ghost, 6),
        (license && is_file, 7),
        (readme, 8),
        (pubkey, 11),
        (artifact, 12),
    ];
    bits.iter()
        .fold(0, |flags, (is_set, bit)| flags | u32::from(*is_set) << bit)
}

/// What is compared; of a ghost's content nothing.
fn verify_flags(entry: &FileEntry) -> u32 {
    let it = &entry.verify;
    let has_content = !entry.flags.ghost;
    let bits = [
        it.digest && has_content,
        it.size && has_content,
        it.link && has_content,
        it.user,
        it.group,
        it.mtime && has_content,
        it.mode,
        it.rdev,
        it.caps,
    ];
    let others = if it.others { !0 << bits.len() } else { 0 };
    let named = (0..).zip(&bits);
    named.fold(others, |flags, (bit, is_set)| {
        flags | u32::from(*is_set) << bit
    })
}
