//! The stack of open conditionals.
//!
//! Not here: the conditions themselves, which the reader evaluates.

use source::Origin;

use crate::line::Directive;

/// An open `%if`.
#[derive(Debug)]
struct Level {
    /// Lines are read.
    is_reading: bool,
    /// No branch has been taken yet, and one may be.
    is_open: bool,
    /// The last of `%if` and `%else`.
    last: Directive,
    /// The line that opened it.
    origin: Option<Origin>,
    line: usize,
}

/// The open conditionals, outermost first.
#[derive(Debug, Default)]
pub(crate) struct Conditions(Vec<Level>);

/// Why a directive can't stand where it does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misplaced {
    /// There is no open `%if`.
    NoIf,
    /// It follows an `%else`.
    AfterElse,
}

impl Conditions {
    /// Whether lines are read here.
    pub(crate) fn is_reading(&self) -> bool {
        self.0.last().is_none_or(|level| level.is_reading)
    }

    /// Whether the condition of a directive counts.
    pub(crate) fn decides(&self, directive: Directive) -> bool {
        if directive.is_elif() {
            self.0.last().is_none_or(|level| level.is_open)
        } else {
            self.is_reading()
        }
    }

    /// Whether a directive may stand here.
    pub(crate) fn check(&self, directive: Directive) -> Result<(), Misplaced> {
        if directive.opens() || directive == Directive::Include {
            return Ok(());
        }
        let level = self.0.last().ok_or(Misplaced::NoIf)?;
        if level.last == Directive::Else && directive != Directive::Endif {
            return Err(Misplaced::AfterElse);
        }
        Ok(())
    }

    /// Opens a conditional.
    pub(crate) fn open(
        &mut self,
        directive: Directive,
        holds: bool,
        origin: Option<Origin>,
        line: usize,
    ) {
        let outside = self.is_reading();
        self.0.push(Level {
            is_reading: outside && holds,
            is_open: outside && !holds,
            last: directive,
            origin,
            line,
        });
    }

    /// Goes to the next branch, `%elif`.
    pub(crate) fn turn(&mut self, holds: bool) {
        if let Some(level) = self.0.last_mut() {
            level.is_reading = level.is_open && holds;
            level.is_open &= !level.is_reading;
        }
    }

    /// Goes to the last branch.
    pub(crate) fn turn_else(&mut self) {
        let outside = self
            .0
            .iter()
            .rev()
            .nth(1)
            .is_none_or(|level| level.is_reading);
        if let Some(level) = self.0.last_mut() {
            level.last = Directive::Else;
            level.is_reading = outside && level.is_open;
        }
    }

    /// Closes the innermost conditional.
    pub(crate) fn close(&mut self) {
        self.0.pop();
    }

    /// Line and place of the innermost open conditional.
    pub(crate) fn innermost(&self) -> Option<(usize, Option<Origin>)> {
        self.0.last().map(|level| (level.line, level.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_branch_that_holds_is_read() {
        let mut conditions = Conditions::default();
        conditions.open(Directive::If, false, None, 1);
        assert!(!conditions.is_reading() && conditions.decides(Directive::Elif));
        conditions.turn(true);
        assert!(conditions.is_reading() && !conditions.decides(Directive::Elif));
        conditions.turn(true);
        assert!(!conditions.is_reading());
        conditions.turn_else();
        assert!(!conditions.is_reading());
        assert_eq!(conditions.check(Directive::Elif), Err(Misplaced::AfterElse));
        conditions.close();
        assert_eq!(conditions.check(Directive::Endif), Err(Misplaced::NoIf));
    }

    #[test]
    fn nothing_is_read_within_a_branch_that_is_not() {
        let mut conditions = Conditions::default();
        conditions.open(Directive::If, false, None, 1);
        conditions.open(Directive::If, true, None, 2);
        assert!(!conditions.is_reading());
        conditions.turn_else();
        assert!(!conditions.is_reading());
    }
}
