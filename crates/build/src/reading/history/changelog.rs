//! The changelog that commits make: an entry for each, down to the one that last changed the file `changelog`.

use package::calendar::{Date, MONTHS, WEEKDAYS, weekday};

use super::git::Commit;
use super::message::{Wishes, items};

/// How long lines are, in characters.
const WIDTH: usize = 75;

const SECONDS_OF_DAY: i64 = 86_400;

/// An entry of a changelog.
pub(super) struct Entry<'e> {
    /// In seconds since 1970 UTC.
    pub(super) time: i64,
    /// `Name <address>`.
    pub(super) author: &'e str,
    /// `VERSION-RELEASE`, if the spec can be read.
    pub(super) version: Option<String>,
    pub(super) items: Vec<String>,
}

impl Entry<'_> {
    /// The entry as the macro language takes it.
    pub(super) fn text(&self) -> String {
        let days = self.time.div_euclid(SECONDS_OF_DAY);
        let Date { year, month, day } = Date::of_day(days);
        let (weekday, month) = (WEEKDAYS[weekday(days)], MONTHS[month]);
        let version = self.version.as_deref();
        let version = version.map(|it| format!(" - {it}")).unwrap_or_default();
        let head = format!(
            "* {weekday} {month} {day:02} {year} {}{version}",
            self.author
        );
        let items = self.items.iter().map(|item| wrapped(&format!("- {item}")));
        let lines: Vec<String> = [head].into_iter().chain(items).collect();
        lines.join("\n").replace('%', "%%")
    }
}

/// Where a walk down the history has come to.
pub(super) enum Step {
    /// An entry for the commit, then its parent.
    Entry,
    /// Its parent, without an entry.
    Pass,
    /// The file `changelog` as it is in the commit; the end.
    File(String),
    /// A merge of which nobody can say what it takes over; the end.
    Unresolvable,
    /// The end.
    End,
}

/// What becomes of a commit, and the one that follows. `was_removed` says whether a later commit has removed
/// the file `changelog`.
pub(super) fn step(commits: &[Commit], at: usize, was_removed: &mut bool) -> (Step, Option<usize>) {
    let commit = &commits[at];
    let parents = &commit.parents;
    let of_parents = || parents.iter().map(|it| &commits[*it]);
    let has_changed = match parents[..] {
        [] => commit.changelog.is_some(),
        _ => of_parents().all(|it| it.changelog != commit.changelog),
    };
    let same = parents.iter().find(|it| commits[**it].tree == commit.tree);
    let next = match parents[..] {
        [] => None,
        [only] => Some(only),
        _ => same.copied(),
    };
    if parents.len() > 1 && next.is_none() && !has_changed {
        return (Step::Unresolvable, None);
    }
    if let Some(file) = commit.changelog.as_ref().filter(|_| has_changed) {
        let step = match *was_removed {
            true => Step::End,
            false => Step::File(file.clone()),
        };
        return (step, None);
    }
    let removes = commit.changelog.is_none() && of_parents().any(|it| it.changelog.is_some());
    *was_removed |= removes;
    let skips = commit.spec.is_none() || Wishes::of(&commit.message).skips_changelog;
    match skips || (parents.len() > 1 && next.is_some()) {
        true => (Step::Pass, next),
        false => (Step::Entry, next),
    }
}

/// The items of a commit.
pub(super) fn items_of(commit: &Commit) -> Vec<String> {
    items(&commit.message)
}

/// Breaks an item at blanks, and behind hyphens between letters; further lines are indented.
fn wrapped(item: &str) -> String {
    let mut lines = vec![String::new()];
    for word in item.split_whitespace() {
        let mut before = " ";
        for piece in word.split_inclusive('-') {
            let indent = if lines.len() > 1 { 2 } else { 0 };
            let last = lines.last_mut().expect("there is a line");
            let is_empty = last.len() <= indent;
            let before = std::mem::take(&mut before);
            let length = last.chars().count() + before.len() + piece.chars().count();
            if is_empty {
                last.push_str(piece);
            } else if length <= WIDTH {
                last.push_str(before);
                last.push_str(piece);
            } else {
                lines.push(format!("  {piece}"));
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Entry, wrapped};

    #[test]
    fn entries_name_day_author_and_version() {
        let entry = Entry {
            time: 1_574_640_000,
            author: "Foo Bar <foo@example.org>",
            version: Some("2.3.4-1".to_owned()),
            items: vec!["Update, 100% done".to_owned()],
        };
        let text = "* Mon Nov 25 2019 Foo Bar <foo@example.org> - 2.3.4-1\n- Update, 100%% done";
        assert_eq!(entry.text(), text);
    }

    #[test]
    fn long_items_are_broken() {
        let item = format!(
            "- {} well-known {}",
            "word ".repeat(13).trim(),
            "x".repeat(80)
        );
        let lines: Vec<String> = wrapped(&item).lines().map(str::to_owned).collect();
        assert_eq!(
            lines[0].trim_end(),
            format!("- {}well-", "word ".repeat(13))
        );
        assert_eq!(lines[1], "  known");
        assert_eq!(lines[2], format!("  {}", "x".repeat(80)));
    }
}
