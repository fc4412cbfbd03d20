//! What `rpm --query --xml` says of a package: tags and their values.

use std::path::Path;
use std::process::Command;

use common::shell::{Outcome, output};

/// Tags in the order of the header, with their values as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    tags: Vec<(String, Vec<String>)>,
    /// `Dependsdict` as it is in the header.
    dictionary: Vec<String>,
}

/// What stands for each kind of dependency in `Dependsdict`, and in names of tags.
const KINDS: [(char, &str); 8] = [
    ('P', "Provide"),
    ('R', "Require"),
    ('C', "Conflict"),
    ('O', "Obsolete"),
    ('r', "Recommend"),
    ('s', "Suggest"),
    ('S', "Supplement"),
    ('e', "Enhance"),
];

impl Listing {
    /// Has rpm read a package. The dependencies of files are not numbers then but what they mean.
    pub(super) fn read(rpm: &Path, package: &Path) -> Outcome<Self> {
        let mut command = Command::new(rpm);
        command.args(["--query", "--nosignature", "--xml", "--package"]);
        let mut listing = Self::parse(&output(command.arg(package))?);
        listing.resolve_dictionary();
        listing.resolve_numbers("Fileclass", "Classdict");
        listing.resolve_numbers("Filemimeindex", "Mimedict");
        Ok(listing)
    }

    pub(super) fn parse(text: &str) -> Self {
        let tags = text.split("<rpmTag name=\"").skip(1).filter_map(|tag| {
            let (name, rest) = tag.split_once('"')?;
            let (_, rest) = rest.split_once('>')?;
            let (values, _) = rest.split_once("</rpmTag>")?;
            Some((name.to_owned(), parse_values(values)))
        });
        Self {
            tags: tags.collect(),
            dictionary: Vec::new(),
        }
    }

    /// The names of all tags.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.tags.iter().map(|(name, _)| name.as_str())
    }

    /// The values of a tag; none if it is missing.
    pub(super) fn values(&self, name: &str) -> &[String] {
        let found = self.tags.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, values)| values)
    }

    /// Keeps the rows of a table whose value in the first of some tags is wanted; returns how many
    /// went.
    pub(super) fn retain_rows(&mut self, tags: &[&str], is_wanted: impl Fn(&str) -> bool) -> usize {
        let first = self.values(tags[0]);
        let wanted: Vec<bool> = first.iter().map(|name| is_wanted(name)).collect();
        let tables = self.tags.iter_mut();
        for (_, values) in tables.filter(|(name, _)| tags.contains(&name.as_str())) {
            let mut keep = wanted.iter();
            values.retain(|_| keep.next() != Some(&false));
        }
        wanted.iter().filter(|it| !**it).count()
    }

    /// A value of `Dependsdict` is a letter for the kind, and the number of the dependency.
    pub(super) fn resolve_dictionary(&mut self) {
        let numbers = self.values("Dependsdict").iter();
        let meanings: Vec<String> = numbers.map(|it| self.meaning(it)).collect();
        self.dictionary = self.values("Dependsdict").to_vec();
        let dictionary = self.tags.iter_mut().find(|(name, _)| name == "Dependsdict");
        if let Some((_, values)) = dictionary {
            *values = meanings;
        }
    }

    /// What `Dependsdict` means if its numbers leave out the requirements that begin so.
    pub(super) fn dictionary_without(&self, start: &str) -> Vec<String> {
        let mut fewer = self.clone();
        let columns = ["Requirename", "Requireflags", "Requireversion"];
        fewer.retain_rows(&columns, |name| !name.starts_with(start));
        let numbers = self.dictionary.iter();
        numbers.map(|it| fewer.meaning(it)).collect()
    }

    /// The values of `Dependsdict` for each file, sorted.
    pub(super) fn by_file(&self, dictionary: &[String]) -> Vec<Vec<String>> {
        let number = |value: &String| value.parse::<usize>().unwrap_or_default();
        let starts = self.values("Filedependsx").iter().map(number);
        let counts = self.values("Filedependsn").iter().map(number);
        let of_files = starts.zip(counts).map(|(start, count)| {
            let values = dictionary.iter().skip(start).take(count);
            let mut values: Vec<String> = values.cloned().collect();
            values.sort_unstable();
            values
        });
        of_files.collect()
    }

    /// Name, flags and version of each relation of a kind, such as `Require`.
    pub(super) fn rows(&self, kind: &str) -> Vec<[&str; 3]> {
        let columns = ["name", "flags", "version"].map(|it| self.values(&format!("{kind}{it}")));
        let value = |column: usize, row: usize| columns[column].get(row).map_or("", String::as_str);
        let rows = 0..columns[0].len();
        rows.map(|row| [0, 1, 2].map(|column| value(column, row)))
            .collect()
    }

    /// A value of a tag is the number of a text in another one.
    fn resolve_numbers(&mut self, tag: &str, texts: &str) {
        let texts = self.values(texts).to_vec();
        if let Some((_, values)) = self.tags.iter_mut().find(|(name, _)| name == tag) {
            for value in values {
                let text = value.parse().ok().and_then(|it: usize| texts.get(it));
                *value = text.cloned().unwrap_or_default();
            }
        }
    }

    fn meaning(&self, value: &str) -> String {
        let number = value.parse::<u32>().unwrap_or_default();
        let letter = char::from((number >> 24) as u8);
        let index = (number & 0x00ff_ffff) as usize;
        let kind = KINDS.iter().find(|(known, _)| *known == letter);
        let kind = kind.map_or("", |(_, kind)| kind);
        let column = |column: &str| {
            let values = self.values(&format!("{kind}{column}"));
            values.get(index).map_or("?", String::as_str).to_owned()
        };
        let columns = ["name", "flags", "version"].map(column);
        format!("{kind} {}", columns.join(" "))
    }
}

