//! What a build tells while it runs. Libraries print nothing; whoever listens decides.

use std::path::Path;

use source::{Diagnostic, SourceMap};

use crate::BuildError;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// A fault or a warning in the spec.
    Finding {
        /// The finding.
        diagnostic: &'a Diagnostic,
        /// The texts it points into.
        sources: &'a SourceMap,
        /// How the configuration wants findings told (`%_diagnostics`): `full`, `bare`, or empty.
        form: &'a str,
    },
    /// All that was found so far has been told.
    FindingsTold,
    /// The spec has been read without fault; the build begins.
    SpecRead,
    /// What was expanded while a spec was read, for those who asked.
    Expanded {
        /// Every call on a line of the spec, in order.
        steps: &'a [expand::Step],
        /// The texts they stand in.
        sources: &'a SourceMap,
    },
    /// A line for standard output, in rpm's words: `Executing(%prep): …`.
    Step(String),
    /// A line for standard error, in rpm's words: `Building for target …`.
    Note(String),
    /// A source is on its way; told several times a second.
    Fetching {
        /// Its file name.
        name: &'a str,
        /// Bytes that have come so far.
        bytes: u64,
        /// Whether that was all.
        is_complete: bool,
    },
    /// A package or file is complete.
    Wrote(&'a Path),
}

/// Takes note of what happens.
pub trait Listener {
    /// Takes one event.
    fn take(&mut self, event: &Event<'_>);

    /// The signal by which somebody asked the build to end, if that is so.
    fn signal(&self) -> Option<i32> {
        None
    }

    /// An error if somebody asked the build to end.
    fn check_interruption(&self) -> Result<(), BuildError> {
        self.signal()
            .map_or(Ok(()), |signal| Err(BuildError::Interrupted(signal)))
    }
}
