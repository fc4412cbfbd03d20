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

impl ChangelogEntry {
    /// A moment at which the entry's work was surely done, in seconds since 1970 UTC: an entry
    /// without a time of day counts from the start of its day. Such moments are what
    /// `SOURCE_DATE_EPOCH` is taken from.
    pub fn past_time(&self) -> i64 {
        const NOON: i64 = 43_200;
        if self.time.rem_euclid(86_400) == NOON {
            self.time - NOON
        } else {
            self.time
        }
    }
}
