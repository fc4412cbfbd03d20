//! Reads the value of a dependency tag.
//!
//! Source: rpm-spec(5), "Dependencies"; the wording of faults is rpm's, because tools match on it.

use source::Text;

use super::rich::parse_rich;
use super::{Comparison, Dependency, Relation, Requirement};
use crate::Phases;

/// What a tag allows in its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DependencyRules {
    /// Expressions in brackets.
    pub rich: bool,
    /// Expressions at the top may be `or`/`unless` (`Conflicts`, `Supplements`, `Enhances`) instead
    /// of `and`/`if`.
    pub disjunctive: bool,
    /// Only characters of package names (`Obsoletes`).
    pub names_only: bool,
    /// Only paths (file triggers).
    pub paths_only: bool,
}

impl DependencyRules {
    /// The rules of `Requires` and its weak kin.
    pub const REQUIRES: Self = Self {
        rich: true,
        disjunctive: false,
        names_only: false,
        paths_only: false,
    };
    /// The rules of `Conflicts`, `Supplements` and `Enhances`.
    pub const CONFLICTS: Self = Self {
        disjunctive: true,
        ..Self::REQUIRES
    };
    /// The rules of `Provides` and of triggers.
    pub const PROVIDES: Self = Self {
        rich: false,
        ..Self::REQUIRES
    };
    /// The rules of `Obsoletes`.
    pub const OBSOLETES: Self = Self {
        names_only: true,
        ..Self::PROVIDES
    };
    /// The rules of file triggers.
    pub const FILE_TRIGGERS: Self = Self {
        paths_only: true,
        ..Self::PROVIDES
    };
}

/// What is wrong in a dependency, and which bytes of the value are to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependencyFault {
    /// First byte, from the start of the value.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// rpm's words.
    pub message: String,
    /// Whether it only spoils the version's form, which `_wrong_version_format_terminate_build`
    /// turns into an error.
    pub only_version_format: bool,
    /// The first bad form of a version before it.
    pub earlier: Option<Box<DependencyFault>>,
}

impl DependencyFault {
    pub(super) fn new(start: usize, end: usize, message: impl Into<String>) -> Self {
        Self {
            start,
            end,
            message: message.into(),
            only_version_format: false,
            earlier: None,
        }
    }
}

/// rpm's words for a character that may not be there. It looks at bytes, as C's signed ones.
pub fn illegal_character(c: char) -> String {
    let last = c.encode_utf8(&mut [0; 4]).bytes().last().unwrap_or(0);
    let shown = if c.is_ascii_graphic() || c == ' ' {
        c
    } else {
        '?'
    };
    let value = i32::from(last.cast_signed());
    format!("Illegal char '{shown}' (0x{value:x})")
}

/// Splits a tag's value into dependencies. Blanks and commas separate them.
///
/// Dependencies with a bad version format are kept; each such fault is in the second list. Any other
/// fault ends the reading.
pub fn parse_dependencies(
    value: &Text,
    rules: DependencyRules,
    when: Phases,
) -> Result<(Vec<Dependency>, Vec<DependencyFault>), DependencyFault> {
    let (found, doubtful) = parse_placed_dependencies(value, rules, when)?;
    Ok((found.into_iter().map(|(_, it)| it).collect(), doubtful))
}

/// Relations with the offset of each in the text, in bytes, and what is doubtful of them.
type Placed = (Vec<(usize, Dependency)>, Vec<DependencyFault>);

/// The same with the place in the value where each dependency starts.
pub fn parse_placed_dependencies(
    value: &Text,
    rules: DependencyRules,
    when: Phases,
) -> Result<Placed, DependencyFault> {
    let mut doubtful = Vec::new();
    match parse_all(value, rules, when, &mut doubtful) {
        Ok(found) => Ok((found, doubtful)),
        Err(fault) => Err(DependencyFault {
            earlier: doubtful.into_iter().next().map(Box::new),
            ..fault
        }),
    }
}

fn parse_all(
    value: &Text,
    rules: DependencyRules,
    when: Phases,
    doubtful: &mut Vec<DependencyFault>,
) -> Result<Vec<(usize, Dependency)>, DependencyFault> {
    let mut cursor = Cursor { text: value, at: 0 };
    let mut found = Vec::new();
    loop {
        cursor.skip_separators();
        let start = cursor.at;
        if cursor.rest().is_empty() {
            return Ok(found);
        }
        let what = if cursor.rest().starts_with('(') {
            cursor.rich(rules, doubtful)?
        } else {
            let relation = cursor.simple(end_of_word)?;
            check_relation(&relation, start, cursor.at, rules, doubtful)?;
            Requirement::Simple(relation)
        };
        let origin = value.origin(start, cursor.at);
        found.push((start, Dependency { what, when, origin }));
    }
}

/// Reads `NAME`, `NAME OP VERSION` and nothing else, as generators print them.
pub fn parse_relation_version(line: &str) -> Option<Relation> {
    let mut words = line.split_whitespace();
    let name = words.next()?.to_owned();
    let version = match (words.next(), words.next()) {
        (Some(operator), Some(version)) => Some((Comparison::parse(operator)?, version.to_owned())),
        (None, _) => None,
        _ => return None,
    };
    words.next().is_none().then_some(Relation { name, version })
}

