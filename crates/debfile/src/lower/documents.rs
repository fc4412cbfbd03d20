//! Documentation under the names that Debian's Policy gives it: the changelog of upstream, and what
//! is compressed.
//!
//! Which files are compressed is said by [`Context::compressed`](crate::Context::compressed).
//! Source: Debian Policy 12.3 and 12.7.

use std::collections::BTreeMap;

use package::{Content, FileEntry, FileKind, Package};

use super::files::Names;
use crate::deb::EntryKind;

/// What compressed files end in.
const GZ: &str = ".gz";

/// What upstream's changelog is called in a package.
const NAMES: [&str; 2] = ["changelog", "changelog.html"];

/// Endings of changelogs that are texts.
const TEXTS: [&str; 4] = [".txt", ".md", ".rst", ".adoc"];

/// Adds the new names of the package's documentation.
pub(super) fn renamed<'a>(package: &Package, mut names: Names<'a>) -> Names<'a> {
    let entries = package.files.entries();
    let changelog = changelog(entries, &names);
    let moved = entries.iter().filter_map(|entry| {
        let place = names.usual_place(&entry.path);
        let is_compressed = names.compressed.contains_key(&entry.path);
        let mut new = match changelog {
            Some(it) if it.path == entry.path => {
                let ending = if place.ends_with(GZ) { GZ } else { "" };
                format!("{}/changelog{ending}", names.doc_dir())
            }
            _ => place.clone(),
        };
        if is_compressed {
            new.push_str(GZ);
        }
        (new != place).then_some((place, new))
    });
    let moved: BTreeMap<_, _> = moved.collect();
    names.moved = moved.clone();
    for (place, new) in linked(entries, &names) {
        names.moved.insert(place, new);
    }
    names
}

/// The file that is upstream's changelog by its name, unless one has the right name already.
fn changelog<'p>(entries: &'p [FileEntry], names: &Names<'_>) -> Option<&'p FileEntry> {
    let directory = names.doc_dir();
    let in_directory = |path: &str| {
        let place = names.usual_place(path);
        let name = place.strip_prefix(&directory)?.strip_prefix('/')?;
        Some(name.to_owned())
    };
    let (is_named, entry) = upstream_changelog(entries, &in_directory)?;
    (!is_named).then_some(entry)
}

/// The file that is upstream's changelog, and whether it has that name in the package already.
/// `in_directory` cuts the directory of the package's documentation off a path.
pub(crate) fn upstream_changelog<'p>(
    entries: &'p [FileEntry],
    in_directory: &dyn Fn(&str) -> Option<String>,
) -> Option<(bool, &'p FileEntry)> {
    let mut candidates = Vec::new();
    for entry in entries.iter().filter(|it| it.flags.doc && !it.flags.ghost) {
        let Some(name) = in_directory(&entry.path) else {
            continue;
        };
        if NAMES.contains(&name.trim_end_matches(GZ)) {
            return Some((true, entry));
        }
        if let (FileKind::Regular { .. }, Some(rank)) = (&entry.kind, rank(&name)) {
            candidates.push((rank, entry));
        }
    }
    let likeliest = candidates.into_iter().min_by_key(|(rank, _)| *rank);
    likeliest.map(|(_, entry)| (false, entry))
}

/// How likely a file of that name is a changelog, the least the likeliest.
fn rank(name: &str) -> Option<usize> {
    let name = name.trim_end_matches(GZ).to_lowercase();
    let stem = TEXTS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(&name);
    let stems = ["changelog", "change-log", "change_log", "changes"];
    stems.iter().position(|it| *it == stem)
}

/// Links to compressed files get the ending too, where the file lies beside the link.
fn linked(entries: &[FileEntry], names: &Names<'_>) -> Vec<(String, String)> {
    let links = entries.iter().filter_map(|entry| {
        let FileKind::Symlink { target } = &entry.kind else {
            return None;
        };
        let new = renamed_target(&entry.path, target, names)?;
        let place = names.usual_place(&entry.path);
        (new.ends_with(GZ) && !place.ends_with(GZ)).then(|| (place.clone(), format!("{place}{GZ}")))
    });
    links.collect()
}

/// Where a link to a renamed file beside it leads.
fn renamed_target(link: &str, target: &str, names: &Names<'_>) -> Option<String> {
    if target.contains('/') {
        return None;
    }
    let (directory, _) = link.rsplit_once('/')?;
    let new = names
        .moved
        .get(&names.usual_place(&format!("{directory}/{target}")))?;
    new.rsplit('/').next().map(str::to_owned)
}

/// Documentation as it is shipped: compressed, and links to it by its new name.
pub(super) fn document(kind: EntryKind, entry: &FileEntry, names: &Names<'_>) -> EntryKind {
    match kind {
        EntryKind::Regular { content, size } => match names.compressed.get(&entry.path) {
            Some(bytes) => EntryKind::Regular {
                content: Content::Inline(bytes.clone()),
                size: bytes.len() as u64,
            },
            None => EntryKind::Regular { content, size },
        },
        EntryKind::Symlink { target } => EntryKind::Symlink {
            target: renamed_target(&entry.path, &target, names).unwrap_or(target),
        },
        other => other,
    }
}
