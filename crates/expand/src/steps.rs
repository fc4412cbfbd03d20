//! The steps of an expansion, recorded for people who want to see them.

use source::{Origin, Span};

/// One call, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The call as it stands in the text, `%{name:argument}`.
    pub call: String,
    /// The place of the call.
    pub origin: Option<Origin>,
    /// The place of the macro's body; `None` for builtins, commands and expressions.
    pub defined: Option<Span>,
    /// What the call expanded to; `None` if it failed.
    pub made: Option<String>,
    /// Whether there is a macro of that name. If not, the call stays as it is.
    pub is_known: bool,
    /// The calls that were expanded on the way, in order.
    pub steps: Vec<Step>,
}

/// Steps being recorded: of each open call those made so far, outermost first.
#[derive(Debug)]
pub(crate) struct Recorder {
    open: Vec<Vec<Step>>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            open: vec![Vec::new()],
        }
    }
}

impl Recorder {
    /// Takes the steps of the outermost text so far.
    pub(crate) fn take(&mut self) -> Vec<Step> {
        let outermost = self.open.first_mut();
        outermost.map(std::mem::take).unwrap_or_default()
    }

    /// Opens a call: steps are its own until it is closed.
    pub(crate) fn open(&mut self) {
        self.open.push(Vec::new());
    }

    /// Closes the call that was opened last.
    pub(crate) fn close(&mut self, mut step: Step) {
        if self.open.len() > 1 {
            step.steps = self.open.pop().unwrap_or_default();
        }
        self.add(step);
    }

    /// Adds a step to the call that is open.
    pub(crate) fn add(&mut self, step: Step) {
        if let Some(parent) = self.open.last_mut() {
            parent.push(step);
        }
    }
}
