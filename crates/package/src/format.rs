//! The versions of rpm's package format.

/// A version of the format of .rpm files that can be asked for, `%_rpmformat`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RpmFormat {
    /// What all rpms since 4.0 write and read. Source: rpm `docs/manual/format_v4.md`.
    #[default]
    V4,
    /// What rpm 6 writes, and 4.14 and later read. Source: rpm `docs/manual/format_v6.md`.
    V6,
}

impl RpmFormat {
    /// The format that packages call by this number.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            4 => Some(Self::V4),
            6 => Some(Self::V6),
            _ => None,
        }
    }

    /// The number that packages call it by.
    pub fn number(self) -> u32 {
        match self {
            Self::V4 => 4,
            Self::V6 => 6,
        }
    }
}
