//! The file tree of a package.
//!
//! Source: Debian Policy 10 (files) and 12 (documentation); deb(5).

use std::collections::{BTreeMap, BTreeSet};

use package::{Content, FileEntry, FileKind, Package};
use source::{Diagnostic, Sink};

use super::documents::document;
use super::fifos::lower_fifo;
use super::owners::{ROOT, archived, lower_owner};
use super::php;
use super::places::moved;
use super::script_text::{Case, Scripts, quote};
use crate::codes;
use crate::context::Place;
use crate::deb::{Entry, EntryKind, Script};

/// What the file tree needs to know of the rest.
pub(crate) struct Names<'a> {
    /// Name in the spec.
    pub(crate) rpm: &'a str,
    /// Debian's name.
    pub(crate) deb: &'a str,
    /// Whether `/bin`, `/lib` and `/sbin` are links into `/usr`.
    pub(crate) is_usr_merged: bool,
    /// Whether the settings of PHP's extensions keep the numbers before their names.
    pub(crate) numbers_modules: bool,
    /// Places that the target has elsewhere, among others.
    pub(crate) places: &'a [Place],
    /// Documentation in compressed form, by the spec's path.
    pub(crate) compressed: &'a BTreeMap<String, Vec<u8>>,
    /// Documentation that gets another name: where it would lie, and where it does.
    pub(crate) moved: BTreeMap<String, String>,
}

impl Names<'_> {
    /// The directory of the package's documentation.
    pub(crate) fn doc_dir(&self) -> String {
        format!("/usr/share/doc/{}", self.deb)
    }

    /// Where a path of the spec lies in the package: documentation follows the package's name, and
    /// nothing lies beside a merged `/usr`; some documentation gets another name.
    ///
    /// Source: Debian Policy 10.1, for the merged `/usr`.
    pub(crate) fn place(&self, path: &str) -> String {
        let place = self.usual_place(path);
        self.moved.get(&place).cloned().unwrap_or(place)
    }

    /// The same before documentation gets other names.
    pub(crate) fn usual_place(&self, path: &str) -> String {
        if let Some(place) = moved(path, self.places) {
            return place;
        }
        let spec_dir = format!("/usr/share/doc/{}", self.rpm);
        match path.strip_prefix(&spec_dir) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                format!("{}{rest}", self.doc_dir())
            }
            _ if self.is_usr_merged && is_aliased(path) => format!("/usr{path}"),
            _ if self.numbers_modules => path.to_owned(),
            _ => php::place(path).unwrap_or_else(|| path.to_owned()),
        }
    }
}

/// Whether a path begins with one of the links of a merged `/usr`.
pub(crate) fn is_aliased(path: &str) -> bool {
    let top = path.split('/').nth(1).unwrap_or("");
    matches!(top, "bin" | "sbin" | "lib" | "lib32" | "lib64" | "libx32")
}

/// The tree being built.
pub(crate) struct Tree {
    entries: BTreeMap<String, Entry>,
    time: i64,
}

impl Tree {
    /// An empty tree; later times are brought down to `time`.
    pub(crate) fn new(time: i64) -> Self {
        Self {
            entries: BTreeMap::new(),
            time,
        }
    }

    /// Whether there is an entry of this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// Adds a generated file of root's.
    pub(crate) fn add_text(&mut self, path: String, bytes: Vec<u8>) {
        let size = bytes.len() as u64;
        let kind = EntryKind::Regular {
            content: Content::Inline(bytes),
            size,
        };
        self.add_generated(path, kind, 0o644);
    }

    /// Gives a regular file that is there another text.
    pub(crate) fn change_text(&mut self, path: &str, bytes: Vec<u8>) {
        let entry = self.entries.get_mut(path);
        if let Some(EntryKind::Regular { content, size }) = entry.map(|it| &mut it.kind) {
            *size = bytes.len() as u64;
            *content = Content::Inline(bytes);
        }
    }

    /// Adds a generated link.
    pub(crate) fn add_link(&mut self, path: String, target: String) {
        self.add_generated(path, EntryKind::Symlink { target }, 0o777);
    }

    fn add_generated(&mut self, path: String, kind: EntryKind, mode: u32) {
        let entry = Entry {
            path,
            kind,
            mode,
            user: ROOT,
            group: ROOT,
            mtime: self.time,
        };
        self.entries.insert(entry.path.clone(), entry);
    }

