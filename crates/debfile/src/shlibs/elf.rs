//! What the dynamic linker reads in an ELF file: needed libraries, where to look for them, and
//! which symbols come from outside. Only the parts needed are read, whatever the file's size.
//!
//! Source: System V ABI, chapters 4 and 5; Linux Standard Base, "Symbol Versioning".

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::relocations::copy_type;

/// Larger tables are taken for nonsense.
const LARGEST: u64 = 256 << 20;

const SHT_RELA: u32 = 4;
const SHT_DYNAMIC: u32 = 6;
const SHT_REL: u32 = 9;
const SHT_DYNSYM: u32 = 11;
const SHT_GNU_VERNEED: u32 = 0x6fff_fffe;
const SHT_GNU_VERSYM: u32 = 0x6fff_ffff;

const DT_NEEDED: u64 = 1;
const DT_RPATH: u64 = 15;
const DT_RUNPATH: u64 = 29;

/// Class, byte order and machine: libraries and programs must agree in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Format {
    wide: bool,
    big: bool,
    machine: u16,
}

/// The dynamic part of an ELF file.
#[derive(Debug)]
pub(super) struct Dynamic {
    /// What it runs on.
    pub(super) format: Format,
    /// Sonames of the libraries it needs.
    pub(super) needed: Vec<String>,
    /// Directories of `RUNPATH`, or else `RPATH`, as written.
    pub(super) search: Vec<String>,
    /// Symbols from outside, `name@VERSION`, or `name@Base` without a version.
    pub(super) imported: Vec<String>,
}

/// Reads only the format; `None` if it is not ELF.
pub(super) fn read_format(path: &Path) -> io::Result<Option<Format>> {
    let file = File::open(path)?;
    let mut head = [0; 64];
    let length = read_some(&file, &mut head)?;
    Ok(format(&head[..length]))
}

/// Reads the dynamic part; `None` if it is not ELF or has none.
pub(super) fn read_dynamic(path: &Path) -> io::Result<Option<Dynamic>> {
    let file = File::open(path)?;
    let mut head = [0; 64];
    let length = read_some(&file, &mut head)?;
    let Some(format) = format(&head[..length]) else {
        return Ok(None);
    };
    let elf = Elf {
        file,
        format,
        head: head.to_vec(),
    };
    let sections = elf.sections()?;
    let Some(dynamic) = sections.iter().find(|it| it.kind == SHT_DYNAMIC) else {
        return Ok(None);
    };
    elf.dynamic(dynamic, &sections).map(Some)
}

fn read_some(file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    loop {
        match file.read_at(&mut buffer[length..], length as u64)? {
            0 => return Ok(length),
            count => length += count,
        }
    }
}

fn format(head: &[u8]) -> Option<Format> {
    if head.len() < 52 || !head.starts_with(b"\x7fELF") {
        return None;
    }
    let (wide, big) = (head[4] == 2, head[5] == 2);
    let pair = [head[18], head[19]];
    let machine = if big {
        u16::from_be_bytes(pair)
    } else {
        u16::from_le_bytes(pair)
    };
    Some(Format { wide, big, machine })
}

struct Elf {
    file: File,
    format: Format,
    head: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Section {
    kind: u32,
    offset: u64,
    size: u64,
    link: usize,
}

impl Elf {
    /// A number of 2, 4 or 8 bytes; 0 beyond the end.
    fn number(&self, bytes: &[u8], at: usize, width: usize) -> u64 {
        let Some(field) = bytes.get(at..at + width) else {
            return 0;
        };
        let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        if self.format.big {
            field.iter().fold(0, join)
        } else {
            field.iter().rev().fold(0, join)
        }
    }

    fn half(&self, bytes: &[u8], at: usize) -> u16 {
        self.number(bytes, at, 2) as u16
    }

    fn word(&self, bytes: &[u8], at: usize) -> u32 {
        self.number(bytes, at, 4) as u32
    }

    /// Width of an address: 8 bytes or 4.
    fn wide(&self) -> usize {
        if self.format.wide { 8 } else { 4 }
    }

    /// Picks an offset in a structure by the file's class.
    fn pick(&self, wide: usize, narrow: usize) -> usize {
        if self.format.wide { wide } else { narrow }
    }

    fn bytes(&self, offset: u64, size: u64) -> io::Result<Vec<u8>> {
        let available = self.file.metadata()?.len().saturating_sub(offset);
        let size = size.min(available).min(LARGEST);
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        self.file.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }

    fn sections(&self) -> io::Result<Vec<Section>> {
        let offset = self.number(&self.head, self.pick(40, 32), self.wide());
        let entry = u64::from(self.half(&self.head, self.pick(58, 46)));
        let count = u64::from(self.half(&self.head, self.pick(60, 48)));
        if offset == 0 || entry < self.pick(64, 40) as u64 {
            return Ok(Vec::new());
        }
        let table = self.bytes(offset, entry * count)?;
        Ok(table
            .chunks_exact(entry as usize)
            .map(|bytes| self.section(bytes))
            .collect())
    }

    fn section(&self, bytes: &[u8]) -> Section {
        Section {
            kind: self.word(bytes, 4),
            offset: self.number(bytes, self.pick(24, 16), self.wide()),
            size: self.number(bytes, self.pick(32, 20), self.wide()),
            link: self.word(bytes, self.pick(40, 24)) as usize,
        }
    }

