//! What to write instead of a condition that can't be read: which of its operands needs quotes, or a
//! `0` before it.
//!
//! The condition as it was written and what it expanded to are taken apart side by side. Where their
//! comparisons do not correspond, there is no suggestion.

use expand::find_macro_end;
use source::{Diagnostic, Label, Text};

use crate::words::part_of;

/// Signs that compare, longer ones first.
const COMPARISONS: [&str; 6] = ["==", "!=", "<=", ">=", "<", ">"];

/// A comparison or a single operand.
struct Clause<'t> {
    left: &'t str,
    /// The sign and what follows it.
    right: Option<(&'static str, &'t str)>,
}

impl<'t> Clause<'t> {
    fn operands(&self) -> impl Iterator<Item = &'t str> {
        [self.left].into_iter().chain(self.right.map(|(_, it)| it))
    }
}

/// Points a finding about a condition at the faulty operand, and adds what to write.
pub(super) fn explain(finding: Diagnostic, written: &Text, expanded: &str) -> Diagnostic {
    if let Some(name) = argument_of_defined(written) {
        return finding.help(format!("write `%{{defined {name}}}`"));
    }
    let (ours, theirs) = (clauses(written), clauses(expanded));
    if ours.len() != theirs.len() {
        return finding;
    }
    let advice = ours
        .iter()
        .zip(&theirs)
        .find_map(|(ours, theirs)| advice(ours, theirs));
    let Some((operand, value, help)) = advice else {
        return finding;
    };
    let place = part_of(written, operand).whole();
    let message = match value {
        _ if value == operand => String::new(),
        "" => "expands to nothing".to_owned(),
        value => format!("expands to `{value}`"),
    };
    let labels = place.map(|origin| Label { origin, message });
    let mut finding = finding.help(help);
    if let Some(label) = labels {
        finding.labels = vec![label];
    }
    finding
}

/// The operand that is not a term, its expansion, and what to write.
fn advice<'t>(ours: &Clause<'t>, theirs: &Clause<'t>) -> Option<(&'t str, &'t str, String)> {
    if ours.right.is_some() != theirs.right.is_some() {
        return None;
    }
    let mut pairs = ours.operands().zip(theirs.operands());
    let (operand, value) = pairs.find(|(operand, value)| !is_term(operand, value))?;
    let is_known = |text: &str| text.is_empty() || is_number(text);
    if theirs.operands().all(is_known) {
        let call = operand.starts_with('%').then(|| optional(operand))?;
        let help = format!("write `0{call}`, which is 0 where the macro is not defined or empty");
        return Some((operand, value, help));
    }
    let (sign, right) = ours.right?;
    // A call that is still there is one of a macro that is not defined.
    let is_left = |text: &str| text.contains('%') && theirs.operands().any(|it| it == text);
    if ours.operands().any(is_left) && theirs.operands().any(is_number) {
        return None;
    }
    let mark = match theirs.operands().all(is_version) {
        true => "v",
        false => "",
    };
    let left = quoted(ours.left, mark, is_left(ours.left));
    let right = quoted(right, mark, is_left(right));
    let what = match mark {
        "v" => "as versions",
        _ => "as texts, both in quotes",
    };
    let help = format!("compare them {what}: `{left} {sign} {right}`");
    Some((operand, value, help))
}

/// Whether an operand is one that an expression takes, or none that this is about.
fn is_term(operand: &str, value: &str) -> bool {
    let is_quoted = operand.starts_with(['"', '\'']) || operand.starts_with("v\"");
    let is_several = operand.contains(char::is_whitespace) && !operand.starts_with('%');
    // Typographic quotation marks are reported elsewhere.
    let is_foreign = !operand.is_ascii();
    is_quoted || is_several || is_foreign || operand.is_empty() || is_number(value)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text).trim_matches('"');
    let belongs = |c: char| c.is_ascii_alphanumeric() || ".~^+_".contains(c);
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(belongs)
}

fn quoted(operand: &str, mark: &str, is_undefined: bool) -> String {
    let bare = operand.strip_prefix('v').unwrap_or(operand);
    let text = match bare.strip_prefix('"') {
        Some(text) => text.trim_end_matches('"'),
        None => operand,
    };
    match is_undefined {
        true => format!("{mark}\"{}\"", optional(text)),
        false => format!("{mark}\"{text}\""),
    }
}

/// A call of a macro as one that expands to nothing where it is not defined.
fn optional(call: &str) -> String {
    let name = call.trim_start_matches(['%', '{', '?']);
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name.trim_end_matches('}') {
        name if name.chars().all(letters) => format!("%{{?{name}}}"),
        _ => call.to_owned(),
    }
}

