//! Conditions of Python requirements, `python_version < "3.8" and sys_platform == "linux"`.
//!
//! Source: PEP 508, "Environment Markers".

use pep440_rs::{Version, VersionSpecifier};

use super::python_names::normalized;

/// What conditions ask about: the Python that a distribution was installed for, and the extra that is
/// wanted.
pub(crate) struct Environment {
    python: String,
    /// Empty if none is.
    extra: String,
}

/// A value, or the text of one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Word(String),
    Sign(String),
    Open,
    Close,
}

impl Environment {
    /// `version` is `3.12`, or `3` where no more is known.
    pub(crate) fn for_python(version: &str) -> Self {
        Self {
            python: version.to_owned(),
            extra: String::new(),
        }
    }

    /// The same where an extra is wanted.
    pub(crate) fn with_extra(self, extra: &str) -> Self {
        Self {
            extra: normalized(extra),
            ..self
        }
    }

    /// Whether a condition is fulfilled; the error says what is wrong with it.
    pub(crate) fn fulfils(&self, marker: &str) -> Result<bool, &'static str> {
        let tokens = tokens(marker)?;
        let mut rest = tokens.as_slice();
        let result = self.any(&mut rest, 0)?;
        if rest.is_empty() {
            Ok(result)
        } else {
            Err("the marker goes on after its end")
        }
    }

    fn any(&self, rest: &mut &[Token], depth: usize) -> Result<bool, &'static str> {
        let mut result = self.all(rest, depth)?;
        while accept_word(rest, "or") {
            result |= self.all(rest, depth)?;
        }
        Ok(result)
    }

    fn all(&self, rest: &mut &[Token], depth: usize) -> Result<bool, &'static str> {
        let mut result = self.one(rest, depth)?;
        while accept_word(rest, "and") {
            result &= self.one(rest, depth)?;
        }
        Ok(result)
    }

    fn one(&self, rest: &mut &[Token], depth: usize) -> Result<bool, &'static str> {
        if depth > 64 {
            return Err("the marker is nested too deeply");
        }
        if let [Token::Open, after @ ..] = *rest {
            *rest = after;
            let result = self.any(rest, depth + 1)?;
            let [Token::Close, after @ ..] = *rest else {
                return Err("`(` is not closed");
            };
            *rest = after;
            return Ok(result);
        }
        let asks_extra =
            |rest: &[Token]| matches!(rest, [Token::Word(name), ..] if name == "extra");
        let mut is_about_extra = asks_extra(rest);
        let mut left = self.value(rest)?;
        let sign = sign(rest)?;
        is_about_extra |= asks_extra(rest);
        let mut right = self.value(rest)?;
        if is_about_extra {
            (left, right) = (normalized(&left), normalized(&right));
        }
        Ok(holds(&left, &sign, &right))
    }

    fn value(&self, rest: &mut &[Token]) -> Result<String, &'static str> {
        let [first, after @ ..] = *rest else {
            return Err("the marker ends too soon");
        };
        *rest = after;
        match first {
            Token::Text(text) => Ok(text.clone()),
            Token::Word(name) => Ok(self.variable(name)),
            _ => Err("the marker has a sign where a value belongs"),
        }
    }

    fn variable(&self, name: &str) -> String {
        match name {
            "python_version" => self.python.clone(),
            "python_full_version" | "implementation_version" => format!("{}.0", self.python),
            "os_name" => "posix".to_owned(),
            "sys_platform" => "linux".to_owned(),
            "platform_system" => "Linux".to_owned(),
            "implementation_name" => "cpython".to_owned(),
            "platform_python_implementation" => "CPython".to_owned(),
            "extra" => self.extra.clone(),
            // What depends on the machine.
            _ => String::new(),
        }
    }
}

fn accept_word(rest: &mut &[Token], word: &str) -> bool {
    match *rest {
        [Token::Word(found), after @ ..] if found == word => {
            *rest = after;
            true
        }
        _ => false,
    }
}

