//! The `.changes` file: what is uploaded to an archive.
//!
//! Source: deb-changes(5); Debian Policy 5.5.

use package::{ChangelogEntry, Package};

use super::sums::{self, SummedFile};
use super::{DebSource, Release};
use crate::context::Context;
use crate::deb822::Paragraph;
use crate::lower::{Contact, mail_date};
use crate::words;

/// Descriptions are cut after this many characters.
const WIDTH: usize = 65;

/// A file of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    /// Name and digests.
    pub file: SummedFile,
    /// `Section`.
    pub section: String,
    /// The control fields, of a binary package.
    pub control: Option<Paragraph>,
}

impl UploadFile {
    fn field(&self, name: &str) -> &str {
        self.control
            .as_ref()
            .and_then(|control| control.get(name))
            .unwrap_or_default()
    }
}

/// What is uploaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    /// The files of the source package, its `.dsc` first; may be none.
    pub sources: Vec<UploadFile>,
    /// Binary packages.
    pub binaries: Vec<UploadFile>,
    /// The `.buildinfo` file.
    pub buildinfo: Option<UploadFile>,
}

impl Upload {
    /// The names of the binary packages, sorted.
    pub(super) fn package_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.binaries.iter().map(|it| it.field("Package")).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The architectures of the binary packages, sorted.
    pub(super) fn archs(&self) -> Vec<&str> {
        let archs = self.binaries.iter().map(|it| it.field("Architecture"));
        let mut archs: Vec<&str> = archs.collect();
        archs.sort_unstable();
        archs.dedup();
        archs
    }

    /// All files, sources first, then the others by name.
    fn files(&self) -> Vec<&UploadFile> {
        let mut others: Vec<&UploadFile> = self.binaries.iter().chain(&self.buildinfo).collect();
        others.sort_by(|a, b| a.file.name.cmp(&b.file.name));
        self.sources.iter().chain(others).collect()
    }
}

/// The newest entry of a changelog in Debian's syntax.
pub(super) fn release(
    package: &Package,
    context: &Context<'_>,
    maintainer: String,
    log: &str,
) -> Release {
    let newest = package.changelog.first();
    let author = newest.map(|entry| Contact::parse(&entry.author));
    let end = log.find("\n -- ").unwrap_or(log.len());
    Release {
        distribution: context.distribution.codename.clone(),
        changed_by: author.map_or_else(|| maintainer.clone(), |it| it.mailbox_or(&maintainer)),
        maintainer,
        time: newest.map_or(package.build.time, ChangelogEntry::past_time),
        changes: log[..end].trim_end().to_owned(),
    }
}

/// The `.changes` file of an upload.
pub fn lower_changes(source: &DebSource, upload: &Upload) -> String {
    let release = &source.release;
    let mut archs = upload.archs();
    if !upload.sources.is_empty() {
        archs.insert(0, "source");
    }
    let mut changes = Paragraph::new();
    changes.set("Format", "1.8");
    changes.set("Date", mail_date(release.time));
    changes.set("Source", source.name.as_str());
    changes.set("Binary", upload.package_names().join(" "));
    changes.set("Architecture", archs.join(" "));
    changes.set("Version", source.version.as_str());
    changes.set("Distribution", release.distribution.as_str());
    changes.set("Urgency", "medium");
    changes.set("Maintainer", release.maintainer.as_str());
    changes.set("Changed-By", release.changed_by.as_str());
    changes.set("Description", descriptions(upload));
    changes.set("Closes", closed_bugs(&release.changes));
    changes.set("Changes", format!("\n{}", release.changes));
    let files = upload.files();
    let summed: Vec<SummedFile> = files.iter().map(|it| it.file.clone()).collect();
    sums::set_checksums(&mut changes, &summed, &[sums::SHA1, sums::SHA256]);
    changes.set("Files", files.iter().map(|it| line(it)).collect::<String>());
    changes.write()
}

fn line(file: &UploadFile) -> String {
    let sums = &file.file.sums;
    format!(
        "\n{} {} {} {} {}",
        sums.md5,
        sums.size,
        file.section,
        words::PRIORITY,
        file.file.name
    )
}

/// A line for each package but those of debug symbols, which come by themselves.
fn descriptions(upload: &Upload) -> String {
    let written = upload.binaries.iter();
    let written = written.filter(|it| it.field("Auto-Built-Package").is_empty());
    let mut lines: Vec<String> = written
        .map(|it| {
            let summary = it.field("Description").lines().next().unwrap_or_default();
            let summary: String = summary.chars().take(WIDTH).collect();
            format!("\n{:<10} - {}", it.field("Package"), summary.trim_end())
        })
        .collect();
    lines.sort();
    lines.concat()
}

/// The bugs that the changes name after `closes:`, sorted.
///
/// Source: Debian Developer's Reference 5.8.4: `closes: #1, bug 2`.
fn closed_bugs(changes: &str) -> String {
    let text = changes.to_ascii_lowercase();
    let mut bugs: Vec<u32> = Vec::new();
    for rest in text.split("closes:").skip(1) {
        for part in rest.split(',') {
            let part = part.trim_start();
            let part = part.strip_prefix("bug").unwrap_or(part);
            let part = part.strip_prefix('#').unwrap_or(part).trim_start();
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            match digits.parse() {
                Ok(bug) => bugs.push(bug),
                Err(_) => break,
            }
            if !part[digits.len()..].trim().is_empty() {
                break;
            }
        }
    }
    bugs.sort_unstable();
    bugs.dedup();
    let bugs: Vec<String> = bugs.iter().map(u32::to_string).collect();
    bugs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::closed_bugs;

    #[test]
    fn bugs_are_closed_by_the_changelog() {
        assert_eq!(
            closed_bugs("* x (Closes: #12, bug#3)\n* y closes: #7."),
            "3 7 12"
        );
        assert_eq!(closed_bugs("* this closes: nothing, 5"), "");
    }
}