/// The name in a `defined(NAME)`, which is another language's.
fn argument_of_defined(text: &str) -> Option<&str> {
    let (before, rest) = text.split_once("defined(")?;
    let is_word = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || "_{?".contains(c));
    let name = rest.split(')').next()?.trim().trim_matches('"');
    let name = name
        .trim_start_matches(['%', '{', '?'])
        .trim_end_matches('}');
    (is_word && !name.is_empty()).then_some(name)
}

/// The comparisons of an expression, between `&&`, `||` and brackets.
fn clauses(text: &str) -> Vec<Clause<'_>> {
    let mut found = Vec::new();
    let (mut start, mut sign) = (0, None);
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = term_length(rest);
        let comparison = COMPARISONS.iter().find(|it| rest.starts_with(**it));
        let ends = ["&&", "||", "(", ")"]
            .iter()
            .find(|it| rest.starts_with(**it));
        if length > 0 {
            at += length;
        } else if let Some(end) = ends {
            found.extend(clause(text, start, sign, at));
            (start, sign) = (at + end.len(), None);
            at = start;
        } else if let Some(comparison) = comparison {
            sign = sign.or(Some((*comparison, at)));
            at += comparison.len();
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found.extend(clause(text, start, sign, text.len()));
    found
}

/// The length of a macro call or a text in quotes at the beginning; 0 if there is none.
fn term_length(rest: &str) -> usize {
    if let Some(call) = rest.strip_prefix('%') {
        return 1 + find_macro_end(call).unwrap_or(0);
    }
    let text = rest.strip_prefix('"');
    text.map_or(0, |text| text.find('"').map_or(rest.len(), |end| end + 2))
}

fn clause<'t>(
    text: &'t str,
    start: usize,
    sign: Option<(&'static str, usize)>,
    end: usize,
) -> Option<Clause<'t>> {
    let operand = |from: usize, to: usize| text[from..to].trim().trim_start_matches('!').trim();
    Some(match sign {
        Some((sign, at)) => Clause {
            left: operand(start, at),
            right: Some((sign, operand(at + sign.len(), end))),
        },
        None => Clause {
            left: operand(start, end),
            right: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(written: &str, expanded: &str) -> String {
        let finding = Diagnostic::error(crate::codes::BAD_CONDITION, "");
        let finding = explain(finding, &Text::detached(written), expanded);
        finding.help.unwrap_or_default()
    }

    #[test]
    fn what_is_empty_gets_a_number() {
        let meant = "write `0%{?a}`, which is 0 where the macro is not defined or empty";
        for (written, expanded) in [
            ("%{?a} >= 40", " >= 40"),
            ("%{?a}", ""),
            ("%?a > 1", " > 1"),
            ("!%{?a}", "!"),
            ("0%{?b} && (%{?a} < 3 || 1)", "0 && ( < 3 || 1)"),
            ("%{a} == 1", " == 1"),
        ] {
            assert_eq!(said(written, expanded), meant, "{written}");
        }
    }

    #[test]
    fn texts_get_quotes_on_both_sides() {
        for (written, expanded, meant) in [
            (
                "%{dist} == .deb12",
                ".deb12 == .deb12",
                "\"%{dist}\" == \".deb12\"",
            ),
            ("%{a} == \"b\"", "c == \"b\"", "\"%{a}\" == \"b\""),
            ("\"%{a}\" != b", "\"c\" != b", "\"%{a}\" != \"b\""),
            ("1 && %{?a} == b", "1 && == b", "\"%{?a}\" == \"b\""),
            ("%{a} == \"b\"", "%{a} == \"b\"", "\"%{?a}\" == \"b\""),
        ] {
            let meant = format!("compare them as texts, both in quotes: `{meant}`");
            assert_eq!(said(written, expanded), meant, "{written}");
        }
        assert_eq!(
            said("%{version} >= 1.2", "1 >= 1.2"),
            "compare them as versions: `v\"%{version}\" >= v\"1.2\"`"
        );
        assert_eq!(
            said("defined(a) && 1", "defined(a) && 1"),
            "write `%{defined a}`"
        );
    }

    #[test]
    fn nothing_is_said_of_what_does_not_correspond() {
        for (written, expanded) in [
            ("%{a}", "1 && b"),
            ("%{a} == 1", "%{a} == 1"),
            ("1 +", "1 +"),
            (
                "\u{201c}%{a}\u{201d} == \"b\"",
                "\u{201c}b\u{201d} == \"b\"",
            ),
            ("\"a\" == 1", "\"a\" == 1"),
            ("%{a}", "b == c"),
        ] {
            assert_eq!(said(written, expanded), "", "{written}");
        }
    }
}
