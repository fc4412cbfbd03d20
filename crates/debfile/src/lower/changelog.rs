//! `%changelog` in Debian's syntax.
//!
//! Source: deb-changelog(5); Debian Policy 4.4 and 12.7.

use package::{ChangelogEntry, Evr, Package};

use super::dates::mail_date;
use super::names::plain_name;
use super::version::deb_version;
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
/// The newest entry carries the package's version. Older entries that name no version are put into
/// the next newer one that does, under their author's name.
pub(crate) fn changelog(package: &Package, heading: &Heading<'_>) -> String {
    let source = plain_name(&package.build.source_name);
    let mut text = String::new();
    let mut stanzas = stanzas(&package.changelog);
    if stanzas.is_empty() {
        stanzas.push(Stanza {
            version: None,
            lines: vec!["  * Package built.".to_owned()],
            entry: None,
        });
    }
    for (index, stanza) in stanzas.iter().enumerate() {
        let version = match &stanza.version {
            Some(version) if index > 0 => version,
            _ => heading.version,
        };
        let author = stanza.entry.and_then(|entry| author(&entry.author));
        let author = author.unwrap_or_else(|| heading.maintainer.to_owned());
        let time = stanza
            .entry
            .map_or(package.build.time, ChangelogEntry::past_time);
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

struct Stanza<'a> {
    version: Option<String>,
    lines: Vec<String>,
    entry: Option<&'a ChangelogEntry>,
}

fn stanzas(entries: &[ChangelogEntry]) -> Vec<Stanza<'_>> {
    let mut stanzas: Vec<Stanza<'_>> = Vec::new();
    for entry in entries {
        let version = version(&entry.author);
        match stanzas.last_mut() {
            Some(newer) if version.is_none() => {
                let name = entry.author.split('<').next().unwrap_or("").trim();
                newer.lines.extend([String::new(), format!("  [ {name} ]")]);
                newer.lines.extend(items(&entry.text));
            }
            _ => stanzas.push(Stanza {
                version,
                lines: items(&entry.text),
                entry: Some(entry),
            }),
        }
    }
    stanzas
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

/// `Name <address>` of `Name <address> - EVR`; `None` if there is no address.
pub(crate) fn author(line: &str) -> Option<String> {
    let end = line.find('>')?;
    let (name, address) = line[..end].split_once('<')?;
    let (name, address) = (name.trim().trim_matches('"'), address.trim());
    if address.is_empty() || address.contains(char::is_whitespace) {
        return None;
    }
    let name = if name.is_empty() {
        address.split('@').next().unwrap_or(address)
    } else {
        name
    };
    Some(format!("{name} <{address}>"))
}

/// The version after the address, in Debian's spelling.
fn version(author: &str) -> Option<String> {
    let rest = author.rsplit_once('>')?.1;
    let text = rest.trim().trim_start_matches('-').trim();
    let text = text.split_whitespace().next()?;
    let text = text.trim_start_matches('[').trim_end_matches(']');
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    deb_version(&Evr::parse(text).ok()?).ok()
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
    fn an_author_needs_an_address() {
        assert_eq!(author("\"A B\" <a@b.org> - 1-1").unwrap(), "A B <a@b.org>");
        assert_eq!(author("<a@b.org>").unwrap(), "a <a@b.org>");
        assert_eq!(author("A B - 1-1"), None);
    }
}
