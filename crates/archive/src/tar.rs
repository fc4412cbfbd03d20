//! Tar archives as dpkg reads them: the GNU dialect, written as a stream.
//!
//! Names are stored as given. Long names and link targets go into `L` and `K` members, large
//! numbers are base-256. PAX and sparse members are never written: dpkg refuses them. Archives are
//! read by `limits::TarReader`.
//!
//! Source: GNU tar manual, "Basic Tar Format"; dpkg `lib/dpkg/tarfn.c` for what it accepts.

use std::io::{self, Write};

use crate::error::Error;

const BLOCK: usize = 512;
const ZEROES: [u8; BLOCK] = [0; BLOCK];

/// Where each field of a header block starts, and how many bytes it has.
mod field {
    pub(super) const NAME: (usize, usize) = (0, 100);
    pub(super) const MODE: (usize, usize) = (100, 8);
    pub(super) const UID: (usize, usize) = (108, 8);
    pub(super) const GID: (usize, usize) = (116, 8);
    pub(super) const SIZE: (usize, usize) = (124, 12);
    pub(super) const TIME: (usize, usize) = (136, 12);
    pub(super) const CHECKSUM: (usize, usize) = (148, 8);
    pub(super) const KIND: usize = 156;
    pub(super) const LINK: (usize, usize) = (157, 100);
    pub(super) const MAGIC: usize = 257;
    pub(super) const USER: (usize, usize) = (265, 32);
    pub(super) const GROUP: (usize, usize) = (297, 32);
    pub(super) const MAJOR: (usize, usize) = (329, 8);
    pub(super) const MINOR: (usize, usize) = (337, 8);
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'e> {
    /// A file; exactly this many bytes of content follow.
    Regular {
        /// Length in bytes.
        size: u64,
    },
    /// Another name of an earlier member, which is named as it was there.
    HardLink {
        /// The earlier member's name.
        target: &'e [u8],
    },
    /// A symbolic link.
    Symlink {
        /// Where it points, stored as given.
        target: &'e [u8],
    },
    /// A character device.
    CharDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A directory; its name usually ends in a slash.
    Directory,
    /// A named pipe.
    Fifo,
}

impl Kind<'_> {
    fn type_flag(&self) -> u8 {
        match self {
            Self::Regular { .. } => b'0',
            Self::HardLink { .. } => b'1',
            Self::Symlink { .. } => b'2',
            Self::CharDevice { .. } => b'3',
            Self::BlockDevice { .. } => b'4',
            Self::Directory => b'5',
            Self::Fifo => b'6',
        }
    }

    fn link_target(&self) -> &[u8] {
        match self {
            Self::HardLink { target } | Self::Symlink { target } => target,
            _ => b"",
        }
    }

    fn size(&self) -> u64 {
        if let Self::Regular { size } = self {
            *size
        } else {
            0
        }
    }

    fn device(&self) -> Option<(u32, u32)> {
        match self {
            Self::CharDevice { major, minor } | Self::BlockDevice { major, minor } => {
                Some((*major, *minor))
            }
            _ => None,
        }
    }
}

/// One member's header.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'e> {
    /// Name as stored, for instance `./usr/bin/x` or `./usr/`.
    pub name: &'e [u8],
    /// What it is.
    pub kind: Kind<'e>,
    /// Permission bits, octal 0000 to 7777.
    pub mode: u32,
    /// Owner's number.
    pub uid: u64,
    /// Group's number.
    pub gid: u64,
    /// Owner's name, at most 31 bytes; may be empty.
    pub user: &'e str,
    /// Group's name, at most 31 bytes; may be empty.
    pub group: &'e str,
    /// Seconds since 1970.
    pub mtime: u64,
}

/// Writes a tar archive as a stream: [`Writer::start`], then the content through [`Write`].
pub struct Writer<W: Write> {
    out: W,
    expected: u64,
    found: u64,
}

