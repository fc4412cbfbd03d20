//! Writes a [`package::Package`] as an .rpm file of format 4.
//!
//! [`lower`] turns the package into header entries and a payload plan, touching nothing; [`write`]
//! reads each packaged file once, compresses the payload into a spool, and then streams lead,
//! signature header, header and payload.
//!
//! Not here: which files and dependencies a package has, signing, and reading packages.
//!
//! Source: rpm `docs/manual/format_v4.md`, `format_header.md`, `format_lead.md`, `tags.md`.

mod compression;
mod error;
mod header;
mod lead;
mod lower;
mod options;
mod payload;
mod signature;
pub mod tags;
mod write;

pub use header::{Header, Value};
pub use lower::{Lowered, dependency_lines, lower};
pub use options::Options;
pub use write::{RpmWriter, Written, write};
