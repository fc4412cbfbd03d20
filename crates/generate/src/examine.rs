//! What the files of a package are, and what they offer and need.
//!
//! Source: rpm-dependency-generators(7).

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use archive::in_threads;
use expand::Engine;
use package::{Content, FileDependency, FileEntry, FileKind};
use rayon::prelude::*;
use rustix::io::Errno;
use source::{Diagnostic, Origin};

use crate::class::{self, Class};
use crate::generators::{Generators, Marked};
use crate::selector::Traits;
use crate::subject::Subject;
use crate::{Unreadable, codes, fault, found};

/// Classifies the files of a package and finds their dependencies, several files at a time.
///
/// Each file is opened once or twice and only its first bytes and, of ELF files, some sections are
/// read. What generators could not understand goes into the engine's sink.
pub(crate) fn analyze(
    entries: &mut [FileEntry],
    root: &Path,
    generators: &Generators,
    engine: &mut Engine,
) -> Result<(), Unreadable> {
    let examined: Result<Vec<Examined>, Unreadable> =
        in_threads(|| entries.par_iter().map(|it| examine(it, root)).collect());
    let examined = examined?;
    let loops: Vec<_> = entries.iter().filter_map(|it| broken(it, root)).collect();
    if !loops.is_empty() {
        loops.into_iter().for_each(|it| engine.sink.push(it));
        return Ok(());
    }
    let findings = find(&examined, generators, engine);
    for ((entry, file), findings) in entries.iter_mut().zip(examined).zip(findings) {
        record(entry, file);
        entry.dependencies = findings;
    }
    Ok(())
}

/// What libmagic says of a link that leads back to itself. rpm ends the build then, as for any other
/// file that may be executed and can't be read.
fn broken(entry: &FileEntry, root: &Path) -> Option<Diagnostic> {
    let FileKind::Symlink { target } = &entry.kind else {
        return None;
    };
    let disk = on_disk(entry, root);
    let error = fs::metadata(&disk).err()?;
    if error.raw_os_error() != Some(Errno::LOOP.raw_os_error()) {
        return None;
    }
    let message = format!(
        "Recognition of file \"{}\" failed: mode 120777 broken symbolic link to {target} (Too many \
         levels of symbolic links)",
        disk.display()
    );
    Some(Diagnostic::error(codes::LINK_LOOP, message).at(entry.origin))
}

/// Only classifies the files.
pub(crate) fn classify_all(entries: &mut [FileEntry], root: &Path) -> Result<(), Unreadable> {
    let each = |entry: &mut FileEntry| {
        let file = examine(entry, root)?;
        record(entry, file);
        Ok(())
    };
    in_threads(|| entries.par_iter_mut().try_for_each(each))
}

/// Puts into a package's file what it was found to be.
fn record(entry: &mut FileEntry, file: Examined) {
    class::recorded(&file.class.text).clone_into(&mut entry.class);
    entry.media_type = file.media_type;
    entry.color = file.class.color;
}

/// A file and what it is.
pub(crate) struct Examined {
    /// Path as installed.
    pub(crate) path: String,
    /// Path on disk.
    pub(crate) disk: PathBuf,
    /// What it is.
    pub(crate) class: Class,
    /// What that is as a media type.
    pub(crate) media_type: String,
    /// Whether it is a file that anybody may execute.
    pub(crate) is_executable: bool,
    /// Whether it is a pipe, a socket or a device, which a generator could wait for without end.
    pub(crate) is_special: bool,
    /// The rule that brought it in.
    pub(crate) origin: Option<Origin>,
}

/// Runs the generators over files; the result has the findings of each file in turn.
pub(crate) fn find(
    files: &[Examined],
    generators: &Generators,
    engine: &mut Engine,
) -> Vec<Vec<FileDependency>> {
    let asks_python = files.iter().any(|it| it.path.contains(ANY_PYTHON));
    let python = match asks_python {
        true => engine.expand_str("%{?python3_version}").unwrap_or_default(),
        false => String::new(),
    };
    let marked = files.iter().map(|file| mark(file, generators, &python));
    let marked: Vec<Marked<'_>> = marked.collect();
    let (mut findings, faults) = generators.run(&marked, engine);
    let is_strict = engine.expand_number("%{?_wrong_version_format_terminate_build}") != 0;
    if is_strict && faults.iter().any(fault::Fault::is_doubtful) {
        let all = findings.iter_mut();
        all.for_each(|found| found.retain(found::is_well_formed));
    }
    for fault in faults {
        fault.judged(is_strict).report(&mut engine.sink);
    }
    findings
}