/// A place in a tag's value.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn skip_separators(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(is_separator).len();
    }

    /// A word whose end `end_of` decides.
    pub(super) fn word(&mut self, end_of: fn(&str) -> usize) -> &'t str {
        let rest = self.rest();
        let word = &rest[..end_of(rest)];
        self.at += word.len();
        word
    }

    /// A name and perhaps an operator with its version.
    pub(super) fn simple(
        &mut self,
        end_of: fn(&str) -> usize,
    ) -> Result<Relation, DependencyFault> {
        let start = self.at;
        let name = self.word(end_of).to_owned();
        let after_name = self.at;
        self.skip_separators();
        let Some(comparison) = Comparison::parse(self.word(end_of)) else {
            self.at = after_name;
            return Ok(Relation {
                name,
                version: None,
            });
        };
        self.skip_separators();
        let version = self.word(end_of);
        if version.is_empty() {
            return Err(DependencyFault::new(start, self.at, "Version required"));
        }
        Ok(Relation {
            name,
            version: Some((comparison, version.to_owned())),
        })
    }

    fn rich(
        &mut self,
        rules: DependencyRules,
        doubtful: &mut Vec<DependencyFault>,
    ) -> Result<Requirement, DependencyFault> {
        let start = self.at;
        if !rules.rich {
            let end = start + end_of_word(self.rest());
            let message = "No rich dependencies allowed for this type";
            return Err(DependencyFault::new(start, end, message));
        }
        let rich = parse_rich(self, rules.disjunctive, doubtful)?;
        Ok(Requirement::Rich(Box::new(rich)))
    }
}

fn is_separator(c: char) -> bool {
    c.is_ascii_whitespace() || c == ','
}

fn end_of_word(rest: &str) -> usize {
    rest.find(is_separator).unwrap_or(rest.len())
}

/// The characters that rpm allows in names.
fn is_name(text: &str) -> bool {
    let first = |c: char| c.is_alphanumeric() || c == '_';
    text.starts_with(first)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_-+.".contains(c))
}

pub(super) fn check_relation(
    relation: &Relation,
    start: usize,
    end: usize,
    rules: DependencyRules,
    doubtful: &mut Vec<DependencyFault>,
) -> Result<(), DependencyFault> {
    let fail = |message: String| Err(DependencyFault::new(start, end, message));
    let name = relation.name.as_str();
    if rules.paths_only && !name.starts_with('/') {
        return fail("file trigger conditions must begin with '/'".to_owned());
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "_/".contains(c)) {
        return fail("Dependency tokens must begin with alpha-numeric, '_' or '/'".to_owned());
    }
    if let Some((_, version)) = &relation.version {
        if name.starts_with('/') {
            return fail("Versioned file name not permitted".to_owned());
        }
        if let Some(bad) = version.chars().rev().find(|c| !is_evr_character(*c)) {
            return fail(format!("{} in: {version}", illegal_character(bad)));
        }
        if let Some(message) = version_format_fault(version) {
            let fault = DependencyFault::new(start, end, message);
            doubtful.push(DependencyFault {
                only_version_format: true,
                ..fault
            });
        }
    }
    if rules.names_only && !is_name(name) {
        return fail("Only package names are allowed in Obsoletes".to_owned());
    }
    Ok(())
}

fn is_evr_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._+:-~^%{}".contains(c)
}

/// What rpm finds wrong with the form of an `[epoch:]version[-release]`.
fn version_format_fault(version: &str) -> Option<String> {
    for separator in ['-', ':'] {
        if version.matches(separator).count() > 1 {
            let text = format!("Invalid version (double separator '{separator}'): {version}");
            return Some(text);
        }
    }
    let (epoch, _) = version.split_once(':')?;
    let bad = !epoch.chars().all(|c| c.is_ascii_digit());
    bad.then(|| format!("Invalid version (epoch must be unsigned integer): {version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Vec<String>, String> {
        parse_dependencies(
            &Text::detached(value),
            DependencyRules::REQUIRES,
            Phases::NONE,
        )
        .map(|(found, _)| found.iter().map(ToString::to_string).collect())
        .map_err(|fault| fault.message)
    }

    #[test]
    fn blanks_and_commas_separate() {
        assert_eq!(read("a, b >= 1:2-3 c").unwrap(), ["a", "b >= 1:2-3", "c"]);
        assert_eq!(read("perl(Foo::Bar) == 2").unwrap(), ["perl(Foo::Bar) = 2"]);
    }

    #[test]
    fn rich_dependencies_are_normalised() {
        assert_eq!(
            read("( a  or (b and c >= 1) )").unwrap(),
            ["(a or (b and c >= 1))"]
        );
        assert_eq!(read("(a if b else c)").unwrap(), ["(a if b else c)"]);
        assert_eq!(
            read("(pkg(x) with pkg(y))").unwrap(),
            ["(pkg(x) with pkg(y))"]
        );
    }

    #[test]
    fn faults_have_rpms_words() {
        assert_eq!(read("a >=").unwrap_err(), "Version required");
        assert_eq!(
            read("(a or b and c)").unwrap_err(),
            "Cannot chain different ops"
        );
        assert_eq!(read("(a b)").unwrap_err(), "Unknown rich dependency op 'b'");
        assert_eq!(read("()").unwrap_err(), "Empty rich dependency");
        assert_eq!(
            read("(a with (b and c))").unwrap_err(),
            "Illegal ops in with/without"
        );
        assert!(
            read("(a")
                .unwrap_err()
                .starts_with("Unterminated rich dependency")
        );
        assert_eq!(
            read("/bin/sh = 1").unwrap_err(),
            "Versioned file name not permitted"
        );
        assert!(
            read("!a")
                .unwrap_err()
                .starts_with("Dependency tokens must begin")
        );
    }
}
