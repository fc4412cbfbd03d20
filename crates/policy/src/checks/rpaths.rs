//! `check-rpaths`: looks for harmful library search paths in programs and libraries.
//!
//! Each component of a search path may have one fault, a bit of the mask that `QA_RPATHS` allows.
//!
//! Source: the hint that rpm's `check-rpaths` prints; ld.so(8).

use std::os::unix::ffi::OsStrExt;

use elf::dynamic::{DT_RPATH, DT_RUNPATH};
use rayon::prelude::*;

use crate::call::Call;
use crate::elf_file;
use crate::error::{Doing, Error};
use crate::tree::{self, Node};

/// What can be wrong with a component of a search path, and its bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Standard = 0x0001,
    Invalid = 0x0002,
    Insecure = 0x0004,
    OriginAfterOthers = 0x0008,
    Empty = 0x0010,
    ParentOfAbsolute = 0x0020,
}

/// One faulty component.
struct Finding {
    fault: Fault,
    message: String,
}

/// Directories searched anyway.
const STANDARD: &[&str] = &[
    "/lib",
    "/usr/lib",
    "/usr/X11R6/lib",
    "/lib64",
    "/usr/lib64",
    "/usr/X11R6/lib64",
];

/// Directories below which a package may have libraries of its own.
const BELOW: &[&str] = &[
    "/lib/",
    "/usr/lib/",
    "/usr/X11R6/lib/",
    "/usr/local/lib/",
    "/lib64/",
    "/usr/lib64/",
    "/usr/X11R6/lib64/",
    "/usr/local/lib64/",
    "/usr/libexec/",
];

/// `check-rpaths`: checks all ELF files of the build root.
///
/// A fault whose bit is set in `QA_RPATHS` is a warning; any other makes the status 1.
pub(crate) fn rpaths(call: &mut Call<'_>) -> Result<u8, Error> {
    if call.environment.get("QA_SKIP_RPATHS").is_some() {
        call.warn("WARNING: '$QA_SKIP_RPATHS' is obsoleted by 'QA_RPATHS=[0-7]'")?;
        return Ok(0);
    }
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let allowed = parse_mask(&call.environment.text("QA_RPATHS").unwrap_or_default())?;
    let nodes = tree::files(&root)?;
    let findings = call.environment.workers()?.install(|| {
        nodes
            .par_iter()
            .map(check_file)
            .collect::<Result<Vec<Vec<Finding>>, Error>>()
    })?;
    let mut failed = false;
    for finding in findings.into_iter().flatten() {
        let bit = finding.fault as u32;
        let is_error = allowed & bit == 0;
        if is_error && !failed {
            call.warn(hint(allowed))?;
        }
        failed |= is_error;
        let severity = if is_error { "ERROR  " } else { "WARNING" };
        call.warn(format!("{severity} {bit:04x}: {}", finding.message))?;
    }
    Ok(u8::from(failed))
}

