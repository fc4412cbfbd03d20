//! Debian changelogs: what the file in a package says, entry by entry.
//!
//! Source: deb-changelog(5).

use archive::Decoder;

use crate::dates;

/// The longest changelog, in bytes.
const LONGEST: u64 = limits::TEXT;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) version: String,
    /// Whoever made the version, with an address.
    pub(super) author: String,
    /// Seconds since 1970 UTC.
    pub(super) time: i64,
    /// What was changed, without the blank lines around it and the indentation of its lines.
    pub(super) text: String,
}

/// Whether a file is the changelog of a package, by its name in the package's folder of documentation.
/// The lowest rank counts: what was only built again comes before what Debian changed, and a native
/// package has but one changelog.
pub(super) fn rank(name: &str) -> Option<u8> {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    match name {
        "changelog.Debian" => Some(1),
        "changelog" => Some(2),
        name => name.strip_prefix("changelog.Debian.").map(|_| 0),
    }
}

/// The entries of a changelog, which may be compressed. What is no entry is passed over.
pub(super) fn parse(stored: &[u8]) -> Vec<Entry> {
    let bytes = Decoder::new(stored).and_then(|decoder| limits::read_from(decoder, LONGEST));
    let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    let mut entries = Vec::new();
    let mut version = None;
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(found) = version_of(line) {
            version = Some(found);
            lines.clear();
        } else if let Some(trailer) = line.strip_prefix(" -- ") {
            let entry = version
                .take()
                .map(|version| entry(version, trailer, &lines));
            entries.extend(entry);
        } else {
            lines.push(line);
        }
    }
    entries
}

/// `1.0-1` of `hello (1.0-1) unstable; urgency=medium`.
fn version_of(line: &str) -> Option<&str> {
    let is_heading = line.starts_with(|first: char| first.is_ascii_alphanumeric());
    let (before, rest) = line.split_once(" (").filter(|_| is_heading)?;
    let (version, after) = rest.split_once(')')?;
    (!before.contains(' ') && after.contains(';')).then_some(version)
}

fn entry(version: &str, trailer: &str, lines: &[&str]) -> Entry {
    let (author, date) = trailer.split_once("  ").unwrap_or((trailer, ""));
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.strip_prefix("  ").unwrap_or(line).trim_end())
        .collect();
    Entry {
        version: version.to_owned(),
        author: author.trim().to_owned(),
        time: dates::parse_mail_date(date).unwrap_or_default(),
        text: lines.join("\n").trim_matches('\n').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
hello (1:2.0-1+b1) sid; urgency=low, binary-only=yes

  * Rebuilt.

 -- Build Daemon <build@example.org>  Tue, 29 Feb 2000 12:34:56 +0000

hello (1:2.0-1) unstable; urgency=medium

  [ A Translator ]
  * New version
    of everything.

 -- Jo Doe <jo@example.org>  Thu, 01 Jan 1970 02:00:00 +0200

Local variables:
mode: debian-changelog
";

    #[test]
    fn entries_have_version_author_time_and_text() {
        let entries = parse(TEXT.as_bytes());
        let versions: Vec<_> = entries.iter().map(|it| &*it.version).collect();
        assert_eq!(versions, ["1:2.0-1+b1", "1:2.0-1"]);
        assert_eq!(entries[0].time, 951_827_696);
        let second = &entries[1];
        assert_eq!(second.author, "Jo Doe <jo@example.org>");
        assert_eq!(second.time, 0);
        assert_eq!(
            second.text,
            "[ A Translator ]\n* New version\n  of everything."
        );
    }

    #[test]
    fn what_is_no_changelog_has_no_entries() {
        for text in ["", "Version 2 (2001): new;\n", " -- nobody  never\n"] {
            assert_eq!(parse(text.as_bytes()), []);
        }
        assert_eq!(parse(&[0x1f, 0x8b, 8, 0, 1]), [], "a damaged archive");
    }

    #[test]
    fn a_package_has_its_changelog_under_certain_names() {
        let ranks = |name| rank(name);
        assert_eq!(ranks("changelog.Debian.amd64.gz"), Some(0));
        assert_eq!(ranks("changelog.Debian.gz"), Some(1));
        assert_eq!(ranks("changelog.gz"), Some(2));
        assert_eq!(ranks("changelog"), Some(2));
        assert_eq!(ranks("copyright"), None);
        assert_eq!(ranks("NEWS.Debian.gz"), None);
    }
}
