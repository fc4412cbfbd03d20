//! ELF files, read without loading them: headers, and of the rest only what is asked for.
//!
//! A file whose headers make no sense is reported as not ELF. Offsets and sizes in a file are whatever
//! somebody wrote there: reading ends with the file and at [`LARGEST`], and numbers past the end of a
//! table are `None`.
//!
//! Source of the layout: the System V ABI, chapters 4 and 5.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use goblin::container::Ctx;
pub use goblin::elf::{dynamic, header, program_header, section_header};
use header::Header;
use program_header::{PT_LOAD, ProgramHeader};
use section_header::SectionHeader;

mod notes;
mod strings;

pub use notes::{NT_GNU_BUILD_ID, Note};
pub use strings::Strings;

/// No more bytes than this are read of one table or section.
pub const LARGEST: u64 = 256 << 20;

/// Bytes of the longest header.
const HEADER: u64 = 64;

/// What programs and libraries must agree in to be loaded together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// Whether addresses have 64 bits.
    pub is_64: bool,
    /// Whether the lowest byte of a number comes first.
    pub is_little_endian: bool,
    /// The processor, one of [`header`]'s `EM_` numbers.
    pub machine: u16,
}

/// The headers of one ELF file.
#[derive(Debug)]
pub struct Elf {
    file: File,
    /// The header at the start of the file.
    pub header: Header,
    /// The section headers, none where the table makes no sense.
    pub sections: Vec<SectionHeader>,
    /// The program headers, none where the table makes no sense.
    pub segments: Vec<ProgramHeader>,
    context: Ctx,
}

/// Reads the headers of a file; `None` if it is not ELF.
///
/// # Errors
/// The file cannot be opened or read.
pub fn read(path: &Path) -> io::Result<Option<Elf>> {
    let file = File::open(path)?;
    let Some((header, context)) = read_header(&file)? else {
        return Ok(None);
    };
    let mut elf = Elf {
        file,
        header,
        sections: Vec::new(),
        segments: Vec::new(),
        context,
    };
    elf.sections = elf.section_headers()?;
    elf.segments = elf.program_headers()?;
    Ok(Some(elf))
}

/// Reads the first 64 bytes only; `None` if the file is not ELF.
///
/// # Errors
/// The file cannot be opened or read.
pub fn read_format(path: &Path) -> io::Result<Option<Format>> {
    let header = read_header(&File::open(path)?)?;
    Ok(header.map(|(header, context)| format(&header, context)))
}

fn read_header(file: &File) -> io::Result<Option<(Header, Ctx)>> {
    let mut start = bytes(file, 0, HEADER)?;
    if !start.starts_with(b"\x7fELF") {
        return Ok(None);
    }
    // A 32-bit file may be shorter than a 64-bit header; zeros after it do no harm.
    start.resize(64, 0);
    let Ok(header) = goblin::elf::Elf::parse_header(&start) else {
        return Ok(None);
    };
    let (Ok(container), Ok(endian)) = (header.container(), header.endianness()) else {
        return Ok(None);
    };
    Ok(Some((header, Ctx::new(container, endian))))
}

fn format(header: &Header, context: Ctx) -> Format {
    Format {
        is_64: context.is_big(),
        is_little_endian: context.is_little_endian(),
        machine: header.e_machine,
    }
}

/// Up to `length` bytes from an offset; fewer where the file ends.
fn bytes(file: &File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let available = file.metadata()?.len().saturating_sub(offset);
    let length = usize::try_from(length.min(LARGEST).min(available)).unwrap_or(0);
    let mut buffer = vec![0; length];
    file.read_exact_at(&mut buffer, offset)?;
    Ok(buffer)
}

impl Elf {
    fn section_headers(&self) -> io::Result<Vec<SectionHeader>> {
        let (offset, each) = (self.header.e_shoff, u64::from(self.header.e_shentsize));
        if offset == 0 || each == 0 {
            return Ok(Vec::new());
        }
        let mut count = u64::from(self.header.e_shnum);
        if count == 0 {
            // More sections than 16 bits count: the first one's size is their number.
            let first = bytes(&self.file, offset, each)?;
            let first = SectionHeader::parse_from(&first, 0, 1, self.context);
            count = first
                .ok()
                .and_then(|it| Some(it.first()?.sh_size))
                .unwrap_or(0);
        }
        let table = bytes(&self.file, offset, count.saturating_mul(each))?;
        let whole = entries(&table, each);
        Ok(SectionHeader::parse_from(&table, 0, whole, self.context).unwrap_or_default())
    }

    fn program_headers(&self) -> io::Result<Vec<ProgramHeader>> {
        let (offset, each) = (self.header.e_phoff, u64::from(self.header.e_phentsize));
        if offset == 0 || each == 0 {
            return Ok(Vec::new());
        }
        let table = bytes(&self.file, offset, u64::from(self.header.e_phnum) * each)?;
        let whole = entries(&table, each);
        Ok(ProgramHeader::parse(&table, 0, whole, self.context).unwrap_or_default())
    }

    /// Class, byte order and processor.
    #[must_use]
    pub fn format(&self) -> Format {
        format(&self.header, self.context)
    }

    /// Whether addresses have 64 bits.
    #[must_use]
    pub fn is_64(&self) -> bool {
        self.context.is_big()
    }

    /// Whether the lowest byte of a number comes first.
    #[must_use]
    pub fn is_little_endian(&self) -> bool {
        self.context.is_little_endian()
    }

    /// Bytes of an address: 8 or 4.
    #[must_use]
    pub fn width(&self) -> usize {
        if self.is_64() { 8 } else { 4 }
    }

