//! What is wrong, and where.
//!
//! Not here: drawing, see [`crate::render()`].

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

/// Stands in a message for the newline of a line that rpm shows whole. Only rpm's words have it.
pub const LINE_END: char = '\u{2424}';

/// What rpm says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RpmFrame {
    /// A line of its own that a function of the C library prints, such as getopt(3).
    pub line_before: Option<String>,
    /// rpm's words where they are not the message itself.
    pub text: Option<String>,
    /// What rpm calls it, where it goes on after an error.
    pub severity: Option<Severity>,
}

/// One finding: a sentence, the places it concerns, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kind of finding.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What rpm says otherwise.
    pub rpm_frame: RpmFrame,
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
    /// Only rpm tells it: the spec is read once more and the same will be found, or it follows from an
    /// earlier finding.
    pub is_told_again: bool,
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
            rpm_frame: RpmFrame::default(),
            message,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            rpm_lines: Vec::new(),
            rpm_trace: String::new(),
            rpm_prefix: String::new(),
            is_beyond_rpm: false,
            is_survived: false,
            is_told_again: false,
        }
    }

    /// Whether it ends the build.
    pub fn is_fatal(&self) -> bool {
        self.severity == Severity::Error && !self.is_survived
    }

    /// The message as rpm tells it.
    pub fn told_by_rpm(&self) -> String {
        let text = self.rpm_frame.text.as_ref().unwrap_or(&self.message);
        format!("{}{text}", self.rpm_prefix)
    }

    /// How bad rpm calls it.
    pub fn severity_in_rpm(&self) -> Severity {
        self.rpm_frame.severity.unwrap_or(self.severity)
    }

    /// Marks what rpm calls an error, and goes on.
    #[must_use]
    pub fn called_error_by_rpm(mut self) -> Self {
        self.rpm_frame.severity = Some(Severity::Error);
        self
    }

    /// Takes the marks of [`LINE_END`] out of the message; where there are some, rpm's words are kept.
    pub(crate) fn settle_line_ends(&mut self) {
        if self.message.contains(LINE_END) {
            self.rpm_frame.text = Some(self.message.replace(LINE_END, "\n"));
            self.message = self.message.replace(LINE_END, "");
        }
    }

    /// Adds a line that is there before the message, by another than rpm.
    #[must_use]
    pub fn line_before(mut self, line: impl Into<String>) -> Self {
        self.rpm_frame.line_before = Some(line.into());
        self
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