/// The value of `QA_RPATHS`: decimal, octal with `0`, hexadecimal with `0x`, or several joined by `|`,
/// as a shell reckons.
fn parse_mask(text: &str) -> Result<u32, Error> {
    let number = |word: &str| match word {
        "" => Some(0),
        _ => match (
            word.strip_prefix("0x").or(word.strip_prefix("0X")),
            word.strip_prefix('0'),
        ) {
            (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
            (None, Some(digits)) if !digits.is_empty() => u32::from_str_radix(digits, 8).ok(),
            _ => word.parse().ok(),
        },
    };
    let mut words = text.split('|').map(|word| number(word.trim()));
    let mask = words.try_fold(0, |mask, bits| Some(mask | bits?));
    mask.ok_or_else(|| Error::Usage(format!("QA_RPATHS is no number: `{text}`")))
}

/// The faults of one file, the old kind of search path first.
fn check_file(node: &Node) -> Result<Vec<Finding>, Error> {
    let Some(elf) = elf::read(&node.path).doing("read", &node.path)? else {
        return Ok(Vec::new());
    };
    let file = String::from_utf8_lossy(node.inside().as_os_str().as_bytes()).into_owned();
    let mut findings = Vec::new();
    for (tag, kind) in [(DT_RPATH, "rpath"), (DT_RUNPATH, "runpath")] {
        for path in elf_file::dynamic_strings(&elf, tag).doing("read", &node.path)? {
            findings.extend(check_path(&file, kind, &String::from_utf8_lossy(&path)));
        }
    }
    Ok(findings)
}

/// The faults of one search path.
fn check_path(file: &str, kind: &str, path: &str) -> Vec<Finding> {
    let mut origin_may_follow = true;
    let mut findings = Vec::new();
    for part in path.split(':') {
        let (fault, is_origin) = judge(part, origin_may_follow);
        origin_may_follow = is_origin && fault.is_none();
        let Some(fault) = fault else { continue };
        let message = match fault {
            Fault::Standard => format!("contains a standard {kind} '{part}' in [{path}]"),
            Fault::Invalid => format!("contains an invalid {kind} '{part}' in [{path}]"),
            Fault::Insecure => format!("contains an insecure {kind} '{part}' in [{path}]"),
            Fault::OriginAfterOthers => {
                format!("contains the $ORIGIN {kind} specifier at the wrong position in [{path}]")
            }
            Fault::Empty => format!("contains an empty {kind} in [{path}]"),
            Fault::ParentOfAbsolute => {
                format!("contains a {kind} referencing '..' of an absolute path [{path}]")
            }
        };
        findings.push(Finding {
            fault,
            message: format!("file '{file}' {message}"),
        });
    }
    findings
}

/// What is wrong with one component, and whether it is relative to `$ORIGIN`.
fn judge(part: &str, origin_allowed: bool) -> (Option<Fault>, bool) {
    let is_origin = ["$ORIGIN", "${ORIGIN}"].iter().any(|it| {
        part.strip_prefix(it)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let variable = ["$PLATFORM", "${PLATFORM}", "$LIB", "${LIB}"]
        .iter()
        .any(|it| part.contains(it));
    let fault = match part {
        "" => Some(Fault::Empty),
        _ if leaves_a_directory(part) => Some(Fault::ParentOfAbsolute),
        _ if BELOW.iter().any(|directory| part.starts_with(directory)) => None,
        _ if is_origin => (!origin_allowed).then_some(Fault::OriginAfterOthers),
        _ if part.starts_with('/') && variable => None,
        _ if STANDARD.contains(&part) => Some(Fault::Standard),
        _ if part.starts_with('.') => Some(Fault::Insecure),
        _ => Some(Fault::Invalid),
    };
    (fault, is_origin)
}

/// Whether `..` follows the name of a directory in an absolute path or after a variable. `..` right
/// after the variable, however often, is fine: it leads up from where the file is.
fn leaves_a_directory(part: &str) -> bool {
    let inside = match part.strip_prefix('$') {
        Some(rest) => rest
            .find('/')
            .and_then(|slash| rest.get(slash..))
            .unwrap_or_default(),
        None => part,
    };
    let mut named = false;
    for word in inside
        .strip_prefix('/')
        .into_iter()
        .flat_map(|rest| rest.split('/'))
    {
        if word == ".." && named {
            return true;
        }
        named = !matches!(word, "" | "." | "..");
    }
    false
}

/// What the bits mean, for someone who meets the error for the first time.
fn hint(allowed: u32) -> String {
    let rule = "*".repeat(79);
    format!(
        "{rule}\n\
         *\n\
         * WARNING: 'check-rpaths' detected a broken RPATH OR RUNPATH and will cause\n\
         *          'rpmbuild' to fail. QA_RPATHS is a mask of what to let pass;\n\
         *          it is 0x{allowed:04x} now. Its bits:\n\
         *\n\
         *    0x0001 ... a standard directory, which is searched anyway\n\
         *    0x0002 ... neither absolute nor relative to anything: a security risk\n\
         *    0x0004 ... relative to the current directory: a security risk\n\
         *    0x0008 ... '$ORIGIN' after other directories\n\
         *    0x0010 ... empty, and so the current directory\n\
         *    0x0020 ... '..' after a directory, which breaks when that is a link\n\
         *\n\
         * Example: QA_RPATHS=$(( 0x0001|0x0010 )) lets standard and empty ones pass.\n\
         *\n\
         {rule}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::Bench;

    fn faults(path: &str) -> Vec<u32> {
        check_path("/f", "rpath", path)
            .iter()
            .map(|finding| finding.fault as u32)
            .collect()
    }

    #[test]
    fn six_classes() {
        for (path, expected) in [
            ("/usr/lib/app", &[][..]),
            ("/usr/lib64", &[0x01]),
            ("/build/lib", &[0x02]),
            ("lib", &[0x02]),
            ("./lib:.", &[0x04, 0x04]),
            ("$ORIGIN/../lib", &[]),
            ("$ORIGIN:${ORIGIN}/x", &[]),
            ("/usr/lib/a:$ORIGIN", &[0x08]),
            ("", &[0x10]),
            ("/usr/lib/a::", &[0x10, 0x10]),
            ("/usr/lib/a/../b", &[0x20]),
            ("$ORIGIN/lib/..", &[0x20]),
            ("$ORIGIN/../../x", &[]),
            ("/opt/$LIB", &[]),
        ] {
            assert_eq!(faults(path), expected, "{path}");
        }
    }

    #[test]
    fn masks_as_a_shell_reckons() {
        for (text, mask) in [
            ("", 0),
            ("17", 17),
            ("0x0011", 17),
            ("021", 17),
            ("0x1 | 0x10", 17),
        ] {
            assert_eq!(parse_mask(text).unwrap(), mask, "{text}");
        }
        assert!(parse_mask("all").is_err());
    }

    /// Builds a program with a search path, by the compiler that cargo links these tests with.
    fn with_runpath(bench: &Bench, path: &str) {
        let source = bench.directory.path().join("main.c");
        std::fs::write(&source, "int main(void) { return 0; }\n").unwrap();
        let mut compiler = std::process::Command::new("cc");
        let linker = format!("-Wl,-rpath,{path}");
        let output = bench.file("usr/bin/tool", "");
        compiler.arg(source).arg(linker).arg("-o").arg(output);
        assert!(compiler.status().unwrap().success());
    }

    #[test]
    fn program_is_checked() {
        let mut bench = Bench::new();
        with_runpath(&bench, "/build/lib");
        assert_eq!(bench.run("check-rpaths", &[]), 1);
        let line = bench.err.lines().last().unwrap_or_default().to_owned();
        assert!(
            line.starts_with("ERROR   0002: file '/usr/bin/tool' contains an invalid r"),
            "{line}"
        );
        assert!(
            line.ends_with("path '/build/lib' in [/build/lib]"),
            "{line}"
        );
        bench.set("QA_RPATHS", "0x0002");
        assert_eq!(bench.run("check-rpaths", &[]), 0);
        assert!(bench.err.starts_with("WARNING 0002: "), "{}", bench.err);
    }
}
