//! The values of expressions.

use std::cmp::Ordering;

use package::compare_versions;

/// What a term of an expression is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number of 32 bits.
    Integer(i32),
    /// A text.
    String(String),
    /// A version, `v"…"`.
    Version(Version),
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
            (Self::Version(a), Self::Version(b)) => Some(a.compare(b)),
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

/// `[epoch:]version[-release]` as a value: any text will do, and its parts may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    epoch: Option<String>,
    version: String,
    release: Option<String>,
}

impl Version {
    /// Splits a text: digits before a `:` at its front are an epoch, a release is what follows the
    /// last `-`.
    pub(super) fn parse(text: &str) -> Self {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (epoch, rest) = match text[digits..].strip_prefix(':') {
            Some(rest) if digits == 0 => (Some("0".to_owned()), rest),
            Some(rest) => (Some(text[..digits].to_owned()), rest),
            None => (None, text),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version, Some(release.to_owned())),
            None => (rest, None),
        };
        Self {
            epoch,
            version: version.to_owned(),
            release,
        }
    }

    /// rpm's order of values: unlike in dependencies, a missing release is less than any.
    fn compare(&self, other: &Self) -> Ordering {
        let epoch = |it: &Self| it.epoch.clone().unwrap_or_else(|| "0".to_owned());
        compare_versions(&epoch(self), &epoch(other))
            .then_with(|| compare_versions(&self.version, &other.version))
            .then_with(|| match (&self.release, &other.release) {
                (Some(a), Some(b)) => compare_versions(a, b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(epoch) = &self.epoch {
            write!(f, "{epoch}:")?;
        }
        f.write_str(&self.version)?;
        match &self.release {
            Some(release) => write!(f, "-{release}"),
            None => Ok(()),
        }
    }
}
