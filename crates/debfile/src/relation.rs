//! One relation of a control field, and lists of them.
//!
//! Source: Debian Policy 7.1 for the syntax.

use std::fmt;

use crate::order::deb_order;

/// How a version must compare, in Debian's signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// `<<`.
    Earlier,
    /// `<=`.
    EarlierOrEqual,
    /// `=`.
    Equal,
    /// `>=`.
    LaterOrEqual,
    /// `>>`.
    Later,
}

impl Sign {
    const WORDS: [(&'static str, Self); 5] = [
        ("<<", Self::Earlier),
        ("<=", Self::EarlierOrEqual),
        (">>", Self::Later),
        (">=", Self::LaterOrEqual),
        ("=", Self::Equal),
    ];

    /// The sign as control files and `dpkg --compare-versions` have it.
    pub(crate) fn as_str(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, sign)| *sign == self);
        found.map_or("=", |(word, _)| word)
    }
}

/// A package name, and perhaps the versions of it that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Atom {
    /// Debian's name, an architecture qualifier (`:any`) included.
    pub(crate) name: String,
    /// Sign and version.
    pub(crate) version: Option<(Sign, String)>,
}

impl Atom {
    /// Any version of a package.
    pub(crate) fn any(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: None,
        }
    }

    /// Some versions of a package.
    pub(crate) fn versioned(name: impl Into<String>, sign: Sign, version: String) -> Self {
        Self {
            name: name.into(),
            version: Some((sign, version)),
        }
    }

    /// Reads `name` or `name (sign version)`; restrictions after that are not kept.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('(').unwrap_or((text, ""));
        let name = name.split_whitespace().next()?.to_owned();
        let inner = rest.split(')').next().unwrap_or("").trim();
        let version = Sign::WORDS.iter().find_map(|(word, sign)| {
            let version = inner.strip_prefix(word)?.trim();
            (!version.is_empty()).then(|| (*sign, version.to_owned()))
        });
        Some(Self { name, version })
    }

    /// Whether this one being true makes `other` true.
    fn implies(&self, other: &Self) -> bool {
        if self.name != other.name {
            return false;
        }
        match (&self.version, &other.version) {
            (_, None) => true,
            (Some((Sign::Equal | Sign::LaterOrEqual, own)), Some((Sign::LaterOrEqual, least))) => {
                deb_order(own, least).is_ge()
            }
            (own, their) => own == their,
        }
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.version {
            Some((sign, version)) => write!(f, " ({} {version})", sign.as_str()),
            None => Ok(()),
        }
    }
}

/// Alternatives, any of which will do.
pub(crate) type Clause = Vec<Atom>;

/// Reads a list of clauses, `a | b, c (>= 1)`.
pub(crate) fn parse_clauses(text: &str) -> Vec<Clause> {
    let alternatives = |clause: &str| {
        clause
            .split('|')
            .filter_map(Atom::parse)
            .collect::<Clause>()
    };
    text.split(',')
        .map(alternatives)
        .filter(|clause| !clause.is_empty())
        .collect()
}

/// The clauses of one control field, without those that others imply.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clauses(Vec<Clause>);

impl Clauses {
    /// Adds a clause unless it is implied; clauses that it implies go, and it takes the place of the
    /// first of them.
    pub(crate) fn add(&mut self, clause: Clause) {
        if clause.is_empty() || self.implies(&clause) {
            return;
        }
        let first = self.0.iter().position(|old| implies(&clause, old));
        self.0.retain(|old| !implies(&clause, old));
        let place = first.unwrap_or(self.0.len()).min(self.0.len());
        self.0.insert(place, clause);
    }

    /// Whether a clause follows from those here.
    pub(crate) fn implies(&self, clause: &Clause) -> bool {
        self.0.iter().any(|own| implies(own, clause))
    }

    /// Removes what another field's clauses say already.
    pub(crate) fn remove_implied_by(&mut self, stronger: &Self) {
        self.0.retain(|clause| !stronger.implies(clause));
    }

    /// The field's value.
    pub(crate) fn to_field(&self) -> String {
        self.to_texts().join(", ")
    }

    /// Each clause as a field has it.
    pub(crate) fn to_texts(&self) -> Vec<String> {
        self.0.iter().map(|clause| join(clause, " | ")).collect()
    }
}

fn implies(strong: &Clause, weak: &Clause) -> bool {
    strong
        .iter()
        .all(|own| weak.iter().any(|their| own.implies(their)))
}

fn join(clause: &Clause, between: &str) -> String {
    clause
        .iter()
        .map(Atom::to_string)
        .collect::<Vec<_>>()
        .join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(texts: &[&str]) -> String {
        let mut clauses = Clauses::default();
        for text in texts {
            parse_clauses(text)
                .into_iter()
                .for_each(|clause| clauses.add(clause));
        }
        clauses.to_field()
    }

    #[test]
    fn relations_are_read_and_written() {
        assert_eq!(
            field(&["a, b|c(>=1) [amd64], d (<< 2~)"]),
            "a, b | c (>= 1), d (<< 2~)"
        );
    }

    #[test]
    fn what_others_imply_is_left_out() {
        assert_eq!(
            field(&["a", "b", "a (>= 1)", "a (>= 2)", "a (>= 1.5)"]),
            "a (>= 2), b"
        );
        assert_eq!(field(&["a | b", "a"]), "a");
        assert_eq!(
            field(&["a (= 1)", "a (>= 1)", "a (<< 2)"]),
            "a (= 1), a (<< 2)"
        );
    }
}
