//! One line of `%files`, or of a list that `%files -f` names, becomes a [`FileRule`].
//!
//! Not here: what a rule matches; `collect` looks into the build root.
//! Source: rpm-spec(5), "%files section".

mod advice;
mod attributes;
mod caps;
mod directives;
mod line;
mod patterns;
mod rule;

use source::{Reported, Sink, Text, in_stage};

pub(crate) use advice::is_misspelt_section;
pub(crate) use directives::{BRACKETED, WORDS};
pub use rule::{Attributes, DefaultAttributes, Device, FileRule, Firmness, RuleKind};

use line::LineReader;

/// Reads one expanded line. `Ok(None)` if it is blank or only sets defaults.
///
/// Every fault of the line is reported, and the result is an error. A line with good and bad files
/// still gives a rule for the good ones, as in rpm.
pub fn parse_file_line(
    line: &Text,
    defaults: &mut DefaultAttributes,
    sink: &mut Sink,
) -> Result<Option<FileRule>, Reported> {
    let read = |sink: &mut Sink| LineReader::new(line, sink).read(defaults);
    in_stage(sink, |sink| sink, read)
}
