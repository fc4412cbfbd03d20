//! Whether a file can be a spec at all: what rpmbuild looks at before it reads one.
//!
//! Source: rpm's `tools/rpmbuild.cc`, for what is refused and in which words.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::BuildError;
use crate::files::absolute;

/// How much of a file is looked at, in bytes.
const HEAD: u64 = 256;

/// Refuses what is not there, is no regular file, or looks like no text.
pub(crate) fn check(spec: &Path) -> Result<(), BuildError> {
    let path = absolute(spec);
    let no_file = |source| BuildError::NoFile {
        path: path.clone(),
        source,
    };
    if !std::fs::metadata(&path).map_err(no_file)?.is_file() {
        return Err(BuildError::NoRegularFile(path));
    }
    let mut head = Vec::new();
    let unreadable = |source| BuildError::Read {
        what: "spec",
        path: path.clone(),
        source,
    };
    File::open(&path)
        .and_then(|file| file.take(HEAD).read_to_end(&mut head))
        .map_err(unreadable)?;
    match head.is_empty() || has_control_characters(&head) {
        true => Err(BuildError::NoSpec(path)),
        false => Ok(()),
    }
}

/// Whether there are control characters where a line may be a tag: before its first colon.
fn has_control_characters(head: &[u8]) -> bool {
    let lines = head.split(|byte| matches!(byte, b'\r' | b'\n'));
    let is_odd = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | 0x0b | 0x0c);
    let mut tags = lines.map(|line| line.split(|byte| *byte == b':').next().unwrap_or_default());
    tags.any(|tag| tag.iter().any(is_odd))
}

#[cfg(test)]
mod tests {
    use crate::reading::spec_file::has_control_characters;

    #[test]
    fn control_characters_count_before_the_colon() {
        assert!(!has_control_characters(b"Name: x\x01\n\tb\r\n"));
        assert!(has_control_characters(b"Name: x\nab\x01"));
    }
}
