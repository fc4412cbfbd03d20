//! Reading cpio archives that may be damaged or made in bad faith: every number is checked, names
//! are short, content is never held in memory.

use std::io::{self, Read};

use super::{NEWC, NEWC_CRC, STRIPPED, Stat, TRAILER, padding};
use crate::error::Error;
use crate::member::read_rest;

/// Longest member name accepted, with its NUL; the limit of rpm's own reader.
const NAME_LIMIT: u32 = 4096;

/// The header of a member read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// A newc member.
    Named {
        /// Name as stored; it may be absolute or hold `..`, and must not be trusted.
        name: Vec<u8>,
        /// Everything else.
        stat: Stat,
    },
    /// A stripped member; its length stands in the package's file list, so the caller must say it
    /// with [`Reader::set_length`] before the content is read.
    Stripped {
        /// Index into the file list.
        index: u32,
    },
}

/// Reads a cpio archive as a stream: [`Reader::next_member`], then the content through [`Read`].
pub struct Reader<R: Read> {
    input: R,
    offset: u64,
    left: u64,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Starts reading the uncompressed archive `input`.
    pub fn new(input: R) -> Self {
        Self {
            input,
            offset: 0,
            left: 0,
            ended: false,
        }
    }

    /// The next member's header, or `None` at the trailer. Content not read is skipped.
    pub fn next_member(&mut self) -> Result<Option<Member>, Error> {
        if self.ended {
            return Ok(None);
        }
        self.skip(self.left)?;
        self.left = 0;
        self.skip_padding()?;
        let mut magic = [0; 6];
        self.fill(&mut magic)?;
        match &magic {
            STRIPPED => self.stripped().map(Some),
            NEWC | NEWC_CRC => self.named(),
            _ => Err(self.damaged("not the start of a member")),
        }
    }

    /// Says how long the content of the stripped member just read is, in bytes.
    pub fn set_length(&mut self, length: u64) {
        self.left = length;
    }

    /// Gives the input back, which stands behind the trailer once there are no more members.
    pub fn into_inner(self) -> R {
        self.input
    }

    fn stripped(&mut self) -> Result<Member, Error> {
        let [index] = self.numbers::<1>()?;
        self.skip_padding()?;
        Ok(Member::Stripped { index })
    }

    fn named(&mut self) -> Result<Option<Member>, Error> {
        let fields = self.numbers::<13>()?;
        let stat = Stat::from_fields(&fields);
        let name = self.name(fields[11])?;
        self.skip_padding()?;
        if name == TRAILER {
            self.ended = true;
            return Ok(None);
        }
        self.left = stat.size.into();
        Ok(Some(Member::Named { name, stat }))
    }

    fn name(&mut self, length: u32) -> Result<Vec<u8>, Error> {
        if !(2..=NAME_LIMIT).contains(&length) {
            return Err(self.damaged("the length of a name is out of range"));
        }
        let mut name = vec![0; length as usize];
        self.fill(&mut name)?;
        if name.pop() != Some(0) || name.contains(&0) {
            return Err(self.damaged("a name does not end with its NUL"));
        }
        Ok(name)
    }

    fn numbers<const N: usize>(&mut self) -> Result<[u32; N], Error> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            let mut digits = [0; 8];
            self.fill(&mut digits)?;
            *number =
                hexadecimal(digits).ok_or_else(|| self.damaged("not a hexadecimal number"))?;
        }
        Ok(numbers)
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        self.input
            .read_exact(buffer)
            .map_err(|it| self.failed(it))?;
        self.offset += buffer.len() as u64;
        Ok(())
    }

    fn skip_padding(&mut self) -> Result<(), Error> {
        self.skip(padding(self.offset) as u64)
    }

    fn skip(&mut self, count: u64) -> Result<(), Error> {
        let copied = io::copy(&mut self.input.by_ref().take(count), &mut io::sink());
        let copied = copied.map_err(Error::ReadArchive)?;
        self.offset += copied;
        if copied < count {
            Err(self.damaged("it ends within a member"))
        } else {
            Ok(())
        }
    }

    fn failed(&self, error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged("it ends without a trailer"),
            _ => Error::ReadArchive(error),
        }
    }

    fn damaged(&self, what: &'static str) -> Error {
        Error::Damaged {
            offset: self.offset,
            what,
        }
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_rest(&mut self.input, &mut self.left, &mut self.offset, buffer)
    }
}

/// Eight hexadecimal digits, without sign or blanks.
fn hexadecimal(digits: [u8; 8]) -> Option<u32> {
    let add = |sum: u32, it: u8| Some(sum << 4 | char::from(it).to_digit(16)?);
    digits.into_iter().try_fold(0, add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpio::Writer;
    use std::io::Write;

    fn sample() -> Vec<u8> {
        let mut writer = Writer::new(Vec::new());
        let stat = Stat {
            inode: 1,
            mode: 0o100_644,
            size: 5,
            ..Stat::default()
        };
        writer.start(b"./first", &stat).unwrap();
        writer.write_all(b"12345").unwrap();
        writer.start_stripped(9, 2).unwrap();
        writer.write_all(b"ab").unwrap();
        writer.finish().unwrap().0
    }

    #[test]
    fn reads_what_the_writer_wrote() {
        let bytes = sample();
        let mut reader = Reader::new(&bytes[..]);
        let first = reader.next_member().unwrap();
        assert!(matches!(first, Some(Member::Named { name, .. }) if name == b"./first"));
        assert_eq!(
            reader.next_member().unwrap(),
            Some(Member::Stripped { index: 9 })
        );
        reader.set_length(2);
        let mut content = String::new();
        reader.read_to_string(&mut content).unwrap();
        assert_eq!(content, "ab");
        assert_eq!(reader.next_member().unwrap(), None);
        assert_eq!(reader.next_member().unwrap(), None);
    }

    #[test]
    fn every_truncation_is_an_error() {
        let bytes = sample();
        for length in 0..bytes.len() {
            let mut reader = Reader::new(&bytes[..length]);
            let outcome = loop {
                match reader.next_member() {
                    Ok(Some(Member::Stripped { .. })) => reader.set_length(2),
                    Ok(Some(_)) => {}
                    end => break end,
                }
            };
            assert!(outcome.is_err(), "cut at {length}");
        }
    }

    #[test]
    fn absurd_numbers_are_errors() {
        for (at, digits) in [
            (94, "ffffffff"),
            (94, "00000000"),
            (54, "-0000001"),
            (6, "+1234567"),
        ] {
            let mut bytes = sample();
            bytes[at..at + 8].copy_from_slice(digits.as_bytes());
            let outcome = Reader::new(&bytes[..]).next_member();
            assert!(
                matches!(outcome, Err(Error::Damaged { .. })),
                "{digits} at {at}"
            );
        }
    }
}
