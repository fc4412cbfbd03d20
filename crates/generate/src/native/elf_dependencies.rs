//! Capabilities of shared libraries, and what programs need of them.
//!
//! Names are those rpm gives: `libx.so.1()(64bit)`, `libx.so.1(VERSION)(64bit)`,
//! `rtld(GNU_HASH)`. Source: elfdeps(1).

use std::io;
use std::path::Path;

use elf::dynamic::{DT_DEBUG, DT_GNU_HASH, DT_HASH, DT_NEEDED, DT_SONAME};
use elf::header::{ET_DYN, ET_EXEC};
use elf::program_header::PT_INTERP;
use elf::section_header::{SHT_DYNAMIC, SHT_GNU_VERDEF, SHT_GNU_VERNEED, SectionHeader};
use elf::{Elf, Strings};

/// Alpha, whose 64-bit libraries never had the mark: its number, and the one it had before.
const ALPHA: [u16; 2] = [41, 0x9026];
/// Flag of the version definition that stands for the library itself.
const VER_FLG_BASE: u64 = 1;

/// What `elfdeps` is told to do otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ElfOptions {
    /// `--soname-only`: no versions.
    pub soname_only: bool,
    /// `--no-fake-soname`: a library without a name offers nothing.
    pub no_fake_soname: bool,
    /// `--no-filter-soname`: also names that are those of no library.
    pub no_filter_soname: bool,
    /// `--require-interp`: a program needs its dynamic linker.
    pub require_interpreter: bool,
}

impl ElfOptions {
    /// The switch that an option of `elfdeps` stands for.
    pub fn switch(&mut self, option: &str) -> Option<&mut bool> {
        match option {
            "--soname-only" => Some(&mut self.soname_only),
            "--no-fake-soname" => Some(&mut self.no_fake_soname),
            "--no-filter-soname" => Some(&mut self.no_filter_soname),
            "--require-interp" => Some(&mut self.require_interpreter),
            _ => None,
        }
    }
}

/// What an ELF file offers and needs, each list in the order of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ElfDependencies {
    pub(crate) provides: Vec<String>,
    pub(crate) requires: Vec<String>,
}

/// Reads what a file offers and needs; nothing if it is no program or shared library, `None` if it
/// is no ELF file.
///
/// A program without any bit of execute permission needs nothing: it can't be run.
pub(crate) fn read(
    path: &Path,
    is_executable: bool,
    options: ElfOptions,
) -> io::Result<Option<ElfDependencies>> {
    match elf::read(path)? {
        Some(elf) if matches!(elf.header.e_type, ET_DYN | ET_EXEC) => {
            Reader::new(&elf, is_executable, options)
                .read(path)
                .map(Some)
        }
        elf => Ok(elf.map(|_| ElfDependencies::default())),
    }
}

struct Reader<'a> {
    elf: &'a Elf,
    options: ElfOptions,
    marker: &'static str,
    /// Whether what it needs counts.
    needs: bool,
    found: ElfDependencies,
}

/// What the dynamic section says apart from needed libraries.
#[derive(Default)]
struct Dynamic {
    soname: Option<String>,
    has_hash: bool,
    has_gnu_hash: bool,
    has_debug: bool,
}

impl<'a> Reader<'a> {
    fn new(elf: &'a Elf, is_executable: bool, options: ElfOptions) -> Self {
        let is_alpha = ALPHA.contains(&elf.header.e_machine);
        let has_interpreter = elf.segments.iter().any(|it| it.p_type == PT_INTERP);
        Self {
            elf,
            options,
            marker: if elf.is_64() && !is_alpha {
                "(64bit)"
            } else {
                ""
            },
            needs: is_executable || !has_interpreter,
            found: ElfDependencies::default(),
        }
    }

