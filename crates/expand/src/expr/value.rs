//! The values of expressions.

use std::cmp::Ordering;

use package::Evr;

/// What a term of an expression is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number of 32 bits.
    Integer(i32),
    /// A text.
    String(String),
    /// A version, `v"…"`.
    Version(Evr),
}

impl Value {
    /// Numbers other than 0 and texts other than the empty one are true; versions never are.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Integer(number) => *number != 0,
            Self::String(text) => !text.is_empty(),
            Self::Version(_) => false,
        }
    }

    /// The order of two values of one type; `None` if the types differ.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(b)),
            (Self::String(a), Self::String(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (Self::Version(a), Self::Version(b)) => Some(compare_whole(a, b)),
            _ => None,
        }
    }

    /// The type's name in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Integer(_) => "a number",
            Self::String(_) => "a string",
            Self::Version(_) => "a version",
        }
    }

    /// The type's name where there are many.
    pub(super) fn kinds(&self) -> &'static str {
        match self {
            Self::Integer(_) => "numbers",
            Self::String(_) => "strings",
            Self::Version(_) => "versions",
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::String(text) => text.fmt(f),
            Self::Version(version) => version.fmt(f),
        }
    }
}

/// The order of versions as values: unlike in dependencies, a missing release is less than any.
fn compare_whole(a: &Evr, b: &Evr) -> Ordering {
    a.compare(b)
        .then_with(|| b.release.is_empty().cmp(&a.release.is_empty()))
}
