//! Records become file entries of the model: kinds, owners, times, sets of links.
//!
//! Not here: classes, colours and dependencies, see crate `generate`.

use std::collections::HashMap;
use std::fs;

use package::{Content, FileEntry, FileKind, LinkSet, VerifyFlags};
use source::{Diagnostic, Sink};

use crate::record::Record;
use crate::rules::is_documentation;
use crate::switches::MtimePolicy;
use crate::{CollectError, Meta, Tree, codes};

/// File types. Source: inode(7).
const FIFO: u32 = 0o010_000;
const CHARACTER: u32 = 0o020_000;
const BLOCK: u32 = 0o060_000;
const SOCKET: u32 = 0o140_000;

/// What the entries of a package are made by, besides its records.
pub(crate) struct Making<'a> {
    /// The build root.
    pub(crate) root: &'a Tree,
    /// Directories whose files are documentation.
    pub(crate) doc_dirs: &'a [String],
    /// How times of last change are treated.
    pub(crate) mtime: MtimePolicy,
}

impl Making<'_> {
    /// Makes the entries of one package; records are sorted by path. What is wrong with them is
    /// reported in that order.
    pub(crate) fn entries(
        &self,
        records: &[Record],
        sink: &mut Sink,
    ) -> Result<Vec<FileEntry>, CollectError> {
        let links = link_sets(records);
        let mut entries = Vec::with_capacity(records.len());
        for record in records {
            record.twice.iter().for_each(|it| sink.push(it.clone()));
            if record.is_excluded {
                continue;
            }
            let Some(kind) = kind(record, self.root, sink)? else {
                continue;
            };
            let mut entry = entry(record, kind, self.doc_dirs);
            entry.mtime = self.mtime.apply(entry.mtime);
            entry.link_set = set_of(record, &links);
            entries.push(entry);
        }
        Ok(entries)
    }
}

fn entry(record: &Record, kind: FileKind, doc_dirs: &[String]) -> FileEntry {
    let mut flags = record.flags;
    flags.doc |= is_documentation(doc_dirs, &record.path);
    if record.meta.is_dir() {
        (flags.config, flags.doc, flags.license) = (false, false, false);
    }
    FileEntry {
        user: record.attributes.user().to_owned(),
        group: record.attributes.group().to_owned(),
        mtime: record.meta.mtime,
        flags,
        verify: verify(record),
        langs: record.rule.langs.clone(),
        caps: record.rule.caps.clone(),
        is_made_up: record.is_made_up && record.rule.device.is_none(),
        numbering: record.numbering,
        origin: record.rule.origin,
        ..FileEntry::new(&record.path, kind, record.mode())
    }
}

/// A `%ghost` comes to be after installation, so its contents are nobody's promise.
fn verify(record: &Record) -> VerifyFlags {
    if !record.flags.ghost {
        return record.verify;
    }
    VerifyFlags {
        digest: false,
        size: false,
        link: false,
        mtime: false,
        ..record.verify
    }
}

/// The kind of file, or `None` after a fault.
fn kind(record: &Record, root: &Tree, sink: &mut Sink) -> Result<Option<FileKind>, CollectError> {
    if let Some(device) = record.rule.device {
        let (major, minor) = (device.major, device.minor);
        return Ok(Some(if device.is_block {
            FileKind::BlockDevice { major, minor }
        } else {
            FileKind::CharDevice { major, minor }
        }));
    }
    let Meta { device, .. } = record.meta;
    let (major, minor) = (major(device), minor(device));
    Ok(Some(match record.meta.kind() {
        FIFO => FileKind::Fifo,
        SOCKET => FileKind::Socket,
        CHARACTER => FileKind::CharDevice { major, minor },
        BLOCK => FileKind::BlockDevice { major, minor },
        _ if record.meta.is_dir() => FileKind::Directory,
        _ if record.meta.is_symlink() => return symlink(record, root, sink),
        _ => regular(record, root),
    }))
}

