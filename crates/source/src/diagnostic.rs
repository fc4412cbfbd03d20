//! What is wrong, and where.
//!
//! Not here: drawing, see [`crate::render`].

use crate::Origin;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build goes on.
    Warning,
    /// The build ends with status 1.
    Error,
}

/// The stable name of a kind of finding, `area::kebab-name`. Codes are never used again for
/// something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code(pub &'static str);

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
    /// Kind of finding.
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
    /// Further messages that rpm prints below this one and a drawing says better, such as a caret.
    pub rpm_lines: Vec<String>,
    /// What rpm prints below all of it when it is verbose: the calls that failed, the innermost first.
    pub rpm_trace: String,
    /// What rpm puts before the message, and a drawing shows better: file and line.
    pub rpm_prefix: String,
    /// rpm would have stopped before it came to this.
    pub is_beyond_rpm: bool,
    /// An error that rpm tells and gets over: the build goes on.
    pub is_survived: bool,
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
            rpm_lines: Vec::new(),
            rpm_trace: String::new(),
            rpm_prefix: String::new(),
            is_beyond_rpm: false,
            is_survived: false,
        }
    }

    /// Whether it ends the build.
    pub fn is_fatal(&self) -> bool {
        self.severity == Severity::Error && !self.is_survived
    }

    /// Lets the build go on after it.
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
        self.rpm_lines.push(line.into());
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
