//! `%changelog` in Debian's syntax.
//!
//! Source: deb-changelog(5); Debian Policy 4.4 and 12.7.

use package::{ChangelogEntry, Evr, Package};

use super::contact::Contact;
use super::names::plain_name;
use super::version::deb_version;
use crate::dates::mail_date;
use crate::words;

/// What every entry's head and trailer need.
pub(crate) struct Heading<'a> {
    /// Version of the package, for the newest entry.
    pub(crate) version: &'a str,
    /// Code name of the release.
    pub(crate) codename: &'a str,
    /// `Name <address>` where an entry names nobody.
    pub(crate) maintainer: &'a str,
}

/// The changelog, newest entry first.
///
/// The newest entry carries the package's version. Entries of one version are one entry here. Entries
/// that name no version, in their head or as their first line, belong to the next newer one that does;
/// each part then begins with its author's name.
pub(crate) fn changelog(package: &Package, heading: &Heading<'_>) -> String {
    let source = plain_name(&package.build.source_name);
    let mut text = String::new();
    let mut stanzas = stanzas(&package.changelog);
    if stanzas
        .first()
        .is_none_or(|it| it.is_of_another_version(heading.version))
    {
        stanzas.insert(0, Stanza::default());
    }
    for (index, stanza) in stanzas.iter().enumerate() {
        let version = match &stanza.version {
            Some(version) if index > 0 => version,
            _ => heading.version,
        };
        let author = match &stanza.author {
            Some(author) => author.mailbox_or(heading.maintainer),
            None => heading.maintainer.to_owned(),
        };
        let time = stanza.time.unwrap_or(package.build.time);
        let gap = if index == 0 { "" } else { "\n" };
        text.push_str(&format!(
            "{gap}{source} ({version}) {}; urgency=medium\n\n{}\n\n -- {author}  {}\n",
            heading.codename,
            stanza.lines.join("\n"),
            mail_date(time)
        ));
    }
    text
}

/// All that was done for one version.
struct Stanza {
    version: Option<String>,
    lines: Vec<String>,
    /// Who wrote the newest part of it.
    author: Option<Contact>,
    time: Option<i64>,
}

impl Default for Stanza {
    /// What is said of a version of which the spec says nothing.
    fn default() -> Self {
        Self {
            version: None,
            lines: vec!["  * Package built.".to_owned()],
            author: None,
            time: None,
        }
    }
}

impl Stanza {
    /// Whether it is about another upstream version. Releases are not compared: packages of several
    /// distributions have different ones.
    fn is_of_another_version(&self, version: &str) -> bool {
        let own = self.version.as_deref().map(upstream_part);
        own.is_some_and(|own| own != upstream_part(version))
    }
}

/// A Debian version without epoch and revision.
fn upstream_part(version: &str) -> &str {
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    version
        .rsplit_once('-')
        .map_or(version, |(upstream, _)| upstream)
}

fn stanzas(entries: &[ChangelogEntry]) -> Vec<Stanza> {
    let mut stanzas: Vec<Stanza> = Vec::new();
    for entry in entries {
        let author = Contact::parse(without_time(&entry.author));
        let (version, text) = match version_behind_people(&author.rest) {
            Some(version) => (Some(version), entry.text.as_str()),
            None => version_line(&entry.text),
        };
        match stanzas.last_mut() {
            Some(newer) if version.is_none() || version == newer.version => {
                let name = author.name_or_address();
                newer.lines.push(String::new());
                newer
                    .lines
                    .extend((!name.is_empty()).then(|| format!("  [ {name} ]")));
                newer.lines.extend(items(text));
            }
            _ => stanzas.push(Stanza {
                version,
                lines: items(text),
                author: Some(author),
                time: Some(entry.past_time()),
            }),
        }
    }
    stanzas
}

/// The head of an entry without a time of day and its zone, which rpm takes only before the year.
fn without_time(head: &str) -> &str {
    let is_time = |word: &str| {
        let mut parts = word.split(':');
        let is_number = |it: &str| it.len() <= 2 && it.parse::<u8>().is_ok();
        word.contains(':') && parts.all(is_number)
    };
    let is_zone = |word: &str| {
        let is_name = word.bytes().all(|b| b.is_ascii_uppercase());
        let offset = word.strip_prefix(['+', '-']);
        (is_name && matches!(word.len(), 3..=5))
            || offset.is_some_and(|it| it.parse::<u16>().is_ok())
    };
    let Some((time, rest)) = head.trim_start().split_once(' ') else {
        return head;
    };
    match rest.trim_start().split_once(' ') {
        _ if !is_time(time) => head,
        Some((zone, rest)) if is_zone(zone) => rest,
        _ => rest,
    }
}

