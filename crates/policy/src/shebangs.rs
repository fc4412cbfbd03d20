//! `brp-mangle-shebangs`: makes scripts name their interpreter by its real path.
//!
//! Packages of distributions with one `/usr/bin` must not ask `env` or `/bin` for an interpreter, and
//! must say which Python they mean. The rules and messages are those of the program of that name in
//! the packages that set build policy for rpm.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use regex_lite::Regex;

use crate::call::Call;
use crate::error::{Doing, Error};
use crate::tree::{self, Node};

/// Longest first line that is looked at, in bytes; the kernel reads far less.
const LONGEST_LINE: u64 = 1 << 16;

/// What is left alone, as the options say.
#[derive(Default)]
struct Exclusions {
    /// Patterns of `#!` lines, without the `#!`.
    shebangs: Vec<Regex>,
    /// Patterns of installed paths.
    files: Vec<Regex>,
}

/// What is to be done with one executable file.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing.
    Fine,
    /// It is text, and not a script: it should not be executable.
    NotScript(&'static str),
    /// It does not name its interpreter by an absolute path.
    Relative(String),
    /// It does not say which Python.
    Ambiguous(String),
    /// Its interpreter has another name: the old and the new.
    Mangled(String, String),
}

/// `brp-mangle-shebangs [--shebangs REGEX] [--shebangs-from FILE] [--files REGEX] [--files-from FILE]`.
///
/// Looks at executable regular files only. Status 1 when a script's `#!` line is ambiguous or
/// relative; all others are still dealt with.
pub(crate) fn mangle(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let exclusions = parse_exclusions(call)?;
    let mut status = 0;
    for node in tree::files(&root)?
        .iter()
        .filter(|node| node.is_executable())
    {
        let path = node.inside().to_string_lossy().into_owned();
        if exclusions
            .files
            .iter()
            .any(|pattern| pattern.is_match(&path))
        {
            continue;
        }
        let Some(line) = first_line(&node.path)? else {
            continue;
        };
        match judge(&line, &exclusions.shebangs) {
            Verdict::Fine => {}
            Verdict::NotScript(what) => {
                call.warn(format!(
                    "*** WARNING: .{path} is executable but has {what} shebang, removing executable bit"
                ))?;
                remove_executable_bits(node)?;
            }
            Verdict::Relative(shebang) => {
                call.warn(format!(
                    "*** ERROR: .{path} has shebang which doesn't start with '/' ({shebang})"
                ))?;
                status = 1;
            }
            Verdict::Ambiguous(shebang) => {
                call.warn(format!(
                    "*** ERROR: ambiguous python shebang in {path}: #!{shebang}. \
                     Change it to python3 (or python2) explicitly."
                ))?;
                status = 1;
            }
            Verdict::Mangled(old, new) => {
                call.say(format!("mangling shebang in {path} from {old} to #!{new}"))?;
                replace_first_line(node, &line, &new)?;
            }
        }
    }
    Ok(status)
}

/// Reads the options; each may be given with `=` or with the next argument.
fn parse_exclusions(call: &Call<'_>) -> Result<Exclusions, Error> {
    let mut exclusions = Exclusions::default();
    let mut args = call
        .args
        .iter()
        .map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next() {
        let (option, value) = match arg.split_once('=') {
            Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
            None => (arg, args.next()),
        };
        let missing = || Error::Usage(format!("`{option}` needs a value"));
        let value = value.ok_or_else(missing)?;
        match option.as_str() {
            "--shebangs" => exclusions.shebangs.push(pattern(&value)?),
            "--files" => exclusions.files.push(pattern(&value)?),
            "--shebangs-from" | "--shebangs-file" => {
                exclusions.shebangs.extend(patterns(call, &value)?);
            }
            "--files-from" | "--files-file" => exclusions.files.extend(patterns(call, &value)?),
            other => return Err(Error::Usage(format!("unknown option `{other}`"))),
        }
    }
    Ok(exclusions)
}

fn pattern(text: &str) -> Result<Regex, Error> {
    Regex::new(text).map_err(|error| Error::Usage(format!("`{text}` is no pattern: {error}")))
}

