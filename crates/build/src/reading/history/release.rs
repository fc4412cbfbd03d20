//! The number of a release: how many commits there are since the version changed.

use std::collections::HashMap;

use super::git::Commit;
use super::message::Wishes;

/// What a spec says in one commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stated {
    /// `EPOCH:VERSION`, or the version alone.
    pub(super) version: String,
    /// `-p` of `%autorelease`.
    pub(super) is_prerelease: bool,
    /// `-b` of `%autorelease`.
    pub(super) base: Option<u64>,
    /// `-e` and `-s`, each behind a dot.
    pub(super) tags: String,
}

impl Stated {
    /// The release as changelogs have it, without `%dist`.
    pub(super) fn release(&self, number: u64) -> String {
        let start = if self.is_prerelease { "0." } else { "" };
        let number = number.saturating_add(self.base.unwrap_or(1));
        format!("{start}{}{}", number.saturating_sub(1), self.tags)
    }
}

/// Numbers the releases of commits.
pub(super) struct Numbers<'h> {
    commits: &'h [Commit],
    known: HashMap<usize, u64>,
}

impl<'h> Numbers<'h> {
    pub(super) fn new(commits: &'h [Commit]) -> Self {
        Self {
            commits,
            known: HashMap::new(),
        }
    }

    /// The number of a commit; `version` says what the spec is at in one, `None` if it can't be read. Commits
    /// in which it can't be read interrupt no series.
    pub(super) fn of(
        &mut self,
        commit: usize,
        version: &mut impl FnMut(usize) -> Option<String>,
    ) -> u64 {
        let mut waiting = vec![commit];
        while let Some(&at) = waiting.last() {
            if self.known.contains_key(&at) {
                waiting.pop();
                continue;
            }
            let own = version(at);
            let parents = self.commits[at].parents.iter().copied();
            let parents: Vec<usize> = parents
                .filter(|parent| {
                    let theirs = version(*parent);
                    own.is_none() || theirs.is_none() || own == theirs
                })
                .collect();
            let missing = parents.iter().filter(|it| !self.known.contains_key(it));
            let missing: Vec<usize> = missing.copied().collect();
            if !missing.is_empty() {
                waiting.extend(missing);
                continue;
            }
            let before = parents.iter().map(|it| self.known[it]).max();
            let own = u64::from(self.commits[at].spec.is_some());
            let number = before.unwrap_or(0).saturating_add(own);
            let least = Wishes::of(&self.commits[at].message).least_release;
            self.known.insert(at, number.max(least));
            waiting.pop();
        }
        self.known[&commit]
    }
}

#[cfg(test)]
mod tests {
    use super::{Commit, Numbers, Stated};

    /// Commits of (version, parents, message), the newest first; an empty version can't be read.
    fn number(rows: &[(&str, &[usize], &str)]) -> u64 {
        let commits = rows.iter().map(|(_, parents, message)| Commit {
            parents: parents.to_vec(),
            message: (*message).to_owned(),
            spec: Some("object".to_owned()),
            ..Commit::default()
        });
        let commits: Vec<Commit> = commits.collect();
        let mut version = |at: usize| Some(rows[at].0.to_owned()).filter(|it| !it.is_empty());
        Numbers::new(&commits).of(0, &mut version)
    }

    #[test]
    fn a_new_version_begins_anew() {
        assert_eq!(number(&[("2", &[1], ""), ("1", &[], "")]), 1);
        assert_eq!(
            number(&[("2", &[1], ""), ("2", &[2], ""), ("1", &[], "")]),
            2
        );
    }

    #[test]
    fn merges_count_the_longer_side_and_gaps_count_on() {
        let merge = [
            ("1", &[1, 2][..], ""),
            ("1", &[3], ""),
            ("1", &[], ""),
            ("1", &[], ""),
        ];
        assert_eq!(number(&merge), 3);
        assert_eq!(
            number(&[("1", &[1], ""), ("", &[2], ""), ("1", &[], "")]),
            3
        );
    }

    #[test]
    fn a_release_can_be_bumped() {
        assert_eq!(
            number(&[("1", &[1], ""), ("1", &[], "[bump release: 7]")]),
            8
        );
        let stated = Stated {
            base: Some(3),
            is_prerelease: true,
            tags: ".rc1".to_owned(),
            ..Stated::default()
        };
        assert_eq!(stated.release(2), "0.4.rc1");
    }
}
