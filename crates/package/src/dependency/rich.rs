//! Boolean dependencies: `(a or b)`, `(a if b else c)`.
//!
//! Source: rpm's manual, "Boolean dependencies", sections "Syntax", "Nesting" and "Semantics".

use super::parse::{Cursor, DependencyFault, DependencyRules, check_relation};
use super::{Relation, Requirement};

/// The operators between the terms of a rich dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RichOperator {
    /// All terms.
    And,
    /// Any term.
    Or,
    /// The first term if the second is fulfilled; an else term may follow.
    If,
    /// The first term if the second is not fulfilled; an else term may follow.
    Unless,
    /// All terms, by one package.
    With,
    /// The first term, by a package that does not fulfil the second.
    Without,
}

impl RichOperator {
    const WORDS: [(&'static str, Self); 6] = [
        ("and", Self::And),
        ("or", Self::Or),
        ("if", Self::If),
        ("unless", Self::Unless),
        ("with", Self::With),
        ("without", Self::Without),
    ];

    /// The operator's word.
    pub fn as_str(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, known)| *known == self)
            .map_or("", |(word, _)| word)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, operator)| *operator)
    }

    fn chains(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::With)
    }

    fn takes_else(self) -> bool {
        matches!(self, Self::If | Self::Unless)
    }
}

/// An expression in brackets: terms joined by one operator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RichDependency {
    /// The operator; `None` for a single term in brackets.
    pub operator: Option<RichOperator>,
    /// The terms, in the order written; an `else` term comes last.
    pub terms: Vec<Requirement>,
}

impl RichDependency {
    /// Every simple dependency in the expression, in the order written.
    pub fn relations(&self) -> Vec<&Relation> {
        self.terms.iter().flat_map(Requirement::relations).collect()
    }
}

impl std::fmt::Display for RichDependency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(")?;
        for (index, term) in self.terms.iter().enumerate() {
            match (index, self.operator) {
                (0, _) | (_, None) => {}
                (2, Some(operator)) if operator.takes_else() => f.write_str(" else ")?,
                (_, Some(operator)) => write!(f, " {} ", operator.as_str())?,
            }
            term.fmt(f)?;
        }
        f.write_str(")")
    }
}

/// Terms may not nest deeper than this.
const MAX_DEPTH: usize = 64;

/// Reads an expression from its opening bracket to its closing one, and judges its nesting.
pub(super) fn parse_rich(
    cursor: &mut Cursor<'_>,
    disjunctive: bool,
    doubtful: &mut Vec<DependencyFault>,
) -> Result<RichDependency, DependencyFault> {
    let start = cursor.at;
    let rich = parse_nested(cursor, 0, doubtful)?;
    let judge = || {
        let nature = check_nesting(&rich)?;
        nature.check(if disjunctive {
            RichOperator::Or
        } else {
            RichOperator::And
        })
    };
    judge().map_err(|message| DependencyFault::new(start, cursor.at, message))?;
    Ok(rich)
}

fn parse_nested(
    cursor: &mut Cursor<'_>,
    depth: usize,
    doubtful: &mut Vec<DependencyFault>,
) -> Result<RichDependency, DependencyFault> {
    let start = cursor.at;
    let fail = |end: usize, message: String| Err(DependencyFault::new(start, end, message));
    if depth > MAX_DEPTH {
        return fail(
            cursor.text.len(),
            "Rich dependency nests too deeply".to_owned(),
        );
    }
    let text = cursor.rest();
    cursor.at += 1;
    let mut rich = RichDependency {
        operator: None,
        terms: Vec::new(),
    };
    let mut else_seen = false;
    loop {
        cursor.skip_separators();
        match cursor.rest().chars().next() {
            Some(')') if rich.operator.is_some() => {
                return fail(
                    cursor.at,
                    "Missing argument to rich dependency op".to_owned(),
                );
            }
            Some(')') => return fail(cursor.at + 1, "Empty rich dependency".to_owned()),
            Some('(') => {
                let nested = parse_nested(cursor, depth + 1, doubtful)?;
                rich.terms.push(Requirement::Rich(Box::new(nested)));
            }
            Some(_) => {
                let relation = cursor.simple(end_of_term)?;
                check_relation(
                    &relation,
                    start,
                    cursor.at,
                    DependencyRules::REQUIRES,
                    doubtful,
                )?;
                rich.terms.push(Requirement::Simple(relation));
            }
            None => return fail(cursor.at, "Name required".to_owned()),
        }
        cursor.skip_separators();
        match cursor.rest().chars().next() {
            None => return fail(cursor.at, format!("Unterminated rich dependency: {text}")),
            Some(')') => break,
            Some(_) => parse_operator(cursor, &mut rich, &mut else_seen)?,
        }
    }
    cursor.at += 1;
    check_nesting(&rich).map_err(|message| DependencyFault::new(start, cursor.at, message))?;
    Ok(rich)
}

