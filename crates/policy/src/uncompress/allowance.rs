//! How much an archive may unpack to, and how much its headers may hold: a small file can stand for
//! more than a disk or the memory has room for.
//!
//! What sources really are is far below: their archives hold ten times their size, rarely fifty.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use super::destination::Problem;
use crate::error::{Doing, Error};

/// What every archive may unpack to, in bytes.
const ANY: u64 = 4 << 30;
/// What it may unpack to besides, for each of its own bytes.
const RATIO: u64 = 100;
/// What a member takes, however little it holds, in bytes: a block of a disk.
pub(super) const MEMBER: u64 = 4096;
/// What the headers of one member of a tar archive may take, in bytes.
const HEADERS: u64 = 16 << 20;

/// How many bytes may still be unpacked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    left: u64,
}

impl Allowance {
    /// What `file` may unpack to: `limit` bytes, any number if that is 0, else by the file's size.
    pub(super) fn of(file: &Path, limit: Option<u64>) -> Result<Self, Error> {
        let left = match limit {
            Some(0) => u64::MAX,
            Some(limit) => limit,
            None => {
                let size = file.metadata().doing("read", file)?.len();
                size.saturating_mul(RATIO).saturating_add(ANY)
            }
        };
        Ok(Self { left })
    }

    /// Takes some of it away.
    pub(super) fn take(&mut self, bytes: u64) -> Result<(), Problem> {
        // Without a limit nothing is counted.
        if self.left != u64::MAX {
            self.left = self.left.checked_sub(bytes).ok_or(Problem::TooMuch)?;
        }
        Ok(())
    }
}

/// The error that ends unpacking `file`.
pub(super) fn too_much(file: &Path) -> Error {
    let message = "it unpacks to more than such a file should; with `%_unpack_limit 0` it may";
    Error::content(file, message)
}

/// A stream of tar blocks of which only so much is read where headers are expected, since the
/// reader of headers keeps them in memory.
pub(super) struct Watched<R> {
    input: R,
    watch: Watch,
}

/// The other end of a [`Watched`] stream.
#[derive(Clone)]
pub(super) struct Watch {
    /// Bytes that may be read until the next word about it.
    left: Rc<Cell<u64>>,
}

/// A stream to be watched, and what it is watched with.
pub(super) fn watched<R: Read>(input: R) -> (Watched<R>, Watch) {
    let watch = Watch {
        left: Rc::new(Cell::new(HEADERS)),
    };
    let stream = Watched {
        input,
        watch: watch.clone(),
    };
    (stream, watch)
}

impl Watch {
    /// Headers follow, after what is left of `rest` bytes of data.
    pub(super) fn expect_headers(&self, rest: u64) {
        self.left.set(rest.saturating_add(HEADERS));
    }

    /// Data follow, as many as the archive says.
    pub(super) fn expect_data(&self) {
        self.left.set(u64::MAX);
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.watch.left.get();
        if left == 0 {
            return Err(io::Error::other("the headers of a member are too long"));
        }
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let count = self
            .input
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        if left != u64::MAX {
            self.watch.left.set(left - count as u64);
        }
        Ok(count)
    }
}
