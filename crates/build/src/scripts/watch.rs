//! Which command of a script failed: traps in the script write that to a file.
//!
//! A script under this program's own name begins with a line that sets the shell's `ERR` and `EXIT`
//! traps. They print nothing and keep the exit status; a script that sets traps of its own replaces
//! them. Of shells without an `ERR` trap (dash, for one) the messages are looked at, and marks in the script
//! ([`crate::scripts::marks`]). Source: bash(1), `trap`,
//! `BASH_COMMAND` and `BASH_LINENO`.

use std::fs;
use std::ops::Range;
use std::path::Path;

use source::octets;

use crate::scripts::marks;

/// The shells that have such traps, or do without them.
const SHELLS: [&str; 6] = ["ash", "bash", "dash", "ksh", "mksh", "sh"];

/// Shells, and a program that has one, without an `ERR` trap.
const WITHOUT_TRAPS: [&str; 3] = ["ash", "busybox", "dash"];

/// A file that the traps of one script write to; gone when dropped.
pub(crate) struct Watch {
    /// The shell that runs the script.
    pub(crate) shell: String,
    file: tempfile::NamedTempFile,
}

/// The command that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedCommand {
    /// Its line in the script, from 1, if the shell told.
    pub(crate) line: Option<usize>,
    /// The command as the shell shows it.
    pub(crate) text: String,
}

impl Watch {
    /// A watch for a script that `command` runs, in a directory for temporary files. `None` where the
    /// script is run by something else than a shell.
    pub(crate) fn new(command: &str, dir: &Path) -> Option<Self> {
        let is_shell = |word: &&str| {
            let name = word.rsplit('/').next().unwrap_or(word);
            SHELLS.contains(&name)
        };
        let shell = command.split_whitespace().find(is_shell)?.to_owned();
        if !is_plain(dir) {
            return None;
        }
        fs::create_dir_all(dir).ok()?;
        let mut file = tempfile::Builder::new();
        let file = file.prefix("rpm-tmp.").tempfile_in(dir).ok()?;
        Some(Self { shell, file })
    }

    /// Whether the shell tells by traps what failed; where it isn't known which shell it is, it does.
    pub(crate) fn has_traps(&self) -> bool {
        let path = fs::canonicalize(&self.shell).unwrap_or_else(|_| self.shell.clone().into());
        let name = path.file_name().unwrap_or_default();
        !WITHOUT_TRAPS.iter().any(|shell| name == *shell)
    }

    /// The script with the traps in its first line, behind a line that names an interpreter.
    pub(crate) fn put_in(&self, script: &str) -> String {
        let file = self.file.path().display();
        let mut traps = TRAPS.to_owned();
        if !self.has_traps() {
            traps.push_str(marks::TRAP);
        }
        let traps = traps.replace("FILE", &file.to_string());
        let first = match script.starts_with("#!") {
            true => script.find('\n').map_or(script.len(), |at| at + 1),
            false => 0,
        };
        let (first, rest) = script.split_at(first);
        format!("{first}{traps}\n{rest}")
    }

    /// The script as it is run: for a shell without traps, with marks in its section's own lines.
    pub(crate) fn marked(&self, watched: &str, own: Range<usize>) -> Option<String> {
        if self.has_traps() {
            return None;
        }
        marks::put_in(watched, own, &self.shell)
    }

    /// The command of a marked script that ended with `status`; `watched` is that script without marks.
    pub(crate) fn marked_command(
        &self,
        marked: &str,
        watched: &str,
        status: i32,
    ) -> Option<FailedCommand> {
        let first = self.failed_command(status)?.line?;
        let line = marks::failed_line(marked, first, status);
        let text = watched.lines().nth(line - 1)?.trim().to_owned();
        let line = Some(line);
        Some(FailedCommand { line, text })
    }

    /// What the traps wrote of a script that ended with `status`.
    pub(crate) fn failed_command(&self, status: i32) -> Option<FailedCommand> {
        let written = limits::read(self.file.path(), limits::METADATA).ok()?;
        read_notes(&octets::carry(written), status)
    }
}