/// The patterns of a file, one a line.
fn patterns(call: &Call<'_>, file: &str) -> Result<Vec<Regex>, Error> {
    let path = call.environment.path(file);
    let text = limits::read_text(&path, limits::TEXT).doing("read", &path)?;
    text.lines()
        .filter(|line| !line.is_empty())
        .map(pattern)
        .collect()
}

/// The first line of a text file, with its line end; `None` for binary files.
fn first_line(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    use std::io::Read;
    let mut line = Vec::new();
    let mut input = BufReader::new(File::open(path).doing("read", path)?.take(LONGEST_LINE));
    let head = input.fill_buf().doing("read", path)?;
    if head.contains(&0) {
        return Ok(None);
    }
    input.read_until(b'\n', &mut line).doing("read", path)?;
    Ok(Some(line))
}

/// What a first line means.
fn judge(line: &[u8], excluded: &[Regex]) -> Verdict {
    let line = String::from_utf8_lossy(line);
    let line = line.trim_end_matches(['\n', '\r']);
    // `#![` begins an attribute in a Rust source file.
    let script = line.strip_prefix("#!").filter(|it| !it.starts_with('['));
    let Some(original) = script else {
        return Verdict::NotScript("no");
    };
    let original = original.split_whitespace().collect::<Vec<_>>().join(" ");
    if original.is_empty() {
        return Verdict::NotScript("empty");
    }
    if excluded.iter().any(|pattern| pattern.is_match(&original)) {
        return Verdict::Fine;
    }
    if !original.starts_with('/') {
        return Verdict::Relative(original);
    }
    if !IN_SYSTEM
        .iter()
        .any(|directory| original.starts_with(directory))
    {
        return Verdict::Fine;
    }
    let shebang = without_env(&original);
    let program = shebang.split(' ').next().unwrap_or_default();
    match program == "/usr/bin/python" {
        true => Verdict::Ambiguous(original),
        false if shebang != original => Verdict::Mangled(original, shebang),
        false => Verdict::Fine,
    }
}

/// Where a system's interpreters are. Others are a package's own matter.
const IN_SYSTEM: &[&str] = &["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"];

/// The interpreter that `env` would find, and `/usr/bin` for `/bin`.
fn without_env(shebang: &str) -> String {
    let (program, rest) = shebang.split_once(' ').unwrap_or((shebang, ""));
    let found = match program.strip_suffix("/env") {
        Some(directory) if !rest.is_empty() => {
            let rest = rest.strip_prefix("-S ").unwrap_or(rest);
            match rest.starts_with('/') {
                true => rest.to_owned(),
                false => format!("{directory}/{rest}"),
            }
        }
        _ => shebang.to_owned(),
    };
    let merged = [("/bin/", "/usr/bin/"), ("/sbin/", "/usr/sbin/")];
    let moved = merged
        .iter()
        .find_map(|(old, new)| Some(format!("{new}{}", found.strip_prefix(old)?)));
    moved.unwrap_or(found)
}

fn remove_executable_bits(node: &Node) -> Result<(), Error> {
    let mode = node.metadata.permissions().mode() & !0o111;
    std::fs::set_permissions(&node.path, std::fs::Permissions::from_mode(mode))
        .doing("change the mode of", &node.path)
}