/// The version that is the first line of an entry, and the lines after it. `Version 1.2` is a version
/// too, but may be a change as well, and stays.
///
/// Source: Fedora's packaging guidelines, "Changelogs", of whose forms this is the third.
fn version_line(text: &str) -> (Option<String>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim().trim_start_matches(['-', '*', '+']);
    let mut words = first.split_whitespace();
    let (found, left) = match (words.next(), words.next(), words.next()) {
        (Some(word), None, _) => (version(word), rest),
        (Some(word), Some(number), None) if is_word_for_version(word) => (version(number), text),
        _ => (None, text),
    };
    match found.filter(|it| it.contains(['.', '-'])) {
        None => (None, text),
        found => (found, left),
    }
}

fn is_word_for_version(word: &str) -> bool {
    let word = word.trim_end_matches([':', '.']);
    ["version", "release"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(word))
}

/// The lines of an entry: `- change` becomes `  * change`, other lines go below it.
fn items(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let bare = line.trim_start();
        let item = ["- ", "* ", "+ "]
            .iter()
            .find_map(|bullet| bare.strip_prefix(bullet));
        let item = item.or_else(|| bare.strip_prefix('-').filter(|rest| !rest.is_empty()));
        lines.push(match item {
            Some(item) if bare.len() == line.len() => format!("  * {}", item.trim()),
            _ if lines.is_empty() => format!("  * {}", bare.trim_end()),
            _ => format!("    {}", without_indent(line).trim_end()),
        });
    }
    if lines.is_empty() {
        lines.push("  * No changes recorded.".to_owned());
    }
    lines
}

/// A line that goes on an item, which rpm's changelogs indent by two.
fn without_indent(line: &str) -> &str {
    line.strip_prefix("  ")
        .or_else(|| line.strip_prefix(' '))
        .unwrap_or(line)
}

/// The version behind an author and whoever else the head names.
fn version_behind_people(text: &str) -> Option<String> {
    let mut rest = text.to_owned();
    loop {
        if let Some(found) = version(&rest) {
            return Some(found);
        }
        let next = Contact::parse(&rest);
        let is_person = next.address.is_some() || !next.name.is_empty();
        if !is_person || next.rest.len() >= rest.len() {
            return None;
        }
        rest = next.rest;
    }
}

/// The version at the start of what stands behind an author, in Debian's spelling: `- 1.0-1`, `[1.0-1]`,
/// `v1.0`, `- name-1.0-1`.
fn version(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c == ',');
    let bare = words.map(|word| word.trim_matches(PUNCTUATION));
    let mut words = bare.filter(|word| !word.is_empty());
    let word = words.find(|word| !is_word_for_version(word))?;
    if !word.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let word = word.strip_prefix(['v', 'V']).unwrap_or(word);
    let number = match word.starts_with(|c: char| c.is_ascii_digit()) {
        true => word,
        false => behind_name(word).unwrap_or(word),
    };
    deb_version(&Evr::parse(number).ok()?).ok()
}

/// What may stand around a version.
const PUNCTUATION: [char; 11] = ['-', '–', ':', ';', '.', '[', ']', '(', ')', '<', '>'];

