//! What the helpers ask of an ELF file.

use std::io;

use elf::Elf;
use elf::dynamic::{DT_NULL, DT_STRSZ, DT_STRTAB};
use elf::header::{EM_NONE, ET_DYN, ET_EXEC};
use elf::program_header::{PT_DYNAMIC, PT_INTERP};
use elf::section_header::{SHF_ALLOC, SHT_SYMTAB, SectionHeader};

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

/// What the file is for.
pub(crate) fn kind(elf: &Elf) -> Kind {
    match elf.header.e_type {
        ET_EXEC => Kind::Program,
        ET_DYN => Kind::Shared,
        _ => Kind::Other,
    }
}

/// Whether it names a processor. Files for none (such as eBPF of old, or data) are not stripped.
pub(crate) fn has_machine(elf: &Elf) -> bool {
    elf.header.e_machine != EM_NONE
}

/// Whether the full symbol table is still there.
pub(crate) fn has_symbols(elf: &Elf) -> bool {
    elf.sections.iter().any(|it| it.sh_type == SHT_SYMTAB)
}

/// Whether the kernel can start it: it names a dynamic loader, or has a fixed address.
pub(crate) fn is_program(elf: &Elf) -> bool {
    kind(elf) == Kind::Program || elf.segments.iter().any(|it| it.p_type == PT_INTERP)
}

/// Whether a section of that name exists and is loaded into memory.
pub(crate) fn loads_section(elf: &Elf, name: &str) -> io::Result<bool> {
    let is_loaded = |it: &SectionHeader| it.sh_flags & u64::from(SHF_ALLOC) != 0;
    let mut sections = named_sections(elf)?.into_iter();
    Ok(sections.any(|(found, it)| is_loaded(it) && found == name.as_bytes()))
}

/// The sections with their names; no names where there is no table of them.
fn named_sections(elf: &Elf) -> io::Result<Vec<(Vec<u8>, &SectionHeader)>> {
    let names = elf.section_names()?;
    let name = |it: &SectionHeader| names.bytes(it.sh_name as u64).to_vec();
    Ok(elf.sections.iter().map(|it| (name(it), it)).collect())
}

/// The build id in hexadecimal digits, where debugging information is still in the file.
///
/// Source: gcc(1), `-g`; ld(1), `--build-id`: a note of owner `GNU` and type 3.
pub(crate) fn id_of_symbols(elf: &Elf) -> io::Result<Option<String>> {
    let sections = named_sections(elf)?;
    let has = |name: &[u8]| sections.iter().any(|(found, _)| found.starts_with(name));
    if !(has(b".debug_") || has(b".zdebug_")) || has(b".gnu_debuglink") {
        return Ok(None);
    }
    let mut notes = sections.iter();
    let Some((_, note)) = notes.find(|(name, _)| name == b".note.gnu.build-id") else {
        return Ok(None);
    };
    Ok(noted_id(elf, &elf.section(note)?))
}

/// The build id in a note: three numbers of four bytes, the owner's name, the id.
fn noted_id(elf: &Elf, note: &[u8]) -> Option<String> {
    let number = |offset| elf.number_at(note, offset, 4);
    let length = usize::try_from(number(4)?).ok()?;
    if number(0)? != 4 || number(8)? != 3 || note.get(12..16)? != b"GNU\0" || length < 2 {
        return None;
    }
    let id = note.get(16..)?.get(..length)?;
    Some(id.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The values of the dynamic entries with that tag, as strings, in the file's order.
pub(crate) fn dynamic_strings(elf: &Elf, tag: u64) -> io::Result<Vec<Vec<u8>>> {
    let Some(segment) = elf.segments.iter().find(|it| it.p_type == PT_DYNAMIC) else {
        return Ok(Vec::new());
    };
    let table = elf.segment(segment)?;
    let entries = elf.dynamic_entries(&table);
    let entries: Vec<_> = entries.take_while(|(tag, _)| *tag != DT_NULL).collect();
    let value = |wanted| entries.iter().find(|(tag, _)| *tag == wanted);
    let (Some((_, address)), Some((_, length))) = (value(DT_STRTAB), value(DT_STRSZ)) else {
        return Ok(Vec::new());
    };
    let strings = elf::Strings::new(elf.loaded(*address, *length)?);
    let wanted = entries.iter().filter(|(found, _)| *found == tag);
    Ok(wanted.map(|(_, at)| strings.bytes(*at).to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_is_elf_with_symbols() {
        let elf = elf::read(&std::env::current_exe().unwrap())
            .unwrap()
            .expect("tests are ELF files");
        assert!(has_machine(&elf) && has_symbols(&elf) && is_program(&elf));
        assert!(loads_section(&elf, ".text").unwrap());
        assert!(!loads_section(&elf, ".comment").unwrap());
        assert!(
            !dynamic_strings(&elf, elf::dynamic::DT_NEEDED)
                .unwrap()
                .is_empty(),
            "DT_NEEDED names the C library"
        );
    }
}
