//! Requirements of Python distributions, `name[extra] >= 1, < 2 ; marker`.
//!
//! Source: PEP 508 and PEP 440; the dependencies they become are those of rpm's Python generators.

use package::{
    Comparison, Dependency, Phases, Relation, Requirement, RichDependency, RichOperator,
};

use super::python_marker::Environment;
use super::python_names::{after, normalized, rpm_version};

/// A requirement that counts in the environment it was read for, or one that does not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PythonRequirement {
    name: String,
    /// The extras of it, in lower case and sorted.
    extras: Vec<String>,
    /// Sign and version, sorted as text, as `packaging` sorts them.
    versions: Vec<(String, String)>,
    counts: bool,
}

/// The signs of PEP 440; longer ones first.
const SIGNS: [&str; 8] = ["===", "~=", "==", "!=", "<=", ">=", "<", ">"];

/// Reads a requirement; the error says what is wrong with it.
pub(crate) fn parse(
    text: &str,
    environment: &Environment,
) -> Result<PythonRequirement, &'static str> {
    let (what, marker) = text.split_once(';').unwrap_or((text, ""));
    let counts = marker.trim().is_empty() || environment.fulfils(marker)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let what = what.trim();
    let end = what.find(|c| !is_name(c)).unwrap_or(what.len());
    let (name, mut rest) = (&what[..end], what[end..].trim());
    if name.is_empty() {
        return Err("there is no name");
    }
    let mut extras = Vec::new();
    if let Some(listed) = rest.strip_prefix('[') {
        let (listed, after) = listed.split_once(']').ok_or("`[` is not closed")?;
        let listed = listed.split(',').map(|it| it.trim().to_lowercase());
        extras.extend(listed.filter(|it| !it.is_empty()));
        extras.sort();
        rest = after.trim();
    }
    if rest.starts_with('@') {
        rest = "";
    }
    let listed = rest
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'))
        .unwrap_or(rest);
    let versions: Result<Vec<_>, _> = listed
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .map(parse_version)
        .collect();
    let mut versions = versions?;
    versions.sort_by_key(|(sign, version)| format!("{sign}{version}"));
    Ok(PythonRequirement {
        name: normalized(name),
        extras,
        versions,
        counts,
    })
}

fn parse_version(text: &str) -> Result<(String, String), &'static str> {
    let sign = SIGNS.iter().find(|sign| text.starts_with(**sign));
    let sign = sign.ok_or("a version has no sign")?;
    Ok(((*sign).to_owned(), text[sign.len()..].trim().to_owned()))
}

impl PythonRequirement {
    /// The dependencies on `PREFIXdist(name)` and, for each extra, `PREFIXdist(name[extra])`; none if the
    /// requirement does not count.
    pub(crate) fn dependencies(&self, prefix: &str) -> Vec<Dependency> {
        if !self.counts {
            return Vec::new();
        }
        let extras = self.extras.iter().map(|extra| format!("[{extra}]"));
        let extras = std::iter::once(String::new()).chain(extras);
        let names = extras.map(|extra| format!("{prefix}dist({}{extra})", self.name));
        names.map(|name| self.dependency(&name)).collect()
    }

    fn dependency(&self, name: &str) -> Dependency {
        let terms = self
            .versions
            .iter()
            .filter_map(|(sign, version)| term(name, sign, version));
        let mut terms: Vec<Requirement> = terms.flatten().collect();
        let what = match terms.len() {
            0 => simple(name, None),
            1 => terms.swap_remove(0),
            _ => joined(RichOperator::With, terms),
        };
        Dependency {
            what,
            when: Phases::NONE,
            origin: None,
        }
    }
}

fn simple(name: &str, version: Option<(Comparison, String)>) -> Requirement {
    Requirement::Simple(Relation {
        name: name.to_owned(),
        version,
    })
}

fn joined(operator: RichOperator, terms: Vec<Requirement>) -> Requirement {
    Requirement::Rich(Box::new(RichDependency {
        operator: Some(operator),
        terms,
    }))
}

/// One sign and version in rpm's terms, perhaps two; `None` for what is no version.
fn term(name: &str, sign: &str, written: &str) -> Option<Vec<Requirement>> {
    let is = |comparison, version| simple(name, Some((comparison, version)));
    let stem = written.strip_suffix(".*");
    let version = rpm_version(stem.unwrap_or(written))?;
    let plain = Comparison::parse(sign.trim_start_matches('='));
    Some(match (sign, stem) {
        ("~=", _) => vec![
            is(Comparison::GreaterEqual, version),
            is(Comparison::Less, after(written, 1)?),
        ],
        ("==", Some(stem)) => vec![
            is(Comparison::GreaterEqual, version),
            is(Comparison::Less, after(stem, 0)?),
        ],
        ("!=", stem) => {
            let above = match stem {
                Some(stem) => is(Comparison::GreaterEqual, after(stem, 0)?),
                None => is(Comparison::Greater, version.clone()),
            };
            vec![joined(
                RichOperator::Or,
                vec![is(Comparison::Less, version), above],
            )]
        }
        ("==" | "===", None) => vec![is(Comparison::Equal, version)],
        _ => vec![is(plain?, version)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let requirement = parse(text, &Environment::for_python("3.11")).unwrap();
        let dependencies = requirement.dependencies("python3.11");
        let texts: Vec<String> = dependencies.iter().map(ToString::to_string).collect();
        texts.join(", ")
    }

    #[test]
    fn requirements_become_dependencies_as_rpm_makes_them() {
        let cases = [
            (
                "requests (>=2.0,<3)",
                "(python3.11dist(requests) < 3 with python3.11dist(requests) >= 2)",
            ),
            (
                "attrs~=21.3.0",
                "(python3.11dist(attrs) >= 21.3 with python3.11dist(attrs) < 21.4)",
            ),
            (
                "six==1.*",
                "(python3.11dist(six) >= 1 with python3.11dist(six) < 2)",
            ),
            (
                "foo!=1.5,>=1",
                "((python3.11dist(foo) < 1.5 or python3.11dist(foo) > 1.5) with python3.11dist(foo) >= 1)",
            ),
            ("zope.interface===4.0", "python3.11dist(zope-interface) = 4"),
            (
                "urllib3[secure, Brotli]>1.0",
                "python3.11dist(urllib3) > 1, python3.11dist(urllib3[brotli]) > 1, \
                 python3.11dist(urllib3[secure]) > 1",
            ),
            ("epo==1!2.0", "python3.11dist(epo) = 1:2"),
            ("pre>=1.0b2", "python3.11dist(pre) >= 1~b2"),
            ("dev<=2.0.dev1", "python3.11dist(dev) <= 2~~dev1"),
            ("post==2.0.post1", "python3.11dist(post) = 2^post1"),
            ("local==2.0+deb1", "python3.11dist(local) = 2"),
            ("bar ; python_version < '3.8'", ""),
            ("x @ https://example.org/x.zip", "python3.11dist(x)"),
        ];
        for (written, expected) in cases {
            assert_eq!(read(written), expected, "{written}");
        }
    }

    #[test]
    fn faults_are_named() {
        let environment = Environment::for_python("3.11");
        assert_eq!(parse("x 1", &environment), Err("a version has no sign"));
        assert_eq!(parse(">=1", &environment), Err("there is no name"));
        assert_eq!(parse("x[a", &environment), Err("`[` is not closed"));
    }
}
