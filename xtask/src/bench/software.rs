//! Software of this machine to package: programs, libraries and modules of Python and Perl, with
//! what dependency generators look for. It is another on each machine. Byte code is left out for all
//! contenders, since a .deb of ours has none.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::tree::Tree;
use common::shell::{Outcome, failed};

/// Where software is taken from below `/usr`, in this order until there is enough.
const SHELVES: &[&str] = &[
    "bin",
    "lib/python3",
    "share/perl5",
    "share/perl",
    "include",
    "share",
    "lib",
];
/// The folders that Python keeps byte code in.
const BYTE_CODE: &str = "__pycache__";
const MOST_FILES: u64 = 20_000;
/// In bytes.
const MOST: u64 = 650_000_000;

/// Copies the software into `path`, unless it is there already.
pub(super) fn gather(path: &Path) -> Outcome<Tree> {
    let mut chosen = Choice::default();
    for shelf in SHELVES {
        chosen.add_below(&Path::new("/usr").join(shelf));
    }
    let tree = Tree {
        path: path.to_owned(),
        name: "files of installed software without byte code",
        files: chosen.files,
        bytes: chosen.bytes,
    };
    let stamp = path.with_extension("edition");
    let edition = tree.to_string();
    if fs::read_to_string(&stamp).is_ok_and(|text| text == edition) {
        return Ok(tree);
    }
    println!("--- copying {tree}, to {}", path.display());
    if path.exists() {
        fs::remove_dir_all(path).map_err(failed("remove", path))?;
    }
    for source in &chosen.paths {
        copy(source, &path.join("part-00"))?;
    }
    fs::write(&stamp, edition).map_err(failed("write", &stamp))?;
    Ok(tree)
}

#[derive(Default)]
struct Choice {
    paths: Vec<PathBuf>,
    known: HashSet<PathBuf>,
    files: u64,
    bytes: u64,
}

impl Choice {
    /// Takes the regular files below a folder in the order of their names, while there is room.
    fn add_below(&mut self, folder: &Path) {
        let mut entries: Vec<_> = folder.read_dir().into_iter().flatten().flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            match entry.metadata() {
                Ok(data) if data.is_dir() && entry.file_name() == BYTE_CODE => {}
                Ok(data) if data.is_dir() => self.add_below(&entry.path()),
                Ok(data) if data.is_file() => self.add(entry.path(), data.len()),
                _ => {}
            }
        }
    }

    fn add(&mut self, path: PathBuf, size: u64) {
        let has_room = self.files < MOST_FILES && self.bytes + size <= MOST;
        if has_room && self.known.insert(path.clone()) {
            self.paths.push(path);
            self.files += 1;
            self.bytes += size;
        }
    }
}

fn copy(source: &Path, root: &Path) -> Outcome {
    let relative = source.strip_prefix("/").unwrap_or(source);
    let to = root.join(relative);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed("make", folder))?;
    }
    fs::copy(source, &to).map_err(failed("copy", source))?;
    Ok(())
}
