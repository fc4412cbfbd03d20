//! Trees of files from their descriptions.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// Makes the tree that a file describes; an empty one if there is no such file.
pub(crate) fn make(description: &Path, root: &Path) {
    fs::create_dir_all(root).unwrap();
    let Ok(lines) = fs::read_to_string(description) else {
        return;
    };
    for line in lines
        .lines()
        .filter(|it| !it.is_empty() && !it.starts_with('#'))
    {
        make_one(line, root);
    }
}

fn make_one(line: &str, root: &Path) {
    let mut words = line.splitn(4, ' ');
    let mut next = || words.next().unwrap_or("");
    let (kind, path) = (next(), on_disk(root, next()));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let (third, fourth) = (next(), next());
    match kind {
        "dir" => {
            fs::create_dir_all(&path).unwrap();
            set_mode(&path, third, 0o755);
        }
        "file" => {
            fs::write(&path, bytes(fourth)).unwrap();
            set_mode(&path, third, 0o644);
        }
        "link" => symlink(third.replace("BUILDROOT", root.to_str().unwrap()), &path).unwrap(),
        "hard" => fs::hard_link(on_disk(root, third), &path).unwrap(),
        _ => panic!("unknown kind of file: {line}"),
    }
}

fn on_disk(root: &Path, path: &str) -> PathBuf {
    let name = bytes(&path.trim_start_matches('/').replace("\\s", " "));
    root.join(OsString::from_vec(name))
}

fn set_mode(path: &Path, mode: &str, default: u32) {
    let mode = if mode.is_empty() {
        default
    } else {
        u32::from_str_radix(mode, 8).unwrap()
    };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'\\', [b'n', after @ ..]) => {
                bytes.push(b'\n');
                rest = after;
            }
            (b'\\', [b'x', high, low, after @ ..]) => {
                let hex = String::from_utf8(vec![*high, *low]).unwrap();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    bytes
}
