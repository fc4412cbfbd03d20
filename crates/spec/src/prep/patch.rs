//! `%patch`: shell that applies patches.

use std::path::Path;

use expand::Engine;
use source::{Diagnostic, Reported, Text, octets};

use super::call::{CallArgs, Facts};
use crate::ast::{Source, SourceKind};
use crate::codes;
use crate::context::Context;
use crate::line::Line;
use crate::words::{parse_integer, parse_number};

/// The shell text of a call.
pub(super) fn expand(engine: &mut Engine, facts: &Facts, args: &[Text]) -> Result<Text, Reported> {
    let call = CallArgs::parse(engine, "patch", args, "P:p:REb:z:F:d:o:Z")?;
    let numbers: Vec<Text> = call
        .options
        .arguments('P')
        .chain(&call.options.words)
        .cloned()
        .collect();
    if numbers.is_empty() {
        let message = format!("Patch number not specified: {}", call.line);
        let help = "name the patch by its number, as in `%patch -P 0 -p1`".to_owned();
        return Err(call.report_with(engine, None, &message, Some(help)));
    }
    let flags = patch_flags(engine, &call)?;
    let mut script = String::new();
    for written in numbers {
        let Some(number) = parse_number(&written) else {
            let message = format!("Invalid patch number {written}: {}", call.line);
            return Err(call.report(engine, written.whole(), &message));
        };
        let Some(patch) = facts.sources.get(&(SourceKind::Patch, number)) else {
            let message = format!("No patch number {number}");
            return Err(call.report(engine, written.whole(), &message));
        };
        script += &apply(engine, patch, &flags)?;
    }
    Ok(Text::detached(script))
}

/// The options of patch(1).
fn patch_flags(engine: &mut Engine, call: &CallArgs<'_>) -> Result<String, Reported> {
    let options = &call.options;
    let default_fuzz = engine.expand_number("%{_default_patch_fuzz}");
    let mut numbers = [0, default_fuzz];
    for (number, letter) in numbers.iter_mut().zip(['p', 'F']) {
        let Some(given) = options.argument(letter) else {
            continue;
        };
        *number = parse_integer(given.as_str()).ok_or_else(|| {
            let joined = format!("-{letter}{given}");
            let is_joined = call.line.split(' ').any(|word| word == joined);
            let shown = if is_joined { &joined } else { given.as_str() };
            let message = format!("invalid numeric value: {shown}: {}", call.line);
            call.report(engine, given.whole(), &message)
        })?;
    }
    let [strip, fuzz] = numbers;
    let mut flags = engine.expand_str("%{?_default_patch_flags}")?;
    flags += &format!(" -p{strip} ");
    let backups = options
        .given()
        .filter(|(letter, _)| matches!(letter, 'b' | 'z'));
    if let Some(suffix) = backups.filter_map(|(_, suffix)| suffix).last() {
        flags += &format!("-b --suffix {suffix}");
    }
    if fuzz >= 0 {
        flags += &format!(" --fuzz={fuzz}");
    }
    for letter in ['d', 'o'] {
        if let Some(argument) = options.argument(letter) {
            flags += &format!(" -{letter} {argument}");
        }
    }
    for letter in ['R', 'E', 'Z'] {
        if options.has(letter) {
            flags += &format!(" -{letter}");
        }
    }
    Ok(flags)
}

/// Refuses `%patchN`, the old form with the number glued to the name.
pub(crate) fn check_obsolete(context: &mut Context<'_>, lines: &[Line]) {
    for line in lines {
        let Some(rest) = line.text.strip_prefix("%patch") else {
            continue;
        };
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 {
            continue;
        }
        let number = &rest[..digits];
        let message = format!(
            "%patchN is obsolete, use %patch N (or %patch -P N): {}",
            line.shown()
        );
        let diagnostic = Diagnostic::error(codes::OBSOLETE_PATCH, message)
            .at(line.text.origin(0, "%patch".len() + digits))
            .help(format!("write `%patch -P {number}`"));
        context.sink().report(diagnostic);
        context.sink().begin_step();
    }
}

/// What compressed files begin with. Source: rpm's `rpmFileIsCompressed`.
const COMPRESSED: [&[u8]; 12] = [
    b"BZh",
    b"PK\x03\x04",
    b"PK00",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f",
    b"LZIP",
    b"LRZI",
    b"\x1f\x8b",
    b"\x1f\x9e",
    b"\x1f\x1e",
    b"\x1f\xa0",
    b"\x1f\x9d",
];

/// Whether a patch is there and is known not to be compressed.
fn is_plain(engine: &mut Engine, path: &str) -> bool {
    let Ok(text) = engine.host.read_file(Path::new(path)) else {
        return false;
    };
    let bytes = octets::restore(&text);
    let has_suffix = |suffix: &str| path.ends_with(suffix);
    let starts = |magic: &&[u8]| bytes.starts_with(magic);
    !COMPRESSED.iter().any(starts) && ![".lzma", ".gem", ".car"].into_iter().any(has_suffix)
}

/// Applies one patch, through a program that uncompresses it unless it is known to be plain.
fn apply(engine: &mut Engine, patch: &Source, flags: &str) -> Result<String, Reported> {
    let (number, name, path) = (patch.number, &patch.file_name, &patch.path);
    let command = if is_plain(engine, path) {
        engine.expand_str(&format!("%{{__patch}} {flags} < {path}"))?
    } else {
        let pipe = "|| echo patch_fail ; } | %{__patch}";
        engine.expand_str(&format!("{{ %{{__rpmuncompress}} {path} {pipe} {flags}"))?
    };
    Ok(format!("echo \"Patch #{number} ({name}):\"\n{command}\n\n"))
}
