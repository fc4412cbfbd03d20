//! What the dynamic linker reads in an ELF file: needed libraries, where to look for them, and
//! which symbols come from outside.
//!
//! Source: System V ABI, chapters 4 and 5; Linux Standard Base, "Symbol Versioning".

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use elf::dynamic::{DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH};
use elf::section_header::{
    SHT_DYNAMIC, SHT_DYNSYM, SHT_GNU_VERNEED, SHT_GNU_VERSYM, SHT_REL, SHT_RELA, SectionHeader,
};
use elf::{Elf, Format, Strings};

use super::relocations::copy_type;

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

/// Reads the dynamic part; `None` if it is not ELF or has none.
pub(super) fn read_dynamic(path: &Path) -> io::Result<Option<Dynamic>> {
    let Some(elf) = elf::read(path)? else {
        return Ok(None);
    };
    let Some(section) = section(&elf, SHT_DYNAMIC) else {
        return Ok(None);
    };
    let strings = elf.strings_of(section)?;
    let table = elf.section(section)?;
    let entries: Vec<(u64, String)> = elf
        .dynamic_entries(&table)
        .take_while(|(tag, _)| *tag != DT_NULL)
        .filter(|(tag, _)| matches!(*tag, DT_NEEDED | DT_RPATH | DT_RUNPATH))
        .map(|(tag, value)| (tag, text(&strings, value)))
        .collect();
    let all = |wanted: u64| entries.iter().filter(move |(tag, _)| *tag == wanted);
    let run_path = all(DT_RUNPATH).next().or_else(|| all(DT_RPATH).next());
    let search = run_path.map_or_else(Vec::new, |(_, path)| {
        let directories = path.split(':').filter(|it| !it.is_empty());
        directories.map(str::to_owned).collect()
    });
    Ok(Some(Dynamic {
        format: elf.format(),
        needed: all(DT_NEEDED).map(|(_, name)| name.clone()).collect(),
        search,
        imported: imported(&elf)?,
    }))
}

/// The first section of a type.
fn section(elf: &Elf, kind: u32) -> Option<&SectionHeader> {
    elf.sections.iter().find(|it| it.sh_type == kind)
}

/// Where the fields of a symbol stand, which depends on the width of addresses.
struct SymbolLayout {
    /// Bytes of a symbol.
    size: usize,
    /// Where the index of its section is; 0 there means that it comes from outside.
    section: usize,
}

impl SymbolLayout {
    fn of(elf: &Elf) -> Self {
        match elf.is_64() {
            true => Self {
                size: 24,
                section: 6,
            },
            false => Self {
                size: 16,
                section: 14,
            },
        }
    }
}

/// Symbols that the file does not define, and those that it only has a copy of.
///
/// A program that copies a library's variable defines it, but says in a relocation that it is a
/// copy, or has it under a version that it needs from the library.
fn imported(elf: &Elf) -> io::Result<Vec<String>> {
    let Some(symbols) = section(elf, SHT_DYNSYM) else {
        return Ok(Vec::new());
    };
    let strings = elf.strings_of(symbols)?;
    let table = elf.section(symbols)?;
    let versions = match section(elf, SHT_GNU_VERSYM) {
        Some(section) => elf.section(section)?,
        None => Vec::new(),
    };
    let needed = match section(elf, SHT_GNU_VERNEED) {
        Some(section) => needed_versions(elf, section)?,
        None => HashMap::new(),
    };
    let copied = copied(elf)?;
    let layout = SymbolLayout::of(elf);
    let number = |data: &[u8], offset, length| elf.number_at(data, offset, length).unwrap_or(0);
    let symbol = |(index, entry): (usize, &[u8])| {
        let name = text(&strings, number(entry, 0, 4));
        let is_defined = number(entry, layout.section, 2) != 0;
        let version = needed.get(&(number(&versions, 2 * index, 2) & 0x7fff));
        let is_copy = version.is_some() || copied.contains(&(index as u64));
        let imported = !name.is_empty() && (!is_defined || is_copy);
        imported.then(|| format!("{name}@{}", version.map_or("Base", String::as_str)))
    };
    let entries = table.chunks_exact(layout.size).enumerate();
    Ok(entries.filter_map(symbol).collect())
}

/// The indexes of symbols that relocations copy from a library.
fn copied(elf: &Elf) -> io::Result<HashSet<u64>> {
    let mut copied = HashSet::new();
    let Some(copy) = copy_type(elf.header.e_machine) else {
        return Ok(copied);
    };
    let (shift, mask) = match elf.is_64() {
        true => (32, 0xffff_ffff),
        false => (8, 0xff),
    };
    let width = elf.width();
    for section in &elf.sections {
        let words = match section.sh_type {
            SHT_RELA => 3,
            SHT_REL => 2,
            _ => continue,
        };
        let table = elf.section(section)?;
        for entry in table.chunks_exact(words * width) {
            let info = elf.number(&entry[width..2 * width]);
            if info & mask == copy {
                copied.insert(info >> shift);
            }
        }
    }
    Ok(copied)
}

/// Names of the versions needed from libraries, by their index.
fn needed_versions(elf: &Elf, section: &SectionHeader) -> io::Result<HashMap<u64, String>> {
    let strings = elf.strings_of(section)?;
    let table = elf.section(section)?;
    let number =
        |at: usize, offset, length| elf.number_at(&table, at + offset, length).unwrap_or(0);
    let distance = |at: usize, offset| number(at, offset, 4) as usize;
    let mut versions = HashMap::new();
    let mut at = 0;
    while at < table.len() {
        let mut version_at = at + distance(at, 8);
        for _ in 0..number(at, 2, 2) {
            let name = text(&strings, number(version_at, 8, 4));
            versions.insert(number(version_at, 6, 2), name);
            match distance(version_at, 12) {
                0 => break,
                next => version_at += next,
            }
        }
        match distance(at, 12) {
            0 => break,
            next => at += next,
        }
    }
    Ok(versions)
}

/// The string that starts at an offset of a string table.
fn text(strings: &Strings, offset: u64) -> String {
    String::from_utf8_lossy(strings.bytes(offset)).into_owned()
}
