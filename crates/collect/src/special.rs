//! `%doc README` and `%license COPYING`: files copied from the build directory.
//!
//! Source: rpm-spec(5), "%doc" and "%license"; rpmbuild-config(5), `%_docdir_fmt`.
//! Not here: what then happens to the copies; they are files of the build root like any other.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use expand::Engine;
use package::{Package, normalized_path};
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, utimensat};
use source::{Diagnostic, Origin};
use spec::{FileRule, RuleKind};

use crate::rules::{DOCUMENTATION, Selection, Wanted};
use crate::switches::value;
use crate::{CollectError, Tree, codes, directories, glob};

/// Copies what relative `%doc` and `%license` rules name, and brings in the copies.
///
/// `source` is the directory in which the build took place. Each kind has a directory of its own,
/// which is brought in as well.
pub(crate) fn add(
    selection: &mut Selection<'_>,
    source: &Tree,
    package: &Package,
    engine: &mut Engine,
) -> Result<(), CollectError> {
    // Paths may lead out of the directory, as `../NEWS` does.
    let anywhere = Tree::new("/");
    let rules = std::mem::take(&mut selection.special);
    for (kind, dir_macro) in [
        (RuleKind::SpecialDoc, "_docdir"),
        (RuleKind::SpecialLicense, "_licensedir"),
    ] {
        let rules: Vec<_> = rules.iter().filter(|rule| rule.kind == kind).collect();
        let Some(first) = rules.first() else { continue };
        let dir = directory(dir_macro, package, engine)?;
        let members = copy_all(selection, [source, &anywhere], &dir, &rules)?;
        // rpm copies all of them by cp(1) before it looks for the copies.
        let mut printed = complaints(&members)?;
        for member in members {
            let path = format!("{dir}/{}", member.base_name());
            let wanted = Wanted {
                pattern: &path,
                is_dir: false,
                is_pattern: false,
                origin: member.origin,
                copied_from: Some((member.tree, &member.path)),
                printed: match member.tree.find(&member.path)? {
                    Some(_) => None,
                    None => printed.take(),
                },
            };
            selection.select(&wanted, member.rule, &mut engine.sink)?;
        }
        let wanted = Wanted {
            pattern: &dir,
            is_dir: true,
            is_pattern: false,
            origin: first.origin,
            copied_from: None,
            printed: None,
        };
        selection.select(&wanted, first, &mut engine.sink)?;
    }
    Ok(())
}

/// Something to copy.
struct Member<'a> {
    /// The build directory, or the whole disk.
    tree: &'a Tree,
    /// Path in there.
    path: String,
    origin: Option<Origin>,
    rule: &'a Rc<FileRule>,
}

impl Member<'_> {
    /// The last part of its path on disk, which for `.` is the name of the directory itself.
    fn base_name(&self) -> String {
        let path = self.tree.on_disk(&self.path);
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// Copies everything that the rules name; the base names are to be looked for in the build root.
fn copy_all<'a>(
    selection: &mut Selection<'_>,
    trees: [&'a Tree; 2],
    dir: &str,
    rules: &[&'a Rc<FileRule>],
) -> Result<Vec<Member<'a>>, CollectError> {
    let target = selection.root.on_disk(dir);
    directories::make(&target).map_err(CollectError::copy(trees[0].root(), &target))?;
    let mut members = Vec::new();
    let mut copies = Vec::new();
    for rule in rules {
        for pattern in &rule.patterns {
            let (tree, pattern_there) = place(trees, pattern);
            for path in named(tree, &pattern_there)? {
                let origin = pattern.whole().or(rule.origin);
                let member = Member {
                    tree,
                    path,
                    origin,
                    rule,
                };
                if tree.find(&member.path)?.is_some() {
                    let to = target.join(member.base_name());
                    copy(&tree.on_disk(&member.path), &to, &to, &mut copies)?;
                }
                members.push(member);
            }
        }
    }
    if selection.compresses_docs && dir.starts_with(DOCUMENTATION) {
        drop_superseded(selection, dir, &copies)?;
    }
    selection.root.forget(dir);
    Ok(members)
}

/// Removes what a policy made of files that `%install` put where copies lie now: rpm's packagers have
/// these replaced.
fn drop_superseded(
    selection: &mut Selection<'_>,
    dir: &str,
    copies: &[PathBuf],
) -> Result<(), CollectError> {
    let target = selection.root.on_disk(dir);
    for copy in copies {
        let mut compressed = copy.clone().into_os_string();
        compressed.push(".gz");
        let compressed = PathBuf::from(compressed);
        let is_file = fs::symlink_metadata(&compressed).is_ok_and(|it| !it.is_dir());
        if !is_file || copies.contains(&compressed) {
            continue;
        }
        remove_file(&compressed).map_err(CollectError::copy(copy, &compressed))?;
        if let Ok(inside) = compressed.strip_prefix(&target) {
            let path = format!("{dir}/{}", inside.display());
            selection.records.retain(|it| it.path != path);
        }
    }
    Ok(())
}

/// What cp(1) says of members that are not there.
fn complaints(members: &[Member<'_>]) -> Result<Option<String>, CollectError> {
    let mut lines = Vec::new();
    for member in members {
        if member.tree.find(&member.path)?.is_none() {
            let path = member.tree.on_disk(&member.path);
            let path = path.display();
            lines.push(format!(
                "cp: cannot stat '{path}': No such file or directory"
            ));
        }
    }
    Ok(Some(lines.join("\n")).filter(|lines| !lines.is_empty()))
}

/// The tree in which a pattern is to be sought, and the pattern there.
fn place<'t>([source, anywhere]: [&'t Tree; 2], pattern: &str) -> (&'t Tree, String) {
    let root = normalized_path(&source.root().to_string_lossy());
    let path = normalized_path(&format!("{root}/{pattern}"));
    match path.strip_prefix(&root) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => (source, normalized_path(rest)),
        _ => (anywhere, path),
    }
}

