//! Requirements of Python distributions, `name[extra] >= 1, < 2 ; marker`.
//!
//! Source: PEP 508 and PEP 440; the dependencies they become are those of rpm's Python generators.

use package::{
    Comparison, Dependency, Phases, Relation, Requirement, RichDependency, RichOperator,
};

use super::python::normalized;
use super::python_marker::Environment;

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

/// The first version that no longer begins as `version` without its last `drop` parts.
fn after(version: &str, drop: usize) -> Option<String> {
    let parsed = Pep440::parse(version)?;
    let mut release = parsed.release;
    release.truncate(release.len().saturating_sub(drop).max(1));
    *release.last_mut()? += 1;
    Pep440 {
        epoch: parsed.epoch,
        release,
        ..Pep440::default()
    }
    .rpm()
    .into()
}

/// A version of PEP 440 as rpm orders it: `1.0rc1` becomes `1~rc1`, `1.0.dev2` `1~~dev2`,
/// `1.0.post3` `1^post3`. `None` for what is no such version.
pub(crate) fn rpm_version(version: &str) -> Option<String> {
    Some(Pep440::parse(version)?.rpm())
}

/// A version taken apart.
#[derive(Debug, Default)]
struct Pep440 {
    epoch: u64,
    release: Vec<u64>,
    pre: Option<String>,
    post: Option<u64>,
    dev: Option<u64>,
}

impl Pep440 {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let text = text.strip_prefix('v').unwrap_or(&text);
        let text = text.split('+').next().unwrap_or(text);
        let (epoch, rest) = text.split_once('!').unwrap_or(("0", text));
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let numbers = rest[..end].trim_end_matches('.');
        let release: Result<Vec<u64>, _> = numbers.split('.').map(str::parse).collect();
        let mut version = Self {
            epoch: epoch.parse().ok()?,
            release: release.ok()?,
            ..Self::default()
        };
        version.parse_suffixes(&rest[end..])?;
        Some(version)
    }

    fn parse_suffixes(&mut self, text: &str) -> Option<()> {
        let mut rest = text.trim_start_matches(['.', '-', '_']);
        while !rest.is_empty() {
            let letters = rest
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(letters);
            let after = after.trim_start_matches(['.', '-', '_']);
            let digits = after
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(after.len());
            let number: u64 = if digits == 0 {
                0
            } else {
                after[..digits].parse().ok()?
            };
            match word {
                "a" | "alpha" => self.pre = Some(format!("a{number}")),
                "b" | "beta" => self.pre = Some(format!("b{number}")),
                "rc" | "c" | "pre" | "preview" => self.pre = Some(format!("rc{number}")),
                "post" | "rev" | "r" => self.post = Some(number),
                "" if digits > 0 => self.post = Some(number),
                "dev" => self.dev = Some(number),
                _ => return None,
            }
            rest = after[digits..].trim_start_matches(['.', '-', '_']);
        }
        Some(())
    }

    fn rpm(&self) -> String {
        let mut release = self.release.as_slice();
        while let [rest @ .., 0] = release {
            if rest.is_empty() {
                break;
            }
            release = rest;
        }
        let numbers: Vec<String> = release.iter().map(u64::to_string).collect();
        let epoch = if self.epoch == 0 {
            String::new()
        } else {
            format!("{}:", self.epoch)
        };
        let mut text = format!("{epoch}{}", numbers.join("."));
        if let Some(pre) = &self.pre {
            text.push_str(&format!("~{pre}"));
        }
        if let Some(dev) = self.dev {
            text.push_str(&format!("~~dev{dev}"));
        }
        if let Some(post) = self.post {
            text.push_str(&format!("^post{post}"));
        }
        text
    }
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
