//! Trees of files from the descriptions of `testdata/collect`.
//!
//! Each line is one file, `\n`, `\s` and `\xHH` stand for bytes:
//!
//! ```text
//! dir PATH [MODE]             file PATH [MODE] [TEXT]
//! link PATH TARGET            hard PATH EARLIER-PATH
//! ```

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use common::shell::{Outcome, failed};

/// Makes the tree that a file describes, an empty one if there is no such file. `BUILDROOT` in targets
/// of links becomes the path of the build root.
pub(super) fn make(description: &Path, tree: &Path, build_root: &Path) -> Outcome {
    fs::create_dir_all(tree).map_err(failed("make", tree))?;
    let text = fs::read_to_string(description).unwrap_or_default();
    let is_told = |line: &&str| !line.is_empty() && !line.starts_with('#');
    for line in text.lines().filter(is_told) {
        make_one(line, tree, build_root).map_err(failed("make what is told in", description))?;
    }
    Ok(())
}

fn make_one(line: &str, tree: &Path, build_root: &Path) -> io::Result<()> {
    let mut words = line.splitn(4, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (kind, path) = (next(), on_disk(tree, next()));
    let (third, fourth) = (next(), next());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match kind {
        "dir" => {
            fs::create_dir_all(&path)?;
            set_mode(&path, third, 0o755)
        }
        "file" => {
            fs::write(&path, bytes(fourth))?;
            set_mode(&path, third, 0o644)
        }
        "link" => symlink(
            third.replace("BUILDROOT", &build_root.to_string_lossy()),
            path,
        ),
        "hard" => fs::hard_link(on_disk(tree, third), path),
        _ => Err(io::Error::other(format!("unknown kind of file: {line}"))),
    }
}

fn on_disk(tree: &Path, path: &str) -> PathBuf {
    let name = bytes(path.trim_start_matches('/'));
    tree.join(OsString::from_vec(name))
}

fn set_mode(path: &Path, mode: &str, default: u32) -> io::Result<()> {
    let mode = u32::from_str_radix(mode, 8).unwrap_or(default);
    fs::set_permissions(path, Permissions::from_mode(mode))
}

fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split('\\');
    let mut bytes: Vec<u8> = parts.next().unwrap_or_default().into();
    for part in parts {
        let hex = part
            .get(1..3)
            .and_then(|it| u8::from_str_radix(it, 16).ok());
        match (part.chars().next(), hex) {
            (Some('n'), _) => bytes.push(b'\n'),
            (Some('s'), _) => bytes.push(b' '),
            (Some('x'), Some(byte)) => bytes.push(byte),
            _ => bytes.push(b'\\'),
        }
        let used = match (part.chars().next(), hex) {
            (Some('n' | 's'), _) => 1,
            (Some('x'), Some(_)) => 3,
            _ => 0,
        };
        bytes.extend(part.bytes().skip(used));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn bytes_have_names() {
        assert_eq!(bytes(r"a\n\xff\sb\q"), b"a\n\xff b\\q");
    }
}