    /// The string table that a section refers to.
    fn strings(&self, section: &Section, sections: &[Section]) -> io::Result<Vec<u8>> {
        let Some(table) = sections.get(section.link) else {
            return Ok(Vec::new());
        };
        self.bytes(table.offset, table.size)
    }

    fn dynamic(&self, section: &Section, sections: &[Section]) -> io::Result<Dynamic> {
        let strings = self.strings(section, sections)?;
        let table = self.bytes(section.offset, section.size)?;
        let entries: Vec<(u64, String)> = table
            .chunks_exact(2 * self.wide())
            .map(|entry| {
                (
                    self.number(entry, 0, self.wide()),
                    self.number(entry, self.wide(), self.wide()),
                )
            })
            .take_while(|(tag, _)| *tag != 0)
            .filter(|(tag, _)| matches!(*tag, DT_NEEDED | DT_RPATH | DT_RUNPATH))
            .map(|(tag, value)| (tag, text(&strings, value as usize)))
            .collect();
        let all = |wanted: u64| entries.iter().filter(move |(tag, _)| *tag == wanted);
        let run_path = all(DT_RUNPATH).next().or_else(|| all(DT_RPATH).next());
        let search = run_path.map_or_else(Vec::new, |(_, path)| {
            path.split(':')
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect()
        });
        Ok(Dynamic {
            format: self.format,
            needed: all(DT_NEEDED).map(|(_, name)| name.clone()).collect(),
            search,
            imported: self.imported(sections)?,
        })
    }

    /// Symbols that the file does not define, and those that it only has a copy of.
    ///
    /// A program that copies a library's variable defines it, but says in a relocation that it is a
    /// copy, or has it under a version that it needs from the library.
    fn imported(&self, sections: &[Section]) -> io::Result<Vec<String>> {
        let find = |kind: u32| sections.iter().find(|it| it.kind == kind);
        let Some(symbols) = find(SHT_DYNSYM) else {
            return Ok(Vec::new());
        };
        let strings = self.strings(symbols, sections)?;
        let table = self.bytes(symbols.offset, symbols.size)?;
        let versions = match find(SHT_GNU_VERSYM) {
            Some(section) => self.bytes(section.offset, section.size)?,
            None => Vec::new(),
        };
        let needed = match find(SHT_GNU_VERNEED) {
            Some(section) => self.needed_versions(section, sections)?,
            None => HashMap::new(),
        };
        let copied = self.copied(sections)?;
        let symbol = |(index, entry): (usize, &[u8])| {
            let name = text(&strings, self.word(entry, 0) as usize);
            let is_defined = self.half(entry, self.pick(6, 14)) != 0;
            let version = needed.get(&(self.half(&versions, 2 * index) & 0x7fff));
            let is_copy = version.is_some() || copied.contains(&(index as u64));
            let imported = !name.is_empty() && (!is_defined || is_copy);
            imported.then(|| format!("{name}@{}", version.map_or("Base", String::as_str)))
        };
        let size = self.pick(24, 16);
        Ok(table
            .chunks_exact(size)
            .enumerate()
            .filter_map(symbol)
            .collect())
    }

    /// The indexes of symbols that relocations copy from a library.
    fn copied(&self, sections: &[Section]) -> io::Result<HashSet<u64>> {
        let mut copied = HashSet::new();
        let Some(copy) = copy_type(self.format.machine) else {
            return Ok(copied);
        };
        let (shift, mask) = if self.format.wide {
            (32, 0xffff_ffff)
        } else {
            (8, 0xff)
        };
        for section in sections {
            let words = match section.kind {
                SHT_RELA => 3,
                SHT_REL => 2,
                _ => continue,
            };
            let table = self.bytes(section.offset, section.size)?;
            for entry in table.chunks_exact(words * self.wide()) {
                let info = self.number(entry, self.wide(), self.wide());
                if info & mask == copy {
                    copied.insert(info >> shift);
                }
            }
        }
        Ok(copied)
    }

    /// Names of the versions needed from libraries, by their index.
    fn needed_versions(
        &self,
        section: &Section,
        sections: &[Section],
    ) -> io::Result<HashMap<u16, String>> {
        let strings = self.strings(section, sections)?;
        let table = self.bytes(section.offset, section.size)?;
        let mut versions = HashMap::new();
        let mut at = 0;
        while at < table.len() {
            let mut aux = at + self.word(&table, at + 8) as usize;
            for _ in 0..self.half(&table, at + 2) {
                let name = text(&strings, self.word(&table, aux + 8) as usize);
                versions.insert(self.half(&table, aux + 6), name);
                match self.word(&table, aux + 12) as usize {
                    0 => break,
                    next => aux += next,
                }
            }
            match self.word(&table, at + 12) as usize {
                0 => break,
                next => at += next,
            }
        }
        Ok(versions)
    }
}

/// The string that starts at an offset of a string table.
fn text(strings: &[u8], at: usize) -> String {
    let rest = strings.get(at..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(rest.len());
    String::from_utf8_lossy(&rest[..end]).into_owned()
}
