//! The outer container of a .deb: an ar archive of a few members, written in order.
//!
//! Source: manual pages ar(5) and deb(5). Reproducible: owner 0, mode 100644, one time for all.

use std::io::{self, Write};

use crate::error::Error;

/// Largest member: its size is written in ten decimal digits.
const MEMBER_LIMIT: u64 = 9_999_999_999;

/// Latest time: it has twelve digits.
const TIME_LIMIT: u64 = 999_999_999_999;

/// Writes an ar archive as a stream; the length of each member must be known before its content.
pub struct ArWriter<W: Write> {
    out: W,
    time: u64,
    expected: u64,
    found: u64,
}

impl<W: Write> ArWriter<W> {
    /// Starts an archive. `time` (seconds since 1970) is given to every member.
    pub fn new(mut out: W, time: u64) -> Result<Self, Error> {
        if time > TIME_LIMIT {
            let (what, limit) = ("the time of an ar archive", TIME_LIMIT);
            return Err(Error::TooLarge {
                what,
                value: time,
                limit,
            });
        }
        out.write_all(b"!<arch>\n").map_err(Error::Write)?;
        Ok(Self {
            out,
            time,
            expected: 0,
            found: 0,
        })
    }

    /// Starts the next member of `length` bytes; its content is then written through [`Write`].
    ///
    /// `name` has at most 16 bytes and neither blanks nor slashes.
    pub fn start(&mut self, name: &str, length: u64) -> Result<(), Error> {
        self.end_member()?;
        check_member(name, length)?;
        let time = self.time;
        writeln!(
            self.out,
            "{name:<16}{time:<12}0     0     100644  {length:<10}`"
        )
        .map_err(Error::Write)?;
        (self.expected, self.found) = (length, 0);
        Ok(())
    }

    /// Ends the archive and gives the output back.
    pub fn finish(mut self) -> Result<W, Error> {
        self.end_member()?;
        Ok(self.out)
    }

    fn end_member(&mut self) -> Result<(), Error> {
        let (expected, found) = (self.expected, self.found);
        if expected != found {
            return Err(Error::MemberLength { expected, found });
        }
        if found % 2 == 1 {
            self.out.write_all(b"\n").map_err(Error::Write)?;
        }
        Ok(())
    }
}

fn check_member(name: &str, length: u64) -> Result<(), Error> {
    let is_plain = |it: u8| it.is_ascii_graphic() && it != b'/';
    if name.is_empty() || name.len() > 16 || !name.bytes().all(is_plain) {
        return Err(Error::BadName {
            what: "the name of an ar member",
            name: name.into(),
        });
    }
    if length > MEMBER_LIMIT {
        let what = "the size of an ar member in bytes";
        return Err(Error::TooLarge {
            what,
            value: length,
            limit: MEMBER_LIMIT,
        });
    }
    Ok(())
}

impl<W: Write> Write for ArWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.found += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_an_end() {
        assert!(ArWriter::new(Vec::new(), TIME_LIMIT + 1).is_err());
        let mut archive = ArWriter::new(Vec::new(), TIME_LIMIT).unwrap();
        assert!(archive.start("x", MEMBER_LIMIT + 1).is_err());
        archive.start("x", MEMBER_LIMIT).unwrap();
    }

    #[test]
    fn an_odd_member_is_padded() {
        let mut archive = ArWriter::new(Vec::new(), 1_700_000_000).unwrap();
        archive.start("debian-binary", 4).unwrap();
        archive.write_all(b"2.0\n").unwrap();
        archive.start("odd", 1).unwrap();
        archive.write_all(b"x").unwrap();
        let bytes = archive.finish().unwrap();
        let expected = "!<arch>\n\
            debian-binary   1700000000  0     0     100644  4         `\n2.0\n\
            odd             1700000000  0     0     100644  1         `\nx\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn wrong_lengths_and_names_are_errors() {
        let mut archive = ArWriter::new(Vec::new(), 0).unwrap();
        assert!(matches!(
            archive.start("big", 10_000_000_000),
            Err(Error::TooLarge {
                limit: MEMBER_LIMIT,
                ..
            })
        ));
        assert!(matches!(
            archive.start("a b", 0),
            Err(Error::BadName { .. })
        ));
        assert!(matches!(
            archive.start("seventeen-letters", 0),
            Err(Error::BadName { .. })
        ));
        archive.start("short", 3).unwrap();
        assert!(matches!(
            archive.finish(),
            Err(Error::MemberLength {
                expected: 3,
                found: 0
            })
        ));
    }
}
