//! Limits that are used up while data is unpacked.

use std::fmt;
use std::io::{self, Read};

/// What every archive may unpack to, in bytes.
const ANY: u64 = 4 << 30;
/// What it may unpack to besides, for each of its own bytes. What sources really are is far below:
/// their archives hold ten times their size, rarely fifty.
const RATIO: u64 = 100;

/// The error that a limit is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded;

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it unpacks to more than such a file should")
    }
}

impl std::error::Error for Exceeded {}

/// How many bytes may still be unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    left: u64,
}

impl Allowance {
    /// No limit at all.
    pub const NONE: Self = Self { left: u64::MAX };

    /// Allows this number of bytes.
    pub const fn bytes(left: u64) -> Self {
        Self { left }
    }

    /// What an archive of some size may unpack to.
    pub const fn for_archive(size: u64) -> Self {
        Self::bytes(size.saturating_mul(RATIO).saturating_add(ANY))
    }

    /// Takes some of it away.
    pub fn take(&mut self, bytes: u64) -> Result<(), Exceeded> {
        // Without a limit nothing is counted.
        if self.left != u64::MAX {
            self.left = self.left.checked_sub(bytes).ok_or(Exceeded)?;
        }
        Ok(())
    }
}

/// A stream that fails when it is longer than it may be.
#[derive(Debug)]
pub struct Bounded<R> {
    input: R,
    allowance: Allowance,
}

impl<R> Bounded<R> {
    /// The stream with its limit.
    pub const fn new(input: R, allowance: Allowance) -> Self {
        Self { input, allowance }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let taken = self.allowance.take(count as u64);
        taken.map_err(io::Error::other)?;
        Ok(count)
    }
}

/// How long texts may become that grow out of each other, all of them together: `a=${b}${b}`.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    left: usize,
}

impl Growth {
    /// Allows this number of bytes.
    pub const fn bytes(left: usize) -> Self {
        Self { left }
    }

    /// Adds a piece to a text.
    pub fn push(&mut self, text: &mut String, piece: &str) -> Result<(), Exceeded> {
        self.left = self.left.checked_sub(piece.len()).ok_or(Exceeded)?;
        text.push_str(piece);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_used_up() {
        let mut allowance = Allowance::bytes(3);
        assert_eq!(allowance.take(3), Ok(()));
        assert_eq!(allowance.take(1), Err(Exceeded));
        let mut none = Allowance::NONE;
        assert_eq!(none.take(u64::MAX), none.take(u64::MAX));
        let mut growth = Growth::bytes(4);
        let mut text = String::new();
        assert_eq!(growth.push(&mut text, "abc"), Ok(()));
        assert_eq!(growth.push(&mut text, "de"), Err(Exceeded));
        assert_eq!(text, "abc");
    }

    #[test]
    fn a_stream_may_be_as_long_as_its_limit() {
        let read = |most| {
            let mut bytes = Vec::new();
            let mut stream = Bounded::new(&b"hello"[..], Allowance::bytes(most));
            stream.read_to_end(&mut bytes).map(|_| bytes)
        };
        assert_eq!(read(5).unwrap(), b"hello");
        assert!(read(4).is_err());
    }
}