/// The values of one tag. An element is `<TYPE>VALUE</TYPE>` or `<TYPE/>`; values hold no `<`.
fn parse_values(text: &str) -> Vec<String> {
    let elements = text.split('<').skip(1);
    let starts = elements.filter(|it| !it.starts_with('/'));
    let value = |element: &str| {
        let (name, value) = element.split_once('>').unwrap_or_default();
        if name.ends_with('/') {
            String::new()
        } else {
            value.to_owned()
        }
    };
    starts.map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::Listing;

    #[test]
    fn tags_have_values_of_several_lines_and_empty_ones() {
        let text = "<rpmHeader>\n  <rpmTag name=\"Name\">\n\t<string>a</string>\n  </rpmTag>\n  \
                    <rpmTag name=\"Flags\"><integer>1</integer><string/><string>x\n&lt;y</string>\
                    </rpmTag>\n</rpmHeader>";
        let listing = Listing::parse(text);
        assert_eq!(listing.values("Name"), ["a"]);
        assert_eq!(listing.values("Flags"), ["1", "", "x\n&lt;y"]);
        assert_eq!(listing.names().count(), 2);
    }

    #[test]
    fn dependencies_of_files_mean_something() {
        let text = "<rpmTag name=\"Requirename\"><string>a</string><string>b</string></rpmTag>\
                    <rpmTag name=\"Requireflags\"><integer>0</integer><integer>8</integer></rpmTag>\
                    <rpmTag name=\"Dependsdict\"><integer>1375731713</integer></rpmTag>";
        let mut listing = Listing::parse(text);
        listing.resolve_dictionary();
        assert_eq!(listing.values("Dependsdict"), ["Require b 8 ?"]);
        let removed = listing.retain_rows(&["Requirename", "Requireflags"], |name| name != "a");
        assert_eq!(
            (removed, listing.values("Requireflags")),
            (1, &["8".to_owned()][..])
        );
    }
}
