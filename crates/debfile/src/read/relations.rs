//! Debian's dependencies in rpm's words.
//!
//! Source: Debian Policy 7.1; rpm `docs/manual/boolean_dependencies.md`.

use crate::relation::{Atom, Sign, parse_clauses};

/// A dependency as rpm's tags have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) flags: u64,
    pub(super) version: String,
}

/// Bits of rpm's flags.
pub(super) const LESS: u64 = 1 << 1;
const GREATER: u64 = 1 << 2;
pub(super) const EQUAL: u64 = 1 << 3;

/// The dependencies of a field. Alternatives become `(a or b)`; what stands in brackets, and after
/// the colon of a name, is left out, for it says for which architectures a package is built.
pub(super) fn parse(field: &str) -> Vec<Part> {
    parse_clauses(field)
        .iter()
        .map(|it| of_clause(it))
        .collect()
}

fn of_clause(clause: &[Atom]) -> Part {
    if let [atom] = clause {
        return of_atom(atom);
    }
    let words: Vec<String> = clause.iter().map(|it| of_atom(it).spelled()).collect();
    Part {
        name: format!("({})", words.join(" or ")),
        ..Part::default()
    }
}

fn of_atom(atom: &Atom) -> Part {
    let name = atom
        .name
        .split_once(':')
        .map_or(&*atom.name, |(name, _)| name);
    let (flags, version) = match &atom.version {
        Some((sign, version)) => (flags_of(*sign), version.clone()),
        None => (0, String::new()),
    };
    Part {
        name: name.to_owned(),
        flags,
        version,
    }
}

fn flags_of(sign: Sign) -> u64 {
    match sign {
        Sign::Earlier => LESS,
        Sign::EarlierOrEqual => LESS | EQUAL,
        Sign::Equal => EQUAL,
        Sign::LaterOrEqual => GREATER | EQUAL,
        Sign::Later => GREATER,
    }
}

impl Part {
    fn spelled(&self) -> String {
        let signs = [(LESS, "<"), (GREATER, ">"), (EQUAL, "=")];
        let signs = signs.iter().filter(|(bit, _)| self.flags & bit != 0);
        let sign: String = signs.map(|(_, sign)| *sign).collect();
        if sign.is_empty() {
            self.name.clone()
        } else {
            format!("{} {sign} {}", self.name, self.version)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn dependencies_are_spelled_as_rpm_does() {
        let field = "libc6 (>= 2.34), python3:any (<< 3.14), a | b (= 1), c [amd64] <!nocheck>, d";
        let spelled: Vec<_> = parse(field).iter().map(super::Part::spelled).collect();
        assert_eq!(
            spelled,
            ["libc6 >= 2.34", "python3 < 3.14", "(a or b = 1)", "c", "d"]
        );
        assert!(parse(" ").is_empty());
    }
}