    /// The entries, parents first; directories that nobody listed are root's.
    pub(crate) fn finish(mut self) -> Vec<Entry> {
        // Files of one directory lie side by side, and one of them speaks for all.
        let mut directories: Vec<&str> = self.entries.keys().map(|path| directory(path)).collect();
        directories.dedup();
        let missing: BTreeSet<String> = directories
            .into_iter()
            .flat_map(|path| parents(path).chain([path]))
            .filter(|parent| !parent.is_empty() && !self.entries.contains_key(*parent))
            .map(str::to_owned)
            .collect();
        for path in missing {
            self.add_generated(path, EntryKind::Directory, 0o755);
        }
        self.entries.into_values().collect()
    }
}

/// `/usr/share` for `/usr/share/x`.
fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// `/usr/share` and `/usr` for `/usr/share/x`.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .filter(|(at, _)| *at > 0)
        .map(|(at, _)| &path[..at])
}

/// Adds the package's files, and has the scripts do what an archive cannot say.
///
/// `is_kept` says of a path of the spec that it belongs into the archive.
pub(crate) fn lower_files(
    package: &Package,
    names: &Names<'_>,
    is_kept: &dyn Fn(&str) -> bool,
    scripts: &mut Scripts,
    sink: &mut Sink,
) -> Tree {
    let mut tree = Tree::new(package.build.time);
    let mut first_names: BTreeMap<u32, String> = BTreeMap::new();
    check_times(package, sink);
    for (path, entry) in placed(package, names, is_kept, sink) {
        if entry.flags.ghost {
            lower_ghost(entry, &path, scripts);
            continue;
        }
        if entry.kind == FileKind::Fifo {
            lower_fifo(entry, &path, scripts);
            continue;
        }
        let Some(kind) = entry_kind(entry, &path, &mut first_names, sink) else {
            continue;
        };
        if !matches!(kind, EntryKind::HardLink { .. }) {
            lower_owner(entry, &path, scripts);
        }
        let kind = document(kind, entry, names);
        let it = archived(entry);
        let mtime = entry.mtime.clamp(0, package.build.time.max(0));
        let lowered = Entry {
            path,
            kind,
            mode: it.mode,
            user: it.user,
            group: it.group,
            mtime,
        };
        tree.entries.insert(lowered.path.clone(), lowered);
    }
    drop_empty_license_dirs(&mut tree);
    tree
}

/// Where the files lie. Reports two that would lie at the same place.
fn placed<'p>(
    package: &'p Package,
    names: &Names<'_>,
    is_kept: &dyn Fn(&str) -> bool,
    sink: &mut Sink,
) -> BTreeMap<String, &'p FileEntry> {
    let mut placed: BTreeMap<String, &FileEntry> = BTreeMap::new();
    for entry in package
        .files
        .entries()
        .iter()
        .filter(|it| is_kept(&it.path))
    {
        let path = names.place(&entry.path);
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
            sink.push(
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

/// Size in KiB as dpkg counts it: files and links rounded up, 1 for anything else.
///
/// Source: deb-substvars(5), `Installed-Size`.
pub(crate) fn installed_size(entries: &[Entry]) -> u64 {
    let size = |entry: &Entry| match &entry.kind {
        EntryKind::Regular { size, .. } => size.div_ceil(1024),
        EntryKind::Symlink { target } => (target.len() as u64).div_ceil(1024),
        EntryKind::HardLink { .. } => 0,
        _ => 1,
    };
    entries.iter().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_follows_the_package_name() {
        let names = Names {
            rpm: "foo-devel",
            deb: "foo-dev",
            is_usr_merged: true,
            numbers_modules: false,
            places: &[],
            compressed: &BTreeMap::new(),
            moved: BTreeMap::new(),
        };
        assert_eq!(
            names.place("/usr/share/doc/foo-devel/a"),
            "/usr/share/doc/foo-dev/a"
        );
        assert_eq!(
            names.place("/usr/share/doc/foo-devel"),
            "/usr/share/doc/foo-dev"
        );
        assert_eq!(
            names.place("/usr/share/doc/foo-devel2"),
            "/usr/share/doc/foo-devel2"
        );
        assert_eq!(names.place("/lib/systemd/x"), "/usr/lib/systemd/x");
        assert_eq!(names.place("/library"), "/library");
    }

    #[test]
    fn parents_are_added_once_and_come_first() {
        let mut tree = Tree::new(7);
        tree.add_text("/usr/share/x".into(), b"x".to_vec());
        tree.add_text("/usr/y".into(), Vec::new());
        let entries = tree.finish();
        let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["/usr", "/usr/share", "/usr/share/x", "/usr/y"]);
        assert_eq!(installed_size(&entries), 3);
    }
}
