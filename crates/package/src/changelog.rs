//! One entry of `%changelog`.

/// A changelog entry; lists of them are newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangelogEntry {
    /// Seconds since 1970 UTC. rpm puts an entry without a time of day at noon UTC.
    pub time: i64,
    /// What stands after the date: usually `Name <address> - EVR`.
    pub author: String,
    /// The entry's lines, without blanks at either end.
    pub text: String,
}
