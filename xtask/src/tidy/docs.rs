//! Rule: every file says first what it is about. (That every public item is documented is
//! rustc's `missing_docs`.)

use super::Finding;
use super::rust::RustFile;

/// A promise where the sentence should be.
const PLACEHOLDER: &str = "To be written.";

pub(crate) fn check(file: &RustFile) -> Option<Finding> {
    let told = file.first_line.strip_prefix("//!").map(str::trim);
    if told.is_some_and(|text| !text.is_empty() && text != PLACEHOLDER) {
        return None;
    }
    Some(Finding::new(
        &file.path,
        1,
        "does not open with `//!` and what the file is about",
    ))
}
