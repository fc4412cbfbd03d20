//! Python: the interpreter's version, and distributions by their metadata.
//!
//! Source: Python packaging's core metadata; the names and versions are those of rpm's Python
//! generators, `python3dist(x)`, `python3.12dist(x)` and `python(abi)`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use package::{Comparison, Dependency};

use super::python_marker::Environment;
use super::python_requirement::{self, rpm_version};
use super::{Found, Subject};

/// `python(abi) = 3.12` of an interpreter.
pub(super) fn abi_provides(subject: &Subject<'_>) -> Found {
    let version = subject
        .path
        .strip_prefix("/usr/bin/python")
        .filter(|it| is_version(it));
    Ok(version.map(abi).into_iter().collect())
}

/// `python(abi) = 3.12` of modules below its directory.
pub(super) fn abi_requires(subject: &Subject<'_>) -> Found {
    Ok(version_in(subject.path).map(abi).into_iter().collect())
}

fn abi(version: &str) -> Dependency {
    Dependency::versioned("python(abi)", Comparison::Equal, version)
}

/// The version in `/usr/lib/python3.12/…`, `None` in `/usr/lib/python3/…`.
fn version_in(path: &str) -> Option<&str> {
    let (_, after) = path.split_once("/python")?;
    after
        .split('/')
        .next()
        .filter(|version| is_version(version))
}

