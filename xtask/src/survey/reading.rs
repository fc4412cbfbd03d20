//! Running `rpmspec` on a spec. Messages are counted without their names and numbers, so that "unknown tag
//! `A`" and "unknown tag `B`" are one kind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use common::shell::{self, Failure, Outcome};

/// How to read specs.
pub(crate) struct Reader {
    pub(crate) rpmspec: PathBuf,
    pub(crate) target: String,
    /// For each spec.
    pub(crate) seconds: u32,
    /// Where the specs lie, with the files that they read.
    pub(crate) dir: PathBuf,
}

/// How reading a spec ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    Read,
    Refused,
    TimedOut,
    Crashed,
}

/// A spec that was read, or was to be.
pub(crate) struct Reading {
    pub(crate) ending: Ending,
    /// The kind of the first message, if it was not read.
    pub(crate) message: String,
    /// What it expands to; what there was of it, if it was not read.
    pub(crate) expanded: String,
}

impl Reader {
    pub(crate) fn read(&self, spec: &Path) -> Outcome<Reading> {
        let mut command = Command::new("timeout");
        command.arg(self.seconds.to_string()).arg(&self.rpmspec);
        command.args(["--target", &self.target]);
        let folder = format!("_sourcedir {}", self.dir.display());
        command.args(["--define", &folder, "-P"]).arg(spec);
        let output = command
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Failure(format!("cannot run timeout: {error}")))?;
        let ending = ending(&output);
        let message = match ending {
            Ending::Read => String::new(),
            _ => kind_of_message(&String::from_utf8_lossy(&output.stderr)),
        };
        Ok(Reading {
            ending,
            message,
            expanded: String::from_utf8_lossy(&output.stdout).into_owned(),
        })
    }

    /// What a text expands to without a spec.
    pub(crate) fn expand(&self, text: &str) -> Outcome<String> {
        let mut command = Command::new(&self.rpmspec);
        shell::output(command.args(["--target", &self.target, "-E", text]))
    }
}

fn ending(output: &Output) -> Ending {
    match output.status.code() {
        Some(0) => Ending::Read,
        Some(1) => Ending::Refused,
        Some(124) => Ending::TimedOut,
        _ => Ending::Crashed,
    }
}

/// The first error without what differs from spec to spec.
fn kind_of_message(stderr: &str) -> String {
    let is_error = |line: &&str| line.contains("error") || line.contains("panicked");
    let line = stderr
        .lines()
        .find(is_error)
        .or(stderr.lines().next())
        .unwrap_or("(no message)");
    let place = |word: &str| word.contains('/') && word.ends_with(".spec:");
    let words = line.split(' ').filter(|word| !place(word));
    let line = words.collect::<Vec<_>>().join(" ");
    let mut kind = String::new();
    for (index, part) in line.split('`').enumerate() {
        kind.push_str(if index % 2 == 1 { "`…`" } else { part });
    }
    let mut is_number = false;
    kind.retain(|it| !std::mem::replace(&mut is_number, it.is_ascii_digit()) || !is_number);
    kind.replace(|it: char| it.is_ascii_digit(), "0")
        .chars()
        .take(110)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::kind_of_message;

    #[test]
    fn names_and_numbers_do_not_make_a_kind() {
        let kind = kind_of_message("warning: x\nerror[spec::unknown-tag]: unknown tag `Reqires`\n");
        assert_eq!(kind, "error[spec::unknown-tag]: unknown tag `…`");
        let kind = kind_of_message("error: /specs/a.spec: line 12: No patch number 3\n");
        assert_eq!(kind, "error: line 0: No patch number 0");
    }
}
