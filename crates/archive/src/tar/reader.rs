//! Reading tar archives that may be damaged or made in bad faith: GNU's form, and names in PAX
//! members. Sparse files are not known.
//!
//! Source: GNU tar manual, "Basic Tar Format"; pax(1), "pax Extended Header".

use std::io::{self, Read};

use super::{BLOCK, field};
use crate::error::Error;
use crate::member::read_rest;

/// Longest name or link target, in bytes; what Linux has as a limit for paths, many times over.
const NAME_LIMIT: u64 = 64 * 1024;

/// What a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadKind {
    /// A file; its content comes next.
    Regular,
    /// Another name of an earlier member.
    HardLink,
    /// A symbolic link.
    Symlink,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
    /// A directory.
    Directory,
    /// A named pipe.
    Fifo,
}

/// A member read. Nothing in it is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadEntry {
    /// Name as stored.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: ReadKind,
    /// Where a link points.
    pub target: Vec<u8>,
    /// Length of the content in bytes.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
    /// Seconds since 1970.
    pub mtime: u64,
    /// Owner's name, or number where there is no name.
    pub user: String,
    /// Group's name, or number.
    pub group: String,
    /// Major and minor number of a device.
    pub device: (u64, u64),
}

/// Reads a tar archive as a stream: [`Reader::next_entry`], then the content through [`Read`].
pub struct Reader<R: Read> {
    input: R,
    offset: u64,
    left: u64,
    padding: u64,
}

/// What members before the real one say of it.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    target: Option<Vec<u8>>,
}

impl<R: Read> Reader<R> {
    /// Starts reading the uncompressed archive `input`.
    pub fn new(input: R) -> Self {
        Self {
            input,
            offset: 0,
            left: 0,
            padding: 0,
        }
    }

    /// The next member, or `None` at the end. Content not read is skipped.
    pub fn next_entry(&mut self) -> Result<Option<ReadEntry>, Error> {
        let mut ahead = Ahead::default();
        loop {
            self.skip()?;
            let mut block = [0; BLOCK];
            if !self.fill(&mut block)? || block == [0; BLOCK] {
                return Ok(None);
            }
            self.check(&block)?;
            let size = self.number(&block, field::SIZE)?;
            let flag = block[field::KIND];
            // Only files and what stands before them have content.
            let has_content = matches!(flag, b'0' | 0 | b'7' | b'L' | b'K' | b'x' | b'g');
            self.left = if has_content { size } else { 0 };
            self.padding = self.left.wrapping_neg() % BLOCK as u64;
            match flag {
                b'L' => ahead.name = Some(self.long_text()?),
                b'K' => ahead.target = Some(self.long_text()?),
                b'x' => self.extended(&mut ahead)?,
                b'g' => {}
                flag => return self.entry(&block, flag, ahead).map(Some),
            }
        }
    }

    fn entry(&self, block: &[u8; BLOCK], flag: u8, ahead: Ahead) -> Result<ReadEntry, Error> {
        let kind = match flag {
            b'0' | 0 | b'7' => ReadKind::Regular,
            b'1' => ReadKind::HardLink,
            b'2' => ReadKind::Symlink,
            b'3' => ReadKind::CharDevice,
            b'4' => ReadKind::BlockDevice,
            b'5' => ReadKind::Directory,
            b'6' => ReadKind::Fifo,
            _ => return Err(self.damaged("a member of an unknown kind")),
        };
        let is_device = matches!(kind, ReadKind::CharDevice | ReadKind::BlockDevice);
        let device = if is_device {
            let number = |place| self.number(block, place);
            (number(field::MAJOR)?, number(field::MINOR)?)
        } else {
            (0, 0)
        };
        Ok(ReadEntry {
            name: ahead.name.unwrap_or_else(|| whole_name(block)),
            target: ahead.target.unwrap_or_else(|| text(block, field::LINK)),
            size: self.left,
            mode: (self.number(block, field::MODE)? & 0o7777) as u32,
            mtime: self.number(block, field::TIME)?,
            user: self.owner(block, field::USER, field::UID)?,
            group: self.owner(block, field::GROUP, field::GID)?,
            device,
            kind,
        })
    }

    fn owner(
        &self,
        block: &[u8; BLOCK],
        name: (usize, usize),
        number: (usize, usize),
    ) -> Result<String, Error> {
        let name = text(block, name);
        if name.is_empty() {
            return self.number(block, number).map(|it| it.to_string());
        }
        Ok(String::from_utf8_lossy(&name).into_owned())
    }