fn regular(record: &Record, root: &Tree) -> FileKind {
    if record.is_made_up {
        return FileKind::Regular {
            content: Content::Inline(Vec::new()),
            size: 0,
        };
    }
    let content = Content::OnDisk(root.on_disk(record.built_as()));
    FileKind::Regular {
        content,
        size: record.meta.size,
    }
}

fn symlink(
    record: &Record,
    root: &Tree,
    sink: &mut Sink,
) -> Result<Option<FileKind>, CollectError> {
    let path = root.on_disk(record.built_as());
    let target = fs::read_link(&path).map_err(CollectError::read(&path))?;
    let Some(target) = target.to_str() else {
        let message = format!("the target of the link `{}` is not UTF-8", record.path);
        sink.push(Diagnostic::error(codes::BAD_NAME, message).at(record.rule.origin));
        return Ok(None);
    };
    check_target(record, target, root, sink);
    Ok(Some(FileKind::Symlink {
        target: target.to_owned(),
    }))
}

fn check_target(record: &Record, target: &str, root: &Tree, sink: &mut Sink) {
    if !target.starts_with('/') {
        return;
    }
    let build_root = root.root().to_string_lossy();
    let arrow = format!("{} -> {target}", record.path);
    let message = format!("absolute symlink: {arrow}");
    sink.push(Diagnostic::warning(codes::ABSOLUTE_LINK, message).at(record.rule.origin));
    // As in rpm, the start of the text counts, wherever its last part ends.
    if build_root != "/" && target.starts_with(&*build_root) {
        let message = format!("Symlink points to BuildRoot: {arrow}");
        let finding = Diagnostic::error(codes::LINK_TO_BUILD_ROOT, message);
        sink.push(
            finding
                .at(record.rule.origin)
                .help("make the link relative, or leave $RPM_BUILD_ROOT out of its target"),
        );
    }
}

/// Major number of a device. Source: makedev(3), GNU/Linux's 64-bit form.
fn major(device: u64) -> u32 {
    let number = ((device >> 8) & 0xfff) | ((device >> 32) & 0xffff_f000);
    u32::try_from(number).unwrap_or(0)
}

/// Minor number of a device.
fn minor(device: u64) -> u32 {
    let number = (device & 0xff) | ((device >> 12) & 0xffff_ff00);
    u32::try_from(number).unwrap_or(0)
}

type Identity = (u64, u64);

/// Numbers the files that have several names in this package, in the order of their first names.
fn link_sets(records: &[Record]) -> HashMap<Identity, (u32, u32)> {
    let mut counts: HashMap<Identity, u32> = HashMap::new();
    let linked = || {
        let here = records.iter().filter(|record| !record.is_excluded);
        here.filter(|record| may_be_linked(record))
    };
    for record in linked() {
        *counts.entry(record.meta.identity).or_default() += 1;
    }
    let mut sets = HashMap::new();
    for record in linked().filter(|record| counts[&record.meta.identity] > 1) {
        let next = u32::try_from(sets.len()).unwrap_or(u32::MAX);
        let names = u32::try_from(record.meta.names).unwrap_or(u32::MAX);
        sets.entry(record.meta.identity).or_insert((next, names));
    }
    sets
}

/// Whether the file is in the package and has further names.
pub(crate) fn may_be_linked(record: &Record) -> bool {
    record.meta.names > 1 && record.meta.is_file() && !record.is_made_up && !record.flags.ghost
}

fn set_of(record: &Record, sets: &HashMap<Identity, (u32, u32)>) -> Option<LinkSet> {
    let (id, names) = *sets
        .get(&record.meta.identity)
        .filter(|_| may_be_linked(record))?;
    Some(LinkSet { id, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_numbers_are_taken_apart() {
        assert_eq!((major(0x103), minor(0x103)), (1, 3));
        assert_eq!((major(0x0010_3f05), minor(0x0010_3f05)), (63, 261));
    }
}
