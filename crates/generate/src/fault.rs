//! What generators could not understand, and what could not be understood of them.

use std::io;

use source::{Diagnostic, Origin, Severity, Sink};

use crate::codes;
use crate::subject::Subject;

/// One fault.
pub(crate) struct Fault {
    message: String,
    severity: Severity,
    origin: Option<Origin>,
    note: Option<String>,
    /// Whether the build goes on after an error.
    is_survived: bool,
    /// What to say where versions of doubtful form are errors, if that is what is wrong.
    strict: Option<String>,
}

impl Fault {
    /// A fault that ends the build.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            severity: Severity::Error,
            origin: None,
            note: None,
            is_survived: false,
            strict: None,
        }
    }

    /// A version of doubtful form; `%_wrong_version_format_terminate_build` says what becomes of it.
    pub(crate) fn doubtful(message: impl Into<String>, strict: String) -> Self {
        Self {
            strict: Some(strict),
            ..Self::warning(message)
        }
    }

    /// Whether it is a version of doubtful form.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.strict.is_some()
    }

    /// The fault as it is where versions of doubtful form are errors, or are not.
    pub(crate) fn judged(self, is_strict: bool) -> Self {
        match self.strict {
            Some(message) if is_strict => Self::error(message).at(self.origin),
            _ => self,
        }
    }

    /// A fault that ends no build.
    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message)
        }
    }

    /// A file that is not as a generator expects it; a dependency that is missing ends no build.
    pub(crate) fn unreadable(subject: &Subject<'_>, attribute: &str, error: &io::Error) -> Self {
        let path = subject.path;
        let message = format!("no `{attribute}` dependencies could be read from `{path}`: {error}");
        Self::warning(message).at(subject.origin)
    }

    /// A generator that is no program; rpm goes on without what it would have found.
    pub(crate) fn no_program(program: &str, error: &io::Error) -> Self {
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or_default();
        Self {
            is_survived: true,
            ..Self::error(format!("Couldn't exec {program}: {reason}"))
        }
    }

    /// A line that a generator makes nothing of; rpm goes on without it.
    pub(crate) fn survived(message: impl Into<String>) -> Self {
        Self {
            is_survived: true,
            ..Self::error(message)
        }
    }

    /// A generator of many files that named one which is none of them, or not in their order.
    pub(crate) fn out_of_order(line: &str) -> Self {
        Self::error(format!(
            "invalid or out of order path from generator: {line}"
        ))
    }

    /// An attribute whose generators are told their files in a way that nobody knows.
    pub(crate) fn unknown_protocol(name: &str) -> Self {
        Self::error(format!("Unknown dependency generator protocol: {name}"))
    }

    /// Whether it ends the build.
    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error && !self.is_survived
    }

    /// The same fault in a package's file.
    pub(crate) fn at(mut self, origin: Option<Origin>) -> Self {
        self.origin = origin;
        self
    }

    /// The same fault with a fact.
    pub(crate) fn note(mut self, note: String) -> Self {
        self.note = Some(note);
        self
    }

    /// Puts the fault into the sink.
    pub(crate) fn report(self, sink: &mut Sink) {
        let finding = match self.severity {
            Severity::Error => Diagnostic::error(codes::GENERATOR, self.message),
            Severity::Warning => Diagnostic::warning(codes::GENERATOR, self.message),
        };
        let mut finding = finding.at(self.origin);
        finding.is_survived = self.is_survived;
        sink.push(match self.note {
            Some(note) => finding.note(note),
            None => finding,
        });
    }
}
