//! Tar archives: their headers, GNU's long names and PAX's records, are kept in memory by who reads
//! them, so only so much of the stream is given out where headers are expected.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use tar::{Archive, Entries, Entry};

use crate::{Allowance, Bounded, ENTRIES};

/// What the headers of one member may take, in bytes.
const HEADERS: u64 = 16 << 20;

/// A stream of tar blocks that ends in an error where headers are too long.
#[derive(Debug)]
pub struct Watched<R> {
    input: Bounded<R>,
    position: u64,
    /// The offset at which reading fails.
    end: Rc<Cell<u64>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.get().saturating_sub(self.position);
        if left == 0 {
            return Err(io::Error::other("the headers of a member are too long"));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let count = self
            .input
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        self.position += count as u64;
        Ok(count)
    }
}

/// A tar archive that somebody else may have made.
pub struct TarReader<R: Read> {
    archive: Archive<Watched<R>>,
    end: Rc<Cell<u64>>,
}

impl<R: Read> TarReader<R> {
    /// An archive of at most so many bytes.
    pub fn new(input: R, allowance: Allowance) -> Self {
        let end = Rc::new(Cell::new(HEADERS));
        let watched = Watched {
            input: Bounded::new(input, allowance),
            position: 0,
            end: end.clone(),
        };
        Self {
            archive: Archive::new(watched),
            end,
        }
    }

    /// The members, in their order.
    pub fn entries(&mut self) -> io::Result<TarMembers<'_, R>> {
        Ok(TarMembers {
            entries: self.archive.entries()?,
            end: self.end.clone(),
            data_end: 0,
            count: 0,
        })
    }
}

/// The members of an archive.
pub struct TarMembers<'a, R: Read> {
    entries: Entries<'a, Watched<R>>,
    end: Rc<Cell<u64>>,
    /// Where the data of the member before end.
    data_end: u64,
    count: u64,
}

impl<'a, R: Read> Iterator for TarMembers<'a, R> {
    type Item = io::Result<Entry<'a, Watched<R>>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.count += 1;
        if self.count > ENTRIES {
            return Some(Err(io::Error::other("it has too many members")));
        }
        self.end.set(self.data_end.saturating_add(HEADERS));
        let entry = self.entries.next()?;
        self.end.set(u64::MAX);
        if let Ok(entry) = &entry {
            let start = entry.raw_file_position();
            self.data_end = start.saturating_add(stored_size(entry));
        }
        Some(entry)
    }
}

/// The bytes of a member's data as the archive holds them.
fn stored_size<R: Read>(entry: &Entry<'_, R>) -> u64 {
    let header = entry.header();
    match header.entry_type().is_gnu_sparse() {
        true => header.entry_size().unwrap_or(0),
        false => entry.size(),
    }
}

#[cfg(test)]
mod tests {
    use tar::{EntryType, Header};

    use super::*;

    /// Blocks of a member: its header, then `size` bytes.
    fn member(kind: EntryType, size: u64) -> Box<dyn Read> {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_path("x").unwrap();
        header.set_size(size);
        header.set_cksum();
        let data = io::repeat(b'a').take(size.next_multiple_of(512));
        Box::new(io::Cursor::new(header.as_bytes().to_vec()).chain(data))
    }

    fn read(members: Vec<Box<dyn Read>>, reads_data: bool) -> io::Result<usize> {
        let none: Box<dyn Read> = Box::new(io::empty());
        let stream = members
            .into_iter()
            .fold(none, |all, it| Box::new(all.chain(it)));
        let mut archive = TarReader::new(stream, Allowance::bytes(200 << 20));
        let mut count = 0;
        for entry in archive.entries()? {
            let mut entry = entry?;
            if reads_data {
                io::copy(&mut entry, &mut io::sink())?;
            }
            count += 1;
        }
        Ok(count)
    }

    #[test]
    fn headers_may_only_be_so_long() {
        let file = |size| member(EntryType::Regular, size);
        assert_eq!(
            read(vec![file(10), file(40 << 20), file(0)], true).unwrap(),
            3
        );
        for kind in [
            EntryType::GNULongName,
            EntryType::GNULongLink,
            EntryType::XHeader,
        ] {
            let long = || vec![member(kind, HEADERS + 1), file(0)];
            // Data that was read before makes no room for headers.
            for before in [0, 40 << 20] {
                for reads_data in [true, false] {
                    let mut members = vec![file(before)];
                    members.extend(long());
                    let error = read(members, reads_data).unwrap_err();
                    assert_eq!(error.to_string(), "the headers of a member are too long");
                }
            }
        }
    }

    #[test]
    fn an_archive_may_only_be_so_long() {
        let error = read(vec![member(EntryType::Regular, 201 << 20)], true).unwrap_err();
        assert_eq!(
            error.to_string(),
            "it unpacks to more than such a file should"
        );
    }
}
