//! What dependencies and descriptions need of an ELF file, read without loading it.
//!
//! Only headers and the few sections asked for are read, whatever the file's size.
//!
//! Source of the layout: the System V ABI, chapters 4 and 5; for symbol versions the Linux Standard
//! Base, "Symbol versioning".

pub(crate) mod dependencies;
pub(crate) mod describe;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use goblin::container::Ctx;
use goblin::elf::header::Header;
use goblin::elf::program_header::ProgramHeader;
use goblin::elf::section_header::SectionHeader;

/// A table larger than this is taken for nonsense.
const LARGEST: u64 = 64 << 20;

/// The headers of one ELF file.
pub(crate) struct Elf {
    file: File,
    pub(crate) header: Header,
    context: Ctx,
    pub(crate) sections: Vec<SectionHeader>,
    pub(crate) segments: Vec<ProgramHeader>,
}

/// Reads the headers of a file; `None` if it is not ELF or makes no sense.
pub(crate) fn read(path: &Path) -> io::Result<Option<Elf>> {
    let file = File::open(path)?;
    let mut start = bytes(&file, 0, 64)?;
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
    let context = Ctx::new(container, endian);
    let mut elf = Elf {
        file,
        header,
        context,
        sections: Vec::new(),
        segments: Vec::new(),
    };
    elf.sections = elf.section_headers()?;
    elf.segments = elf.program_headers()?;
    Ok(Some(elf))
}

/// Up to `len` bytes from `at`; fewer where the file ends.
fn bytes(file: &File, at: u64, len: u64) -> io::Result<Vec<u8>> {
    let len = usize::try_from(len.min(LARGEST)).unwrap_or(0);
    let available = file.metadata()?.len().saturating_sub(at);
    let mut buffer = vec![0; len.min(usize::try_from(available).unwrap_or(len))];
    file.read_exact_at(&mut buffer, at)?;
    Ok(buffer)
}

impl Elf {
    fn section_headers(&self) -> io::Result<Vec<SectionHeader>> {
        let (at, each) = (self.header.e_shoff, u64::from(self.header.e_shentsize));
        if at == 0 || each == 0 {
            return Ok(Vec::new());
        }
        let mut count = u64::from(self.header.e_shnum);
        if count == 0 {
            // More sections than 16 bits count: the first one's size is their number.
            let first = bytes(&self.file, at, each)?;
            let first = SectionHeader::parse_from(&first, 0, 1, self.context);
            count = first
                .ok()
                .and_then(|it| Some(it.first()?.sh_size))
                .unwrap_or(0);
        }
        let table = bytes(&self.file, at, count.saturating_mul(each))?;
        let whole = table.len() / usize::try_from(each).unwrap_or(1).max(1);
        Ok(SectionHeader::parse_from(&table, 0, whole, self.context).unwrap_or_default())
    }

    fn program_headers(&self) -> io::Result<Vec<ProgramHeader>> {
        let (at, each) = (self.header.e_phoff, u64::from(self.header.e_phentsize));
        if at == 0 || each == 0 {
            return Ok(Vec::new());
        }
        let table = bytes(&self.file, at, u64::from(self.header.e_phnum) * each)?;
        let whole = table.len() / usize::try_from(each).unwrap_or(1).max(1);
        Ok(ProgramHeader::parse(&table, 0, whole, self.context).unwrap_or_default())
    }

    /// Whether nothing follows the header.
    pub(crate) fn is_header_alone(&self) -> io::Result<bool> {
        let size = if self.is_64() { 64 } else { 52 };
        Ok(self.file.metadata()?.len() <= size)
    }

    /// Whether addresses have 64 bits.
    pub(crate) fn is_64(&self) -> bool {
        self.context.is_big()
    }

    pub(crate) fn is_little_endian(&self) -> bool {
        self.context.is_little_endian()
    }

    /// The bytes of a section.
    pub(crate) fn section(&self, section: &SectionHeader) -> io::Result<Vec<u8>> {
        bytes(&self.file, section.sh_offset, section.sh_size)
    }

    /// The bytes of a segment.
    pub(crate) fn segment(&self, segment: &ProgramHeader) -> io::Result<Vec<u8>> {
        bytes(&self.file, segment.p_offset, segment.p_filesz)
    }

    /// The strings that a section refers to by its `sh_link`.
    pub(crate) fn strings_of(&self, section: &SectionHeader) -> io::Result<Strings> {
        let table = self.sections.get(section.sh_link as usize);
        Ok(Strings(
            table.map_or(Ok(Vec::new()), |table| self.section(table))?,
        ))
    }

    /// The names of the sections.
    pub(crate) fn section_names(&self) -> io::Result<Strings> {
        let table = self.sections.get(usize::from(self.header.e_shstrndx));
        Ok(Strings(
            table.map_or(Ok(Vec::new()), |table| self.section(table))?,
        ))
    }

    /// Tags and values of the dynamic section.
    pub(crate) fn dynamic(&self, data: &[u8]) -> Vec<(u64, u64)> {
        let word = if self.is_64() { 8 } else { 4 };
        let pairs = data.chunks_exact(2 * word);
        pairs
            .map(|pair| (self.number(&pair[..word]), self.number(&pair[word..])))
            .collect()
    }

    /// A number of up to eight bytes in the file's byte order.
    pub(crate) fn number(&self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        if self.is_little_endian() {
            bytes.iter().rev().fold(0, add)
        } else {
            bytes.iter().fold(0, add)
        }
    }

    /// The number of `len` bytes at an offset, or `None` past the end.
    pub(crate) fn number_at(&self, data: &[u8], at: usize, len: usize) -> Option<u64> {
        Some(self.number(data.get(at..at.checked_add(len)?)?))
    }
}

/// A table of strings that end in zero bytes.
pub(crate) struct Strings(Vec<u8>);

impl Strings {
    /// The string at an offset; `None` if it is outside or not UTF-8.
    pub(crate) fn get(&self, at: u64) -> Option<&str> {
        let rest = self.0.get(usize::try_from(at).ok()?..)?;
        std::str::from_utf8(rest.split(|byte| *byte == 0).next()?).ok()
    }
}
