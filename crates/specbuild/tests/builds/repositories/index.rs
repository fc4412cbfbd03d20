//! The index that createrepo_c makes, beside what rpm says of the packages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use super::place::Place;
use crate::bench::{files_below, run};

/// A package's identity, in the words of dnf and of rpm.
const IDENTITY: [&str; 2] = [
    "%{name}-%{epoch}:%{version}-%{release}.%{arch}",
    "%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}",
];

/// What dnf knows of a package from the index, and rpm's word for the same.
const FIELDS: [(&str, [&str; 2]); 14] = [
    ("license", ["%{license}", "%{LICENSE}"]),
    ("url", ["%{url}", "%{URL}"]),
    ("summary", ["%{summary}", "%{SUMMARY}"]),
    ("description", ["%{description}", "%{DESCRIPTION}"]),
    ("source", ["%{sourcerpm}", "%{SOURCERPM}"]),
    ("size", ["%{installsize}", "%{LONGSIZE}"]),
    (PROVIDES, ["%{provides}", r"[%{PROVIDENEVRS}\n]"]),
    (REQUIRES, ["%{requires}", r"[%{REQUIRENEVRS}\n]"]),
    ("conflicts", ["%{conflicts}", r"[%{CONFLICTNEVRS}\n]"]),
    ("obsoletes", ["%{obsoletes}", r"[%{OBSOLETENEVRS}\n]"]),
    ("recommends", ["%{recommends}", r"[%{RECOMMENDNEVRS}\n]"]),
    ("suggests", ["%{suggests}", r"[%{SUGGESTNEVRS}\n]"]),
    ("supplements", ["%{supplements}", r"[%{SUPPLEMENTNEVRS}\n]"]),
    ("enhances", ["%{enhances}", r"[%{ENHANCENEVRS}\n]"]),
];

const PROVIDES: &str = "provides";
const REQUIRES: &str = "requires";

/// The lines of each field.
type Fields = BTreeMap<String, BTreeSet<String>>;

/// Compares all that is in the index of a repository.
pub(super) fn is_as_rpm_says(place: &Place, repository: &str) {
    let packages = place.packages(repository);
    let [by_dnf, by_rpm] = [0, 1].map(|of| {
        let fields = FIELDS.map(|(name, words)| format!(r"\n={name}\n{}", words[of]));
        format!(r"@@ {}{}\n", IDENTITY[of], fields.concat())
    });
    let args = ["repoquery", "--quiet", "--queryformat", &by_dnf];
    let read = known(&place.dnf(repository, &args).ok().stdout);
    let mut expected = known(&rpm(&packages, &by_rpm));
    expected.values_mut().for_each(leave_met);
    let counts = [expected.len(), read.len()];
    assert_eq!(counts, [packages.len(); 2]);
    for (package, fields) in &expected {
        assert_eq!(read.get(package), Some(fields), "{package}");
    }
    has_same_files(place, repository);
    has_same_changes(place, repository);
}

fn rpm(packages: &[PathBuf], format: &str) -> String {
    let mut command = Command::new("rpm");
    run(command
        .args(["-qp", "--queryformat", format])
        .args(packages))
}

/// Reads what either says, package by package.
fn known(text: &str) -> BTreeMap<String, Fields> {
    let mut known = BTreeMap::new();
    for package in text.split("@@ ").filter(|it| !it.trim().is_empty()) {
        let (identity, fields) = package.split_once('\n').unwrap();
        let fields = fields.strip_prefix('=').unwrap().split("\n=");
        let of_field = |field: &str| {
            let (name, lines) = field.split_once('\n').unwrap_or((field, ""));
            let lines = lines.lines().filter(|it| !it.is_empty());
            (name.to_owned(), lines.map(str::to_owned).collect())
        };
        known.insert(identity.to_owned(), fields.map(of_field).collect());
    }
    known
}

/// An index has no requirement that rpm itself or the package meets.
fn leave_met(fields: &mut Fields) {
    let provided = fields[PROVIDES].clone();
    let required = fields.get_mut(REQUIRES).unwrap();
    required.retain(|it| !it.starts_with("rpmlib(") && !provided.contains(it));
}

fn has_same_files(place: &Place, repository: &str) {
    let format = r"[%{=NAME}\t%{FILEMODES:perms}\t%{FILEFLAGS:fflags}\t%{FILENAMES}\n]";
    let mut expected = Vec::new();
    for line in rpm(&place.packages(repository), format).lines() {
        let [name, mode, flags, path] = line.splitn(4, '\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let kind = match (mode.starts_with('d'), flags.contains('g')) {
            (true, _) => "dir",
            (_, true) => "ghost",
            _ => "file",
        };
        expected.push(format!("{name} {kind} {path}"));
    }
    let read = entries(place, repository, "filelists", "file", |entry| {
        let kind = entry.attribute("type").unwrap_or_else(|| "file".to_owned());
        format!("{kind} {}", entry.text())
    });
    assert_same(read, expected);
}

fn has_same_changes(place: &Place, repository: &str) {
    let format = r"[%{=NAME} %{CHANGELOGTIME} %{CHANGELOGNAME} %{CHANGELOGTEXT}\n]";
    let said = rpm(&place.packages(repository), format);
    let read = entries(place, repository, "other", "changelog", |entry| {
        let [date, author] = ["date", "author"].map(|it| entry.attribute(it).unwrap());
        format!("{date} {author} {}", entry.text())
    });
    assert_same(read, said.lines().map(str::to_owned).collect());
}

fn assert_same(mut read: Vec<String>, mut expected: Vec<String>) {
    read.sort();
    expected.sort();
    assert!(!expected.is_empty());
    assert_eq!(read, expected);
}

/// An element of XML that holds text only.
struct Entry<'a> {
    tag: &'a str,
    text: &'a str,
}

impl Entry<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        let (_, rest) = self.tag.split_once(&format!(" {name}=\""))?;
        Some(unescape(rest.split_once('"')?.0))
    }

    fn text(&self) -> String {
        unescape(self.text)
    }
}

fn unescape(text: &str) -> String {
    let names = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    let mut text = text.to_owned();
    for (name, character) in names {
        text = text.replace(name, character);
    }
    text
}

/// The elements of one name in a part of the index, told with their package's name before.
fn entries(
    place: &Place,
    repository: &str,
    part: &str,
    wanted: &str,
    tell: impl Fn(&Entry<'_>) -> String,
) -> Vec<String> {
    let folder = place.repository(repository).join("repodata");
    let ending = format!("-{part}.xml.gz");
    let files = files_below(&folder);
    let file = files.iter().find(|it| it.ends_with(&ending)).unwrap();
    let xml = run(Command::new("gzip").arg("-dc").arg(folder.join(file)));
    let mut package = String::new();
    let mut told = Vec::new();
    for (tag, text) in xml.split('<').filter_map(|it| it.split_once('>')) {
        let entry = Entry { tag, text };
        match tag.split(' ').next().unwrap_or_default() {
            "package" => package = entry.attribute("name").unwrap(),
            name if name == wanted => told.push(format!("{package} {}", tell(&entry))),
            _ => {}
        }
    }
    told
}
