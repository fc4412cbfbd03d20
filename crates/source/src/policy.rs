//! What becomes of warnings: they can be silenced or made errors by name.

use crate::{Code, Diagnostic, Severity};

impl Code {
    /// The name without its area, as people give it: `unexpanded-macro`.
    pub fn name(self) -> &'static str {
        self.0.rsplit("::").next().unwrap_or(self.0)
    }
}

/// What was asked for, in order; the last that concerns a warning counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarningPolicy {
    wishes: Vec<Wish>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wish {
    /// A warning's name; all of them if there is none.
    name: Option<String>,
    fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Shown,
    Silenced,
    Error,
}

impl WarningPolicy {
    /// Adds a wish: `NAME` shows a warning, `no-NAME` silences it, `error=NAME` makes it an error,
    /// `error` all of them; `no-error` and `no-error=NAME` take that back.
    pub fn add(&mut self, wish: &str) {
        let (fate, name) = match wish.split_once('=') {
            Some(("error", name)) => (Fate::Error, Some(name)),
            Some(("no-error", name)) => (Fate::Shown, Some(name)),
            _ => match wish {
                "error" => (Fate::Error, None),
                "no-error" => (Fate::Shown, None),
                _ => match wish.strip_prefix("no-") {
                    Some(name) => (Fate::Silenced, Some(name)),
                    None => (Fate::Shown, Some(wish)),
                },
            },
        };
        let name = name.map(str::to_owned);
        self.wishes.push(Wish { name, fate });
    }

    /// The names that wishes mention.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.wishes.iter().filter_map(|wish| wish.name.as_deref())
    }

    /// A finding as it was asked for; `None` if it is not to be heard of. Errors stay errors.
    pub fn apply(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if diagnostic.severity == Severity::Error {
            return Some(diagnostic);
        }
        let name = diagnostic.code.name();
        let concerns = |wish: &&Wish| wish.name.as_deref().is_none_or(|it| it == name);
        match self.wishes.iter().rev().find(concerns).map(|it| it.fate) {
            Some(Fate::Silenced) => None,
            Some(Fate::Error) => {
                diagnostic.severity = Severity::Error;
                diagnostic.is_beyond_rpm = false;
                Some(diagnostic)
            }
            Some(Fate::Shown) | None => Some(diagnostic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(wishes: &[&str]) -> Option<Severity> {
        let mut policy = WarningPolicy::default();
        for wish in wishes {
            policy.add(wish);
        }
        let warning = Diagnostic::warning(Code("spec::bogus-date"), "x");
        policy.apply(warning).map(|it| it.severity)
    }

    #[test]
    fn the_last_wish_that_concerns_a_warning_counts() {
        let (warning, error) = (Some(Severity::Warning), Some(Severity::Error));
        assert_eq!(fate(&[]), warning);
        assert_eq!(fate(&["no-bogus-date"]), None);
        assert_eq!(fate(&["no-other", "error=other"]), warning);
        assert_eq!(fate(&["error"]), error);
        assert_eq!(fate(&["error", "no-error=bogus-date"]), warning);
        assert_eq!(fate(&["error", "no-bogus-date"]), None);
        assert_eq!(fate(&["no-bogus-date", "bogus-date"]), warning);
        assert_eq!(fate(&["error=bogus-date"]), error);
    }
}
