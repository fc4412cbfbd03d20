//! Rule: each macro file says in its head which library and version it follows, where that is
//! documented, which targets it serves and where it deviates.

use super::{Finding, TextFile};

const HEAD: [&str; 4] = ["Library:", "Documented:", "Targets:", "Deviations:"];

/// Lines in which the head must be complete.
const HEAD_LINES: usize = 24;

pub(crate) fn check(file: &TextFile) -> Option<Finding> {
    if !file.path.starts_with("macros/")
        || [".md", "library.toml"]
            .iter()
            .any(|it| file.path.ends_with(it))
    {
        return None;
    }
    let has = |key: &&str| {
        file.text
            .lines()
            .take(HEAD_LINES)
            .any(|line| states(line, key))
    };
    let missing: Vec<&str> = HEAD.into_iter().filter(|key| !has(key)).collect();
    if missing.is_empty() {
        return None;
    }
    Some(Finding::new(
        &file.path,
        1,
        format!("the head lacks {}", missing.join(", ")),
    ))
}

/// True if a comment line states something under this key.
fn states(line: &str, key: &str) -> bool {
    let text = line.trim_start_matches(['#', '%', '-', '/', '"', ' ', '\t']);
    text.len() < line.len()
        && text
            .strip_prefix(key)
            .is_some_and(|rest| !rest.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::states;

    #[test]
    fn a_key_needs_a_comment_and_a_value() {
        assert!(states("# Library:    cmake 3.28", "Library:"));
        assert!(states("-- Targets: all", "Targets:"));
        assert!(!states("# Library:", "Library:"));
        assert!(!states("Library: x", "Library:"));
    }
}