fn sign(rest: &mut &[Token]) -> Result<String, &'static str> {
    if accept_word(rest, "not") {
        return if accept_word(rest, "in") {
            Ok("not in".to_owned())
        } else {
            Err("`not` needs `in`")
        };
    }
    if accept_word(rest, "in") {
        return Ok("in".to_owned());
    }
    let [Token::Sign(sign), after @ ..] = *rest else {
        return Err("the marker lacks a sign");
    };
    *rest = after;
    Ok(sign.clone())
}

/// Compares as versions where both sides are, else as text.
fn holds(left: &str, sign: &str, right: &str) -> bool {
    if let Some(holds) = holds_of_versions(left, sign, right) {
        return holds;
    }
    match sign {
        "in" => right.contains(left),
        "not in" => !right.contains(left),
        "==" | "===" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => false,
    }
}

/// `None` if one side is not a version, or the sign is not one of versions.
fn holds_of_versions(left: &str, sign: &str, right: &str) -> Option<bool> {
    let specifier: VersionSpecifier = format!("{sign}{right}").parse().ok()?;
    let version: Version = left.parse().ok()?;
    // Parts that are not written count as zero, which the crate forgets where it compares parts.
    let mut release = version.release().to_vec();
    release.resize(release.len().max(specifier.version().release().len()), 0);
    Some(match sign {
        "===" => left.eq_ignore_ascii_case(right),
        _ => specifier.contains(&version.with_release(release)),
    })
}

fn tokens(marker: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let mut rest = marker.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_sign = |c: char| matches!(c, '<' | '>' | '=' | '!' | '~');
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let (token, len) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '"' | '\'' => {
                let end = rest[1..].find(first).ok_or("a quote is not closed")?;
                (Token::Text(rest[1..=end].to_owned()), end + 2)
            }
            c if is_sign(c) => {
                let len = rest.find(|c| !is_sign(c)).unwrap_or(rest.len());
                (Token::Sign(rest[..len].to_owned()), len)
            }
            c if is_word(c) => {
                let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(rest[..len].to_owned()), len)
            }
            _ => return Err("the marker has a character that means nothing"),
        };
        tokens.push(token);
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_decided() {
        let environment = Environment::for_python("3.11");
        let cases = [
            ("python_version < '3.8'", false),
            (
                "python_version >= \"3.8\" and sys_platform == 'linux'",
                true,
            ),
            ("extra == 'test'", false),
            (
                "(os_name == 'nt' or python_version > '3.9') and extra == ''",
                true,
            ),
            ("'linux' in sys_platform", true),
            ("sys_platform not in 'win32 cygwin'", true),
            ("python_version == '3.*'", true),
            ("python_version == '3.11.0'", true),
            ("python_version != '3.1.*'", true),
            ("python_version ~= '3.8'", true),
            ("python_version ~= '3.12'", false),
            ("python_version ~= '2.7'", false),
            ("python_full_version ~= '3.11.0'", true),
            ("python_full_version ~= '3.10.0'", false),
            ("'3.8' <= python_version", true),
            ("python_version > '3.9'", true),
            ("python_version < '3.12rc1'", true),
            ("python_version in '3.10 3.11'", true),
            ("os_name ~= 'posix'", false),
        ];
        for (marker, expected) in cases {
            assert_eq!(environment.fulfils(marker), Ok(expected), "{marker}");
        }
        let major = Environment::for_python("3");
        for marker in ["python_version == '3.8.*'", "python_version ~= '3.8'"] {
            assert_eq!(major.fulfils(marker), Ok(false), "{marker}");
        }
        assert!(environment.fulfils("python_version <").is_err());
        assert!(environment.fulfils("('a' == 'a'").is_err());
        assert!(environment.fulfils(&"(".repeat(1000)).is_err());
    }
}
