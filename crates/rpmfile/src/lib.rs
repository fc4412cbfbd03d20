//! Writes a [`package::Package`] as an .rpm file of format 4 or 6, and reads those and format 3.
//!
//! [`lower()`] turns the package into header entries and a payload plan, touching nothing; [`write()`]
//! reads each packaged file once, compresses the payload into a spool, and then streams lead,
//! signature header, header and payload.
//!
//! [`PackageFile`] reads a file that may be damaged or made in bad faith: its headers at once, then
//! its payload as a stream, and what its digests say of both.
//!
//! [`install_source`] unpacks a source package; [`write_cpio`] and [`write_tar`] make other archives
//! of what is in a package.
//!
//! [`sign_package`] adds signatures to packages that are there, and [`verify()`] says what signatures and
//! digests are worth; making and checking single signatures is the business of crate `sign`.
//!
//! Not here: which files and dependencies a package has.
//!
//! Source: rpm `docs/manual/format_v4.md`, `format_v6.md`, `format_header.md`, `format_lead.md`, `tags.md`.

mod compression;
mod convert;
mod error;
mod install;
mod lead;
mod lower;
mod options;
mod owners;
mod payload;
mod read;
mod signature;
mod signing;
mod verify;
mod write;

pub use convert::{write_cpio, write_tar};
pub use header::{Header, Value, tags};
pub use install::{InstalledSource, SourcePlaces, install_source};
pub use lower::{Lowered, dependency_lines, lower};
pub use options::{Options, file_digest};
pub use read::{Headers, Member, PackageFile, Payload, ReadError, StoredFile, StoredHeader};
pub use signing::{Generations, Signed, SigningError, remove_signatures, sign_package};
pub use verify::{Class, Finding, Outcome, Policy, Verdict, verify};
pub use write::{CODES, RpmWriter, Written, write};