    fn read(mut self, path: &Path) -> io::Result<ElfDependencies> {
        let mut dynamic = Dynamic::default();
        for section in &self.elf.sections {
            match section.sh_type {
                SHT_GNU_VERDEF if !self.options.soname_only => self.read_defined(section)?,
                SHT_GNU_VERNEED if self.needs && !self.options.soname_only => {
                    self.read_needed(section)?;
                }
                SHT_DYNAMIC => self.read_dynamic(section, &mut dynamic)?,
                _ => {}
            }
        }
        // Libraries without the older hash table need a dynamic linker that knows the newer.
        let needs_new_hash = dynamic.has_gnu_hash && !dynamic.has_hash;
        if self.needs && needs_new_hash && !self.options.soname_only {
            self.found.requires.push("rtld(GNU_HASH)".to_owned());
        }
        // Only programs have DT_DEBUG, so it tells them from libraries.
        if self.elf.header.e_type == ET_DYN && !dynamic.has_debug {
            let base_name = path
                .file_name()
                .and_then(|name| name.to_str())
                .filter(|_| !self.options.no_fake_soname)
                .map(str::to_owned);
            let soname = dynamic.soname.filter(|it| !it.is_empty());
            if let Some(soname) = soname.or(base_name) {
                self.provide(&soname, "");
            }
        }
        if self.options.require_interpreter {
            let interpreter = self.interpreter()?;
            self.found.requires.extend(interpreter);
        }
        Ok(self.found)
    }

    /// The dynamic linker that a program names.
    fn interpreter(&self) -> io::Result<Option<String>> {
        let mut segments = self.elf.segments.iter();
        let Some(segment) = segments.find(|it| it.p_type == PT_INTERP) else {
            return Ok(None);
        };
        let name = self.elf.segment(segment)?;
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        Ok(Some(String::from_utf8_lossy(name).into_owned()).filter(|it| !it.is_empty()))
    }

    fn read_dynamic(&mut self, section: &SectionHeader, found: &mut Dynamic) -> io::Result<()> {
        let strings = self.elf.strings_of(section)?;
        let data = self.elf.section(section)?;
        for (tag, value) in self.elf.dynamic_entries(&data) {
            match tag {
                DT_HASH => found.has_hash = true,
                DT_GNU_HASH => found.has_gnu_hash = true,
                DT_DEBUG => found.has_debug = true,
                DT_SONAME => found.soname = strings.get(value).map(str::to_owned),
                DT_NEEDED if self.needs => self.require(strings.get(value).unwrap_or(""), ""),
                _ => {}
            }
        }
        Ok(())
    }

    /// Versions that a library defines. The first, its base, is the library's name.
    fn read_defined(&mut self, section: &SectionHeader) -> io::Result<()> {
        let (data, strings) = (self.elf.section(section)?, self.elf.strings_of(section)?);
        let mut base = String::new();
        let mut at = 0;
        for _ in 0..section.sh_info {
            let Some(definition) = self.definition(&data, &strings, at) else {
                break;
            };
            if definition.is_base {
                base = definition.name;
            } else {
                for _ in 0..definition.names {
                    self.provide(&base, &definition.name);
                }
            }
            if definition.next == 0 {
                break;
            }
            at += definition.next;
        }
        Ok(())
    }

    fn definition(&self, data: &[u8], strings: &Strings, at: usize) -> Option<Definition> {
        let number = |offset, len| self.elf.number_at(data, at.checked_add(offset)?, len);
        let first = at.checked_add(usize::try_from(number(12, 4)?).ok()?)?;
        let name = strings.get(self.elf.number_at(data, first, 4)?)?.to_owned();
        Some(Definition {
            is_base: number(2, 2)? & VER_FLG_BASE != 0,
            name,
            names: number(6, 2)?.min(MOST_NAMES),
            next: usize::try_from(number(16, 4)?).ok()?,
        })
    }

    /// Versions needed of other libraries.
    fn read_needed(&mut self, section: &SectionHeader) -> io::Result<()> {
        let (data, strings) = (self.elf.section(section)?, self.elf.strings_of(section)?);
        let mut at = 0;
        for _ in 0..section.sh_info {
            match self.read_library(&data, &strings, at) {
                None | Some(0) => break,
                Some(next) => at += next,
            }
        }
        Ok(())
    }