impl Examined {
    /// What attributes are matched by.
    pub(crate) fn traits(&self) -> Traits<'_> {
        Traits {
            path: &self.path,
            class: &self.class.text,
            media_type: &self.media_type,
            is_executable: self.is_executable,
        }
    }
}

/// In the paths of modules for all versions of Python.
const ANY_PYTHON: &str = "/python3/";

fn mark<'a>(file: &'a Examined, generators: &'a Generators, python: &'a str) -> Marked<'a> {
    let attributes = match file.is_special {
        true => Vec::new(),
        false => generators.attributes_of(&file.traits()),
    };
    Marked {
        attributes,
        subject: Subject {
            path: &file.path,
            disk: &file.disk,
            is_executable: file.is_executable,
            origin: file.origin,
            package: generators.package(),
            python,
        },
    }
}

fn examine(entry: &FileEntry, root: &Path) -> Result<Examined, Unreadable> {
    let disk = on_disk(entry, root);
    let class =
        classify(&entry.kind, &entry.path, entry.mode, &disk).map_err(Unreadable::at(&disk))?;
    let built_as = disk.strip_prefix(root).ok().and_then(Path::to_str);
    Ok(Examined {
        path: built_as.map_or_else(|| entry.path.clone(), |path| format!("/{path}")),
        is_executable: is_executable(&disk),
        is_special: is_special(&disk),
        media_type: media_type_of(entry, &class, &disk).to_owned(),
        class,
        disk,
        origin: entry.origin,
    })
}

/// As rpm does, by what is on the disk, where ghosts and devices need not be.
fn media_type_of(entry: &FileEntry, class: &Class, disk: &Path) -> &'static str {
    if entry.is_made_up {
        return "";
    }
    let is_device = matches!(
        entry.kind,
        FileKind::CharDevice { .. } | FileKind::BlockDevice { .. }
    );
    if !is_device {
        return class.media_type();
    }
    let found = fs::symlink_metadata(disk)
        .and_then(|meta| classify(&kind(disk, &meta), "", meta.mode(), disk));
    found.map_or("", |class| class.media_type())
}

/// Where a file of the package is.
pub(crate) fn on_disk(entry: &FileEntry, root: &Path) -> PathBuf {
    match &entry.kind {
        FileKind::Regular {
            content: Content::OnDisk(path),
            ..
        } => path.clone(),
        _ => root.join(entry.path.trim_start_matches('/')),
    }
}

/// As rpm does, by the file itself where there is one: `%attr` decides only on what is recorded.
pub(crate) fn classify(kind: &FileKind, path: &str, mode: u32, disk: &Path) -> io::Result<Class> {
    Ok(match kind {
        FileKind::Directory => Class::from("directory"),
        FileKind::CharDevice { .. } => Class::from("character special"),
        FileKind::BlockDevice { .. } => Class::from("block special"),
        FileKind::Fifo => Class::from("fifo (named pipe)"),
        FileKind::Socket => Class::from("socket"),
        FileKind::Symlink { target } => class::by_name(disk).map_or_else(
            || Class::from(&*format!("symbolic link to {target}")),
            Class::from,
        ),
        FileKind::Regular {
            content: Content::Inline(_),
            ..
        } => Class::default(),
        FileKind::Regular { .. } if path.starts_with("/dev/") => Class::default(),
        FileKind::Regular { .. } => class::of_file(disk, mode)?,
    })
}

/// Whether a path leads to a pipe, a socket or a device.
pub(crate) fn is_special(disk: &Path) -> bool {
    fs::metadata(disk).is_ok_and(|it| !it.is_file() && !it.is_dir())
}

/// Links are followed.
pub(crate) fn is_executable(disk: &Path) -> bool {
    fs::metadata(disk).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

/// The kind of a file that is not known yet; numbers of devices are not looked at.
pub(crate) fn kind(path: &Path, meta: &Metadata) -> FileKind {
    let file_type = meta.file_type();
    let (major, minor) = (0, 0);
    if file_type.is_dir() {
        FileKind::Directory
    } else if file_type.is_symlink() {
        let target = fs::read_link(path).unwrap_or_default();
        FileKind::Symlink {
            target: target.to_string_lossy().into_owned(),
        }
    } else if file_type.is_char_device() {
        FileKind::CharDevice { major, minor }
    } else if file_type.is_block_device() {
        FileKind::BlockDevice { major, minor }
    } else if file_type.is_fifo() {
        FileKind::Fifo
    } else if file_type.is_socket() {
        FileKind::Socket
    } else {
        FileKind::Regular {
            content: Content::OnDisk(path.to_owned()),
            size: meta.len(),
        }
    }
}
