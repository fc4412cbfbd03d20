//! How rpm words, orders and repeats a finding where that is not how we do.
//!
//! Not here: the finding itself, see [`crate::Diagnostic`], which is complete without its form in rpm.

use crate::code::Severity;

/// Stands in a message for the newline of a line that rpm shows whole. Only rpm's words have it.
pub const LINE_END: char = '\u{2424}';

/// What rpm prints of a finding. By default: the severity and the message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RpmForm {
    /// A line above the message that a function of the C library prints, such as getopt(3).
    pub line_before: Option<String>,
    /// File and line before the message, where rpm gives them.
    pub prefix: String,
    /// rpm's words where they are not the message.
    pub message: Option<String>,
    /// The severity that rpm gives it where that is not ours: an error after which rpm goes on.
    pub severity: Option<Severity>,
    /// Further messages below this one, whose content a drawing shows better, such as a caret.
    pub lines: Vec<String>,
    /// The calls that failed, the innermost first, which rpm prints last when it is verbose.
    pub trace: String,
    /// rpm prints nothing: it has no such finding, or would have stopped before it.
    pub is_silent: bool,
    /// Only rpm prints it: it repeats what has been reported or will be, or follows from it.
    pub is_repeat: bool,
}

impl RpmForm {
    /// The lines that rpm prints, each message with its severity.
    pub(crate) fn draw(&self, severity: Severity, message: &str) -> String {
        let severity = match self.severity.unwrap_or(severity) {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let message = self.worded(message);
        let messages = std::iter::once(&message).chain(&self.lines);
        let mut lines: Vec<String> = self.line_before.iter().cloned().collect();
        lines.extend(messages.map(|it| format!("{severity}: {it}")));
        let trace = self.trace.trim_end_matches('\n');
        lines.extend((!trace.is_empty()).then(|| trace.to_owned()));
        lines.join("\n")
    }

    /// A message in rpm's words, with its prefix.
    pub(crate) fn worded(&self, message: &str) -> String {
        let message = self.message.as_deref().unwrap_or(message);
        format!("{}{message}", self.prefix)
    }

    /// Drops rpm's own words, for a message that rpm has none for.
    pub(crate) fn drop_words(&mut self) {
        self.line_before = None;
        self.message = None;
        self.severity = None;
        self.lines.clear();
    }
}
