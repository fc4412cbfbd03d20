//! Files: whole paths, classes, links.

use crate::unless_empty::texts;
use crate::{Tags, Value};

const KIND_MASK: u64 = 0o170_000;
const SYMLINK: u64 = 0o120_000;

/// What is said of files that are not regular: kind, class and MIME type.
const SPECIAL: [(u64, &str, &str); 5] = [
    (0o060_000, "block special", "inode/blockdevice"),
    (0o020_000, "character special", "inode/chardevice"),
    (0o040_000, "directory", "inode/directory"),
    (0o010_000, "fifo (named pipe)", "inode/fifo"),
    (0o140_000, "socket", "inode/socket"),
];

/// Directory and name together; `prefix` may be `ORIG`, before any relocation.
pub(super) fn names(tags: &dyn Tags, prefix: &str) -> Option<Value> {
    let get = |suffix: &str| tags.get(&format!("{prefix}{suffix}"));
    let (names, dirs, indexes) = (get("BASENAMES")?, get("DIRNAMES")?, get("DIRINDEXES")?);
    let path = |(name, index): (&String, &u64)| {
        let dir = dirs.text_at(usize::try_from(*index).ok()?)?;
        Some(format!("{dir}{name}"))
    };
    let paths: Option<Vec<_>> = names
        .texts()
        .iter()
        .zip(indexes.numbers())
        .map(path)
        .collect();
    paths.filter(|it| it.len() == names.len()).and_then(texts)
}

/// The paths that are on the system, if the package is installed.
pub(super) fn installed_names(tags: &dyn Tags) -> Option<Value> {
    let (states, names) = (tags.get("FILESTATES")?, names(tags, "")?);
    let is_installed = |state: &u64| matches!(state, 0 | 3);
    let pairs = names.texts().iter().zip(states.numbers());
    texts(
        pairs
            .filter(|it| is_installed(it.1))
            .map(|it| it.0.clone())
            .collect(),
    )
}

/// What each file is, in libmagic's words; a class of its own for what it has no word for.
pub(super) fn classes(tags: &dyn Tags) -> Option<Value> {
    by_mode(tags, "CLASSDICT", "FILECLASS", |kind, link| match kind {
        SYMLINK => format!("symbolic link to `{link}'"),
        _ => special(kind).map_or(String::new(), |it| it.1.to_owned()),
    })
}

/// The MIME type of each file.
pub(super) fn mime_types(tags: &dyn Tags) -> Option<Value> {
    by_mode(tags, "MIMEDICT", "FILEMIMEINDEX", |kind, _| match kind {
        SYMLINK => "inode/symlink".to_owned(),
        _ => special(kind).map_or(String::new(), |it| it.2.to_owned()),
    })
}

fn special(kind: u64) -> Option<&'static (u64, &'static str, &'static str)> {
    SPECIAL.iter().find(|it| it.0 == kind)
}

/// A word of a dictionary for each file; where it is empty, one for the kind of the file (and what
/// it links to).
fn by_mode(
    tags: &dyn Tags,
    dictionary: &str,
    indexes: &str,
    word: impl Fn(u64, &str) -> String,
) -> Option<Value> {
    let (dictionary, indexes) = (tags.get(dictionary), tags.get(indexes));
    let (modes, links) = (tags.get("FILEMODES")?, tags.get("FILELINKTOS"));
    let of_file = |(file, mode): (usize, &u64)| {
        let index = indexes.as_ref().and_then(|it| it.number_at(file));
        let index = index.and_then(|it| usize::try_from(it).ok());
        let known = index.and_then(|index| dictionary.as_ref()?.text_at(index));
        match known.unwrap_or_default() {
            "" => word(
                mode & KIND_MASK,
                links.as_ref().and_then(|it| it.text_at(file)).unwrap_or(""),
            ),
            known => known.to_owned(),
        }
    };
    texts(modes.numbers().iter().enumerate().map(of_file).collect())
}

/// How many of the package's names each file has.
pub(super) fn link_counts(tags: &dyn Tags) -> Option<Value> {
    let (inodes, devices) = (tags.get("FILEINODES")?, tags.get("FILEDEVICES"));
    let identity = |index: usize| {
        (
            inodes.number_at(index),
            devices.as_ref().and_then(|it| it.number_at(index)),
        )
    };
    let mut counts = std::collections::BTreeMap::new();
    for index in 0..inodes.len() {
        *counts.entry(identity(index)).or_insert(0) += 1;
    }
    Some(Value::Numbers(
        (0..inodes.len())
            .map(|index| counts[&identity(index)])
            .collect(),
    ))
}

/// The colours of all files together.
pub(super) fn package_color(tags: &dyn Tags) -> Option<Value> {
    let colors = tags.get("FILECOLORS");
    let all = colors
        .as_ref()
        .map_or(&[][..], Value::numbers)
        .iter()
        .fold(0, |sum, it| sum | it);
    Some(Value::number(all & 0xf))
}
