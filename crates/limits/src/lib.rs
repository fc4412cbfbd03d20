//! Limits on reading files that others wrote.
//!
//! A small file can stand for more than the memory or a disk has room for, and a device never ends.
//! So every reader of foreign data sets a limit: a file or a stream by
//! [`read()`], [`read_text`] and [`read_from`], a tar archive by [`TarReader`], an archive's content by an
//! [`Allowance`], and a text that grows by [`Growth`]. `cargo xtask tidy` reports code
//! that reads otherwise.

mod allowance;
mod read;
mod tarball;

pub use allowance::{Allowance, Bounded, Exceeded, Growth};
pub use read::{read, read_from, read_text};
pub use tarball::{TarMembers, TarReader, Watched};

/// The longest text: a spec, a macro file, a list, a manifest. In bytes.
pub const TEXT: u64 = 64 << 20;

/// The longest description of one thing: metadata of a module, a signature, a key. In bytes.
pub const METADATA: u64 = 16 << 20;

/// The longest path, in bytes. Source: `PATH_MAX` in limits.h(0p) of Linux.
pub const PATH: usize = 4096;

/// The most entries of an archive whose names are kept in memory.
pub const ENTRIES: u64 = 1 << 21;
