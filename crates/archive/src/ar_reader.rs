//! Reading the outer container of a .deb, which may be damaged or made in bad faith.
//!
//! Source: manual pages ar(5) and deb(5). Long names of GNU and BSD are not known; .deb files have
//! none.

use std::io::{self, Read};

use crate::error::Error;
use crate::member::read_rest;

/// Bytes of a member's header.
const HEADER: usize = 60;

/// Reads an ar archive as a stream: [`ArReader::next_member`], then the content through [`Read`].
pub struct ArReader<R: Read> {
    input: R,
    offset: u64,
    left: u64,
    padding: u64,
}

impl<R: Read> ArReader<R> {
    /// What every archive begins with.
    pub const MAGIC: &'static [u8; 8] = b"!<arch>\n";

    /// Starts reading `input`; fails if it does not begin as an archive does.
    pub fn new(input: R) -> Result<Self, Error> {
        let mut reader = Self {
            input,
            offset: 0,
            left: 0,
            padding: 0,
        };
        let mut magic = [0; 8];
        if reader.fill(&mut magic)? && magic == *Self::MAGIC {
            return Ok(reader);
        }
        Err(reader.damaged("not an ar archive"))
    }

    /// The name of the next member and the length of its content in bytes; `None` at the end.
    /// Content not read is skipped.
    pub fn next_member(&mut self) -> Result<Option<(String, u64)>, Error> {
        self.skip()?;
        let mut header = [0; HEADER];
        if !self.fill(&mut header)? {
            return Ok(None);
        }
        let text = |range: std::ops::Range<usize>| {
            let text = std::str::from_utf8(&header[range]);
            text.map(|it| it.trim_end_matches(' ').to_owned()).ok()
        };
        let (name, size) = (text(0..16), text(48..58));
        let is_number = |it: &String| it.bytes().all(|byte| byte.is_ascii_digit());
        let size = size.filter(is_number).and_then(|it| it.parse::<u64>().ok());
        match (name, size) {
            (Some(name), Some(size)) if &header[58..] == b"`\n" => {
                (self.left, self.padding) = (size, size % 2);
                Ok(Some((name.trim_end_matches('/').to_owned(), size)))
            }
            _ => Err(self.damaged("not the start of a member")),
        }
    }

    /// Skips the rest of the member; the padding of the last one may be missing.
    fn skip(&mut self) -> Result<(), Error> {
        let wanted = self.left + self.padding;
        let copied = io::copy(&mut self.input.by_ref().take(wanted), &mut io::sink());
        let copied = copied.map_err(Error::ReadArchive)?;
        self.offset += copied;
        if copied < self.left {
            return Err(self.damaged("it ends within a member"));
        }
        (self.left, self.padding) = (0, 0);
        Ok(())
    }

    /// Fills a buffer; false if there is nothing more at all.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<bool, Error> {
        let mut taken = self.input.by_ref().take(buffer.len() as u64);
        let mut bytes = Vec::new();
        let count = taken.read_to_end(&mut bytes).map_err(Error::ReadArchive)?;
        self.offset += count as u64;
        match count {
            0 => Ok(false),
            _ if count == buffer.len() => {
                buffer.copy_from_slice(&bytes);
                Ok(true)
            }
            _ => Err(self.damaged("it ends within a header")),
        }
    }

    fn damaged(&self, what: &'static str) -> Error {
        Error::Damaged {
            offset: self.offset,
            what,
        }
    }
}

impl<R: Read> Read for ArReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_rest(&mut self.input, &mut self.left, &mut self.offset, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArWriter;
    use std::io::Write as _;

    fn sample() -> Vec<u8> {
        let mut archive = ArWriter::new(Vec::new(), 0).unwrap();
        for (name, content) in [("debian-binary", "2.0\n"), ("odd", "x"), ("last", "yz")] {
            archive.start(name, content.len() as u64).unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        archive.finish().unwrap()
    }

    #[test]
    fn reads_what_the_writer_wrote() {
        let bytes = sample();
        let mut reader = ArReader::new(&bytes[..]).unwrap();
        let mut found = Vec::new();
        while let Some((name, size)) = reader.next_member().unwrap() {
            let mut content = String::new();
            if name != "odd" {
                reader.read_to_string(&mut content).unwrap();
            }
            found.push((name, size, content));
        }
        let expected = [
            ("debian-binary", 4, "2.0\n"),
            ("odd", 1, ""),
            ("last", 2, "yz"),
        ];
        let expected = expected.map(|(name, size, text)| (name.to_owned(), size, text.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn truncation_and_absurd_sizes_are_errors() {
        let bytes = sample();
        let read = |bytes: &[u8]| -> Result<(), Error> {
            let mut reader = ArReader::new(bytes)?;
            while reader.next_member()?.is_some() {}
            Ok(())
        };
        for length in [0, 7, 20, 67, 70, bytes.len() - 1] {
            assert!(read(&bytes[..length]).is_err(), "cut at {length}");
        }
        let mut large = bytes.clone();
        large[8 + 48..8 + 58].copy_from_slice(b"9999999999");
        assert!(read(&large).is_err());
        large[8 + 48..8 + 58].copy_from_slice(b"-1        ");
        assert!(read(&large).is_err());
    }
}
