//! What files are, and what they offer and need.
//!
//! Not here: external generators that `*.attr` files name; the table in [`generators`] is where they
//! will join in.
//! Source: rpm-dependency-generators(7).

pub(crate) mod class;
pub(crate) mod elf;
pub(crate) mod filters;
pub(crate) mod generators;
pub(crate) mod selector;
mod text;

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use package::{Content, FileDependency, FileEntry, FileKind};
use rayon::prelude::*;

use crate::CollectError;
use generators::{Fault, Plan, Subject};
use selector::Traits;

/// Classifies the files of a package and finds their dependencies, several files at a time.
///
/// Each file is opened once or twice and only its first bytes and, of ELF files, some sections are
/// read. The result is what generators could not understand, in the order of the files.
pub(crate) fn analyze(
    entries: &mut [FileEntry],
    root: &Path,
    plan: &Plan,
) -> Result<Vec<Fault>, CollectError> {
    let faults: Result<Vec<Vec<Fault>>, CollectError> = entries
        .par_iter_mut()
        .map(|entry| analyze_one(entry, root, plan))
        .collect();
    Ok(faults?.into_iter().flatten().collect())
}

fn analyze_one(
    entry: &mut FileEntry,
    root: &Path,
    plan: &Plan,
) -> Result<Vec<Fault>, CollectError> {
    let disk = on_disk(entry, root);
    let class = classify(entry, &disk).map_err(CollectError::read(&disk))?;
    class::recorded(&class.text).clone_into(&mut entry.class);
    entry.color = class.color;
    let built_as = disk.strip_prefix(root).ok().and_then(Path::to_str);
    let path = built_as.map_or_else(|| entry.path.clone(), |path| format!("/{path}"));
    let is_executable = is_executable(&disk);
    let traits = Traits {
        path: &path,
        class: &class.text,
        is_executable,
    };
    let subject = Subject {
        path: &path,
        disk: &disk,
        is_executable,
        origin: entry.origin,
    };
    let (dependencies, faults) = plan.run(&subject, &traits);
    entry.dependencies = dependencies
        .into_iter()
        .map(|(kind, dependency)| FileDependency { kind, dependency })
        .collect();
    Ok(faults)
}

fn on_disk(entry: &FileEntry, root: &Path) -> PathBuf {
    match &entry.kind {
        FileKind::Regular {
            content: Content::OnDisk(path),
            ..
        } => path.clone(),
        _ => root.join(entry.path.trim_start_matches('/')),
    }
}

/// As rpm does, by the file itself where there is one: `%attr` decides only on what is recorded.
fn classify(entry: &FileEntry, disk: &Path) -> io::Result<class::Class> {
    Ok(match &entry.kind {
        FileKind::Directory => class::Class::from("directory"),
        FileKind::CharDevice { .. } => class::Class::from("character special"),
        FileKind::BlockDevice { .. } => class::Class::from("block special"),
        FileKind::Fifo => class::Class::from("fifo (named pipe)"),
        FileKind::Socket => class::Class::from("socket"),
        FileKind::Symlink { target } => class::Class {
            text: format!("symbolic link to {target}"),
            color: 0,
        },
        FileKind::Regular {
            content: Content::Inline(_),
            ..
        } => class::Class::default(),
        FileKind::Regular { .. } if entry.path.starts_with("/dev/") => class::Class::default(),
        FileKind::Regular { .. } => class::of_file(disk, entry.mode)?,
    })
}

/// Links are followed.
fn is_executable(disk: &Path) -> bool {
    fs::metadata(disk).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}
