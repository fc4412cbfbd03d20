//! Ranges of versions as npm writes them, `^1.2.3 || >=3 <4`, as dependencies.
//!
//! Source: semver(7) of npm, "Ranges".

use package::{Comparison, Dependency, DependencyRules, Phases, parse_dependencies};
use source::Text;

/// One bound of a range.
type Bound = (Comparison, String);

/// The dependency on a name that a range asks for: one, or one that joins several.
///
/// What is no range, an address or a tag, asks for any version.
pub(crate) fn dependencies(name: &str, range: &str) -> Vec<Dependency> {
    let choices: Option<Vec<_>> = range.split("||").map(bounds).collect();
    let choices = choices.unwrap_or_default();
    if choices.iter().any(Vec::is_empty) {
        return vec![Dependency::on(name)];
    }
    let texts: Vec<String> = choices.iter().map(|it| joined(name, it)).collect();
    let text = match texts.as_slice() {
        [] => return vec![Dependency::on(name)],
        [one] => one.clone(),
        several => format!("({})", several.join(" or ")),
    };
    let rules = DependencyRules::REQUIRES;
    parse_dependencies(&Text::detached(text), rules, Phases::NONE)
        .map_or_else(|_| vec![Dependency::on(name)], |(found, _)| found)
}

/// `npm(x) >= 1`, or `(npm(x) >= 1 with npm(x) < 2)`.
fn joined(name: &str, bounds: &[Bound]) -> String {
    let texts: Vec<String> = bounds
        .iter()
        .map(|(comparison, version)| {
            Dependency::versioned(name, *comparison, version.clone()).to_string()
        })
        .collect();
    match texts.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(" with ")),
    }
}

/// The bounds of one range without `||`; none if every version will do, `None` if it is no range.
fn bounds(range: &str) -> Option<Vec<Bound>> {
    if let Some((low, high)) = range.split_once(" - ") {
        let mut bounds = comparator(">=", low.trim())?;
        bounds.extend(comparator("<=", high.trim())?);
        return Some(bounds);
    }
    let mut bounds = Vec::new();
    for word in words(range) {
        let version = word.trim_start_matches(['^', '~', '<', '>', '=']);
        let sign = &word[..word.len() - version.len()];
        bounds.extend(comparator(sign, version)?);
    }
    Some(bounds)
}

/// The words of a range; a sign that stands apart from its version belongs to it.
fn words(range: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in range.split_whitespace() {
        match words.last_mut() {
            Some(last) if last.ends_with(['^', '~', '<', '>', '=']) => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// What a sign before a version, or before the beginning of one, admits.
fn comparator(sign: &str, version: &str) -> Option<Vec<Bound>> {
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual};
    let partial = Partial::parse(version)?;
    let Some(first) = partial.parts.first() else {
        return Some(Vec::new());
    };
    let low = || (GreaterEqual, partial.text.clone());
    let from_to = |place: usize| vec![low(), (Less, partial.raised(place))];
    let last = partial.parts.len() - 1;
    Some(match sign {
        "^" => {
            let leading_zeros = partial.parts.iter().take_while(|it| **it == 0).count();
            from_to(if *first > 0 {
                0
            } else {
                leading_zeros.min(last)
            })
        }
        "~" | "~>" => from_to(last.min(1)),
        ">=" => vec![low()],
        "<" => vec![(Less, partial.text.clone())],
        ">" if partial.is_whole() => vec![(Greater, partial.text.clone())],
        ">" => vec![(GreaterEqual, partial.raised(last))],
        "<=" if partial.is_whole() => vec![(LessEqual, partial.text.clone())],
        "<=" => vec![(Less, partial.raised(last))],
        "" | "=" if partial.is_whole() => vec![(Equal, partial.text.clone())],
        "" | "=" => from_to(last),
        _ => return None,
    })
}

/// A version, or the beginning of one: `1.2`, `1.x`, `*`.
struct Partial {
    /// The numbers given, three at most.
    parts: Vec<u64>,
    /// In rpm's spelling.
    text: String,
}

impl Partial {
    fn parse(version: &str) -> Option<Self> {
        let version = version.strip_prefix('v').unwrap_or(version);
        let numbers = version.split(['-', '+']).next().unwrap_or_default();
        let is_any = |part: &&str| matches!(*part, "" | "*" | "x" | "X");
        let given: Vec<&str> = numbers.split('.').take_while(|it| !is_any(it)).collect();
        let parts: Option<Vec<u64>> = given.iter().map(|it| it.parse().ok()).collect();
        let parts = parts.filter(|it| it.len() <= 3)?;
        let text = match parts.len() {
            3 => rpm_version(version),
            _ => given.join("."),
        };
        Some(Self { parts, text })
    }

    /// Whether all three numbers are given.
    fn is_whole(&self) -> bool {
        self.parts.len() == 3
    }

    /// The first version whose number at a place is higher.
    fn raised(&self, place: usize) -> String {
        let mut parts = self.parts[..=place].to_vec();
        parts[place] = parts[place].saturating_add(1);
        let texts: Vec<String> = parts.iter().map(u64::to_string).collect();
        texts.join(".")
    }
}

/// A version in rpm's spelling: what comes before a release stands behind `~`, what a build adds is
/// left out.
pub(crate) fn rpm_version(version: &str) -> String {
    let version = version.split('+').next().unwrap_or_default();
    match version.split_once('-') {
        Some((release, before)) => format!("{release}~{}", before.replace('-', "_")),
        None => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(range: &str) -> String {
        let found = dependencies("npm(x)", range);
        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        texts.join(", ").replace("npm(x)", "x")
    }

    #[test]
    fn ranges_become_bounds() {
        let cases = [
            ("", "x"),
            ("*", "x"),
            ("latest", "x"),
            ("git+https://example.org/x.git", "x"),
            ("1.2.3", "x = 1.2.3"),
            ("v1.2.3+build", "x = 1.2.3"),
            ("1.2", "(x >= 1.2 with x < 1.3)"),
            ("1.x", "(x >= 1 with x < 2)"),
            ("^1.2.3", "(x >= 1.2.3 with x < 2)"),
            ("^0.2.3", "(x >= 0.2.3 with x < 0.3)"),
            ("^0.0.3", "(x >= 0.0.3 with x < 0.0.4)"),
            ("^0", "(x >= 0 with x < 1)"),
            ("~1.2.3", "(x >= 1.2.3 with x < 1.3)"),
            ("~1", "(x >= 1 with x < 2)"),
            (">= 1.2 <3", "(x >= 1.2 with x < 3)"),
            (">1", "x >= 2"),
            ("<=1.2", "x < 1.3"),
            ("1.2 - 2.3.4", "(x >= 1.2 with x <= 2.3.4)"),
            ("1 || * ", "x"),
            (
                "^1 || ^2.0.0-rc.1",
                "((x >= 1 with x < 2) or (x >= 2.0.0~rc.1 with x < 3))",
            ),
        ];
        for (range, expected) in cases {
            assert_eq!(needs(range), expected, "{range}");
        }
    }

    #[test]
    fn versions_are_spelled_as_rpm_orders_them() {
        assert_eq!(rpm_version("1.0.0-alpha-2+5"), "1.0.0~alpha_2");
    }
}