    /// Whether nothing follows the header.
    ///
    /// # Errors
    /// The file cannot be asked for its length.
    pub fn is_header_alone(&self) -> io::Result<bool> {
        let size = if self.is_64() { 64 } else { 52 };
        Ok(self.file.metadata()?.len() <= size)
    }

    /// The bytes of a section.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn section(&self, section: &SectionHeader) -> io::Result<Vec<u8>> {
        bytes(&self.file, section.sh_offset, section.sh_size)
    }

    /// The bytes of a segment.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn segment(&self, segment: &ProgramHeader) -> io::Result<Vec<u8>> {
        bytes(&self.file, segment.p_offset, segment.p_filesz)
    }

    /// The bytes that are loaded at an address; none where no segment is.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn loaded(&self, address: u64, length: u64) -> io::Result<Vec<u8>> {
        match self.offset_of(address) {
            Some(offset) => bytes(&self.file, offset, length),
            None => Ok(Vec::new()),
        }
    }

    /// Where in the file the byte is that is loaded at an address.
    fn offset_of(&self, address: u64) -> Option<u64> {
        let loaded = self.segments.iter().filter(|it| it.p_type == PT_LOAD);
        loaded.into_iter().find_map(|it| {
            let within = address.checked_sub(it.p_vaddr)?;
            (within < it.p_filesz).then(|| it.p_offset.checked_add(within))?
        })
    }

    /// The strings that a section refers to by its `sh_link`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn strings_of(&self, section: &SectionHeader) -> io::Result<Strings> {
        self.strings_in(section.sh_link as usize)
    }

    /// The names of the sections.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn section_names(&self) -> io::Result<Strings> {
        self.strings_in(usize::from(self.header.e_shstrndx))
    }

    fn strings_in(&self, index: usize) -> io::Result<Strings> {
        let table = self.sections.get(index);
        table.map_or_else(
            || Ok(Strings::default()),
            |it| Ok(Strings::new(self.section(it)?)),
        )
    }

    /// Tags and values of a dynamic section's bytes. What the loader reads ends with `DT_NULL`.
    pub fn dynamic_entries(&self, data: &[u8]) -> impl Iterator<Item = (u64, u64)> {
        let pairs = data.chunks_exact(2 * self.width());
        pairs.map(|pair| {
            let (tag, value) = pair.split_at(self.width());
            (self.number(tag), self.number(value))
        })
    }

    /// A number of up to eight bytes in the file's byte order.
    #[must_use]
    pub fn number(&self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        if self.is_little_endian() {
            bytes.iter().rev().fold(0, add)
        } else {
            bytes.iter().fold(0, add)
        }
    }

    /// The number of `length` bytes at an offset, `None` past the end.
    #[must_use]
    pub fn number_at(&self, data: &[u8], offset: usize, length: usize) -> Option<u64> {
        Some(self.number(data.get(offset..offset.checked_add(length)?)?))
    }
}

/// How many whole entries a table has.
fn entries(table: &[u8], each: u64) -> usize {
    table.len() / usize::try_from(each).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use section_header::{SHT_DYNAMIC, SHT_SYMTAB};

    fn this_program() -> Elf {
        read(&std::env::current_exe().unwrap()).unwrap().unwrap()
    }

    #[test]
    fn this_program_has_names_symbols_and_libraries() {
        let elf = this_program();
        assert!(elf.sections.iter().any(|it| it.sh_type == SHT_SYMTAB));
        let names = elf.section_names().unwrap();
        let name = |it: &SectionHeader| names.get(it.sh_name as u64) == Some(".dynamic");
        let section = elf.sections.iter().find(|it| name(it)).unwrap();
        assert_eq!(section.sh_type, SHT_DYNAMIC);
        let data = elf.section(section).unwrap();
        assert!(
            elf.dynamic_entries(&data)
                .any(|(tag, _)| tag == dynamic::DT_NEEDED)
        );
        assert_eq!(
            read_format(&std::env::current_exe().unwrap()).unwrap(),
            Some(elf.format())
        );
    }

    #[test]
    fn what_is_loaded_at_an_address_is_what_the_segment_has_there() {
        let elf = this_program();
        let code = elf
            .segments
            .iter()
            .find(|it| it.p_type == PT_LOAD && it.p_vaddr > 0);
        let code = code.expect("a segment that is not at the start");
        let whole = elf.segment(code).unwrap();
        assert_eq!(elf.loaded(code.p_vaddr + 8, 16).unwrap(), whole[8..24]);
        assert!(elf.loaded(u64::MAX, 16).unwrap().is_empty());
    }

    #[test]
    fn nonsense_is_not_elf() {
        let mut wild = vec![0xff; 64];
        wild[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        let disk = testkit::Tree::new()
            .file("text", b"hello")
            .file("cut", b"\x7fELF\x02\x01\x01")
            .file("wild", wild);
        assert!(read(&disk.join("text")).unwrap().is_none());
        for name in ["cut", "wild"] {
            let elf = read(&disk.join(name)).unwrap();
            assert!(elf.is_none_or(|elf| elf.sections.is_empty() && elf.segments.is_empty()));
        }
    }

    #[test]
    fn the_first_section_counts_them_where_there_are_too_many() {
        let mut file = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let elf = this_program();
        let offset = usize::try_from(elf.header.e_shoff).unwrap();
        let count = elf.header.e_shnum;
        file[60..62].copy_from_slice(&[0, 0]);
        file[offset + 32..offset + 40].copy_from_slice(&u64::from(count).to_le_bytes());
        let disk = testkit::Tree::new().file("many", file);
        let many = read(&disk.join("many")).unwrap().unwrap();
        assert_eq!(many.sections.len(), usize::from(count));
    }
}