/// Writes the file anew with another first line; mode, owner and times stay.
fn replace_first_line(node: &Node, line: &[u8], shebang: &str) -> Result<(), Error> {
    use std::io::Write;
    let path = &node.path;
    let mut input = File::open(path).doing("read", path)?;
    input
        .seek(SeekFrom::Start(line.len() as u64))
        .doing("read", path)?;
    tree::replace(path, &node.metadata, |file| {
        let end = if line.ends_with(b"\n") { "\n" } else { "" };
        write!(file, "#!{shebang}{end}").doing("write", path)?;
        std::io::copy(&mut input, file)
            .doing("write", path)
            .map(drop)
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::call::testing::Bench;

    fn script(bench: &Bench, path: &str, text: &str) {
        let path = bench.file(path, text);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn verdicts() {
        let mangled = |old: &str, new: &str| Verdict::Mangled(old.to_owned(), new.to_owned());
        for (line, verdict) in [
            ("#!/usr/bin/perl -w", Verdict::Fine),
            ("#!/opt/app/bin/env tool", Verdict::Fine),
            ("#!/usr/bin/python3.11", Verdict::Fine),
            (
                "#!/usr/bin/env perl",
                mangled("/usr/bin/env perl", "/usr/bin/perl"),
            ),
            ("#! /bin/sh  -e", mangled("/bin/sh -e", "/usr/bin/sh -e")),
            (
                "#!/bin/env /bin/bash",
                mangled("/bin/env /bin/bash", "/usr/bin/bash"),
            ),
            (
                "#!/usr/bin/env -S awk -f",
                mangled("/usr/bin/env -S awk -f", "/usr/bin/awk -f"),
            ),
            (
                "#!/bin/env python3\r",
                mangled("/bin/env python3", "/usr/bin/python3"),
            ),
            (
                "#!/usr/bin/env python",
                Verdict::Ambiguous("/usr/bin/env python".to_owned()),
            ),
            (
                "#!/bin/python -O",
                Verdict::Ambiguous("/bin/python -O".to_owned()),
            ),
            ("#!bin/sh", Verdict::Relative("bin/sh".to_owned())),
            ("#!  ", Verdict::NotScript("empty")),
            ("body {}", Verdict::NotScript("no")),
            ("#![no_std]", Verdict::NotScript("no")),
        ] {
            assert_eq!(judge(line.as_bytes(), &[]), verdict, "{line}");
        }
    }

    #[test]
    fn scripts_are_rewritten_and_keep_mode_and_time() {
        let mut bench = Bench::new();
        script(&bench, "usr/bin/tool", "#!/usr/bin/env perl\nprint 1;\n");
        let before = bench.at("usr/bin/tool").metadata().unwrap();
        assert_eq!(bench.run("brp-mangle-shebangs", &[]), 0, "{}", bench.err);
        let text = std::fs::read_to_string(bench.at("usr/bin/tool")).unwrap();
        assert_eq!(text, "#!/usr/bin/perl\nprint 1;\n");
        let after = bench.at("usr/bin/tool").metadata().unwrap();
        assert_eq!(
            (after.mode(), after.mtime()),
            (before.mode(), before.mtime())
        );
        assert_eq!(
            bench.out,
            "mangling shebang in /usr/bin/tool from /usr/bin/env perl to #!/usr/bin/perl\n"
        );
    }

    #[test]
    fn data_lose_their_bit_and_python_must_be_versioned() {
        let mut bench = Bench::new();
        script(&bench, "a.css", "body {}\n");
        script(&bench, "b.py", "#!/usr/bin/env python\n");
        script(&bench, "c", "\x7fELF\0binary");
        assert_eq!(bench.run("brp-mangle-shebangs", &[]), 1);
        assert_eq!(
            bench.err,
            "*** WARNING: ./a.css is executable but has no shebang, removing executable bit\n\
             *** ERROR: ambiguous python shebang in /b.py: #!/usr/bin/env python. \
             Change it to python3 (or python2) explicitly.\n"
        );
        assert_eq!(bench.at("a.css").metadata().unwrap().mode() & 0o777, 0o644);
        assert_eq!(bench.at("c").metadata().unwrap().mode() & 0o777, 0o755);
    }

    #[test]
    fn exclusions() {
        let mut bench = Bench::new();
        script(&bench, "usr/a", "#!/usr/bin/env python\n");
        script(&bench, "usr/b", "#!/usr/bin/env perl\n");
        let list = bench.file("list", "^/usr/a$\n");
        let args = [
            "--files-from",
            list.to_str().unwrap(),
            "--shebangs",
            "perl$",
        ];
        assert_eq!(bench.run("brp-mangle-shebangs", &args), 0, "{}", bench.err);
        assert_eq!(bench.out, "");
        assert_eq!(bench.run("brp-mangle-shebangs", &["--files=("]), 1);
        assert!(bench.err.contains("`(` is no pattern"), "{}", bench.err);
    }
}
