//! What of a chunk has no counterpart.

/// Why a chunk cannot be written for the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line of the chunk, from 1.
    pub(crate) line: usize,
    /// What there is no counterpart of.
    pub(crate) why: String,
}

impl Fault {
    pub(super) fn new(line: usize, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { line, why }
    }
}