/// A script as a shell read it.
#[derive(Clone, Copy)]
pub(crate) struct ScriptFile<'s> {
    pub(crate) path: &'s str,
    pub(crate) text: &'s str,
}

/// What failed by the last messages of a shell that has no such traps: `FILE: LINE: MESSAGE`, if it is of
/// the kind that gives this status, or a command as `-x` shows it.
pub(crate) fn command_in_messages(
    said: &str,
    script: ScriptFile<'_>,
    status: i32,
) -> Option<FailedCommand> {
    let last = said.lines().next_back()?;
    let message = last
        .strip_prefix(script.path)
        .and_then(|it| it.strip_prefix(": "));
    if let Some((line, message)) = message.and_then(|it| it.split_once(": ")) {
        let line: usize = line.parse().ok()?;
        let expected = match () {
            () if message.ends_with("not found") => 127,
            () if message.ends_with("ermission denied") => 126,
            () => 2,
        };
        let text = script
            .text
            .lines()
            .nth(line.checked_sub(1)?)?
            .trim()
            .to_owned();
        let line = Some(line);
        return (status == expected).then_some(FailedCommand { line, text });
    }
    let mut traced = said
        .lines()
        .rev()
        .filter_map(|line| line.strip_prefix("+ "));
    let text = traced.next()?.to_owned();
    Some(FailedCommand { line: None, text })
}

/// How many lines [`Watch::put_in`] adds before the rest of a script.
pub(crate) const ADDED_LINES: usize = 1;

/// A note is a line `TRAP STATUS LINE CALLS`, the command, and a line that ends it. The exit trap adds
/// to what the other wrote; both leave no trace in what `set -x` prints.
const TRAPS: &str = r#"{ ( trap : ERR ) && { trap '{ printf "%s\n" "ERR $? $LINENO ${BASH_LINENO[*]}" "$BASH_COMMAND" "" > "FILE" || :; } 2>/dev/null' ERR; trap '{ specbuild_status=$?; set +x; test $specbuild_status = 0 || printf "%s\n" "EXIT $specbuild_status 0 ${BASH_LINENO[*]}" "$BASH_COMMAND" "" >> "FILE" || :; } 2>/dev/null' EXIT; } ; } 2>/dev/null || :"#;

/// A path that needs no quoting.
fn is_plain(path: &Path) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._+-@,:=".contains(byte);
    path.as_os_str().as_encoded_bytes().iter().all(is_plain)
}

/// One note of a trap.
struct Note<'n> {
    is_exit: bool,
    line: Option<usize>,
    text: &'n str,
}

fn read_notes(written: &str, status: i32) -> Option<FailedCommand> {
    let notes = written.split_terminator("\n\n");
    let notes: Vec<Note<'_>> = notes.filter_map(|note| read_note(note, status)).collect();
    let exit = notes.iter().find(|note| note.is_exit);
    let error = notes.iter().find(|note| !note.is_exit);
    // Inside a function only the exit trap runs; else the other knows the line.
    let line = match (exit, error) {
        (Some(exit), Some(error)) if exit.text == error.text => error.line,
        (Some(exit), _) => exit.line,
        (None, error) => error?.line,
    };
    let note = exit.or(error)?;
    Some(FailedCommand {
        line,
        text: note.text.to_owned(),
    })
}