/// What a pattern names; itself if it matches nothing.
fn named(source: &Tree, path: &str) -> Result<Vec<String>, CollectError> {
    let found = if glob::is_pattern(path) {
        glob::find(source, path)?
    } else {
        Vec::new()
    };
    Ok(if found.is_empty() {
        vec![path.to_owned()]
    } else {
        found
    })
}

/// Copies a file, link or directory with its mode and time of last change. As cp(1), a directory leaves
/// out its own copy `whole`, which may lie within.
/// The files and links join `copies`.
fn copy(
    from: &Path,
    to: &Path,
    whole: &Path,
    copies: &mut Vec<PathBuf>,
) -> Result<(), CollectError> {
    let fault = || CollectError::copy(from, to);
    let metadata = fs::symlink_metadata(from).map_err(fault())?;
    if metadata.is_dir() {
        directories::make(to).map_err(fault())?;
        for entry in fs::read_dir(from).map_err(CollectError::list(from))? {
            let name = entry.map_err(CollectError::list(from))?.file_name();
            if from.join(&name) != whole {
                copy(&from.join(&name), &to.join(&name), whole, copies)?;
            }
        }
        fs::set_permissions(to, metadata.permissions()).map_err(fault())?;
        return set_mtime(to, &metadata).map_err(fault());
    }
    copies.push(to.to_owned());
    remove_file(to).map_err(fault())?;
    if metadata.is_symlink() {
        let target = fs::read_link(from).map_err(fault())?;
        symlink(target, to).map_err(fault())?;
        return set_mtime(to, &metadata).map_err(fault());
    }
    fs::copy(from, to).map_err(fault())?;
    set_mtime(to, &metadata).map_err(fault())
}

fn remove_file(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Gives a file, or a link itself, the time of another one's last change.
fn set_mtime(path: &Path, metadata: &fs::Metadata) -> std::io::Result<()> {
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: metadata.atime(),
            tv_nsec: metadata.atime_nsec(),
        },
        last_modification: Timespec {
            tv_sec: metadata.mtime(),
            tv_nsec: metadata.mtime_nsec(),
        },
    };
    Ok(utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// The directory for a package's documentation or licences.
///
/// `%_docdir_fmt` is a query format.
fn directory(
    dir_macro: &str,
    package: &Package,
    engine: &mut Engine,
) -> Result<String, CollectError> {
    const DEFAULT: &str = "%{NAME}-%{VERSION}";
    let format = match value(engine, "_docdir_fmt") {
        empty if empty.is_empty() => DEFAULT.to_owned(),
        format => format,
    };
    let base = engine.expand_str(&format!("%{{{dir_macro}}}"))?;
    let filled = fill_in(&format, package).unwrap_or_else(|fault| {
        let message = format!("illegal _docdir_fmt {format}: {fault}");
        engine.sink.push(
            Diagnostic::warning(codes::BAD_SETTING, message)
                .note(format!("the default `{DEFAULT}` is used instead")),
        );
        fill_in(DEFAULT, package).unwrap_or_default()
    });
    Ok(normalized_path(&format!("{base}/{filled}")))
}

fn fill_in(format: &str, package: &Package) -> Result<String, String> {
    let format = query::Format::parse(format).map_err(|fault| fault.to_string())?;
    let tags = query::PackageTags::new(package);
    format.render(&tags).map_err(|fault| fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::FileTimes;
    use std::time::{Duration, SystemTime};

    #[test]
    fn copies_keep_mode_time_and_links() {
        let disk = testkit::Tree::new()
            .program("from/dir/tool", "x")
            .link("from/dir/link", "tool")
            .file("to/dir/tool", "old");
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let tool = fs::File::open(disk.join("from/dir/tool")).unwrap();
        tool.set_times(FileTimes::new().set_modified(old)).unwrap();
        let of_tool = fs::metadata(disk.join("from/dir/tool")).unwrap();
        set_mtime(&disk.join("from/dir/link"), &of_tool).unwrap();
        let mut copies = Vec::new();
        copy(
            &disk.join("from"),
            &disk.join("to"),
            &disk.join("to"),
            &mut copies,
        )
        .unwrap();
        assert_eq!(copies.len(), 2);
        let copied = fs::metadata(disk.join("to/dir/tool")).unwrap();
        assert_eq!((copied.mtime(), copied.mode() & 0o777), (1000, 0o755));
        let link = disk.join("to/dir/link");
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("tool"));
        assert_eq!(fs::symlink_metadata(&link).unwrap().mtime(), 1000);
    }
}
