//! Notes: what linkers and compilers record of a program.

use std::io;

use crate::Elf;
use crate::program_header::PT_NOTE;
use crate::section_header::SHT_NOTE;

/// The type of GNU's note with the build id.
pub const NT_GNU_BUILD_ID: u64 = 3;

/// A note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// Its type, one of the numbers that its owner gives.
    pub kind: u64,
    /// Its owner, with the zero byte at the end.
    pub owner: &'a [u8],
    /// Its value.
    pub value: &'a [u8],
}

impl Elf {
    /// The build id, which links a program to its debugging information.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn build_id(&self) -> io::Result<Option<Vec<u8>>> {
        // The segments of separate debugging information say nothing of where its bytes are.
        let mut areas = self.note_sections()?;
        areas.extend(self.note_areas()?);
        let is_id = |it: &Note<'_>| it.kind == NT_GNU_BUILD_ID && it.owner == b"GNU\0";
        let ids = areas.iter().find_map(|area| self.notes(area).find(is_id));
        Ok(ids.map(|it| it.value.to_vec()))
    }

    /// The areas that hold notes: sections, or segments where there are no sections.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn note_areas(&self) -> io::Result<Vec<Vec<u8>>> {
        if !self.sections.is_empty() {
            return self.note_sections();
        }
        let segments = self.segments.iter().filter(|it| it.p_type == PT_NOTE);
        segments.map(|it| self.segment(it)).collect()
    }

    fn note_sections(&self) -> io::Result<Vec<Vec<u8>>> {
        let sections = self.sections.iter().filter(|it| it.sh_type == SHT_NOTE);
        sections.map(|it| self.section(it)).collect()
    }

    /// The notes of an area, up to the first that does not fit in it.
    pub fn notes<'a>(&self, area: &'a [u8]) -> impl Iterator<Item = Note<'a>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (note, next) = self.note(area, at)?;
            at = next;
            Some(note)
        })
    }

    /// The note at an offset, and the offset of the next.
    fn note<'a>(&self, area: &'a [u8], at: usize) -> Option<(Note<'a>, usize)> {
        let number = |offset| self.number_at(area, at.checked_add(offset)?, 4);
        let length = |offset| usize::try_from(number(offset)?).ok();
        let (owner_length, value_length, kind) = (length(0)?, length(4)?, number(8)?);
        let owner_at = at + 12;
        let value_at = owner_at.checked_add(owner_length.checked_next_multiple_of(4)?)?;
        let next = value_at.checked_add(value_length.checked_next_multiple_of(4)?)?;
        // The owner of Go's note counts its padding.
        let owner = area.get(owner_at..owner_at.checked_add(owner_length)?)?;
        let value = area.get(value_at..value_at.checked_add(value_length)?)?;
        Some((Note { kind, owner, value }, next))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn notes_end_where_one_does_not_fit() {
        let elf = crate::read(&std::env::current_exe().unwrap());
        let elf = elf.unwrap().unwrap();
        let number = |value: u32| match elf.is_little_endian() {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let note = |length, kind, value: &[u8]| {
            let head = [number(4), number(length), number(kind)].concat();
            [&head, &b"GNU\0"[..], value].concat()
        };
        let area = [
            note(5, 1, b"abcde\0\0\0"),
            note(2, 3, b"id\0\0"),
            note(90, 3, b"cut!"),
        ];
        let found: Vec<_> = elf
            .notes(&area.concat())
            .map(|it| (it.kind, it.value.len()))
            .collect();
        assert_eq!(found, [(1, 5), (3, 2)]);
    }
}
