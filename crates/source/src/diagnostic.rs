//! What is wrong, and where.
//!
//! Not here: drawing, see [`crate::render()`], and how rpm prints it, see [`RpmForm`].

use crate::Origin;
use crate::code::{Code, Severity};
use crate::rpm_form::{LINE_END, RpmForm};

/// A remark on one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub origin: Origin,
    /// A few words beside the caret; may be empty.
    pub message: String,
}

/// One finding: a sentence, the places it concerns, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its name, by which warnings are silenced and findings are explained.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Lower case, without a full stop. Holds rpm's own wording where tools match on it.
    pub message: String,
    /// The places, the most important first.
    pub labels: Vec<Label>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// An error after which the build goes on.
    pub is_survived: bool,
    /// How rpm prints it.
    pub rpm: RpmForm,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning without a place.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            code,
            severity,
            message,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            is_survived: false,
            rpm: RpmForm::default(),
        }
    }

    /// Returns whether it ends the build.
    pub fn is_fatal(&self) -> bool {
        self.severity == Severity::Error && !self.is_survived
    }

    /// The message as rpm prints it.
    pub fn rpm_message(&self) -> String {
        self.rpm.worded(&self.message)
    }

    /// The severity that rpm gives it.
    pub fn rpm_severity(&self) -> Severity {
        self.rpm.severity.unwrap_or(self.severity)
    }

    /// Lets rpm print it as an error, after which rpm goes on.
    #[must_use]
    pub fn called_error_by_rpm(mut self) -> Self {
        self.rpm.severity = Some(Severity::Error);
        self
    }

    /// Marks a finding that rpm does not have.
    #[must_use]
    pub fn not_in_rpm(mut self) -> Self {
        self.rpm.is_silent = true;
        self
    }

    /// Takes the marks of [`LINE_END`] out of the message; where there are some, rpm's words are kept.
    pub(crate) fn settle_line_ends(&mut self) {
        if self.message.contains(LINE_END) {
            self.rpm.message = Some(self.message.replace(LINE_END, "\n"));
            self.message = self.message.replace(LINE_END, "");
        }
    }

    /// Adds a line above the message that another than rpm prints.
    #[must_use]
    pub fn line_before(mut self, line: impl Into<String>) -> Self {
        self.rpm.line_before = Some(line.into());
        self
    }

    /// Lets the build go on after the error.
    #[must_use]
    pub fn survived(mut self) -> Self {
        self.is_survived = true;
        self
    }

    /// Adds a place. A finding whose origin is unknown stays without one.
    #[must_use]
    pub fn at(self, origin: impl Into<Option<Origin>>) -> Self {
        self.label(origin, "")
    }

    /// Adds a place with a few words.
    #[must_use]
    pub fn label(mut self, origin: impl Into<Option<Origin>>, message: impl Into<String>) -> Self {
        if let Some(origin) = origin.into() {
            self.labels.push(Label {
                origin,
                message: message.into(),
            });
        }
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a message that only rpm prints.
    #[must_use]
    pub fn rpm_line(mut self, line: impl Into<String>) -> Self {
        self.rpm.lines.push(line.into());
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to write instead, if something is known.
    #[must_use]
    pub fn help_if(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }
}
