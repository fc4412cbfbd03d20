//! The few things the helpers ask of an ELF file, read without loading it.
//!
//! Only headers, section headers and the dynamic section are read, whatever the file's size. A file
//! whose headers make no sense is reported as not ELF: the helpers leave such files alone.
//!
//! Source of the layout: the System V ABI, chapters 4 and 5.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use goblin::container::Ctx;
use goblin::elf::header::{EM_NONE, ET_DYN, ET_EXEC, Header};
use goblin::elf::program_header::{PT_DYNAMIC, PT_INTERP, PT_LOAD, ProgramHeader};
use goblin::elf::section_header::{SHF_ALLOC, SHT_SYMTAB, SectionHeader};

/// Headers larger than this are taken for nonsense.
const LARGEST_TABLE: usize = 64 << 20;

/// The headers of one ELF file.
pub(crate) struct Elf {
    file: File,
    header: Header,
    context: Ctx,
    sections: Vec<SectionHeader>,
    segments: Vec<ProgramHeader>,
}

/// What an ELF file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A program with a fixed address.
    Program,
    /// A shared library, or a program that can be loaded anywhere.
    Shared,
    /// Anything else, such as an object file or a core dump.
    Other,
}

/// Reads the headers of `path`; `None` when it is not an ELF file.
pub(crate) fn read(path: &Path) -> io::Result<Option<Elf>> {
    let file = File::open(path)?;
    let start = bytes(&file, 0, 64)?;
    if !start.starts_with(b"\x7fELF") {
        return Ok(None);
    }
    let Ok(header) = goblin::elf::Elf::parse_header(&padded(start)) else {
        return Ok(None);
    };
    let (Ok(container), Ok(endian)) = (header.container(), header.endianness()) else {
        return Ok(None);
    };
    let context = Ctx::new(container, endian);
    let sections = section_headers(&file, &header, context)?;
    let segments = program_headers(&file, &header, context)?;
    Ok(Some(Elf {
        file,
        header,
        context,
        sections,
        segments,
    }))
}

/// A 32-bit file may be shorter than a 64-bit header; zeros after it do no harm.
fn padded(mut start: Vec<u8>) -> Vec<u8> {
    start.resize(64, 0);
    start
}

fn section_headers(file: &File, header: &Header, context: Ctx) -> io::Result<Vec<SectionHeader>> {
    let count = usize::from(header.e_shnum);
    let table = bytes(
        file,
        header.e_shoff,
        count * usize::from(header.e_shentsize),
    )?;
    Ok(SectionHeader::parse_from(&table, 0, count, context).unwrap_or_default())
}

fn program_headers(file: &File, header: &Header, context: Ctx) -> io::Result<Vec<ProgramHeader>> {
    let count = usize::from(header.e_phnum);
    let table = bytes(
        file,
        header.e_phoff,
        count * usize::from(header.e_phentsize),
    )?;
    Ok(ProgramHeader::parse(&table, 0, count, context).unwrap_or_default())
}

/// Up to `length` bytes from `offset`; fewer at the end of the file.
fn bytes(file: &File, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let available = file.metadata()?.len().saturating_sub(offset);
    let length = length
        .min(LARGEST_TABLE)
        .min(usize::try_from(available).unwrap_or(usize::MAX));
    let mut buffer = vec![0; length];
    file.read_exact_at(&mut buffer, offset)?;
    Ok(buffer)
}

impl Elf {
    /// What the file is for.
    pub(crate) fn kind(&self) -> Kind {
        match self.header.e_type {
            ET_EXEC => Kind::Program,
            ET_DYN => Kind::Shared,
            _ => Kind::Other,
        }
    }

    /// Whether it names a processor. Files for none (such as eBPF of old, or data) are not stripped.
    pub(crate) fn has_machine(&self) -> bool {
        self.header.e_machine != EM_NONE
    }

    /// Whether the full symbol table is still there.
    pub(crate) fn has_symbols(&self) -> bool {
        self.sections
            .iter()
            .any(|section| section.sh_type == SHT_SYMTAB)
    }

    /// Whether the kernel can start it: it names a dynamic loader, or has a fixed address.
    pub(crate) fn is_program(&self) -> bool {
        self.kind() == Kind::Program || self.segments.iter().any(|it| it.p_type == PT_INTERP)
    }

    /// Whether a section of that name exists and is loaded into memory.
    pub(crate) fn loads_section(&self, name: &str) -> io::Result<bool> {
        let mut sections = self.named_sections()?.into_iter();
        let is_loaded = |it: &SectionHeader| it.sh_flags & u64::from(SHF_ALLOC) != 0;
        Ok(sections.any(|(found, it)| is_loaded(it) && found == name.as_bytes()))
    }

    /// The sections with their names; none where there is no table of names.
    fn named_sections(&self) -> io::Result<Vec<(Vec<u8>, &SectionHeader)>> {
        let names = usize::from(self.header.e_shstrndx);
        let Some(table) = self.sections.get(names) else {
            return Ok(Vec::new());
        };
        let names = self.content(table)?;
        let name = |it: &SectionHeader| text_at(&names, it.sh_name as u64).to_vec();
        Ok(self.sections.iter().map(|it| (name(it), it)).collect())
    }

    fn content(&self, section: &SectionHeader) -> io::Result<Vec<u8>> {
        let length = usize::try_from(section.sh_size).unwrap_or(usize::MAX);
        bytes(&self.file, section.sh_offset, length)
    }

