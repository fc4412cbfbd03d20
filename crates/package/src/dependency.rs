//! Dependencies: what a package needs, offers, or can't live beside.

mod parse;
mod rich;

use std::cmp::Ordering;

use source::Origin;

use crate::{Evr, Phases};

pub use parse::{
    DependencyFault, DependencyRules, illegal_character, parse_dependencies,
    parse_placed_dependencies, parse_relation_version,
};
pub use rich::{RichDependency, RichOperator};

/// The kinds of dependencies, by tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelationKind {
    /// `Requires:`, and `BuildRequires:` of a source package.
    Requires,
    /// `Provides:`.
    Provides,
    /// `Conflicts:`, and `BuildConflicts:` of a source package.
    Conflicts,
    /// `Obsoletes:`.
    Obsoletes,
    /// `Recommends:`.
    Recommends,
    /// `Suggests:`.
    Suggests,
    /// `Supplements:`.
    Supplements,
    /// `Enhances:`.
    Enhances,
    /// `OrderWithRequires:`.
    OrderWithRequires,
    /// debbuild's `Breaks:`.
    Breaks,
    /// debbuild's `Replaces:`.
    Replaces,
    /// debbuild's `Pre-Depends:`.
    PreDepends,
}

/// How a version must compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `=`, also written `==`.
    Equal,
    /// `>=`.
    GreaterEqual,
    /// `>`.
    Greater,
}

impl Comparison {
    const WORDS: [(&'static str, Self); 8] = [
        ("<", Self::Less),
        ("<=", Self::LessEqual),
        ("=<", Self::LessEqual),
        ("=", Self::Equal),
        ("==", Self::Equal),
        (">=", Self::GreaterEqual),
        ("=>", Self::GreaterEqual),
        (">", Self::Greater),
    ];

    /// Reads an operator as a spec writes it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, comparison)| *comparison)
    }

    fn is_upward(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterEqual)
    }

    fn is_downward(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual)
    }

    fn takes_equal(self) -> bool {
        !matches!(self, Self::Less | Self::Greater)
    }

    /// Whether some version fulfils both comparisons with the same version.
    fn meets(self, other: Self) -> bool {
        (self.takes_equal() && other.takes_equal())
            || (self.is_upward() && other.is_upward())
            || (self.is_downward() && other.is_downward())
    }

    /// The operator as rpm prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Equal => "=",
            Self::GreaterEqual => ">=",
            Self::Greater => ">",
        }
    }
}

/// A name, and perhaps the versions of it that count.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relation {
    /// A package name, capability or path.
    pub name: String,
    /// Operator and `[epoch:]version[-release]` as written.
    pub version: Option<(Comparison, String)>,
}

impl Relation {
    /// Whether some version of a name fulfils both relations; without a version, each does.
    ///
    /// Source: rpm's `rpmdsCompare`.
    pub fn overlaps(&self, other: &Self) -> bool {
        if self.name != other.name {
            return false;
        }
        let (Some((left, one)), Some((right, two))) = (&self.version, &other.version) else {
            return true;
        };
        let (Ok(one), Ok(two)) = (Evr::parse(one), Evr::parse(two)) else {
            return true;
        };
        match one.compare(&two) {
            Ordering::Less => left.is_upward() || right.is_downward(),
            Ordering::Greater => left.is_downward() || right.is_upward(),
            Ordering::Equal => left.meets(*right),
        }
    }
}

impl std::fmt::Display for Relation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        match &self.version {
            Some((comparison, version)) => write!(f, " {} {version}", comparison.as_str()),
            None => Ok(()),
        }
    }
}

/// What is needed or offered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Requirement {
    /// One name.
    Simple(Relation),
    /// An expression in brackets. Source: rpm's manual, "Boolean dependencies".
    Rich(Box<RichDependency>),
}

impl Requirement {
    /// Every simple dependency it holds, in the order written.
    pub fn relations(&self) -> Vec<&Relation> {
        match self {
            Self::Simple(relation) => vec![relation],
            Self::Rich(rich) => rich.relations(),
        }
    }
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Simple(relation) => relation.fmt(f),
            Self::Rich(rich) => rich.fmt(f),
        }
    }
}

/// One dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// What.
    pub what: Requirement,
    /// When.
    pub when: Phases,
    /// Where it was written; `None` for generated ones.
    pub origin: Option<Origin>,
}

impl Dependency {
    /// A dependency on any version of a name.
    pub fn on(name: impl Into<String>) -> Self {
        Self::simple(Relation {
            name: name.into(),
            version: None,
        })
    }

    /// A dependency on some versions of a name.
    pub fn versioned(
        name: impl Into<String>,
        comparison: Comparison,
        version: impl Into<String>,
    ) -> Self {
        let version = Some((comparison, version.into()));
        Self::simple(Relation {
            name: name.into(),
            version,
        })
    }

    fn simple(relation: Relation) -> Self {
        Self {
            what: Requirement::Simple(relation),
            when: Phases::NONE,
            origin: None,
        }
    }

    /// The same dependency at other times.
    #[must_use]
    pub fn at(mut self, when: Phases) -> Self {
        self.when = when;
        self
    }

    /// The name, or the whole expression of a rich dependency.
    pub fn name(&self) -> std::borrow::Cow<'_, str> {
        match &self.what {
            Requirement::Simple(relation) => relation.name.as_str().into(),
            Requirement::Rich(rich) => rich.to_string().into(),
        }
    }

    /// The version and its operator.
    pub fn version(&self) -> Option<(Comparison, &str)> {
        match &self.what {
            Requirement::Simple(Relation {
                version: Some((comparison, version)),
                ..
            }) => Some((*comparison, version)),
            _ => None,
        }
    }

    /// Whether both say the same, wherever they were written.
    pub fn same(&self, other: &Self) -> bool {
        self.what == other.what && self.when == other.when
    }
}

impl std::fmt::Display for Dependency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.what.fmt(f)
    }
}
