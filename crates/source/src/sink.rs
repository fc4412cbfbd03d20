//! Where findings gather.

use crate::{Diagnostic, RpmFrame, Severity, WarningPolicy};

/// Proof that an error has been put in a [`Sink`]; only a sink makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

impl std::fmt::Display for Reported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the fault has been reported")
    }
}

impl std::error::Error for Reported {}

/// So many findings are kept until they are taken; warnings beyond them are counted only, so that no
/// text fills the memory by what is wrong with it.
pub const MOST_FINDINGS: usize = 10_000;

/// Gathers the findings of a run in the order they were made.
#[derive(Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
    errors: usize,
    /// The first warning that was not kept, and how many there were.
    dropped: Option<(Box<Diagnostic>, usize)>,
    is_beyond_rpm: bool,
    policy: WarningPolicy,
}

impl Sink {
    /// An empty sink.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a finding of any severity.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.settle_line_ends();
        diagnostic.is_beyond_rpm |= self.is_beyond_rpm;
        let Some(diagnostic) = self.policy.apply(diagnostic) else {
            return;
        };
        let is_warning = diagnostic.severity == Severity::Warning;
        if is_warning && self.found.len() >= MOST_FINDINGS {
            let dropped = self.dropped.get_or_insert((Box::new(diagnostic), 0));
            dropped.1 += 1;
            return;
        }
        self.errors += usize::from(diagnostic.is_fatal());
        self.found.push(diagnostic);
    }

    /// Says what becomes of warnings from here on.
    pub fn set_policy(&mut self, policy: WarningPolicy) {
        self.policy = policy;
    }

    /// Marks findings from here on as such that rpm would not come to, or no longer does so.
    pub fn mark_beyond_rpm(&mut self, is_beyond: bool) {
        self.is_beyond_rpm = is_beyond;
    }

    /// Whether findings are marked so at present.
    pub fn is_beyond_rpm(&self) -> bool {
        self.is_beyond_rpm
    }

    /// Marks the findings after the first `keep` as such that a further reading tells again, as rpm
    /// does. The errors among them count no longer.
    pub fn mark_told_again(&mut self, keep: usize) {
        for diagnostic in self.found.iter_mut().skip(keep) {
            diagnostic.is_told_again = true;
            self.errors -= usize::from(diagnostic.is_fatal());
        }
    }

    /// Takes an error and gives the proof to return.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        debug_assert_eq!(diagnostic.severity, Severity::Error);
        self.push(diagnostic);
        Reported(())
    }

    /// Takes an error that a lenient reader passes over: it becomes a warning. The proof says that the
    /// finding has been told, and lets what it is about be left out.
    pub fn pass_over(&mut self, mut diagnostic: Diagnostic) -> Reported {
        diagnostic.severity = Severity::Warning;
        self.push(diagnostic.note("debbuild passes over it"));
        Reported(())
    }

    /// Everything found since the last [`Sink::take`].
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// How many errors were found in all, taken ones included.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// The proof that errors were found, if any were.
    pub fn check(&self) -> Result<(), Reported> {
        if self.errors == 0 {
            Ok(())
        } else {
            Err(Reported(()))
        }
    }

    /// Lets `change` add to each finding after the first `keep`. What it is and how bad stays.
    pub fn amend(&mut self, keep: usize, change: impl FnMut(&mut Diagnostic)) {
        self.found.iter_mut().skip(keep).for_each(change);
    }

    /// Takes out the findings, to be printed. The last one counts the warnings that were not kept.
    pub fn take(&mut self) -> Vec<Diagnostic> {
        if let Some((mut first, count)) = self.dropped.take() {
            let plural = if count == 1 { "" } else { "s" };
            first.message = format!("{count} more warning{plural}, the first: {}", first.message);
            // rpm has no words for it.
            first.rpm_frame = RpmFrame::default();
            first.rpm_lines.clear();
            self.found.push(*first);
        }
        std::mem::take(&mut self.found)
    }

    /// Takes back the last finding, to be added to.
    pub fn pop(&mut self) -> Option<Diagnostic> {
        let last = self.found.pop()?;
        self.errors -= usize::from(last.is_fatal());
        Some(last)
    }

    /// Adds a call that failed to the last finding, for those that rpm tells with its calls.
    pub fn trace(&mut self, call: &str) {
        if let Some(last) = self.found.last_mut() {
            last.rpm_trace.push_str(call);
        }
    }

    /// Forgets everything after the first `keep` findings; used when an attempt is given up.
    pub fn truncate(&mut self, keep: usize) {
        while self.found.len() > keep {
            self.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn warnings_without_end_are_counted() {
        let mut sink = Sink::new();
        for number in 0..MOST_FINDINGS + 3 {
            sink.push(Diagnostic::warning(
                Code("test::x"),
                format!("number {number}"),
            ));
        }
        sink.push(Diagnostic::error(Code("test::y"), "wrong"));
        assert_eq!(sink.errors(), 1);
        let found = sink.take();
        assert_eq!(found.len(), MOST_FINDINGS + 2);
        assert_eq!(found[MOST_FINDINGS].message, "wrong");
        let last = &found[MOST_FINDINGS + 1].message;
        assert_eq!(last, "3 more warnings, the first: number 10000");
        assert_eq!(&found[MOST_FINDINGS + 1].told_by_rpm(), last);
        assert!(sink.take().is_empty());
    }
}