/// What follows the first `-` that has a digit behind it, as in `name-1.0-1`.
fn behind_name(word: &str) -> Option<&str> {
    let mut dashes = word.match_indices('-').map(|(at, _)| &word[at + 1..]);
    dashes.find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The name of the file: that of a package without a Debian revision has no `Debian` in it.
pub(crate) fn file_name(version: &str) -> &'static str {
    if version.contains('-') {
        words::CHANGELOG
    } else {
        words::NATIVE_CHANGELOG
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(time: i64, author: &str, text: &str) -> ChangelogEntry {
        ChangelogEntry {
            time,
            author: author.into(),
            text: text.into(),
        }
    }

    #[test]
    fn entries_without_versions_join_the_newer_one() {
        let entries = [
            entry(
                0,
                "Example Packagers <p@example.org> - 1.0^x-2",
                "- One\n  more\n- Two",
            ),
            entry(0, "Other One <o@example.org>", "- Three"),
            entry(0, "Other One <o@example.org> 0.9-1", "Four\n\nFive"),
        ];
        let found = stanzas(&entries);
        let lines: Vec<_> = found.iter().map(|it| it.lines.join("\n")).collect();
        assert_eq!(
            lines[0],
            "  * One\n    more\n  * Two\n\n  [ Other One ]\n  * Three"
        );
        assert_eq!(lines[1], "  * Four\n    Five");
        assert_eq!(found[0].version.as_deref(), Some("1.0+x-2"));
        assert_eq!(found[1].version.as_deref(), Some("0.9-1"));
    }

    #[test]
    fn every_form_of_an_entry_has_its_own_version() {
        let heads = [
            ("Ann <ann@example.org> - 2.0-3", "- Change", "2.0-3"),
            ("Ann <ann@example.org> 2.0-2", "- Change", "2.0-2"),
            ("Ann <ann@example.org>", "- 2.0-1\n- Change", "2.0-1"),
            ("Ann <ann@example.org>", "2.0-0.1\n- Change", "2.0-0.1"),
            ("Ann - 1.9-1", "- Change", "1.9-1"),
            ("ann@example.org - 1.8-1", "- Change", "1.8-1"),
            ("Ann <ann[AT]example.org> - 2:1.7-1", "- Change", "2:1.7-1"),
            ("Ann <ann@example.org> [1.6-1]", "- Change", "1.6-1"),
            ("Ann <ann@example.org> - v1.5", "- Change", "1.5"),
            ("Ann <ann@example.org> - tool-1.4-1", "- Change", "1.4-1"),
            ("Ann <ann@example.org>: 1.3-1", "- Change", "1.3-1"),
            (
                "Ann <ann@example.org>, Bob <bob@example.org> - 1.2-7",
                "- Change",
                "1.2-7",
            ),
            (
                "Ann <ann@example.org> and Bob <bob@example.org>, Cy - 1.2-6",
                "- Change",
                "1.2-6",
            ),
            (
                "Ann ann@example.org, bob@example.org - 1.2-5",
                "- Change",
                "1.2-5",
            ),
            ("Ann <ann@localhost.localdomain> 1.2-4", "- Change", "1.2-4"),
            ("1.2-3", "- Change", "1.2-3"),
            (
                "12:00:00 CET Ann <ann@example.org> - 1.2-1",
                "- Change",
                "1.2-1",
            ),
            ("9:30 Ann <ann@example.org> - 1.1-1", "- Change", "1.1-1"),
            ("09:30:00 +0200 Ann - 1.0-1", "- Change", "1.0-1"),
        ];
        let entries = heads.map(|(head, text, _)| entry(0, head, text));
        let found = stanzas(&entries);
        let versions: Vec<_> = found
            .iter()
            .filter_map(|it| it.version.as_deref())
            .collect();
        assert_eq!(versions, heads.map(|(_, _, version)| version));
        for stanza in &found {
            assert_eq!(stanza.lines, ["  * Change"]);
            assert_eq!(
                stanza
                    .author
                    .as_ref()
                    .unwrap()
                    .mailbox_or("Ann <ann@example.org>")
                    .to_lowercase(),
                "ann <ann@example.org>"
            );
        }
    }

    #[test]
    fn a_line_that_says_more_than_a_version_is_a_change() {
        for text in ["- 2 changes", "- Update to 2.0", "- 42", "Four\n- 2.0-1"] {
            assert_eq!(version_line(text), (None, text));
        }
        let text = "- Version 1.2\n- More";
        assert_eq!(version_line(text), (Some("1.2".to_owned()), text));
    }

    #[test]
    fn an_older_entry_does_not_get_the_version_of_the_package() {
        let of = |version: &str| Stanza {
            version: Some(version.to_owned()),
            ..Stanza::default()
        };
        assert!(of("1.0-1").is_of_another_version("1.1-1.deb13"));
        assert!(!of("1.1-1.fc42").is_of_another_version("2:1.1-3.deb13"));
        assert!(!Stanza::default().is_of_another_version("1.1-1"));
    }
}
