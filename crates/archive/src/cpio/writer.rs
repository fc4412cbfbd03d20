//! Writing cpio archives.

use std::io::{self, Write};

use super::{NEWC, NEWC_FILE_LIMIT, STRIPPED, Stat, TRAILER, padding};
use crate::error::Error;

/// Writes a cpio archive as a stream: start a member, then its content through [`Write`].
pub struct Writer<W: Write> {
    out: W,
    offset: u64,
    member_end: u64,
}

impl<W: Write> Writer<W> {
    /// Starts an archive into `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            offset: 0,
            member_end: 0,
        }
    }

    /// Starts a newc member; `stat.size` bytes of content must follow.
    pub fn start(&mut self, name: &[u8], stat: &Stat) -> Result<(), Error> {
        self.end_member()?;
        check_name(name)?;
        if u64::from(stat.size) > NEWC_FILE_LIMIT {
            let (what, limit) = ("the size of a cpio member in bytes", NEWC_FILE_LIMIT);
            return Err(Error::TooLarge {
                what,
                value: stat.size.into(),
                limit,
            });
        }
        let mut header = NEWC.to_vec();
        let name_size = name.len() as u32 + 1;
        for field in stat.fields().into_iter().chain([name_size, 0]) {
            write!(header, "{field:08x}").map_err(Error::Write)?;
        }
        header.extend(name);
        header.push(0);
        self.put(&header)?;
        self.end_header(stat.size.into())
    }

    /// Starts a stripped member for the file at `index` of the package's file list; `size` bytes
    /// of content must follow.
    pub fn start_stripped(&mut self, index: u32, size: u64) -> Result<(), Error> {
        self.end_member()?;
        self.put(STRIPPED)?;
        self.put(format!("{index:08x}").as_bytes())?;
        self.end_header(size)
    }

    /// Writes the trailer and gives the output back, with the length of the archive in bytes.
    pub fn finish(mut self) -> Result<(W, u64), Error> {
        let stat = Stat {
            links: 1,
            ..Stat::default()
        };
        self.start(TRAILER, &stat)?;
        Ok((self.out, self.offset))
    }

    fn end_header(&mut self, size: u64) -> Result<(), Error> {
        self.pad()?;
        self.member_end = self.offset + size;
        Ok(())
    }

    fn end_member(&mut self) -> Result<(), Error> {
        if self.offset != self.member_end {
            let expected = self.member_end;
            return Err(Error::MemberLength {
                expected,
                found: self.offset,
            });
        }
        self.pad()
    }

    fn pad(&mut self) -> Result<(), Error> {
        self.put(&[0; 4][..padding(self.offset)])
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.write_all(bytes).map_err(Error::Write)
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.offset += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn check_name(name: &[u8]) -> Result<(), Error> {
    if name.is_empty() || name.contains(&0) || name.len() > 4095 {
        let name = String::from_utf8_lossy(name).into_owned();
        return Err(Error::BadName {
            what: "a member name of a cpio archive",
            name,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_and_the_trailer() {
        let mut writer = Writer::new(Vec::new());
        let stat = Stat {
            inode: 7,
            mode: 0o100_644,
            links: 1,
            size: 5,
            ..Stat::default()
        };
        writer.start(b"./a", &stat).unwrap();
        writer.write_all(b"hello").unwrap();
        let (bytes, length) = writer.finish().unwrap();
        let expected = "07070100000007000081a40000000000000000000000010000000000000005\
            0000000000000000000000000000000000000004\
            00000000./a\0\0\0hello\0\0\0\
            07070100000000000000000000000000000000000000010000000000000000\
            000000000000000000000000000000000000000b\
            00000000TRAILER!!!\0\0\0\0";
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
        assert_eq!(length, bytes.len() as u64);
    }

    #[test]
    fn a_stripped_member() {
        let mut writer = Writer::new(Vec::new());
        writer.start_stripped(0x2a, 3).unwrap();
        writer.write_all(b"abc").unwrap();
        let (bytes, _) = writer.finish().unwrap();
        assert!(bytes.starts_with(b"07070X0000002a\0\0abc\x00070701"));
    }

    #[test]
    fn content_must_have_the_announced_length() {
        let mut writer = Writer::new(Vec::new());
        writer.start_stripped(0, 3).unwrap();
        writer.write_all(b"ab").unwrap();
        assert!(matches!(writer.finish(), Err(Error::MemberLength { .. })));
    }
}
