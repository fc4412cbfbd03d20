//! Files. Their digests are only known to a package file, which has read their bytes.

use indexmap::{IndexMap, IndexSet};
use package::{FileEntry, FileKind, Package, RelationKind};

use crate::Value;
use crate::unless_empty::{numbers, texts};

/// What one file has to say for a tag.
enum Column {
    Number(fn(&FileEntry) -> u64),
    Text(fn(&FileEntry) -> String),
}

const COLUMNS: &[(&str, Column)] = &[
    ("BASENAMES", Column::Text(|it| split(&it.path).1.to_owned())),
    ("FILECOLORS", Column::Number(|it| it.color.into())),
    (
        "FILEDEVICES",
        Column::Number(|it| u64::from(!it.is_made_up)),
    ),
    ("FILEFLAGS", Column::Number(flags)),
    ("FILEGROUPNAME", Column::Text(|it| it.group.clone())),
    ("FILELANGS", Column::Text(|it| it.langs.join("|"))),
    ("FILELINKTOS", Column::Text(link_target)),
    ("FILEMODES", Column::Number(mode)),
    (
        "FILEMTIMES",
        Column::Number(|it| u64::try_from(it.mtime).unwrap_or(0)),
    ),
    (
        "FILEPROVIDE",
        Column::Text(|it| dependencies(it, RelationKind::Provides)),
    ),
    ("FILERDEVS", Column::Number(device)),
    (
        "FILEREQUIRE",
        Column::Text(|it| dependencies(it, RelationKind::Requires)),
    ),
    ("FILESIZES", Column::Number(FileEntry::size)),
    ("FILEUSERNAME", Column::Text(|it| it.user.clone())),
    ("FILEVERIFYFLAGS", Column::Number(verify_flags)),
];

/// The tags of files.
pub(super) fn get(package: &Package, tag: &str) -> Option<Value> {
    let files = package.files.entries();
    if let Some((_, column)) = COLUMNS.iter().find(|(name, _)| *name == tag) {
        return match column {
            Column::Number(number) => numbers(files.iter().map(number).collect()),
            Column::Text(text) => texts(files.iter().map(text).collect()),
        };
    }
    match tag {
        "CLASSDICT" => texts(distinct(files, |it| &it.class)),
        "DIRINDEXES" => numbers(indexes(files, |it| split(&it.path).0)),
        "DIRNAMES" => texts(distinct(files, |it| split(&it.path).0)),
        "FILECAPS" if files.iter().any(|it| it.caps.is_some()) => texts(
            files
                .iter()
                .map(|it| it.caps.clone().unwrap_or_default())
                .collect(),
        ),
        "FILECLASS" => numbers(indexes(files, |it| &it.class)),
        "FILEINODES" => numbers(inodes(files)),
        "SIZE" => (!files.is_empty()).then(|| Value::number(total_size(files))),
        _ => None,
    }
}

/// The directory with its slash, and the name.
fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |slash| slash + 1))
}

/// The texts that files have, each once, in the order of the files.
fn distinct<'f>(files: &'f [FileEntry], text: impl Fn(&'f FileEntry) -> &'f str) -> Vec<String> {
    let distinct: IndexSet<&str> = files.iter().map(text).collect();
    distinct.into_iter().map(str::to_owned).collect()
}

/// For each file the place of its text among the [`distinct`] ones.
fn indexes<'f>(files: &'f [FileEntry], text: impl Fn(&'f FileEntry) -> &'f str) -> Vec<u64> {
    let mut places = IndexMap::new();
    let mut place = |text: &'f str| {
        let next = places.len() as u64;
        *places.entry(text).or_insert(next)
    };
    files.iter().map(|file| place(text(file))).collect()
}

/// Numbers from 1; names of one file share one.
fn inodes(files: &[FileEntry]) -> Vec<u64> {
    let mut sets = IndexMap::new();
    let number = |(file, next): (&FileEntry, u64)| match file.link_set {
        Some(set) => *sets.entry(set.id).or_insert(next),
        None => next,
    };
    files.iter().zip(1..).map(number).collect()
}

/// Bytes of regular files, each counted once however many names it has.
fn total_size(files: &[FileEntry]) -> u64 {
    let mut seen = IndexSet::new();
    let counts = |file: &&FileEntry| {
        let is_new = file.link_set.is_none_or(|set| seen.insert(set.id));
        is_new && matches!(file.kind, FileKind::Regular { .. })
    };
    files.iter().filter(counts).map(FileEntry::size).sum()
}

fn mode(file: &FileEntry) -> u64 {
    let kind = match &file.kind {
        FileKind::Regular { .. } => 0o10,
        FileKind::Directory => 0o04,
        FileKind::Symlink { .. } => 0o12,
        FileKind::CharDevice { .. } => 0o02,
        FileKind::BlockDevice { .. } => 0o06,
        FileKind::Fifo => 0o01,
        FileKind::Socket => 0o14,
    };
    kind << 12 | u64::from(file.mode)
}

/// Device numbers in the 16 bits that headers have for them.
fn device(file: &FileEntry) -> u64 {
    match &file.kind {
        FileKind::CharDevice { major, minor } | FileKind::BlockDevice { major, minor } => {
            u64::from((major & 0xff) << 8 | minor & 0xff)
        }
        _ => 0,
    }
}

fn link_target(file: &FileEntry) -> String {
    match &file.kind {
        FileKind::Symlink { target } => target.clone(),
        _ => String::new(),
    }
}

/// Source: rpm's `rpmfiles.h`, `rpmfileAttrs`.
fn flags(file: &FileEntry) -> u64 {
    let flags = file.flags;
    let bits = [
        (flags.config, 0),
        (flags.doc, 1),
        (flags.missingok, 3),
        (flags.noreplace, 4),
        (flags.specfile, 5),
        (flags.ghost, 6),
        (flags.license, 7),
        (flags.readme, 8),
        (flags.pubkey, 11),
        (flags.artifact, 12),
    ];
    bits.iter()
        .map(|(is_set, bit)| u64::from(*is_set) << bit)
        .sum()
}

/// The bits of what is compared. Source: rpm's `rpmfiles.h`, `rpmVerifyAttrs`.
fn verify_flags(file: &FileEntry) -> u64 {
    let verify = file.verify;
    let bits = [
        (verify.digest, 0),
        (verify.size, 1),
        (verify.link, 2),
        (verify.user, 3),
        (verify.group, 4),
        (verify.mtime, 5),
        (verify.mode, 6),
        (verify.rdev, 7),
        (verify.caps, 8),
    ];
    let others = if verify.others { !0 << bits.len() } else { 0 };
    let named = bits.iter();
    let flags = named.fold(others, |flags: u32, (is_set, bit)| {
        flags | u32::from(*is_set) << bit
    });
    u64::from(flags)
}

fn dependencies(file: &FileEntry, kind: RelationKind) -> String {
    let found = file.dependencies.iter().filter(|it| it.kind == kind);
    found
        .map(|it| it.dependency.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}
