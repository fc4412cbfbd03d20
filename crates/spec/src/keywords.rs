//! The words with a `%` that are the spec's own, not macros.

use crate::files::{BRACKETED, WORDS};
use crate::line::DIRECTIVES;
use crate::section::sections;

/// Whether a word such as `%files`, `%endif` or `%attr` belongs to specs and is left alone by the
/// macro language.
pub fn is_keyword(word: &str) -> bool {
    let Some(name) = word.strip_prefix('%') else {
        return false;
    };
    sections().any(|(section, _)| section.eq_ignore_ascii_case(name))
        || DIRECTIVES.iter().any(|(directive, _)| *directive == word)
        || WORDS.contains(&word)
        || BRACKETED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_conditions_and_file_directives_are_keywords() {
        for word in [
            "%Description",
            "%post",
            "%triggerin",
            "%elif",
            "%dir",
            "%attr",
        ] {
            assert!(is_keyword(word), "{word}");
        }
        for word in ["description", "%configure", "%", "%if0"] {
            assert!(!is_keyword(word), "{word}");
        }
    }
}
