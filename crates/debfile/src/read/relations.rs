//! Debian's dependencies in rpm's words.
//!
//! Source: Debian Policy 7.1; rpm `docs/manual/boolean_dependencies.md`.

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
    let groups = field.split(',').map(str::trim);
    groups.filter(|it| !it.is_empty()).map(group).collect()
}

fn group(text: &str) -> Part {
    let mut parts: Vec<Part> = text.split('|').map(one).collect();
    if parts.len() == 1 {
        return parts.pop().unwrap_or_default();
    }
    let words: Vec<String> = parts.iter().map(Part::spelled).collect();
    Part {
        name: format!("({})", words.join(" or ")),
        ..Part::default()
    }
}

fn one(text: &str) -> Part {
    let text = text.split('[').next().unwrap_or_default();
    let (name, rest) = match text.split_once('(') {
        Some(pair) => pair,
        None => (text.split('<').next().unwrap_or_default(), ""),
    };
    let name = name.trim();
    let name = name.split_once(':').map_or(name, |(name, _)| name);
    let rest = rest.split(')').next().unwrap_or_default().trim();
    let version = rest.trim_start_matches(['<', '>', '=']);
    let flags = match &rest[..rest.len() - version.len()] {
        "<<" => LESS,
        "<=" | "<" => LESS | EQUAL,
        "=" => EQUAL,
        ">=" | ">" => GREATER | EQUAL,
        ">>" => GREATER,
        _ => 0,
    };
    Part {
        name: name.to_owned(),
        flags,
        version: version.trim().to_owned(),
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
