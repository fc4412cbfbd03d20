//! `gendiff`: a patch out of files that have been kept under another ending.
//!
//! Source: gendiff(1).

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::terminal;

/// Runs `gendiff` with the arguments after its name.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let [dir, ending, ..] = args else {
        terminal::print_error("usage: gendiff <directory> <diff-extension>");
        return 1;
    };
    let ending = ending.to_string_lossy();
    let mut kept = Vec::new();
    find(Path::new(dir), &ending, &mut kept);
    kept.sort();
    let mut status = 0;
    for path in kept {
        status = compare(&path, &ending);
    }
    status
}

/// The paths below a directory whose names end so; what can't be read is passed over.
fn find(path: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(ending) {
        found.push(path.to_owned());
    }
    if path.is_dir() && !path.is_symlink() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| find(&entry.path(), ending, found));
    }
}

/// Shows what has become of a file since it was kept, and how that is found out.
fn compare(kept: &Path, ending: &str) -> u8 {
    let variable = |name: &str, default: &str| std::env::var(name).unwrap_or(default.to_owned());
    let is_changelog = kept
        .file_name()
        .is_some_and(|it| *it == *format!("ChangeLog{ending}"));
    let options = if is_changelog {
        variable("GENDIFF_DIFF_CHANGELOG_ARGS", "-U0")
    } else {
        variable("GENDIFF_DIFF_ARGS", "-up")
    };
    let old = if std::fs::File::open(kept).is_ok() {
        kept
    } else {
        Path::new("/dev/null")
    };
    let text = kept.to_string_lossy();
    let new = text.strip_suffix(ending).unwrap_or(&text);
    let program = variable("DIFF", "diff");
    terminal::print_line(&format!("{program} {options} {} {new}", old.display()));
    let ran = Command::new(&program)
        .args(options.split_whitespace())
        .arg(old)
        .arg(new)
        .stdin(Stdio::null())
        .status();
    match ran {
        Ok(status) => status
            .code()
            .and_then(|it| u8::try_from(it).ok())
            .unwrap_or(1),
        Err(error) => {
            terminal::print_error(&format!("{program}: {}", build::reason_of(&error)));
            127
        }
    }
}
