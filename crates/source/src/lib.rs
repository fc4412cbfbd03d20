//! Floor 0: where text comes from, and how faults in it are told.
//!
//! A [`SourceMap`] holds every text a run has read: spec files, macro files, definitions from the
//! command line. A [`Span`] names bytes in one of them, an [`Origin`] adds the chain of macro calls
//! that led there, and a [`Text`] is a string whose every byte knows its origin. [`Diagnostic`]s
//! point at origins, gather in a [`Sink`], and are drawn by [`render()`].
//!
//! Not here: reading files, and printing. Nothing in this crate does I/O.

mod diagnostic;
mod look_alikes;
mod map;
pub mod octets;
mod policy;
mod render;
mod sink;
mod suggest;
mod text;

pub use diagnostic::{Code, Diagnostic, LINE_END, Label, RpmFrame, Severity};
pub use look_alikes::{LookAlike, look_alike, look_alikes};
pub use map::{FileId, Frame, FrameId, Location, Origin, Shared, SourceMap, Span};
pub use policy::WarningPolicy;
pub use render::{Style, render, render_with_code};
pub use sink::{MOST_FINDINGS, Reported, Sink};
pub use suggest::closest;
pub use text::{Piece, Text};
