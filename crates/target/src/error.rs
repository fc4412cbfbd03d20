//! What can go wrong when a target is resolved.

use std::path::PathBuf;

/// A target that cannot be had, or embedded data that contradicts itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The word names neither a family, nor a profile, nor an architecture.
    #[error("unknown target `{word}`{hint}; known targets: {known}")]
    UnknownTarget {
        /// The word as given.
        word: String,
        /// Empty, or a question that offers the closest known word.
        hint: String,
        /// The known words, parted by commas.
        known: String,
    },
    /// The host's distribution belongs to a family, but has no target of its own.
    #[error(
        "there is no target for this machine's distribution, {host}; choose one by `--target`: {known}"
    )]
    NoTargetForHost {
        /// Distribution and version, as in os-release.
        host: String,
        /// The known targets, separated by commas.
        known: String,
    },
    /// The architecture is not in the table.
    #[error("unknown architecture `{name}`{hint}")]
    UnknownArch {
        /// The name as given.
        name: String,
        /// Empty, or a question that offers the closest known name.
        hint: String,
    },
    /// The machine's own rpm is asked for, and there is none.
    #[error(
        "target `system` takes the macros of this machine's rpm, and none is installed: there is no \
         /usr/lib/rpm/macros"
    )]
    NoInstalledRpm,
    /// A profile inherits one that does not exist.
    #[error("target profile `{name}` does not exist")]
    MissingProfile {
        /// The name after `inherits`.
        name: String,
    },
    /// A profile inherits itself, by some way round.
    #[error("target profile `{name}` inherits itself")]
    InheritanceLoop {
        /// The profile met twice.
        name: String,
    },
    /// An embedded or user-written data file is not what it should be.
    #[error("cannot read target data {file}")]
    Data {
        /// The file, below the crate's data folders.
        file: String,
        /// What the TOML reader says.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A profile or translation names a file that is not there.
    #[error("{file} names `{name}`, which does not exist")]
    MissingFile {
        /// The file that names it.
        file: String,
        /// The missing layer or table.
        name: String,
    },
    /// The folder given in place of the embedded macro files cannot be read.
    #[error("cannot list macro folder {path}")]
    MacroFolder {
        /// The folder.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        source: std::io::Error,
    },
}

/// ``; did you mean `x`?`` for the closest of `known`, or nothing.
pub(crate) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    closest(word, known).map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}

/// The known word that is fewest edits away, if that is at most a third of its length.
fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // No name that is known has a third of this.
    let known = known.into_iter().filter(|_| word.len() < 200);
    known
        .map(|it| (distance(word, it), it))
        .filter(|(edits, it)| *edits <= it.len().div_ceil(3))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, it)| it)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn offers_only_what_is_close() {
        assert_eq!(
            closest("fedra-42", ["fedora-42", "debian-12"]),
            Some("fedora-42")
        );
        assert_eq!(closest("zzz", ["fedora-42", "debian-12"]), None);
    }
}
