//! An unpacked source package: whether it is as the upstream archive has it, and an archive of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use archive::{Compression, Method};
use debfile::source_package::TreeFile;
use package::Content;
use tar::EntryType;

use crate::BuildError;
use crate::deb::upstream::member_path;
use crate::files::open_tar;

/// What lies at the top of a tree and is not upstream's.
const NOT_UPSTREAM: [&str; 3] = ["debian/", ".pc/", ".git/"];

fn is_not_upstream(top: &str) -> bool {
    NOT_UPSTREAM
        .iter()
        .any(|it| it.trim_end_matches('/') == top)
}

/// The files of a tree that are upstream's, by path, and where they lie.
pub(crate) fn walk(top: &Path) -> Result<BTreeMap<Vec<u8>, TreeFile>, BuildError> {
    let mut found = BTreeMap::new();
    let mut open = vec![PathBuf::new()];
    while let Some(dir) = open.pop() {
        let fault = |source| read_fault(&top.join(&dir), source);
        for entry in fs::read_dir(top.join(&dir)).map_err(fault)? {
            let name = entry.map_err(fault)?.file_name();
            let is_top = dir.as_os_str().is_empty();
            if is_top && is_not_upstream(&name.to_string_lossy()) {
                continue;
            }
            let path = dir.join(name);
            if let Some(file) = tree_file(&top.join(&path))? {
                if matches!(file, TreeFile::Directory { .. }) {
                    open.push(path.clone());
                }
                found.insert(path.into_os_string().into_vec(), file);
            }
        }
    }
    Ok(found)
}

fn tree_file(path: &Path) -> Result<Option<TreeFile>, BuildError> {
    let fault = |source| read_fault(path, source);
    let metadata = path.symlink_metadata().map_err(fault)?;
    let time = metadata.mtime();
    Ok(if metadata.is_dir() {
        Some(TreeFile::Directory { time })
    } else if metadata.is_symlink() {
        let target = fs::read_link(path)
            .map_err(fault)?
            .into_os_string()
            .into_vec();
        Some(TreeFile::Symlink { target, time })
    } else if metadata.is_file() {
        Some(TreeFile::Regular {
            content: Content::OnDisk(path.to_owned()),
            size: metadata.len(),
            is_executable: metadata.permissions().mode() & 0o100 != 0,
            time,
        })
    } else {
        None
    })
}

fn read_fault(path: &Path, source: io::Error) -> BuildError {
    BuildError::Read {
        what: "source",
        path: path.to_owned(),
        source,
    }
}

/// Whether a tree holds what an archive does, no more and no less, with the same contents.
pub(crate) fn is_as_in(
    tree: &BTreeMap<Vec<u8>, TreeFile>,
    archive: &Path,
    directory: Option<&str>,
) -> Result<bool, BuildError> {
    let fault = |source| read_fault(archive, source);
    let mut members = File::open(archive).and_then(open_tar).map_err(fault)?;
    let mut seen = BTreeSet::new();
    for entry in members.entries().map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let kind = entry.header().entry_type();
        let path = member_path(&entry.path_bytes());
        let path = path.and_then(|path| inner(&path, directory));
        let Some(path) = path.filter(|_| kind != EntryType::XGlobalHeader) else {
            continue;
        };
        let file = tree.get(path.as_bytes());
        if !file.is_some_and(|file| is_same(entry, kind, file)) {
            return Ok(false);
        }
        seen.extend(parents(&path));
        seen.insert(path);
    }
    let is_known = |path: &Vec<u8>| seen.contains(&*String::from_utf8_lossy(path));
    Ok(tree.keys().all(is_known))
}

/// A member's path in the tree; `None` for the top and for what is not taken from the archive.
fn inner(path: &str, directory: Option<&str>) -> Option<String> {
    let inner = match directory {
        Some(directory) => path.strip_prefix(directory)?.strip_prefix('/')?,
        None => path,
    };
    let top = inner.split('/').next().unwrap_or_default();
    (!is_not_upstream(top)).then(|| inner.to_owned())
}

/// The directories above a path, which an archive need not list.
fn parents(path: &str) -> Vec<String> {
    let slashes = path.match_indices('/');
    slashes.map(|(at, _)| path[..at].to_owned()).collect()
}

fn is_same(mut entry: tar::Entry<'_, impl Read>, kind: EntryType, file: &TreeFile) -> bool {
    match file {
        TreeFile::Directory { .. } => kind.is_dir(),
        TreeFile::Symlink { target, .. } => {
            let link = entry.link_name_bytes();
            kind.is_symlink() && link.is_some_and(|link| *link == **target)
        }
        TreeFile::Regular {
            content: Content::OnDisk(path),
            size,
            is_executable,
            ..
        } => {
            if kind == EntryType::Link {
                return true;
            }
            let is_run = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
            let fits = kind.is_file() && entry.size() == *size && is_run == *is_executable;
            fits && File::open(path).is_ok_and(|file| has_bytes(&mut entry, file))
        }
        TreeFile::Regular { .. } => false,
    }
}

fn has_bytes(one: &mut impl Read, other: File) -> bool {
    let mut other = BufReader::new(other);
    let (mut left, mut right) = ([0; 1 << 14], [0; 1 << 14]);
    loop {
        let Ok(count) = one.read(&mut left) else {
            return false;
        };
        if count == 0 {
            return true;
        }
        if other.read_exact(&mut right[..count]).is_err() || left[..count] != right[..count] {
            return false;
        }
    }
}

/// The files of a tree as they stand in an archive with a directory around them.
pub(crate) fn within(
    tree: BTreeMap<Vec<u8>, TreeFile>,
    directory: Option<&str>,
    time: i64,
) -> BTreeMap<Vec<u8>, TreeFile> {
    let Some(directory) = directory else {
        return tree;
    };
    let top = (directory.into(), TreeFile::Directory { time });
    let below = tree.into_iter().map(|(path, file)| {
        let path = [directory.as_bytes(), b"/", &path].concat();
        (path, file)
    });
    std::iter::once(top).chain(below).collect()
}

/// How an archive of this name is compressed.
pub(crate) fn compression_of(name: &Path) -> Compression {
    const ENDS: [(&str, Method); 12] = [
        (".gz", Method::Gzip),
        (".tgz", Method::Gzip),
        (".crate", Method::Gzip),
        (".bz2", Method::Bzip2),
        (".tbz2", Method::Bzip2),
        (".tbz", Method::Bzip2),
        (".xz", Method::Xz),
        (".txz", Method::Xz),
        (".lzma", Method::Lzma),
        (".tlz", Method::Lzma),
        (".zst", Method::Zstd),
        (".tar", Method::None),
    ];
    let name = name.as_os_str().as_bytes();
    let found = ENDS.iter().find(|(end, _)| name.ends_with(end.as_bytes()));
    Compression::new(found.map_or(Method::Gzip, |(_, method)| *method))
}
