//! `rpmsort`: lines in the order of rpm's versions.
//!
//! Source: rpmsort(1), rpm-version(7).

use std::cmp::Ordering;
use std::ffi::OsString;
use std::path::Path;

use package::compare_versions;

use crate::terminal;

/// Runs `rpmsort` with the arguments after its name.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let is_option = |arg: &&OsString| arg.len() > 1 && arg.as_encoded_bytes().starts_with(b"-");
    if let Some(option) = args.iter().find(is_option) {
        let usage = format!(
            "Usage: rpmsort [FILE]...\nunknown option {}",
            option.display()
        );
        terminal::print_error(&usage);
        return 1;
    }
    let standard_input = [OsString::from("-")];
    let names = if args.is_empty() {
        &standard_input[..]
    } else {
        args
    };
    let mut lines = Vec::new();
    for name in names {
        match read(name) {
            Ok(text) => lines.extend(text.lines().filter(|it| !it.is_empty()).map(str::to_owned)),
            Err(error) => {
                let reason = build::reason_of(&error);
                terminal::print_error(&format!("cannot open `{}': {reason}", name.display()));
                return 1;
            }
        }
    }
    if lines.is_empty() {
        terminal::print_error("Invalid input");
        return 1;
    }
    lines.sort_by(|a, b| compare(a, b));
    terminal::print_text(&(lines.join("\n") + "\n"));
    0
}

/// A file, or standard input for `-`.
fn read(name: &OsString) -> std::io::Result<String> {
    let bytes = match name.to_str() {
        Some("-") => limits::read_from(std::io::stdin().lock(), limits::TEXT)?,
        _ => limits::read(Path::new(name), limits::TEXT)?,
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Names as text, then versions and releases as rpm compares them.
fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (parts(a), parts(b));
    let by_name = a.0.as_bytes().cmp(b.0.as_bytes());
    by_name
        .then_with(|| compare_versions(a.1, b.1))
        .then_with(|| compare_versions(a.2, b.2))
}

/// Name, version and release in `name-version-release`; what is missing is empty.
fn parts(line: &str) -> (&str, &str, &str) {
    let Some((rest, last)) = line.rsplit_once('-') else {
        return (line, "", "");
    };
    match rest.rsplit_once('-') {
        Some((name, version)) => (name, version, last),
        None => (rest, last, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_sorted_by_name_version_and_release() {
        let mut lines = [
            "b-1-1",
            "a-1.10-1",
            "a-1.9-2",
            "a-1.9-1",
            "a-1.9~rc1-5",
            "a",
        ];
        lines.sort_by(|a, b| compare(a, b));
        assert_eq!(
            lines,
            [
                "a",
                "a-1.9~rc1-5",
                "a-1.9-1",
                "a-1.9-2",
                "a-1.10-1",
                "b-1-1"
            ]
        );
    }
}