/// A note about this exit status.
fn read_note(note: &str, status: i32) -> Option<Note<'_>> {
    let (head, text) = note.split_once('\n')?;
    let mut words = head.split(' ');
    let is_exit = words.next()? == "EXIT";
    let is_about = words.next()?.parse() == Ok(status);
    let numbers: Vec<usize> = words.filter_map(|word| word.parse().ok()).collect();
    // The calls end with 0 for the script itself; the one before is its line.
    let line = match numbers.as_slice() {
        [line] | [line, _] => Some(*line),
        [.., outermost, _] => Some(*outermost),
        [] => None,
    };
    is_about.then_some(Note {
        is_exit,
        line: line.filter(|line| *line > 0),
        text: text.trim_end_matches('\n'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    fn script_beside(watch: &Watch) -> std::path::PathBuf {
        format!("{}.sh", watch.file.path().display()).into()
    }

    /// The failed command of a script for bash, and what was printed to standard error.
    fn run(body: &str) -> (Option<FailedCommand>, String) {
        let dir = std::env::temp_dir();
        let watch = Watch::new("/bin/bash -e", &dir).unwrap();
        let path = script_beside(&watch);
        fs::write(&path, watch.put_in(&format!("#!/bin/bash\n{body}"))).unwrap();
        let mut command = Command::new("bash");
        command.arg("-e").arg(&path).stdout(Stdio::null());
        let output = command.output().unwrap();
        fs::remove_file(&path).unwrap();
        let status = output.status.code().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (watch.failed_command(status), said)
    }

    fn line_and_command(body: &str) -> (usize, String) {
        let failed = run(body).0.unwrap();
        (failed.line.unwrap_or(0), failed.text)
    }

    #[test]
    fn the_failed_command_has_its_line() {
        let cases = [
            ("true\nfalse\ntrue\n", 4, "false"),
            ("true | false\n", 3, "false"),
            ("f() {\n  false\n}\ntrue\nf\n", 7, "false"),
            ("g() { false; }; f() { g; }\nf\n", 4, "false"),
            ("for i in 1 2; do\n  false $i\ndone\n", 4, "false $i"),
            ("set +e\nfalse\nset -e\ntrue\nexit 3\n", 0, "exit 3"),
            ("trap : EXIT\nfalse\n", 4, "false"),
            ("set -u\necho $none\n", 0, "echo $none"),
            ("eval '(exit 4)'\n", 0, "eval '(exit 4)'"),
        ];
        for (body, line, command) in cases {
            assert_eq!(line_and_command(body), (line, command.to_owned()), "{body}");
        }
    }

    #[test]
    fn a_script_does_not_notice() {
        let (failed, said) = run("set -x\ntrue\ntest -z ''\n( exit 0 )\n");
        assert_eq!(failed.map(|it| it.text), None);
        assert_eq!(said, "+ true\n+ test -z ''\n+ exit 0\n");
        let (_, said) = run("set -x\nfalse\n");
        assert_eq!(said, "+ false\n");
    }

    #[test]
    fn messages_tell_what_failed() {
        let script = ScriptFile {
            path: "/f",
            text: "one\n cd /x\ntest -e /y\n",
        };
        let found = |said: &str, status| {
            let found = command_in_messages(said, script, status)?;
            Some((found.line, found.text))
        };
        let (cd, one) = ("cd /x".to_owned(), "one".to_owned());
        assert_eq!(found("/f: 2: cd: can't cd to /x\n", 2), Some((Some(2), cd)));
        assert_eq!(found("/f: 1: one: not found\n", 127), Some((Some(1), one)));
        // An older message is about something else.
        assert_eq!(found("/f: 1: one: not found\n", 1), None);
        assert_eq!(found("/f: 1: one: not found\nmore\n", 127), None);
        let traced = "+ one\n/f: 1: one: not found\n+ test -e /y\n";
        let test = "test -e /y".to_owned();
        assert_eq!(found(traced, 1), Some((None, test)));
        assert_eq!(found("", 1), None);
    }

    #[test]
    fn a_shell_without_such_traps_runs_on() {
        let dir = std::env::temp_dir();
        let watch = Watch::new("sudo /bin/dash -e", &dir).unwrap();
        let path = script_beside(&watch);
        fs::write(&path, watch.put_in("echo one\nfalse\n")).unwrap();
        let output = Command::new("sh").arg("-e").arg(&path).output().unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(output.stdout, b"one\n");
        assert_eq!(output.stderr, b"");
        assert!(Watch::new("/usr/bin/python3", &dir).is_none());
        assert!(Watch::new("/bin/bash", Path::new("/tmp/it's")).is_none());
    }
}
