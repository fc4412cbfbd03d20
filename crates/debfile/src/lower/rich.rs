//! Boolean dependencies as clauses of alternatives.
//!
//! Source: rpm's manual, "Boolean dependencies", section "Semantics"; Debian Policy 7.1, which knows
//! only "and" (`,`) of "or" (`|`).

use package::{Relation, Requirement, RichDependency, RichOperator};

/// Clauses above this number are not worth having.
const MAX_CLAUSES: usize = 64;

/// What a dependency comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expressed<'a> {
    /// Clauses that must hold, each a list of alternatives.
    pub(crate) needed: Vec<Vec<&'a Relation>>,
    /// Clauses that can only be recommended, because when they are needed cannot be said.
    pub(crate) wished: Vec<Vec<&'a Relation>>,
    /// Whether something of the meaning was lost.
    pub(crate) lossy: bool,
}

/// Brings a dependency into Debian's form.
pub(crate) fn express(requirement: &Requirement) -> Expressed<'_> {
    match requirement {
        Requirement::Simple(relation) => Expressed {
            needed: vec![vec![relation]],
            ..Expressed::default()
        },
        Requirement::Rich(rich) => express_rich(rich),
    }
}

fn express_rich(rich: &RichDependency) -> Expressed<'_> {
    let terms: Vec<_> = rich.terms.iter().map(express).collect();
    match rich.operator {
        None | Some(RichOperator::And | RichOperator::With) => all(terms),
        Some(RichOperator::Or) => any(terms),
        Some(RichOperator::If | RichOperator::Unless) => conditional(terms),
        Some(RichOperator::Without) => wish(terms),
    }
}

fn all(terms: Vec<Expressed<'_>>) -> Expressed<'_> {
    terms
        .into_iter()
        .fold(Expressed::default(), |mut all, term| {
            all.needed.extend(term.needed);
            all.wished.extend(term.wished);
            all.lossy |= term.lossy;
            all
        })
}

/// Alternatives: a conditional one among them may be fulfilled by nothing at all, so that nothing is
/// needed for sure.
fn any(terms: Vec<Expressed<'_>>) -> Expressed<'_> {
    let lossy = terms.iter().any(|term| term.lossy);
    let only_wished = terms.iter().any(|term| term.needed.is_empty());
    let sides = terms.into_iter().map(|term| {
        if only_wished {
            [term.needed, term.wished].concat()
        } else {
            term.needed
        }
    });
    let product = sides.fold(vec![Vec::new()], |clauses, side| multiply(&clauses, &side));
    if only_wished {
        Expressed {
            wished: product,
            lossy: true,
            ..Expressed::default()
        }
    } else {
        Expressed {
            needed: product,
            lossy,
            ..Expressed::default()
        }
    }
}

fn multiply<'a>(left: &[Vec<&'a Relation>], right: &[Vec<&'a Relation>]) -> Vec<Vec<&'a Relation>> {
    let pairs = left
        .iter()
        .flat_map(|a| right.iter().map(move |b| [&a[..], &b[..]].concat()));
    pairs.take(MAX_CLAUSES).collect()
}

/// `a if b else c`: either way one of `a` and `c`. Without an else term `a` can only be wished.
fn conditional(mut terms: Vec<Expressed<'_>>) -> Expressed<'_> {
    if terms.len() < 3 {
        return wish(terms);
    }
    let other = terms.swap_remove(2);
    let first = terms.swap_remove(0);
    Expressed {
        lossy: true,
        ..any(vec![first, other])
    }
}

fn wish(terms: Vec<Expressed<'_>>) -> Expressed<'_> {
    let first = terms.into_iter().next().unwrap_or_default();
    Expressed {
        wished: [first.needed, first.wished].concat(),
        needed: Vec::new(),
        lossy: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use package::{DependencyRules, parse_dependencies};

    /// `needed; wished` with `!` in front if something was lost.
    fn expressed(text: &str) -> String {
        let origin = source::Text::detached(text);
        let (dependencies, faults) =
            parse_dependencies(&origin, DependencyRules::REQUIRES, package::Phases::NONE).unwrap();
        assert!(faults.is_empty(), "{faults:?}");
        let side = |clauses: &[Vec<&Relation>]| {
            let words = |clause: &Vec<&Relation>| {
                clause
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("|")
            };
            clauses.iter().map(words).collect::<Vec<_>>().join(", ")
        };
        let it = express(&dependencies[0].what);
        let mark = if it.lossy { "!" } else { "" };
        format!("{mark}{}; {}", side(&it.needed), side(&it.wished))
    }

    #[test]
    fn expressions_become_clauses() {
        assert_eq!(expressed("(a or b)"), "a|b; ");
        assert_eq!(expressed("(x >= 1 with x < 2)"), "x >= 1, x < 2; ");
        assert_eq!(expressed("((a and b) or c)"), "a|c, b|c; ");
    }

    #[test]
    fn conditions_become_wishes() {
        assert_eq!(expressed("(a if b)"), "!; a");
        assert_eq!(expressed("(a if b else c)"), "!a|c; ");
        assert_eq!(expressed("(a and (b if c))"), "!a; b");
        assert_eq!(expressed("(a or (b unless c))"), "!; a|b");
        assert_eq!(expressed("(a without b)"), "!; a");
    }
}
