//! Generators that are programs: starting them, and what they print.
//!
//! Source: rpm-dependency-generators(7), "Protocols".

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a generator's process finds in its environment, besides what this process has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// Variables of the build.
    pub(crate) variables: BTreeMap<String, String>,
    /// `RPM_BUILD_ROOT`.
    pub(crate) build_root: String,
}

/// How a program's run may go wrong.
#[derive(Debug)]
pub(crate) enum RunError {
    /// It can't be started.
    Start(io::Error),
    /// It ended with a status other than 0, or by a signal.
    Failed,
}

/// Runs a program with the paths on its standard input, and returns what it printed.
///
/// Its exit status only counts where `is_strict`: generators have always been free to fail.
pub(crate) fn run<P: AsRef<Path>>(
    words: &[String],
    paths: &[P],
    surroundings: &Surroundings,
    is_strict: bool,
) -> Result<String, RunError> {
    let Some((program, args)) = words.split_first() else {
        return Ok(String::new());
    };
    let mut command = Command::new(program);
    command
        .args(args)
        .envs(&surroundings.variables)
        .env_remove("DEBUGINFOD_URLS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if !surroundings.build_root.is_empty() {
        command.env("RPM_BUILD_ROOT", OsStr::new(&surroundings.build_root));
    }
    let text = paths_of(paths);
    let mut child = command.spawn().map_err(RunError::Start)?;
    let input = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // A program that reads nothing, or not all, is no fault.
        let write = move || input.map(|mut input| input.write_all(&text));
        if let Err(error) = std::thread::Builder::new().spawn_scoped(scope, write) {
            child.kill().ok();
            child.wait().ok();
            return Err(error);
        }
        child.wait_with_output()
    });
    let output = output.map_err(RunError::Start)?;
    if is_strict && !output.status.success() {
        return Err(RunError::Failed);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn paths_of<P: AsRef<Path>>(paths: &[P]) -> Vec<u8> {
    let mut text = Vec::new();
    for path in paths {
        text.extend_from_slice(path.as_ref().as_os_str().as_encoded_bytes());
        text.push(b'\n');
    }
    text
}

/// Splits a command line into words: blanks part them, quotes and backslashes keep them together.
///
/// Source: popt(3), "poptParseArgvString".
pub(crate) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_ascii_whitespace() => words.extend(word.take()),
            (_, '\\') => {
                let next = chars.next();
                let word = word.get_or_insert_default();
                // Within quotes only the quote itself needs the backslash.
                word.extend(
                    quote
                        .and(next)
                        .filter(|it| Some(*it) != quote)
                        .and(Some('\\')),
                );
                word.extend(next);
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The lines of a program's output, each with the number of the file it belongs to.
///
/// The error is a line `;PATH` that names no file, or one out of order.
pub(crate) fn by_file<'o>(
    output: &'o str,
    paths: &[&Path],
) -> Result<Vec<(usize, &'o str)>, &'o str> {
    let (mut found, mut next) = (Vec::new(), 0);
    for line in lines(output) {
        let Some(path) = line.strip_prefix(';') else {
            found.push((next.max(1) - 1, line));
            continue;
        };
        let rest = paths.get(next..).unwrap_or_default();
        let skipped = rest.iter().position(|it| *it == Path::new(path));
        next += skipped.ok_or(line)? + 1;
    }
    Ok(found)
}

/// The lines that are not empty.
pub(crate) fn lines(output: &str) -> impl Iterator<Item = &str> {
    output.split(['\n', '\r']).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_by_blanks() {
        assert_eq!(words(" a  b "), ["a", "b"]);
        assert_eq!(words("a 'b c' d\\ e \"\""), ["a", "b c", "d e", ""]);
        assert_eq!(words("'it\\'s \\n'"), ["it's \\n"]);
        assert!(words(" ").is_empty());
    }

    #[test]
    fn lines_belong_to_the_file_named_before_them() {
        let paths = [Path::new("/a"), Path::new("/b"), Path::new("/c")];
        let output = ";/a\nx\n;/c\ny\nz\n";
        assert_eq!(
            by_file(output, &paths).unwrap(),
            [(0, "x"), (2, "y"), (2, "z")]
        );
        assert_eq!(by_file(";/c\n;/a\n", &paths), Err(";/a"));
        assert_eq!(by_file(";/d\n", &paths), Err(";/d"));
    }

    #[test]
    fn programs_read_paths_and_see_the_build_root() {
        let surroundings = Surroundings {
            variables: [("MARK".to_owned(), "1".to_owned())].into(),
            build_root: "/root".to_owned(),
        };
        let words = words("sh -c 'cat; echo $MARK $RPM_BUILD_ROOT'");
        let output = run(&words, &["/a", "/b"], &surroundings, true).unwrap();
        assert_eq!(output, "/a\n/b\n1 /root\n");
        let missing = run(
            &["/nonexistent/x".to_owned()],
            &["/a"],
            &surroundings,
            false,
        );
        assert!(matches!(missing, Err(RunError::Start(_))));
    }
}
