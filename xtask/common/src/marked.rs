//! Parts of pages that commands write, between markers; the rest of such a page is written by hand.

use std::fs;
use std::path::Path;

use crate::shell::{Failure, Outcome, failed};

/// Replaces what stands between the markers of a subject.
pub fn put_into(page: &Path, subject: &str, text: &str) -> Outcome {
    let old = fs::read_to_string(page).map_err(failed("read", page))?;
    let (start, end) = markers(subject);
    let new = between(&old, &start, &end, text).ok_or_else(|| {
        let path = page.display();
        Failure(format!(
            "{path} lacks the markers {} and {end}",
            start.trim()
        ))
    })?;
    fs::write(page, new).map_err(failed("write", page))
}

fn markers(subject: &str) -> (String, String) {
    let start = format!("<!-- bench: {subject} -->\n");
    let end = format!("<!-- /bench: {subject} -->");
    (start, end)
}

fn between(old: &str, start: &str, end: &str, text: &str) -> Option<String> {
    let start = old.find(start)? + start.len();
    let end = start + old[start..].find(end)?;
    Some(format!("{}{text}{}", &old[..start], &old[end..]))
}

#[cfg(test)]
mod tests {
    use super::{between, markers};

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let (start, end) = markers("x");
        let old = "a\n<!-- bench: x -->\nold\n<!-- /bench: x -->\nb\n";
        let new = "a\n<!-- bench: x -->\nnew\n<!-- /bench: x -->\nb\n";
        assert_eq!(between(old, &start, &end, "new\n").as_deref(), Some(new));
        assert_eq!(between("no markers", &start, &end, "new\n"), None);
    }
}
