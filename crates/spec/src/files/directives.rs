//! The directives of a file list, and what stands in their brackets.

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

impl<'t> Arguments<'t> {
    /// The words between blanks and commas, with their places in the line.
    pub(super) fn words(&self) -> Vec<(usize, &'t str)> {
        let text = self.text;
        text.split(|c: char| c.is_ascii_whitespace() || c == ',')
            .filter(|word| !word.is_empty())
            .map(|word| {
                (
                    self.start + word.as_ptr() as usize - text.as_ptr() as usize,
                    word,
                )
            })
            .collect()
    }

    /// The directive as it is written.
    pub(super) fn written(&self) -> String {
        format!("{}({})", self.directive, self.text)
    }
}
