//! The payload of a package, as `rpm2cpio` unpacks it: a cpio archive, entry by entry.
//!
//! Source: cpio(5), "New ASCII Format".

use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::Command;

use common::shell::{Failure, Outcome};

/// One entry, with everything that the archive says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: String,
    inode: u32,
    mode: u32,
    links: u32,
    /// Seconds since 1970 UTC.
    pub(super) mtime: u32,
    /// Bytes.
    size: usize,
    /// A digest of the content.
    digest: u64,
}

impl Member {
    /// The same with another time.
    pub(super) fn at(&self, mtime: u32) -> Self {
        Self {
            mtime,
            ..self.clone()
        }
    }
}

/// Bytes of an entry's head.
const HEAD: usize = 110;

/// What the closing entry is called. `rpm2cpio` since rpm 6 fills the last block after it.
const CLOSING: &str = "TRAILER!!!";

/// All entries of a package, the closing one too.
pub(super) fn read(rpm2cpio: &Path, package: &Path) -> Outcome<Vec<Member>> {
    let output = Command::new(rpm2cpio).arg(package).output();
    let output = output.map_err(|error| Failure(format!("cannot run rpm2cpio: {error}")))?;
    let bytes = output.stdout;
    let mut members = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (member, next) = parse(&bytes, at).ok_or_else(|| {
            Failure(format!(
                "the payload of {} is broken at byte {at}",
                package.display()
            ))
        })?;
        let is_last = member.name == CLOSING;
        members.push(member);
        at = if is_last { bytes.len() } else { next };
    }
    Ok(members)
}

/// The entry at an offset, and where the next one begins.
fn parse(bytes: &[u8], at: usize) -> Option<(Member, usize)> {
    let head = std::str::from_utf8(bytes.get(at..at + HEAD)?).ok()?;
    let fields = head.strip_prefix("070701")?;
    let field = |index: usize| u32::from_str_radix(fields.get(8 * index..8 * index + 8)?, 16).ok();
    let name_size = field(11)? as usize;
    let name = bytes.get(at + HEAD..at + HEAD + name_size.checked_sub(1)?)?;
    let start = (at + HEAD + name_size).next_multiple_of(4);
    let size = field(6)? as usize;
    let mut hasher = DefaultHasher::new();
    bytes.get(start..start + size)?.hash(&mut hasher);
    let member = Member {
        name: String::from_utf8_lossy(name).into_owned(),
        inode: field(0)?,
        mode: field(1)?,
        links: field(4)?,
        mtime: field(5)?,
        size,
        digest: hasher.finish(),
    };
    Some((member, (start + size).next_multiple_of(4)))
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} mode {:o} inode {} links {} mtime {} size {} digest {:016x}",
            self.name, self.mode, self.inode, self.links, self.mtime, self.size, self.digest
        )
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_entry_ends_at_a_multiple_of_four() {
        let mut bytes = b"070701".to_vec();
        for field in [7u32, 0o100_644, 0, 0, 1, 99, 5, 0, 0, 0, 0, 4, 0] {
            bytes.extend(format!("{field:08x}").bytes());
        }
        bytes.extend(b"./a\0\0\0hello\0\0\0");
        let (member, next) = parse(&bytes, 0).unwrap();
        assert_eq!(
            (&*member.name, member.mtime, next),
            ("./a", 99, bytes.len())
        );
        assert_eq!(
            member.to_string().split(" digest").next(),
            Some("./a mode 100644 inode 7 links 1 mtime 99 size 5")
        );
    }
}
