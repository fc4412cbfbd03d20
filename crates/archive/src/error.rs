//! The faults of the world that packing files can meet.

use std::io;
use std::path::PathBuf;

/// Why bytes could not be packed or unpacked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file to be packed could not be opened or read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file on disk.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file has another length than when its package was put together.
    #[error("{} changed while it was packed: expected {expected} bytes, found {found}", path.display())]
    SizeChanged {
        /// The file on disk.
        path: PathBuf,
        /// Length noted earlier, in bytes.
        expected: u64,
        /// Bytes read now (the first byte too many counts as one).
        found: u64,
    },
    /// No thread for reading ahead could be started.
    #[error("cannot start a thread for reading files")]
    StartThread(#[source] io::Error),
    /// More files were asked for than were announced, or reading ahead broke down.
    #[error("no further file is being read")]
    FeedEnded,
    /// A temporary file could not be made.
    #[error("cannot create a temporary file in {}", directory.display())]
    CreateTemporary {
        /// Where it was to be made.
        directory: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A finished file could not be given its final name.
    #[error("cannot move the finished file to {}", path.display())]
    Rename {
        /// The final name.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Packed bytes could not be written.
    #[error("cannot write packed bytes")]
    Write(#[source] io::Error),
    /// A value does not fit the archive format.
    #[error("{what} does not fit: {value} (at most {limit})")]
    TooLarge {
        /// Which field of which format.
        what: &'static str,
        /// The value met.
        value: u64,
        /// The largest value the field holds.
        limit: u64,
    },
    /// A name cannot be stored in the archive format.
    #[error("{what} cannot be stored: `{name}`")]
    BadName {
        /// Which field of which format.
        what: &'static str,
        /// The name, as far as it is text.
        name: String,
    },
    /// The writer was called against the order of the format, or with too many or too few bytes.
    #[error("the content of an archive member is {found} bytes long instead of {expected}")]
    MemberLength {
        /// Announced length in bytes.
        expected: u64,
        /// Bytes given.
        found: u64,
    },
    /// An archive being read is damaged.
    #[error("damaged archive at byte {offset}: {what}")]
    Damaged {
        /// Offset from the start of the (uncompressed) archive, in bytes.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// An archive being read could not be read on.
    #[error("cannot read the archive")]
    ReadArchive(#[source] io::Error),
}
