//! Where findings gather.

use crate::{Diagnostic, Severity, WarningPolicy};

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
    stage: Stage,
    policy: WarningPolicy,
}

/// Work that rpm leaves at its first error, while we look for further ones.
#[derive(Clone, Copy, Debug, Default)]
struct Stage {
    /// Errors in the sink when the stage began.
    errors_before: usize,
    /// rpm would have left before the stage.
    was_left: bool,
    /// rpm would have left before this step.
    is_left: bool,
}

/// Runs a stage of work: rpm leaves it at the first error that is found in it, at the end of the step
/// (see [`Sink::begin_step`]). Stages nest; rpm goes on after the stage.
pub fn in_stage<O, T>(
    owner: &mut O,
    sink: impl Fn(&mut O) -> &mut Sink,
    work: impl FnOnce(&mut O) -> T,
) -> T {
    let outer = sink(owner).stage;
    sink(owner).begin_stage();
    let result = work(owner);
    sink(owner).stage = outer;
    result
}

impl Sink {
    /// An empty sink.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a finding of any severity.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.settle_line_ends();
        diagnostic.rpm.is_silent |= self.stage.is_left;
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

    /// Sets which warnings are shown, silenced or made errors from here on.
    pub fn set_policy(&mut self, policy: WarningPolicy) {
        self.policy = policy;
    }

    fn begin_stage(&mut self) {
        self.stage = Stage {
            errors_before: self.errors,
            was_left: self.stage.is_left,
            is_left: self.stage.is_left,
        };
    }

    /// Begins a step of the stage. rpm finishes the step in which it finds an error and then leaves
    /// the stage: what is found from here on is not printed under rpm's names.
    pub fn begin_step(&mut self) {
        let has_errors = self.errors > self.stage.errors_before;
        self.stage.is_left = self.stage.was_left || has_errors;
    }

    /// Returns whether rpm would have left the stage before this step.
    pub fn has_rpm_stopped(&self) -> bool {
        self.stage.is_left
    }

    /// Marks the findings after the first `keep` as repeated by a further reading, as rpm does. The
    /// errors among them count no longer.
    pub fn mark_repeated(&mut self, keep: usize) {
        for diagnostic in self.found.iter_mut().skip(keep) {
            diagnostic.rpm.is_repeat = true;
            self.errors -= usize::from(diagnostic.is_fatal());
        }
    }

    /// Takes an error and gives the proof to return.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        debug_assert_eq!(diagnostic.severity, Severity::Error);
        self.push(diagnostic);
        Reported(())
    }

    /// Takes an error that a lenient reader passes over: it becomes a warning. The proof says that it
    /// has been reported, so that what it is about can be left out.
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
            first.rpm.drop_words();
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

    /// Adds a call that failed to the last finding, for those that rpm prints with the calls.
    pub fn trace(&mut self, call: &str) {
        if let Some(last) = self.found.last_mut() {
            last.rpm.trace.push_str(call);
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

    /// A sink with one error for each step.
    fn steps(sink: &mut Sink, count: usize) {
        for _ in 0..count {
            sink.begin_step();
            sink.report(Diagnostic::error(Code("test::x"), "wrong"));
        }
    }

    #[test]
    fn rpm_leaves_a_stage_at_its_first_error_and_comes_to_the_next() {
        let mut sink = Sink::new();
        in_stage(&mut sink, |it| it, |it| steps(it, 1));
        in_stage(&mut sink, |it| it, |it| steps(it, 2));
        let nested = |sink: &mut Sink| {
            steps(sink, 2);
            in_stage(sink, |it| it, |it| steps(it, 1));
        };
        in_stage(&mut sink, |it| it, nested);
        let silent: Vec<bool> = sink.found().iter().map(|it| it.rpm.is_silent).collect();
        assert_eq!(silent, [false, false, true, false, true, true]);
        assert!(!sink.has_rpm_stopped());
    }

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
        assert_eq!(&found[MOST_FINDINGS + 1].rpm_message(), last);
        assert!(sink.take().is_empty());
    }
}
