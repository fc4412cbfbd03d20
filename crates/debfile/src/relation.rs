//! One relation of a control field, and lists of them.
//!
//! Source: Debian Policy 7.1 for the syntax.

use std::fmt;

use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_till1, take_until};
use nom::character::complete::{char, multispace0};
use nom::combinator::{map, opt, value};
use nom::multi::separated_list0;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

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
    /// The sign as control files and `dpkg --compare-versions` have it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Earlier => "<<",
            Self::EarlierOrEqual => "<=",
            Self::Equal => "=",
            Self::LaterOrEqual => ">=",
            Self::Later => ">>",
        }
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

/// Reads a list of clauses, `a | b, c (>= 1)`. What is no relation is passed over.
pub(crate) fn parse_clauses(text: &str) -> Vec<Clause> {
    let clauses = separated_list0(char(','), opt(is_not(","))).parse_complete(text);
    let clauses = clauses.map_or_else(|_: NomError<'_>| Vec::new(), |(_, found)| found);
    let clauses = clauses.into_iter().flatten().map(parse_clause);
    clauses.filter(|clause| !clause.is_empty()).collect()
}

type NomError<'t> = nom::Err<nom::error::Error<&'t str>>;

fn parse_clause(text: &str) -> Clause {
    let atoms = separated_list0(char('|'), opt(is_not("|"))).parse_complete(text);
    let atoms = atoms.map_or_else(|_: NomError<'_>| Vec::new(), |(_, found)| found);
    let atoms = atoms.into_iter().flatten();
    atoms.filter_map(|it| Some(atom(it).ok()?.1)).collect()
}

/// `name` or `name (sign version)`; the architectures and build profiles after that are not kept.
fn atom(text: &str) -> IResult<&str, Atom> {
    let name = preceded(
        multispace0,
        take_till1(|c: char| c.is_whitespace() || c == '('),
    );
    let version = preceded((take_until("("), char('(')), opt(bound));
    map((name, opt(version)), |(name, version): (&str, _)| Atom {
        name: name.to_owned(),
        version: version.flatten(),
    })
    .parse_complete(text)
}

/// `sign version`, as brackets hold it.
fn bound(text: &str) -> IResult<&str, (Sign, String)> {
    let version = take_till1(|c: char| c.is_whitespace() || c == ')');
    let (rest, (sign, version)) =
        (delimited(multispace0, sign, multispace0), version).parse_complete(text)?;
    Ok((rest, (sign, version.to_owned())))
}

/// `<` and `>` are old spellings of `<=` and `>=`.
fn sign(text: &str) -> IResult<&str, Sign> {
    alt((
        value(Sign::Earlier, tag("<<")),
        value(Sign::EarlierOrEqual, tag("<=")),
        value(Sign::Later, tag(">>")),
        value(Sign::LaterOrEqual, tag(">=")),
        value(Sign::Equal, tag("=")),
        value(Sign::EarlierOrEqual, tag("<")),
        value(Sign::LaterOrEqual, tag(">")),
    ))
    .parse_complete(text)
}

/// The relations of a list, each as it is written.
pub(crate) fn split_relations(list: &str) -> impl Iterator<Item = &str> {
    let parts = list.split(',').map(str::trim);
    parts.filter(|it| !it.is_empty())
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            clauses in prop::collection::vec(prop::collection::vec(any_atom(), 1..4), 0..6),
        ) {
            let texts: Vec<String> = clauses.iter().map(|it| join(it, " | ")).collect();
            prop_assert_eq!(parse_clauses(&texts.join(", ")), clauses.clone());
            prop_assert_eq!(parse_clauses(&texts.join(" [amd64] <!x> ,\n ")), clauses);
        }

        #[test]
        fn no_text_is_too_strange(text in ".{0,40}", signs in "[a,|()<>= ]{0,20}") {
            for atom in parse_clauses(&(text + &signs)).iter().flatten() {
                prop_assert!(!atom.name.is_empty());
            }
        }
    }

    fn any_atom() -> impl Strategy<Value = Atom> {
        use Sign::{Earlier, EarlierOrEqual, Equal, Later, LaterOrEqual};
        let sign = prop::sample::select(vec![Earlier, EarlierOrEqual, Equal, Later, LaterOrEqual]);
        let version = prop::option::of((sign, "([1-9]:)?[0-9][0-9a-z.+~]{0,6}(-[0-9a-z.]{1,3})?"));
        ("[a-z0-9][a-z0-9+.-]{1,8}(:any)?", version)
            .prop_map(|(name, version)| Atom { name, version })
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