fn is_version(text: &str) -> bool {
    let parts = text.split_once('.');
    parts.is_some_and(|(major, minor)| {
        [major, minor]
            .iter()
            .all(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The prefixes of capabilities: `python3.12` where the path tells, and `python3`.
fn prefixes(path: &str) -> Vec<String> {
    let exact = version_in(path).map(|version| format!("python{version}"));
    exact
        .into_iter()
        .chain([format!("python{}", major(path))])
        .collect()
}

fn major(path: &str) -> &str {
    let after = path.split_once("/python").map_or("3", |(_, after)| after);
    after
        .get(..1)
        .filter(|it| it.bytes().all(|b| b.is_ascii_digit()))
        .unwrap_or("3")
}

/// `python3dist(name) = version`, and the same for the exact version of Python.
///
/// A name with dots is offered both as it is and normalized.
pub(super) fn provides(subject: &Subject<'_>) -> Found {
    let Some(metadata) = Metadata::read(subject.disk)? else {
        return Ok(Vec::new());
    };
    let Some(version) = metadata.first("Version").and_then(rpm_version) else {
        return Ok(Vec::new());
    };
    let Some(name) = metadata.first("Name") else {
        return Ok(Vec::new());
    };
    let mut names = vec![normalized(name), with_dots(name)];
    names.dedup();
    let mut found = Vec::new();
    for prefix in prefixes(subject.path) {
        for name in &names {
            let capability = format!("{prefix}dist({name})");
            found.push(Dependency::versioned(
                capability,
                Comparison::Equal,
                version.clone(),
            ));
        }
    }
    Ok(found)
}

/// The distributions that one needs, without those of its extras.
pub(super) fn requires(subject: &Subject<'_>) -> Found {
    let Some(metadata) = Metadata::read(subject.disk)? else {
        return Ok(Vec::new());
    };
    let version = version_in(subject.path);
    let mut found: Vec<_> = version.map(abi).into_iter().collect();
    let environment = Environment::for_python(version.unwrap_or(major(subject.path)));
    let prefix = prefixes(subject.path).swap_remove(0);
    for written in &metadata.requirements {
        let requirement = python_requirement::parse(written, &environment);
        match requirement.map(|it| it.dependency(&prefix)) {
            Ok(dependency) => found.extend(dependency),
            Err(fault) => return Err(io::Error::other(format!("{fault} in `{written}`"))),
        }
    }
    Ok(found)
}

/// A name as PEP 503 writes it: lower case, runs of `-`, `_` and `.` as one hyphen.
pub(super) fn normalized(name: &str) -> String {
    with_dots(&name.replace('.', "-"))
}

/// The same, but dots stay.
fn with_dots(name: &str) -> String {
    let parts = name.split(['-', '_']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

/// The head of a distribution's metadata.
struct Metadata {
    fields: Vec<(String, String)>,
    requirements: Vec<String>,
}

impl Metadata {
    /// Reads the metadata at a path: a directory with a file in it, or the file itself.
    fn read(path: &Path) -> io::Result<Option<Self>> {
        let candidates: [PathBuf; 3] = [
            path.join("METADATA"),
            path.join("PKG-INFO"),
            path.to_owned(),
        ];
        let Some(file) = candidates.iter().find(|it| it.is_file()) else {
            return Ok(None);
        };
        let content = fs::read(file)?;
        let mut metadata = Self {
            fields: fields(&String::from_utf8_lossy(&content)),
            requirements: Vec::new(),
        };
        let required = metadata
            .fields
            .iter()
            .filter(|(name, _)| name == "Requires-Dist");
        metadata.requirements = required.map(|(_, value)| value.clone()).collect();
        let old = path.join("requires.txt");
        if metadata.requirements.is_empty() && old.is_file() {
            let content = fs::read(&old)?;
            metadata.requirements = old_requirements(&String::from_utf8_lossy(&content));
        }
        Ok(Some(metadata))
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The fields up to the first empty line; lines that begin with a blank go on.
fn fields(text: &str) -> Vec<(String, String)> {
    let head = text.lines().take_while(|line| !line.is_empty());
    let field = |line: &str| {
        let (name, value) = line
            .split_once(':')
            .filter(|_| !line.starts_with([' ', '\t']))?;
        Some((name.to_owned(), value.trim().to_owned()))
    };
    head.filter_map(field).collect()
}

/// `requires.txt` of egg-info: plain requirements, then sections of extras and of conditions.
fn old_requirements(text: &str) -> Vec<String> {
    let mut condition = Some(String::new());
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        if let Some(section) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            condition = section
                .strip_prefix(':')
                .map(|marker| format!(" ; {marker}"));
        } else if let Some(marker) = &condition {
            found.push(format!("{line}{marker}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized() {
        assert_eq!(normalized("Demo_Pkg.x"), "demo-pkg-x");
        assert_eq!(with_dots("Demo_Pkg.x"), "demo-pkg.x");
    }

    #[test]
    fn the_path_tells_the_version() {
        assert_eq!(
            version_in("/usr/lib/python3.12/site-packages/x"),
            Some("3.12")
        );
        assert_eq!(version_in("/usr/lib/python3/dist-packages/x"), None);
        assert_eq!(
            prefixes("/usr/lib64/python3.12/a"),
            ["python3.12", "python3"]
        );
        assert_eq!(prefixes("/usr/lib/python3/dist-packages/a"), ["python3"]);
    }

    #[test]
    fn sections_of_old_requirements_are_extras_or_conditions() {
        let text = "six\n\n[test]\npytest\n\n[:python_version<'3']\nenum34\n";
        assert_eq!(
            old_requirements(text),
            ["six", "enum34 ; python_version<'3'"]
        );
    }

    #[test]
    fn metadata_becomes_capabilities_and_needs() {
        let dir = "usr/lib/python3.11/site-packages/demo-1.dist-info";
        let text = "Name: Demo_Pkg.x\nVersion: 1.2rc1\nRequires-Dist: requests (>=2.0,<3)\n\
                    Requires-Dist: pytest ; extra == 'test'\n\nbody: x\n";
        let disk = testkit::Tree::new().file(&format!("{dir}/METADATA"), text);
        let path = disk.join(dir);
        let path_in = format!("/{dir}");
        let subject = Subject {
            path: &path_in,
            disk: &path,
            is_executable: false,
            origin: None,
        };
        let text = |found: Found| -> Vec<String> {
            found.unwrap().iter().map(ToString::to_string).collect()
        };
        let expected = [
            "python3.11dist(demo-pkg-x) = 1.2~rc1",
            "python3.11dist(demo-pkg.x) = 1.2~rc1",
            "python3dist(demo-pkg-x) = 1.2~rc1",
            "python3dist(demo-pkg.x) = 1.2~rc1",
        ];
        assert_eq!(text(provides(&subject)), expected);
        let expected = [
            "python(abi) = 3.11",
            "(python3.11dist(requests) < 3 with python3.11dist(requests) >= 2)",
        ];
        assert_eq!(text(requires(&subject)), expected);
    }
}
