//! Documentation under the names that Debian's Policy gives it: the changelog of upstream, and what
//! is compressed.
//!
//! Which files are compressed is said by [`Context::compressed`](crate::Context::compressed).
//! Source: Debian Policy 12.3 and 12.7.

use std::collections::BTreeMap;
use std::io::Write as _;

use archive::{Compression, Encoder, Method};
use package::{Content, FileEntry, FileKind, Package};
use source::octets::readable;

use super::changelog::{self, Heading};
use super::copyright::copyright;
use super::debug_symbols;
use super::draft::Deb;
use super::maintainer::maintainer;
use super::names::package_name;
use super::package_paths::PackagePaths;
use crate::deb::EntryKind;

/// What compressed files end in.
const GZ: &str = ".gz";

/// What upstream's changelog is called in a package.
const NAMES: [&str; 2] = ["changelog", "changelog.html"];

/// Endings of changelogs that are texts.
const TEXTS: [&str; 4] = [".txt", ".md", ".rst", ".adoc"];

/// Adds what every package has: `copyright` and the changelog, unless it ships them itself. A package of
/// debugging symbols has a link to the documentation of the package they belong to.
pub(super) fn lower_documentation(deb: &mut Deb<'_>, package: &Package) {
    let directory = deb.paths.doc_dir().to_owned();
    let owner = debug_symbols::owner(package, deb.context);
    if let Some(owner) = owner.filter(|_| !deb.tree.has(&directory)) {
        let target = package_name(owner, deb.context);
        deb.tree.add_link(directory, target);
        return;
    }
    let path = format!("{directory}/copyright");
    if !deb.tree.has(&path) {
        let text = copyright(package, deb.context, deb.sink);
        deb.tree.add_text(path, readable(&text).into_bytes());
    }
    let heading = Heading {
        version: &deb.version,
        codename: &deb.context.distribution.codename,
        maintainer: &maintainer(package, deb.context),
    };
    let path = format!("{directory}/{}", changelog::file_name(&deb.version));
    if !deb.tree.has(&path) {
        let text = changelog::changelog(package, &heading);
        deb.tree.add_text(path, gzip(readable(&text).as_bytes()));
    }
}

/// As `gzip -9n` does it.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let compression = Compression::new(Method::Gzip).with_level(9);
    let mut encoder = Encoder::new(&compression, Vec::new());
    encoder.write_all(bytes).expect("memory can be written to");
    encoder.finish().expect("memory can be written to")
}

/// Finds the new names of the package's documentation.
pub(super) fn rename_documents(deb: &mut Deb<'_>, package: &Package) {
    let entries = package.files.entries();
    let paths = &mut deb.paths;
    let changelog = changelog(entries, paths);
    let moved = entries.iter().filter_map(|entry| {
        let place = paths.usual_place(&entry.path);
        let is_compressed = deb.context.compressed.contains_key(&entry.path);
        let mut new = match changelog {
            Some(it) if it.path == entry.path => {
                let ending = if place.ends_with(GZ) { GZ } else { "" };
                format!("{}/changelog{ending}", paths.doc_dir())
            }
            _ => place.clone(),
        };
        if is_compressed {
            new.push_str(GZ);
        }
        (new != place).then_some((place, new))
    });
    let moved: BTreeMap<_, _> = moved.collect();
    paths.renamed_documents = moved;
    let linked = linked(entries, paths);
    paths.renamed_documents.extend(linked);
}

/// The file that is upstream's changelog by its name, unless one has the right name already.
fn changelog<'p>(entries: &'p [FileEntry], paths: &PackagePaths<'_>) -> Option<&'p FileEntry> {
    let directory = paths.doc_dir();
    let in_directory = |path: &str| {
        let place = paths.usual_place(path);
        let name = place.strip_prefix(directory)?.strip_prefix('/')?;
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
fn linked(entries: &[FileEntry], paths: &PackagePaths<'_>) -> Vec<(String, String)> {
    let links = entries.iter().filter_map(|entry| {
        let FileKind::Symlink { target } = &entry.kind else {
            return None;
        };
        let new = renamed_target(&entry.path, target, paths)?;
        let place = paths.usual_place(&entry.path);
        (new.ends_with(GZ) && !place.ends_with(GZ)).then(|| (place.clone(), format!("{place}{GZ}")))
    });
    links.collect()
}

/// Where a link to a renamed file beside it leads.
fn renamed_target(link: &str, target: &str, paths: &PackagePaths<'_>) -> Option<String> {
    if target.contains('/') {
        return None;
    }
    let (directory, _) = link.rsplit_once('/')?;
    let new = paths
        .renamed_documents
        .get(&paths.usual_place(&format!("{directory}/{target}")))?;
    new.rsplit('/').next().map(str::to_owned)
}

/// Documentation as it is shipped: compressed, and links to it by its new name.
pub(super) fn document(kind: EntryKind, entry: &FileEntry, deb: &Deb<'_>) -> EntryKind {
    match kind {
        EntryKind::Regular { content, size } => match deb.context.compressed.get(&entry.path) {
            Some(bytes) => EntryKind::Regular {
                content: Content::Inline(bytes.clone()),
                size: bytes.len() as u64,
            },
            None => EntryKind::Regular { content, size },
        },
        EntryKind::Symlink { target } => EntryKind::Symlink {
            target: renamed_target(&entry.path, &target, &deb.paths).unwrap_or(target),
        },
        other => other,
    }
}
