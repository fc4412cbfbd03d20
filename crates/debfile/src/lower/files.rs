//! Which files of a package its archive has, and what each of them is there.
//!
//! Source: Debian Policy 10; deb(5).

use std::collections::{BTreeMap, BTreeSet};

use package::{FileEntry, FileKind, Package};
use source::{Diagnostic, Sink};

use super::documents::document;
use super::draft::Deb;
use super::fifos::lower_fifo;
use super::neighbours::left_to_others;
use super::owners::{archived, lower_owner};
use super::places::volatile_directories;
use super::script_text::{Case, Scripts, quote};
use super::shipped::is_kept;
use super::tree::{Tree, parents};
use crate::codes;
use crate::deb::{Entry, EntryKind, Script};

/// Adds the package's files, and has the scripts do what an archive cannot say.
pub(crate) fn lower_files(deb: &mut Deb<'_>, package: &Package) {
    let mut first_names: BTreeMap<u32, String> = BTreeMap::new();
    check_times(package, deb.sink);
    for (path, entry) in placed(deb, package) {
        if entry.flags.ghost {
            lower_ghost(entry, &path, &mut deb.scripts);
            continue;
        }
        if entry.kind == FileKind::Fifo {
            lower_fifo(entry, &path, &mut deb.scripts);
            continue;
        }
        let Some(kind) = entry_kind(entry, &path, &mut first_names, deb.sink) else {
            continue;
        };
        if !matches!(kind, EntryKind::HardLink { .. }) {
            lower_owner(entry, &path, &mut deb.scripts);
        }
        let it = archived(entry);
        let lowered = Entry {
            path: path.clone(),
            kind: document(kind, entry, deb),
            mode: it.mode,
            user: it.user,
            group: it.group,
            mtime: entry.mtime.clamp(0, package.build.time.max(0)),
        };
        deb.tree.entries.insert(path, lowered);
    }
    drop_empty_license_dirs(&mut deb.tree);
}

/// The files that the archive has, by the places where they lie. Reports two at the same place.
fn placed<'p>(deb: &mut Deb<'_>, package: &'p Package) -> BTreeMap<String, &'p FileEntry> {
    let left = left_to_others(package, deb.context);
    let volatile = volatile_directories(package, deb.context);
    let is_elsewhere = |path: &str| left.contains(path) || volatile.contains_key(path);
    let context = deb.context;
    let is_here = |it: &&FileEntry| !is_elsewhere(&it.path) && is_kept(package, &it.path, context);
    let mut placed: BTreeMap<String, &FileEntry> = BTreeMap::new();
    for entry in package.files.entries().iter().filter(is_here) {
        let path = deb.paths.place(&entry.path);
        if path == "/" {
            continue;
        }
        let Some(other) = placed.insert(path.clone(), entry) else {
            continue;
        };
        let is_directory = |it: &FileEntry| it.kind == FileKind::Directory;
        let is_ghost = entry.flags.ghost || other.flags.ghost;
        let is_shared = is_directory(entry) && is_directory(other);
        if !is_ghost && !is_shared {
            let message = format!(
                "`{}` and `{}` are both `{path}` in a .deb",
                other.path, entry.path
            );
            deb.sink.push(
                Diagnostic::error(codes::SHARED_PATH, message)
                    .at(entry.origin)
                    .label(other.origin, "the other one")
                    .help("leave one of them out with `%exclude`"),
            );
        }
    }
    placed
}

fn entry_kind(
    entry: &FileEntry,
    path: &str,
    first_names: &mut BTreeMap<u32, String>,
    sink: &mut Sink,
) -> Option<EntryKind> {
    Some(match &entry.kind {
        FileKind::Regular { content, size } => {
            if let Some(set) = entry.link_set {
                if let Some(target) = first_names.get(&set.id) {
                    return Some(EntryKind::HardLink {
                        target: target.clone(),
                    });
                }
                first_names.insert(set.id, path.to_owned());
            }
            EntryKind::Regular {
                content: content.clone(),
                size: *size,
            }
        }
        FileKind::Directory => EntryKind::Directory,
        FileKind::Symlink { target } => EntryKind::Symlink {
            target: target.clone(),
        },
        FileKind::CharDevice { major, minor } => EntryKind::CharDevice {
            major: *major,
            minor: *minor,
        },
        FileKind::BlockDevice { major, minor } => EntryKind::BlockDevice {
            major: *major,
            minor: *minor,
        },
        FileKind::Fifo => EntryKind::Fifo,
        FileKind::Socket => {
            let message = format!("a .deb cannot hold the socket `{}`", entry.path);
            let finding = Diagnostic::error(codes::BAD_FILE, message).at(entry.origin);
            sink.push(finding.help("list it as `%ghost`: the program that uses it makes it"));
            return None;
        }
    })
}

/// tar(5) has no room for a time before 1970.
fn check_times(package: &Package, sink: &mut Sink) {
    let mut early = package.files.entries().iter().filter(|it| it.mtime < 0);
    if let Some(first) = early.next() {
        let message = match early.count() {
            0 => format!("the time of `{}` is before 1970", first.path),
            others => format!(
                "the times of `{}` and {others} more are before 1970",
                first.path
            ),
        };
        let finding = Diagnostic::warning(codes::OUT_OF_RANGE, message).at(first.origin);
        sink.push(finding.note("1970-01-01 is recorded instead"));
    }
}

/// A ghost is not shipped, but goes when the package is purged; what the alternatives system has
/// put there is its own business.
fn lower_ghost(entry: &FileEntry, path: &str, scripts: &mut Scripts) {
    let quoted = quote(path);
    let command = if entry.kind == FileKind::Directory {
        format!("rmdir {quoted} 2>/dev/null || true")
    } else {
        format!(
            "case $(readlink {quoted}) in /etc/alternatives/*) ;; *) rm -df {quoted} 2>/dev/null || true ;; esac"
        )
    };
    let postrm = scripts.of(Script::Postrm);
    // Children come after their directories in the list, and have to go before them.
    postrm.add_first(Case::Purge, command);
}

/// Directories below `/usr/share/licenses` whose files have all gone into `copyright`.
fn drop_empty_license_dirs(tree: &mut Tree) {
    const LICENSES: &str = "/usr/share/licenses";
    let used: BTreeSet<String> = tree
        .entries
        .values()
        .filter(|entry| entry.kind != EntryKind::Directory && entry.path.starts_with(LICENSES))
        .flat_map(|entry| parents(&entry.path))
        .map(str::to_owned)
        .collect();
    let is_license_dir = |path: &str| {
        path.strip_prefix(LICENSES)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    tree.entries.retain(|path, entry| {
        entry.kind != EntryKind::Directory || used.contains(path) || !is_license_dir(path)
    });
}
