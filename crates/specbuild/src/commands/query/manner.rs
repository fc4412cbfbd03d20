//! Under which of the two names packages are asked.

/// Whose manners the command has: `specbuild query` or `rpm -q`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Packages of all kinds, and specs.
    Own,
    /// .rpm files only, as rpm says it.
    Rpm,
}
