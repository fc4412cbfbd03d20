//! Where text comes from, and how faults in it are reported.
//!
//! A [`SourceMap`] holds every text a run has read: spec files, macro files, definitions from the
//! command line. A [`Span`] names bytes in one of them, an [`Origin`] adds the chain of macro calls
//! that led there, and a [`Text`] is a string whose every byte knows its origin. [`Diagnostic`]s
//! point at origins, gather in a [`Sink`], and are drawn by [`render()`].
//!
//! Not here: reading files, and printing. Nothing in this crate does I/O.

mod code;
mod command_line;
mod diagnostic;
mod look_alikes;
mod map;
pub mod octets;
mod policy;
mod render;
mod rpm_form;
mod sink;
mod suggest;
mod text;

pub use code::{Code, Severity};
pub use command_line::{shell_quoted, split_words};
pub use diagnostic::{Diagnostic, Label};
pub use look_alikes::{LookAlike, look_alike, look_alikes};
pub use map::{FileId, Frame, FrameId, Location, Origin, Shared, SourceMap, Span};
pub use policy::WarningPolicy;
pub use render::{Style, is_shown, render, render_with_code};
pub use rpm_form::{LINE_END, RpmForm};
pub use sink::{MOST_FINDINGS, Reported, Sink, in_stage};
pub use suggest::closest;
pub use text::{Piece, Text};
