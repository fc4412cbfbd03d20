//! The cpio archives of .rpm payloads: SVR4 "newc" members, and rpm's stripped ones that carry
//! only an index into the package's file list.
//!
//! Source: cpio(5) "New ASCII Format"; rpm `docs/manual/large_files.md` and `lib/cpio.cc` for the
//! stripped form.

mod reader;
mod writer;

pub use reader::{Member, Reader};
pub use writer::Writer;

/// Magic of a newc member.
pub(crate) const NEWC: &[u8; 6] = b"070701";
/// Magic of a newc member with a checksum; read, never written.
pub(crate) const NEWC_CRC: &[u8; 6] = b"070702";
/// Magic of a stripped member.
pub(crate) const STRIPPED: &[u8; 6] = b"07070X";
/// Name of the member that ends an archive.
pub(crate) const TRAILER: &[u8] = b"TRAILER!!!";

/// Largest file a newc member can hold; archives with larger files use stripped members.
pub const NEWC_FILE_LIMIT: u64 = u32::MAX as u64 - 1;

/// The header of a newc member, without size of the name and checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Number that hard links to one file have in common.
    pub inode: u32,
    /// File type and permission bits as in `stat(2)`.
    pub mode: u32,
    /// Owner's number.
    pub uid: u32,
    /// Group's number.
    pub gid: u32,
    /// How many members share the inode.
    pub links: u32,
    /// Seconds since 1970.
    pub mtime: u32,
    /// Length of the content in bytes.
    pub size: u32,
    /// Device the file lies on.
    pub device: (u32, u32),
    /// For device files: major and minor number.
    pub special: (u32, u32),
}

impl Stat {
    fn fields(&self) -> [u32; 11] {
        let ((major, minor), (special_major, special_minor)) = (self.device, self.special);
        [
            self.inode,
            self.mode,
            self.uid,
            self.gid,
            self.links,
            self.mtime,
            self.size,
            major,
            minor,
            special_major,
            special_minor,
        ]
    }

    fn from_fields(it: &[u32; 13]) -> Self {
        Self {
            inode: it[0],
            mode: it[1],
            uid: it[2],
            gid: it[3],
            links: it[4],
            mtime: it[5],
            size: it[6],
            device: (it[7], it[8]),
            special: (it[9], it[10]),
        }
    }
}

/// Bytes missing to the next multiple of four.
fn padding(offset: u64) -> usize {
    (offset.wrapping_neg() % 4) as usize
}