    /// The build id in hexadecimal digits, where debugging information is still in the file.
    ///
    /// Source: gcc(1), `-g`; ld(1), `--build-id`: a note of owner `GNU` and type 3.
    pub(crate) fn id_of_symbols(&self) -> io::Result<Option<String>> {
        let sections = self.named_sections()?;
        let has = |name: &[u8]| sections.iter().any(|(found, _)| found.starts_with(name));
        if !(has(b".debug_") || has(b".zdebug_")) || has(b".gnu_debuglink") {
            return Ok(None);
        }
        let mut notes = sections.iter();
        let Some((_, note)) = notes.find(|(name, _)| name == b".note.gnu.build-id") else {
            return Ok(None);
        };
        Ok(self.noted_id(&self.content(note)?))
    }

    /// The build id in a note: three numbers of four bytes, the owner's name, the id.
    fn noted_id(&self, note: &[u8]) -> Option<String> {
        let number = |at: usize| Some(self.number(note.get(at..at + 4)?));
        let length = usize::try_from(number(4)?).ok()?;
        if number(0)? != 4 || number(8)? != 3 || note.get(12..16)? != b"GNU\0" || length < 2 {
            return None;
        }
        let id = note.get(16..)?.get(..length)?;
        Some(id.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The values of the dynamic entries with that tag, as strings, in the file's order.
    pub(crate) fn dynamic_strings(&self, tag: u64) -> io::Result<Vec<Vec<u8>>> {
        let entries = self.dynamic_entries()?;
        let value = |wanted| {
            entries
                .iter()
                .find(|(tag, _)| *tag == wanted)
                .map(|(_, value)| *value)
        };
        let (Some(address), Some(size)) = (value(DT_STRTAB), value(DT_STRSZ)) else {
            return Ok(Vec::new());
        };
        let Some(offset) = self.offset_of(address) else {
            return Ok(Vec::new());
        };
        let strings = bytes(
            &self.file,
            offset,
            usize::try_from(size).unwrap_or(usize::MAX),
        )?;
        let wanted = entries.iter().filter(|(found, _)| *found == tag);
        Ok(wanted
            .map(|(_, at)| text_at(&strings, *at).to_vec())
            .collect())
    }

    /// Tags and values of the dynamic section up to its end mark.
    fn dynamic_entries(&self) -> io::Result<Vec<(u64, u64)>> {
        let Some(segment) = self.segments.iter().find(|it| it.p_type == PT_DYNAMIC) else {
            return Ok(Vec::new());
        };
        let size = usize::try_from(segment.p_filesz).unwrap_or(usize::MAX);
        let table = bytes(&self.file, segment.p_offset, size)?;
        let width = if self.context.is_big() { 8 } else { 4 };
        let entries = table.chunks_exact(2 * width).map(|entry| {
            let (tag, value) = entry.split_at(width);
            (self.number(tag), self.number(value))
        });
        Ok(entries.take_while(|(tag, _)| *tag != 0).collect())
    }

    /// A number of the file's width and byte order.
    fn number(&self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        match self.context.is_little_endian() {
            true => bytes.iter().rev().fold(0, add),
            false => bytes.iter().fold(0, add),
        }
    }

    /// Where in the file the byte is that is loaded at `address`.
    fn offset_of(&self, address: u64) -> Option<u64> {
        let loaded = self.segments.iter().filter(|it| it.p_type == PT_LOAD);
        loaded.into_iter().find_map(|it| {
            let within = address.checked_sub(it.p_vaddr)?;
            (within < it.p_filesz).then(|| it.p_offset.checked_add(within))?
        })
    }
}

/// Dynamic tags, from the System V ABI, figure 5-10.
const DT_STRTAB: u64 = 5;
const DT_STRSZ: u64 = 10;
/// Tag of a search path of the old kind.
pub(crate) const DT_RPATH: u64 = 15;
/// Tag of a search path that `LD_LIBRARY_PATH` goes before.
pub(crate) const DT_RUNPATH: u64 = 29;

/// The bytes from `at` up to the next zero byte.
fn text_at(table: &[u8], at: u64) -> &[u8] {
    let rest = usize::try_from(at)
        .ok()
        .and_then(|at| table.get(at..))
        .unwrap_or_default();
    rest.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::Bench;

    #[test]
    fn this_program_is_elf_with_symbols() {
        let elf = read(&std::env::current_exe().unwrap())
            .unwrap()
            .expect("tests are ELF files");
        assert!(elf.has_machine() && elf.has_symbols() && elf.is_program());
        assert!(elf.loads_section(".text").unwrap());
        assert!(!elf.loads_section(".comment").unwrap());
        assert!(
            !elf.dynamic_strings(1).unwrap().is_empty(),
            "DT_NEEDED names the C library"
        );
    }

    #[test]
    fn text_and_broken_headers_are_not_elf() {
        let bench = Bench::new();
        assert!(read(&bench.file("text", "hello")).unwrap().is_none());
        assert!(
            read(&bench.file("cut", b"\x7fELF\x02\x01\x01"))
                .unwrap()
                .is_none_or(|it| !it.has_machine())
        );
        let mut wild = vec![0xff; 64];
        wild[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        let elf = read(&bench.file("wild", wild)).unwrap();
        assert!(elf.is_none_or(|elf| elf.sections.is_empty() && !elf.has_symbols()));
    }
}