    /// The content of an `L` or `K` member, without its NUL.
    fn long_text(&mut self) -> Result<Vec<u8>, Error> {
        let mut text = self.small_content()?;
        let end = text.iter().position(|it| *it == 0).unwrap_or(text.len());
        text.truncate(end);
        Ok(text)
    }

    fn small_content(&mut self) -> Result<Vec<u8>, Error> {
        if self.left > NAME_LIMIT {
            return Err(self.damaged("a name is too long"));
        }
        let mut content = Vec::new();
        let read = self.read_to_end(&mut content);
        read.map_err(|_| self.damaged("it ends within a name"))?;
        Ok(content)
    }

    /// `LENGTH KEYWORD=VALUE\n`, as often as there are.
    fn extended(&mut self, ahead: &mut Ahead) -> Result<(), Error> {
        let content = self.small_content()?;
        for record in content.split(|it| *it == b'\n') {
            let blank = record.iter().position(|it| *it == b' ');
            let said = &record[blank.map_or(0, |it| it + 1)..];
            if let Some(name) = said.strip_prefix(b"path=") {
                ahead.name = Some(name.to_vec());
            } else if let Some(target) = said.strip_prefix(b"linkpath=") {
                ahead.target = Some(target.to_vec());
            }
        }
        Ok(())
    }

    /// An octal number, or a big one marked by 0x80.
    fn number(&self, block: &[u8; BLOCK], (start, room): (usize, usize)) -> Result<u64, Error> {
        let bytes = &block[start..start + room];
        if bytes[0] & 0x80 != 0 {
            let first = u64::from(bytes[0] & 0x7f);
            let add = |sum: u64, byte: &u8| sum.checked_mul(256)?.checked_add(u64::from(*byte));
            let number = bytes[1..].iter().try_fold(first, add);
            return number.ok_or_else(|| self.damaged("a number is too large"));
        }
        let digits = std::str::from_utf8(bytes).ok().map(|it| {
            it.trim_matches([' ', '\0'])
                .split(['\0', ' '])
                .next()
                .unwrap_or("")
        });
        match digits {
            Some("") => Ok(0),
            Some(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => {
                u64::from_str_radix(digits, 8).map_err(|_| self.damaged("not an octal number"))
            }
            _ => Err(self.damaged("not an octal number")),
        }
    }

    fn check(&self, block: &[u8; BLOCK]) -> Result<(), Error> {
        let said = self.number(block, field::CHECKSUM)?;
        let (start, room) = field::CHECKSUM;
        let byte = |(place, byte): (usize, &u8)| {
            let is_sum = (start..start + room).contains(&place);
            u64::from(if is_sum { b' ' } else { *byte })
        };
        if block.iter().enumerate().map(byte).sum::<u64>() == said {
            Ok(())
        } else {
            Err(self.damaged("the checksum of a member is wrong"))
        }
    }

    fn skip(&mut self) -> Result<(), Error> {
        let wanted = self.left.saturating_add(self.padding);
        let copied = io::copy(&mut self.input.by_ref().take(wanted), &mut io::sink());
        let copied = copied.map_err(Error::ReadArchive)?;
        self.offset += copied;
        if copied < wanted {
            return Err(self.damaged("it ends within a member"));
        }
        (self.left, self.padding) = (0, 0);
        Ok(())
    }

    /// Fills a block; false if there is nothing more at all.
    fn fill(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, Error> {
        let mut bytes = Vec::with_capacity(BLOCK);
        let mut taken = self.input.by_ref().take(BLOCK as u64);
        let count = taken.read_to_end(&mut bytes).map_err(Error::ReadArchive)?;
        self.offset += count as u64;
        if count == 0 {
            return Ok(false);
        }
        if count < BLOCK {
            return Err(self.damaged("it ends within a header"));
        }
        block.copy_from_slice(&bytes);
        Ok(true)
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

/// A field up to its NUL.
fn text(block: &[u8; BLOCK], (start, room): (usize, usize)) -> Vec<u8> {
    let bytes = &block[start..start + room];
    let end = bytes.iter().position(|it| *it == 0).unwrap_or(room);
    bytes[..end].to_vec()
}

/// The name, after the prefix that POSIX archives have a field for.
fn whole_name(block: &[u8; BLOCK]) -> Vec<u8> {
    const PREFIX: (usize, usize) = (345, 155);
    let is_posix = &block[field::MAGIC..field::MAGIC + 6] == b"ustar\0";
    let prefix = text(block, PREFIX);
    let name = text(block, field::NAME);
    if !is_posix || prefix.is_empty() {
        return name;
    }
    [&prefix[..], b"/", &name].concat()
}
