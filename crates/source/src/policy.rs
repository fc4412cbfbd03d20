//! Which warnings are shown, silenced or made errors, by name (`-W`).

use crate::{Diagnostic, Severity};

/// The values of `-W` in the order given; the last that concerns a warning counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarningPolicy {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    /// The name of a warning; all warnings if there is none.
    name: Option<String>,
    action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Show,
    Silence,
    MakeError,
}

impl WarningPolicy {
    /// Adds a value of `-W`: `NAME` shows a warning, `no-NAME` silences it, `error=NAME` makes it an
    /// error, `error` all of them; `no-error` and `no-error=NAME` take that back.
    pub fn add(&mut self, value: &str) {
        let (action, name) = match value.split_once('=') {
            Some(("error", name)) => (Action::MakeError, Some(name)),
            Some(("no-error", name)) => (Action::Show, Some(name)),
            _ => match value {
                "error" => (Action::MakeError, None),
                "no-error" => (Action::Show, None),
                _ => match value.strip_prefix("no-") {
                    Some(name) => (Action::Silence, Some(name)),
                    None => (Action::Show, Some(value)),
                },
            },
        };
        let name = name.map(str::to_owned);
        self.rules.push(Rule { name, action });
    }

    /// The names of warnings that the values mention.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().filter_map(|rule| rule.name.as_deref())
    }

    /// Applies the policy to a finding; `None` if it is silenced. Errors stay errors.
    pub fn apply(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if diagnostic.severity == Severity::Error {
            return Some(diagnostic);
        }
        let name = diagnostic.code.name();
        let concerns = |rule: &&Rule| rule.name.as_deref().is_none_or(|it| it == name);
        match self.rules.iter().rev().find(concerns).map(|it| it.action) {
            Some(Action::Silence) => None,
            Some(Action::MakeError) => {
                diagnostic.severity = Severity::Error;
                diagnostic.rpm.is_silent = false;
                Some(diagnostic)
            }
            Some(Action::Show) | None => Some(diagnostic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn severity(values: &[&str]) -> Option<Severity> {
        let mut policy = WarningPolicy::default();
        for value in values {
            policy.add(value);
        }
        let warning = Diagnostic::warning(Code("spec::bogus-date"), "x");
        policy.apply(warning).map(|it| it.severity)
    }

    #[test]
    fn the_last_value_that_concerns_a_warning_counts() {
        let (warning, error) = (Some(Severity::Warning), Some(Severity::Error));
        assert_eq!(severity(&[]), warning);
        assert_eq!(severity(&["no-bogus-date"]), None);
        assert_eq!(severity(&["no-other", "error=other"]), warning);
        assert_eq!(severity(&["error"]), error);
        assert_eq!(severity(&["error", "no-error=bogus-date"]), warning);
        assert_eq!(severity(&["error", "no-bogus-date"]), None);
        assert_eq!(severity(&["no-bogus-date", "bogus-date"]), warning);
        assert_eq!(severity(&["error=bogus-date"]), error);
    }
}
