//! `elfdeps`: what ELF files offer and need.
//!
//! Source: elfdeps(1).

use std::ffi::{OsStr, OsString};
use std::io::BufRead;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use generate::{ElfOptions, ElfSide};

use crate::terminal;

const USAGE: &str = "\
Usage: elfdeps (-P | -R) [OPTION]... [FILE]...
  -P, --provides      what the files offer
  -R, --requires      what the files need
  -m, --multifile     a line `;FILE` before what belongs to a file
  --soname-only       no versions of symbols
  --no-fake-soname    nothing for libraries without a soname
  --no-filter-soname  also names that are those of no library
  --require-interp    the dynamic linker of programs
Without files, their paths are read from standard input, one on each line.
";

/// What the arguments ask for.
struct Arguments {
    side: ElfSide,
    options: ElfOptions,
    is_multifile: bool,
    files: Vec<PathBuf>,
}

/// Runs `elfdeps` with the arguments after its name.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let Some(arguments) = parse(args) else {
        terminal::print_error(USAGE.trim_end());
        return 1;
    };
    let mut status = 0;
    for path in &arguments.files {
        status |= u8::from(!report(path, &arguments));
    }
    status
}

/// `None` if the arguments are wrong, or there are none.
fn parse(args: &[OsString]) -> Option<Arguments> {
    let mut arguments = Arguments {
        side: ElfSide::Provides,
        options: ElfOptions::default(),
        is_multifile: false,
        files: Vec::new(),
    };
    let mut words = args.iter();
    while let Some(arg) = words.next() {
        match arg.to_str() {
            Some("--") => arguments.files.extend(words.by_ref().map(PathBuf::from)),
            Some("-P" | "--provides") => {}
            Some("-R" | "--requires") => arguments.side = ElfSide::Requires,
            Some("-m" | "--multifile") => arguments.is_multifile = true,
            Some(option) if option.starts_with('-') && option.len() > 1 => {
                *arguments.options.switch(option)? = true;
            }
            _ => arguments.files.push(PathBuf::from(arg)),
        }
    }
    if args.is_empty() {
        return None;
    }
    if arguments.files.is_empty() {
        arguments.files = paths_of_input();
    }
    Some(arguments)
}

/// The lines of standard input.
pub(super) fn paths_of_input() -> Vec<PathBuf> {
    let lines = std::io::stdin().lock().split(b'\n');
    let path = |line: Vec<u8>| {
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        PathBuf::from(OsStr::from_bytes(line))
    };
    lines.map_while(Result::ok).map(path).collect()
}

/// Prints what belongs to a file; `false` if it is no ELF file or can't be read.
fn report(path: &Path, arguments: &Arguments) -> bool {
    let found = generate::elf_dependencies(path, arguments.side, arguments.options);
    let Ok(Some(dependencies)) = found else {
        return false;
    };
    let mut text = String::new();
    if arguments.is_multifile && !dependencies.is_empty() {
        text.push_str(&format!(";{}\n", path.display()));
    }
    for dependency in dependencies {
        text.push_str(&dependency);
        text.push('\n');
    }
    terminal::print_text(&text);
    true
}
