//! The ELF files of installed packages.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use common::shell::{Outcome, failed};

/// Where dpkg keeps what it knows of packages.
const INFO: &str = "/var/lib/dpkg/info";

/// A file and the package that has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    pub(super) package: String,
    pub(super) file: PathBuf,
}

impl Subject {
    /// A file that was named.
    pub(super) fn lone(file: PathBuf) -> Self {
        let package = String::new();
        let file = std::path::absolute(&file).unwrap_or(file);
        Self { package, file }
    }
}

/// The first `each` programs and libraries of every installed package, `count` at most.
pub(super) fn installed(each: usize, count: usize) -> Outcome<Vec<Subject>> {
    let info = Path::new(INFO);
    let entries = fs::read_dir(info).map_err(failed("read", info))?;
    let paths = entries.filter_map(Result::ok).map(|it| it.path());
    let mut lists: Vec<_> = paths
        .filter(|it| it.extension().is_some_and(|it| it == "list"))
        .collect();
    lists.sort();
    let mut subjects = Vec::new();
    for list in lists {
        let text = fs::read_to_string(&list).map_err(failed("read", &list))?;
        let package = list.file_stem().unwrap_or_default().to_string_lossy();
        let mut files: Vec<_> = text.lines().map(PathBuf::from).collect();
        files.sort();
        let fit = files.into_iter().filter(|it| is_subject(it)).take(each);
        subjects.extend(fit.map(|file| Subject {
            package: package.clone().into_owned(),
            file,
        }));
    }
    subjects.truncate(count);
    Ok(subjects)
}

/// Whether a file is one that debhelper would look at: a program or a library in ELF.
fn is_subject(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Ok(metadata) = path.symlink_metadata() else {
        return false;
    };
    let may_be = metadata.permissions().mode() & 0o111 != 0 || name.contains(".so");
    let is_debug = path.starts_with("/usr/lib/debug");
    metadata.is_file() && may_be && !is_debug && !name.ends_with(".o") && is_elf(path)
}

/// A program or shared library for this machine's kind of word; not an object file.
fn is_elf(path: &Path) -> bool {
    let mut head = [0; 18];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head.starts_with(b"\x7fELF") && matches!(head[16], 2 | 3)
}

/// Whether a relation is the bare name of an installed package without `symbols` and `shlibs`.
pub(super) fn is_unlisted(relation: &str) -> bool {
    let Ok(entries) = fs::read_dir(INFO) else {
        return false;
    };
    let names = entries.filter_map(|it| it.ok()?.file_name().into_string().ok());
    let of_package: Vec<String> = names
        .filter(|it| {
            let rest = it.strip_prefix(relation);
            rest.is_some_and(|rest| rest.starts_with(['.', ':']))
        })
        .collect();
    let has = |kind: &str| of_package.iter().any(|it| it.ends_with(kind));
    has(".list") && !has(".symbols") && !has(".shlibs")
}
