//! Comparison of a text with a file, and rewriting of that file.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::diff;

/// Compares `actual` with the file at `path`; a missing file is an empty one.
///
/// With `UPDATE=1` the file is written instead. The error is a message with a line diff.
pub fn compare(path: &Path, actual: &str) -> Result<(), String> {
    let expected = read(path);
    if expected.as_deref() == Some(actual) {
        return Ok(());
    }
    if crate::is_update() {
        return write(path, actual);
    }
    Err(format!(
        "{} differs (- expected, + actual; UPDATE=1 rewrites it):\n{}",
        path.display(),
        diff::lines(&expected.unwrap_or_default(), actual)
    ))
}

/// Writes an expected file, making its folder.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Reads a file of test data; `None` if there is none. Panics if it cannot be read.
pub(crate) fn read(path: &Path) -> Option<String> {
    match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("cannot read {}: {error}", path.display()),
    }
}

/// The entries of a folder, sorted by name. Panics if the folder cannot be read.
pub(crate) fn entries(dir: &Path) -> Vec<std::path::PathBuf> {
    let read =
        fs::read_dir(dir).unwrap_or_else(|error| panic!("cannot read {}: {error}", dir.display()));
    let mut paths: Vec<_> = read.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn a_missing_file_is_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        let message = compare(&dir.path().join("none"), "one\n").unwrap_err();
        assert!(message.ends_with("\n+ one\n"), "{message}");
    }
}
