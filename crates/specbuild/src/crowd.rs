//! Many findings at once: people read the first ones, and how many more there are.

use source::Severity;

/// So many findings of a kind are shown.
const MOST: usize = 20;

/// Counts of what was found in one go.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Crowd {
    errors: usize,
    warnings: usize,
}

impl Crowd {
    /// Counts a finding; whether enough of its kind have been shown.
    pub(crate) fn is_too_much(&mut self, severity: Severity) -> bool {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        *count > MOST
    }

    /// What to say of those that were not shown.
    pub(crate) fn rest(self) -> Vec<String> {
        let kinds = [("error", self.errors), ("warning", self.warnings)];
        let rests = kinds.into_iter().filter(|(_, count)| *count > MOST);
        rests
            .map(|(kind, count)| {
                let count = count - MOST;
                let plural = if count == 1 { "" } else { "s" };
                format!("{kind}: {count} more {kind}{plural} not shown; -v shows all")
            })
            .collect()
    }
}
