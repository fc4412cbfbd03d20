//! The directives of a file list, and what stands in their brackets.

use crate::words::place_of;

/// Directives that are words of their own.
pub(crate) const WORDS: [&str; 10] = [
    "%dir",
    "%docdir",
    "%doc",
    "%ghost",
    "%exclude",
    "%readme",
    "%license",
    "%pubkey",
    "%missingok",
    "%artifact",
];

/// Directives that take brackets.
pub(crate) const BRACKETED: [&str; 8] = [
    "%attr",
    "%defattr",
    "%verify",
    "%defverify",
    "%config",
    "%lang",
    "%caps",
    "%dev",
];

/// What stands in a directive's brackets, with its place in the line.
pub(super) struct Arguments<'t> {
    pub(super) directive: &'static str,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

/// A word in brackets, with its place in the line.
#[derive(Clone, Copy)]
pub(super) struct Argument<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl Argument<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

impl<'t> Arguments<'t> {
    /// The words between blanks and commas.
    pub(super) fn words(&self) -> Vec<Argument<'t>> {
        let text = self.text;
        text.split(|c: char| c.is_ascii_whitespace() || c == ',')
            .filter(|word| !word.is_empty())
            .map(|word| Argument {
                start: self.start + place_of(text, word).0,
                text: word,
            })
            .collect()
    }

    /// The directive as it is written.
    pub(super) fn written(&self) -> String {
        format!("{}({})", self.directive, self.text)
    }
}
