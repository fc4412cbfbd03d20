//! An rpm, and what came of a program that it ran.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::messages::{Message, parse_messages, without_addresses};
use super::program::Program;
use crate::shell::{Failure, Outcome};

/// Major and minor number of an rpm's version.
pub(super) type Version = (u32, u32);

/// Seconds that a program may take.
const SECONDS: &str = "10";

/// Variables that all programs see.
const VARIABLES: [(&str, &str); 6] = [
    ("HOME", "/nosuch/home"),
    ("LC_ALL", "C.UTF-8"),
    ("WORDS", "a variable  of words"),
    ("EMPTY", ""),
    ("SPECBUILD_TARGET", "upstream"),
    ("XDG_DATA_HOME", "/nosuch/data"),
];

/// A program that answers as rpm does.
pub(super) struct Rpm {
    program: PathBuf,
    pub(super) version: Version,
}

/// What came of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) stdout: String,
    /// The exit status; with a signal, its negative number.
    pub(super) status: i32,
    pub(super) messages: Vec<Message>,
}

impl Rpm {
    /// The real one.
    pub(super) fn find(program: &Path) -> Outcome<Self> {
        let told = super::version_of(program)?;
        let version = parse_version(&told)
            .ok_or_else(|| Failure(format!("{} tells no version: {told}", program.display())))?;
        Ok(Self {
            program: program.to_owned(),
            version,
        })
    }

    /// Ours.
    pub(super) fn ours(program: &Path) -> Self {
        Self {
            program: program.to_owned(),
            version: (u32::MAX, 0),
        }
    }

    /// Runs a program in a folder of its own.
    pub(super) fn run(&self, program: &Program, place: &Path) -> Outcome<Run> {
        program.write_files(place)?;
        let output = Command::new("timeout")
            .arg(SECONDS)
            .arg(&self.program)
            .args(program.args())
            .current_dir(place)
            .env_remove("XDG_CONFIG_HOME")
            .envs(VARIABLES)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Failure(format!("cannot run timeout: {error}")))?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        let status = output.status;
        Ok(Run {
            stdout: without_addresses(&String::from_utf8_lossy(&output.stdout)),
            status: status
                .code()
                .or(status.signal().map(|it| -it))
                .unwrap_or(-1),
            messages: parse_messages(&stderr),
        })
    }
}

impl Run {
    /// Whether it came to an end of its own.
    pub(super) fn is_fit(&self) -> bool {
        (0..124).contains(&self.status)
    }
}

/// `RPM version 4.18.0`.
fn parse_version(told: &str) -> Option<Version> {
    let mut numbers = told.trim().rsplit(' ').next()?.split('.');
    let mut next = || numbers.next()?.parse().ok();
    Some((next()?, next()?))
}

impl fmt::Display for Rpm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = self.version;
        write!(f, "{}, version {major}.{minor}", self.program.display())
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "status {}, output {:?}", self.status, self.stdout)?;
        for message in &self.messages {
            writeln!(f, "  {message}")?;
        }
        Ok(())
    }
}