    /// The versions needed of one library; the result is how far the next is, or `None` at nonsense.
    fn read_library(&mut self, data: &[u8], strings: &Strings, at: usize) -> Option<usize> {
        let elf = self.elf;
        let number = |at: usize, offset, len| elf.number_at(data, at.checked_add(offset)?, len);
        let library = strings.get(number(at, 4, 4)?)?;
        let mut version_at = at.checked_add(usize::try_from(number(at, 8, 4)?).ok()?)?;
        for _ in 0..number(at, 2, 2)? {
            let version = strings.get(number(version_at, 8, 4)?)?;
            self.require(library, version);
            version_at =
                version_at.checked_add(usize::try_from(number(version_at, 12, 4)?).ok()?)?;
        }
        usize::try_from(number(at, 12, 4)?).ok()
    }

    fn provide(&mut self, soname: &str, version: &str) {
        let capability = self.capability(soname, version);
        self.found.provides.extend(capability);
    }

    fn require(&mut self, soname: &str, version: &str) {
        let capability = self.capability(soname, version);
        self.found.requires.extend(capability);
    }

    fn capability(&self, soname: &str, version: &str) -> Option<String> {
        let marker = self.marker;
        let counts = if self.options.no_filter_soname {
            !soname.trim().is_empty()
        } else {
            is_sane(soname)
        };
        counts.then(|| match (version, marker) {
            ("", "") => soname.to_owned(),
            _ => format!("{soname}({version}){marker}"),
        })
    }
}

/// More names than this in one definition are taken for nonsense.
const MOST_NAMES: u64 = 64;

struct Definition {
    is_base: bool,
    name: String,
    /// Its own name and those of versions it follows. elfdeps prints its own as often, where a
    /// package has it once.
    names: u64,
    next: usize,
}

/// Whether a name is that of a library others link with: plugins and the like have other names.
fn is_sane(soname: &str) -> bool {
    const PREFIXES: [&str; 5] = ["lib", "ld.", "ld-", "ld64.", "ld64-"];
    soname.contains(".so") && PREFIXES.iter().any(|prefix| soname.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(is_executable: bool, options: ElfOptions) -> ElfDependencies {
        read(&std::env::current_exe().unwrap(), is_executable, options)
            .unwrap()
            .unwrap()
    }

    #[test]
    fn options_leave_out_versions_and_bring_in_the_interpreter() {
        let options = ElfOptions {
            soname_only: true,
            require_interpreter: true,
            ..ElfOptions::default()
        };
        let found = own(true, options).requires;
        assert!(found.iter().any(|it| it.starts_with('/')), "{found:?}");
        assert!(found.iter().all(|it| !it.contains("(GLIBC_")), "{found:?}");
    }

    #[test]
    fn this_program_needs_the_c_library() {
        let found = own(true, ElfOptions::default());
        assert!(found.provides.is_empty());
        assert!(
            found
                .requires
                .iter()
                .any(|it| it.starts_with("libc.so.6(GLIBC_"))
        );
    }

    #[test]
    fn a_program_that_cannot_run_needs_nothing() {
        let found = own(false, ElfOptions::default());
        assert_eq!(found, ElfDependencies::default());
    }

    #[test]
    fn only_names_of_libraries_count() {
        assert!(is_sane("libx.so.1") && is_sane("ld-linux-x86-64.so.2"));
        assert!(!is_sane("plugin.so") && !is_sane("libx") && !is_sane(" "));
    }

    #[test]
    fn nonsense_is_no_elf_file() {
        let disk = testkit::Tree::new()
            .file("a", b"\x7fELF\x02\x01\x01")
            .file("b", [0xff; 90]);
        for name in ["a", "b"] {
            let found = read(&disk.join(name), true, ElfOptions::default()).unwrap();
            assert_eq!(found.unwrap_or_default(), ElfDependencies::default());
        }
    }
}
