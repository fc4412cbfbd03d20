//! Python: the interpreter's version, and distributions by their metadata.
//!
//! Source: Python packaging's core metadata; the names and versions are those of rpm's Python
//! generators, `python3dist(x)`, `python3.12dist(x)` and `python(abi)`.

use std::io;
use std::path::{Path, PathBuf};

use package::{Comparison, Dependency};

use super::python_marker::Environment;
use super::python_names::{normalized, rpm_version, with_dots};
use super::python_requirement;
use crate::subject::{Found, Subject};

/// `python(abi) = 3.12` of an interpreter.
pub(crate) fn abi_provides(subject: &Subject<'_>) -> Found {
    let version = subject
        .path
        .strip_prefix("/usr/bin/python")
        .filter(|it| is_version(it));
    Ok(version.map(abi).into_iter().collect())
}

/// `python(abi) = 3.12` of modules below its directory.
pub(crate) fn abi_requires(subject: &Subject<'_>) -> Found {
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
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
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
    if let Some(extra) = metadata.extra_of(subject.package) {
        names
            .iter_mut()
            .for_each(|it| *it = format!("{it}[{extra}]"));
    }
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

/// The distributions that one needs, without those of its extras; or those of the extra that the package
/// is for, as `NAME+EXTRA` is.
pub(crate) fn requires(subject: &Subject<'_>) -> Found {
    let Some(metadata) = Metadata::read(subject.disk)? else {
        return Ok(Vec::new());
    };
    let version = version_in(subject.path);
    let mut found: Vec<_> = version.map(abi).into_iter().collect();
    let known = Some(subject.python).filter(|it| !it.is_empty());
    let python = version.or(known).unwrap_or(major(subject.path));
    let extra = metadata.extra_of(subject.package).unwrap_or_default();
    let environment = Environment::for_python(python).with_extra(&extra);
    let prefix = prefixes(subject.path).swap_remove(0);
    let requirements = metadata.requirements.iter();
    for written in requirements.filter(|it| extra.is_empty() || it.contains(';')) {
        let requirement = python_requirement::parse(written, &environment);
        match requirement.map(|it| it.dependencies(&prefix)) {
            Ok(dependencies) => found.extend(dependencies),
            Err(fault) => return Err(io::Error::other(format!("{fault} in `{written}`"))),
        }
    }
    Ok(found)
}

/// The head of a distribution's metadata.
struct Metadata {
    fields: Vec<(String, String)>,
    requirements: Vec<String>,
    /// Extras that only `requires.txt` names.
    sections: Vec<String>,
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
        let content = limits::read(file, limits::METADATA)?;
        let mut metadata = Self {
            fields: fields(&String::from_utf8_lossy(&content)),
            requirements: Vec::new(),
            sections: Vec::new(),
        };
        let required = metadata
            .fields
            .iter()
            .filter(|(name, _)| name == "Requires-Dist");
        metadata.requirements = required.map(|(_, value)| value.clone()).collect();
        let old = path.join("requires.txt");
        if metadata.requirements.is_empty() && old.is_file() {
            let content = limits::read(&old, limits::METADATA)?;
            let (requirements, extras) = old_requirements(&String::from_utf8_lossy(&content));
            (metadata.requirements, metadata.sections) = (requirements, extras);
        }
        Ok(Some(metadata))
    }

    /// The extra that a package is for by its name, `NAME+EXTRA`, if the distribution has it.
    fn extra_of(&self, package: &str) -> Option<String> {
        let (_, extra) = package.rsplit_once('+').filter(|(_, it)| !it.is_empty())?;
        let declared = self
            .fields
            .iter()
            .filter(|(name, _)| name == "Provides-Extra");
        let declared = declared.map(|(_, value)| value.as_str());
        let mut known = declared.chain(self.sections.iter().map(String::as_str));
        let is_known = known.any(|it| normalized(it) == normalized(extra));
        is_known.then(|| extra.to_lowercase())
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

/// `requires.txt` of egg-info: plain requirements, then sections of extras and of conditions. Returns the
/// requirements with their markers, and the extras.
fn old_requirements(text: &str) -> (Vec<String>, Vec<String>) {
    let mut marker = String::new();
    let (mut found, mut extras) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let Some(section) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) else {
            found.push(format!("{line}{marker}"));
            continue;
        };
        let (extra, condition) = section.split_once(':').unwrap_or((section, ""));
        if !extra.is_empty() {
            extras.push(extra.to_owned());
        }
        marker = match (extra, condition) {
            ("", condition) => format!(" ; {condition}"),
            (extra, "") => format!(" ; extra == '{extra}'"),
            (extra, condition) => format!(" ; extra == '{extra}' and ({condition})"),
        };
    }
    (found, extras)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let text =
            "six\n\n[test]\npytest\n\n[:python_version<'3']\nenum34\n\n[a:os_name=='nt']\nx\n";
        let (requirements, extras) = old_requirements(text);
        let expected = [
            "six",
            "pytest ; extra == 'test'",
            "enum34 ; python_version<'3'",
            "x ; extra == 'a' and (os_name=='nt')",
        ];
        assert_eq!(requirements, expected);
        assert_eq!(extras, ["test", "a"]);
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
            package: "",
            python: "",
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

    #[test]
    fn a_package_of_an_extra_has_its_needs_alone() {
        let dir = "usr/lib/python3/dist-packages/demo-1.dist-info";
        let text = "Name: demo\nVersion: 1\nProvides-Extra: wide\nProvides-Extra: all\n\
                    Requires-Dist: six\nRequires-Dist: old ; python_version < '3.8'\n\
                    Requires-Dist: wcwidth ; extra == 'Wide'\n\
                    Requires-Dist: demo[wide] ; extra == 'all'\n";
        let disk = testkit::Tree::new().file(&format!("{dir}/METADATA"), text);
        let (path, disk) = (format!("/{dir}"), disk.join(dir));
        let of = |package: &str| {
            let subject = Subject {
                path: &path,
                disk: &disk,
                is_executable: false,
                origin: None,
                package,
                python: "3.11",
            };
            let text = |found: Found| -> Vec<String> {
                found.unwrap().iter().map(ToString::to_string).collect()
            };
            (text(provides(&subject)), text(requires(&subject)))
        };
        let pair = |provided: &str, required: &[&str]| {
            let required = required.iter().map(|it| (*it).to_owned()).collect();
            (vec![provided.to_owned()], required)
        };
        let main = pair("python3dist(demo) = 1", &["python3dist(six)"]);
        assert_eq!(of("python3-demo"), main);
        assert_eq!(of("nicotine+"), main);
        assert_eq!(of("python3-demo+other"), main);
        let wide = pair("python3dist(demo[wide]) = 1", &["python3dist(wcwidth)"]);
        assert_eq!(of("python3-demo+wide"), wide);
        let all = ["python3dist(demo)", "python3dist(demo[wide])"];
        assert_eq!(
            of("python3-demo+all"),
            pair("python3dist(demo[all]) = 1", &all)
        );
    }
}
