//! The steps of an expansion, recorded for people who want to see them.

use source::{Origin, Span, Text};

use crate::Engine;
use crate::args::Outcome;
use crate::buffer::Buffer;

/// One call, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The call as it stands in the text, `%{name:argument}`.
    pub call: String,
    /// Where that is.
    pub origin: Option<Origin>,
    /// Where the macro's body is; `None` for builtins, commands and expressions.
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

impl Engine {
    /// Records every step from here on.
    pub fn start_recording(&mut self) {
        self.recorder = Some(Recorder {
            open: vec![Vec::new()],
        });
    }

    /// The steps recorded so far; recording goes on.
    pub fn take_steps(&mut self) -> Vec<Step> {
        let outermost = self.recorder.as_mut().and_then(|it| it.open.first_mut());
        outermost.map(std::mem::take).unwrap_or_default()
    }

    /// Expands the call that begins at `start`; `work` returns where it ends.
    pub(crate) fn recorded(
        &mut self,
        text: &Text,
        start: usize,
        defined: Option<Span>,
        out: &mut Buffer,
        work: impl FnOnce(&mut Self, &mut Buffer) -> Outcome<usize>,
    ) -> Outcome<usize> {
        let Some(recorder) = &mut self.recorder else {
            return work(self, out);
        };
        recorder.open.push(Vec::new());
        let before = out.text.len();
        let result = work(self, out);
        let end = result.unwrap_or_else(|_| start + 1 + call_length(&text[start + 1..]));
        let step = Step {
            call: text[start..end].to_owned(),
            origin: text.origin(start, end),
            defined,
            made: result
                .ok()
                .map(|_| out.text[before.min(out.text.len())..].to_owned()),
            is_known: true,
            steps: Vec::new(),
        };
        self.record(step, true);
        result
    }

    /// Records a call of a macro that is not defined.
    pub(crate) fn record_unknown(&mut self, text: &Text, start: usize, end: usize) {
        if self.recorder.is_none() {
            return;
        }
        let call = &text[start..end];
        let step = Step {
            call: call.to_owned(),
            origin: text.origin(start, end),
            defined: None,
            made: Some(call.to_owned()),
            is_known: false,
            steps: Vec::new(),
        };
        self.record(step, false);
    }

    /// Adds a step to the call it belongs to; `closes` one that was open.
    fn record(&mut self, mut step: Step, closes: bool) {
        let Some(Recorder { open }) = &mut self.recorder else {
            return;
        };
        if closes && open.len() > 1 {
            step.steps = open.pop().unwrap_or_default();
        }
        if let Some(parent) = open.last_mut() {
            parent.push(step);
        }
    }
}

/// The length of a call of which nothing is known but that it failed.
fn call_length(after_percent: &str) -> usize {
    crate::find_macro_end(after_percent).unwrap_or(after_percent.len())
}