fn parse_operator(
    cursor: &mut Cursor<'_>,
    rich: &mut RichDependency,
    else_seen: &mut bool,
) -> Result<(), DependencyFault> {
    let start = cursor.at;
    let word = cursor.word(|rest| {
        rest.find(|c: char| c.is_ascii_whitespace() || c == ')')
            .unwrap_or(rest.len())
    });
    let fail = |message: &str| Err(DependencyFault::new(start, start + word.len(), message));
    if word == "else" && rich.operator.is_some_and(RichOperator::takes_else) && !*else_seen {
        *else_seen = true;
        return Ok(());
    }
    let Some(operator) = RichOperator::parse(word) else {
        return fail(&format!("Unknown rich dependency op '{word}'"));
    };
    match rich.operator {
        None => rich.operator = Some(operator),
        Some(first) if first != operator || *else_seen => {
            return fail("Cannot chain different ops");
        }
        Some(_) if !operator.chains() => return fail("Can only chain and/or/with ops"),
        Some(_) => {}
    }
    Ok(())
}

/// Where a name ends inside brackets: at a blank, a comma, or a bracket that it did not open.
fn end_of_term(rest: &str) -> usize {
    let mut open = 0usize;
    rest.find(|c: char| {
        open += usize::from(c == '(');
        let closes = c == ')' && open == 0;
        open = open.saturating_sub(usize::from(c == ')'));
        closes || c.is_ascii_whitespace() || c == ','
    })
    .unwrap_or(rest.len())
}

/// What an expression forbids around itself.
#[derive(Clone, Copy, Default)]
struct Nature {
    no_with: bool,
    no_and: bool,
    no_or: bool,
}

impl Nature {
    /// Whether an operator may stand around the expression.
    fn check(self, operator: RichOperator) -> Result<(), &'static str> {
        use RichOperator::{And, If, Or, Unless, With, Without};
        match operator {
            With | Without if self.no_with => Err("Illegal ops in with/without"),
            And | If if self.no_and => Err("Illegal context for 'unless', please use 'or' instead"),
            Or | Unless if self.no_or => Err("Illegal context for 'if', please use 'and' instead"),
            _ => Ok(()),
        }
    }
}

/// `if` only makes sense among `and`, `unless` only among `or`, and `with` only around `or`.
fn check_nesting(rich: &RichDependency) -> Result<Nature, &'static str> {
    use RichOperator::{And, If, Or, Unless, With, Without};
    let mut nature = Nature::default();
    for (index, term) in rich.terms.iter().enumerate() {
        if let Requirement::Rich(nested) = term {
            let inner = check_nesting(nested)?;
            let is_condition = index == 1 && rich.operator.is_some_and(RichOperator::takes_else);
            nature.no_with |= inner.no_with;
            nature.no_and |= inner.no_and && !is_condition;
            nature.no_or |= inner.no_or && !is_condition;
        }
    }
    let Some(operator) = rich.operator else {
        return Ok(nature);
    };
    nature.check(operator)?;
    match operator {
        If => nature.no_or = true,
        Unless => nature.no_and = true,
        And | Or => (nature.no_and, nature.no_or) = (false, false),
        With | Without => {}
    }
    nature.no_with |= !matches!(operator, With | Without | Or);
    Ok(nature)
}