impl<W: Write> Writer<W> {
    /// Starts an archive into `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            expected: 0,
            found: 0,
        }
    }

    /// Starts the next member. A regular file's content must follow, to the byte.
    pub fn start(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        self.end_member()?;
        check_text("a member name of a tar archive", entry.name)?;
        check_text("a link target of a tar archive", entry.kind.link_target())?;
        let header = header_block(entry)?;
        self.long_text(b'L', entry.name, field::NAME.1)?;
        self.long_text(b'K', entry.kind.link_target(), field::LINK.1)?;
        self.out.write_all(&header).map_err(Error::Write)?;
        (self.expected, self.found) = (entry.kind.size(), 0);
        Ok(())
    }

    /// Ends the archive with two empty blocks and gives the output back.
    pub fn finish(mut self) -> Result<W, Error> {
        self.end_member()?;
        for _ in 0..2 {
            self.out.write_all(&ZEROES).map_err(Error::Write)?;
        }
        Ok(self.out)
    }

    fn end_member(&mut self) -> Result<(), Error> {
        let (expected, found) = (self.expected, self.found);
        if expected != found {
            return Err(Error::MemberLength { expected, found });
        }
        (self.expected, self.found) = (0, 0);
        self.pad(found)
    }

    fn pad(&mut self, length: u64) -> Result<(), Error> {
        let over = (length % BLOCK as u64) as usize;
        let missing = if over == 0 { 0 } else { BLOCK - over };
        self.out.write_all(&ZEROES[..missing]).map_err(Error::Write)
    }

    /// Writes a `L` or `K` member if `text` does not fit its field of `room` bytes.
    fn long_text(&mut self, flag: u8, text: &[u8], room: usize) -> Result<(), Error> {
        if text.len() <= room {
            return Ok(());
        }
        let length = text.len() as u64 + 1;
        let mut block = [0; BLOCK];
        put_text(&mut block, field::NAME, b"././@LongLink");
        put_numbers(&mut block, 0, 0, 0, length, 0);
        put_owner(&mut block, "root", "root");
        seal(&mut block, flag);
        self.out.write_all(&block).map_err(Error::Write)?;
        self.out.write_all(text).map_err(Error::Write)?;
        self.out.write_all(&[0]).map_err(Error::Write)?;
        self.pad(length)
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.found += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn header_block(entry: &Entry<'_>) -> Result<[u8; BLOCK], Error> {
    check_owner("the owner of a tar member", entry.user)?;
    check_owner("the group of a tar member", entry.group)?;
    let mut block = [0; BLOCK];
    put_text(&mut block, field::NAME, entry.name);
    put_text(&mut block, field::LINK, entry.kind.link_target());
    put_numbers(
        &mut block,
        entry.mode & 0o7777,
        entry.uid,
        entry.gid,
        entry.kind.size(),
        entry.mtime,
    );
    put_owner(&mut block, entry.user, entry.group);
    if let Some((major, minor)) = entry.kind.device() {
        put_number(&mut block, field::MAJOR, major.into());
        put_number(&mut block, field::MINOR, minor.into());
    }
    seal(&mut block, entry.kind.type_flag());
    Ok(block)
}

fn put_numbers(block: &mut [u8; BLOCK], mode: u32, uid: u64, gid: u64, size: u64, mtime: u64) {
    put_number(block, field::MODE, mode.into());
    put_number(block, field::UID, uid);
    put_number(block, field::GID, gid);
    put_number(block, field::SIZE, size);
    put_number(block, field::TIME, mtime);
}

fn put_owner(block: &mut [u8; BLOCK], user: &str, group: &str) {
    put_text(block, field::USER, user.as_bytes());
    put_text(block, field::GROUP, group.as_bytes());
}

/// Writes magic, type and, last of all, the checksum over the whole block.
fn seal(block: &mut [u8; BLOCK], flag: u8) {
    block[field::KIND] = flag;
    block[field::MAGIC..field::MAGIC + 8].copy_from_slice(b"ustar  \0");
    let (start, room) = field::CHECKSUM;
    block[start..start + room].fill(b' ');
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    put_text(block, field::CHECKSUM, format!("{sum:06o}\0 ").as_bytes());
}

/// Copies as much of `text` as fits; the rest of a long name is in its `L` or `K` member.
fn put_text(block: &mut [u8; BLOCK], (start, room): (usize, usize), text: &[u8]) {
    let length = text.len().min(room);
    block[start..start + length].copy_from_slice(&text[..length]);
}

/// Writes octal digits and a NUL, or, where they do not fit, a big-endian number marked by 0x80.
fn put_number(block: &mut [u8; BLOCK], (start, room): (usize, usize), value: u64) {
    let digits = room - 1;
    let place = &mut block[start..start + room];
    if value < 1u64 << (3 * digits) {
        place[..digits].copy_from_slice(format!("{value:0digits$o}").as_bytes());
        return;
    }
    let bytes = value.to_be_bytes();
    let length = bytes.len().min(room);
    place[room - length..].copy_from_slice(&bytes[bytes.len() - length..]);
    place[0] |= 0x80;
}

fn check_text(what: &'static str, text: &[u8]) -> Result<(), Error> {
    if text.contains(&0) {
        return Err(Error::BadName {
            what,
            name: String::from_utf8_lossy(text).into_owned(),
        });
    }
    Ok(())
}

fn check_owner(what: &'static str, name: &str) -> Result<(), Error> {
    check_text(what, name.as_bytes())?;
    if name.len() >= field::USER.1 {
        return Err(Error::BadName {
            what,
            name: name.into(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
