//! ELF files in libmagic's words.
//!
//! Source: the output of file(1) 5.44 on files of known content.

use std::io;

use elf::header::{
    EI_OSABI, EM_68K, EM_386, EM_AARCH64, EM_ARM, EM_BPF, EM_IA_64, EM_LOONGARCH, EM_MIPS, EM_PPC,
    EM_PPC64, EM_RISCV, EM_S390, EM_SPARC, EM_SPARCV9, EM_X86_64, ET_CORE, ET_DYN, ET_EXEC, ET_REL,
};
use elf::program_header::{PT_DYNAMIC, PT_INTERP};
use elf::section_header::SHT_SYMTAB;

use elf::{Elf, NT_GNU_BUILD_ID, Note};

/// What libmagic calls a machine.
const MACHINES: [(u16, &str); 16] = [
    (EM_X86_64, "x86-64"),
    (EM_386, "Intel 80386"),
    (EM_AARCH64, "ARM aarch64"),
    (EM_ARM, "ARM, EABI5"),
    (EM_PPC64, "64-bit PowerPC or cisco 7500"),
    (EM_PPC, "PowerPC or cisco 4500"),
    (EM_S390, "IBM S/390"),
    (EM_RISCV, "UCB RISC-V"),
    (EM_LOONGARCH, "LoongArch"),
    (EM_MIPS, "MIPS"),
    (EM_SPARC, "SPARC"),
    (EM_SPARCV9, "SPARC V9"),
    (EM_IA_64, "IA-64"),
    (EM_68K, "Motorola m68k, 68020"),
    (EM_BPF, "eBPF"),
    (0, "no machine"),
];

/// Flag in `DT_FLAGS_1` of a program that can be loaded anywhere.
const DF_1_PIE: u64 = 0x0800_0000;
const DT_FLAGS_1: u64 = 0x6fff_fffb;
const DT_NEEDED: u64 = 1;

/// Colours of a file, as rpm sets them: 1 for 32-bit, 2 for 64-bit, 0 for what is no machine's own.
pub(crate) fn color(elf: &Elf) -> u32 {
    match (elf.header.e_machine, elf.is_64()) {
        (EM_BPF, _) => 0,
        (_, true) => 2,
        (_, false) => 1,
    }
}

/// Describes an ELF file.
pub(crate) fn describe(elf: &Elf) -> io::Result<String> {
    let bits = if elf.is_64() { "64" } else { "32" };
    let order = if elf.is_little_endian() { "LSB" } else { "MSB" };
    let machine = elf.header.e_machine;
    let known = MACHINES.iter().find(|(number, _)| *number == machine);
    let machine = known.map_or_else(
        || format!("*unknown arch {machine:#x}*"),
        |(_, it)| (*it).into(),
    );
    let system = match elf.header.e_ident[EI_OSABI] {
        0 => "SYSV",
        3 => "GNU/Linux",
        9 => "FreeBSD",
        _ => "unknown",
    };
    let kind = kind(elf)?;
    let mut text = format!("ELF {bits}-bit {order} {kind}, {machine}, version 1 ({system})");
    if elf.is_header_alone()? {
        return Ok(text);
    }
    if matches!(elf.header.e_type, ET_EXEC | ET_DYN) {
        text.push_str(&linking(elf)?);
    }
    text.push_str(&notes(elf)?);
    if elf.header.e_type != ET_CORE && !elf.sections.is_empty() {
        text.push_str(symbols(elf)?);
    } else if elf.header.e_type != ET_CORE {
        text.push_str(", no section header");
    }
    Ok(text)
}

fn kind(elf: &Elf) -> io::Result<&'static str> {
    Ok(match elf.header.e_type {
        ET_REL => "relocatable",
        ET_EXEC => "executable",
        ET_DYN if is_pie(elf)? => "pie executable",
        ET_DYN => "shared object",
        ET_CORE => "core file",
        _ => "no file type",
    })
}

fn dynamic(elf: &Elf) -> io::Result<Option<Vec<(u64, u64)>>> {
    let segment = elf.segments.iter().find(|it| it.p_type == PT_DYNAMIC);
    segment
        .map(|segment| Ok(elf.dynamic_entries(&elf.segment(segment)?).collect()))
        .transpose()
}

fn is_pie(elf: &Elf) -> io::Result<bool> {
    let tags = dynamic(elf)?.unwrap_or_default();
    Ok(tags
        .iter()
        .any(|(tag, value)| *tag == DT_FLAGS_1 && value & DF_1_PIE != 0))
}

fn linking(elf: &Elf) -> io::Result<String> {
    let tags = dynamic(elf)?;
    let interpreter = elf.segments.iter().find(|it| it.p_type == PT_INTERP);
    let has = |wanted| {
        tags.as_ref()
            .is_some_and(|it| it.iter().any(|(tag, _)| *tag == wanted))
    };
    let mut text = match (&tags, interpreter) {
        (None, _) => ", statically linked",
        (_, None) if has(DT_FLAGS_1) && !has(DT_NEEDED) => ", static-pie linked",
        _ => ", dynamically linked",
    }
    .to_owned();
    if let Some(segment) = interpreter {
        // In files with separate debugging information these bytes are something else's.
        text.push_str(&format!(
            ", interpreter {}",
            printable(&elf.segment(segment)?)
        ));
    }
    Ok(text)
}

/// The text up to the first zero, with numbers for bytes that can't be printed.
fn printable(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    if text.is_empty() {
        return "*empty*".to_owned();
    }
    let shown = text.iter().map(|byte| match byte {
        b' '..=b'~' => char::from(*byte).to_string(),
        byte => format!("\\{byte:03o}"),
    });
    shown.collect()
}

/// Build id and the kernel asked for.
fn notes(elf: &Elf) -> io::Result<String> {
    let mut text = String::new();
    for area in elf.note_areas()? {
        for Note { kind, owner, value } in elf.notes(&area) {
            match (kind, owner) {
                (NT_GNU_BUILD_ID, b"GNU\0") if !text.contains("BuildID") => {
                    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
                    let method = match value.len() {
                        8 => "xxHash",
                        16 => "md5/uuid",
                        20 => "sha1",
                        _ => "unknown",
                    };
                    text.push_str(&format!(", BuildID[{method}]={hex}"));
                }
                (1, b"GNU\0") if !text.contains("for GNU/") && value.len() >= 16 => {
                    let number = |at| elf.number_at(value, at, 4).unwrap_or(0);
                    let system = ["Linux", "Hurd", "Solaris", "kFreeBSD", "kNetBSD"];
                    let index = usize::try_from(number(0)).unwrap_or(usize::MAX);
                    let system = system.get(index).copied().unwrap_or("<unknown>");
                    let (major, minor, patch) = (number(4), number(8), number(12));
                    text.push_str(&format!(", for GNU/{system} {major}.{minor}.{patch}"));
                }
                (4, b"Go\0\0") => {
                    text.push_str(&format!(", Go BuildID={}", String::from_utf8_lossy(value)));
                }
                _ => {}
            }
        }
    }
    Ok(text)
}

fn symbols(elf: &Elf) -> io::Result<&'static str> {
    let names = elf.section_names()?;
    let has_debug = elf
        .sections
        .iter()
        .any(|section| names.get(section.sh_name as u64) == Some(".debug_info"));
    let has_symbols = elf
        .sections
        .iter()
        .any(|section| section.sh_type == SHT_SYMTAB);
    Ok(match (has_debug, has_symbols) {
        (true, true) => ", with debug_info, not stripped",
        (true, false) => ", with debug_info, stripped",
        (false, true) => ", not stripped",
        (false, false) => ", stripped",
    })
}
