//! An rpm, and what came of what it was given.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::messages::{Message, parse_messages, without_addresses};
use common::shell::{Failure, Outcome, output};

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
    /// Where the real one has its macro files.
    pub(super) config_dir: PathBuf,
}

/// What a program wrote, as it is.
pub(super) struct Written {
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// The exit status; with a signal, its negative number.
    pub(super) status: i32,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
        let config_dir = output(Command::new(program).args(["--eval", "%{_rpmconfigdir}"]))?;
        Ok(Self {
            program: program.to_owned(),
            version,
            config_dir: config_dir.trim().into(),
        })
    }

    /// Ours, with the peer's macro files at hand.
    pub(super) fn ours(program: &Path, peer: &Self) -> Self {
        Self {
            program: program.to_owned(),
            version: (u32::MAX, 0),
            config_dir: peer.config_dir.clone(),
        }
    }

    /// Runs it with these arguments in a folder.
    pub(super) fn run(&self, args: &[String], place: &Path) -> Outcome<Run> {
        let written = self.write(args, place)?;
        Ok(Run {
            stdout: without_addresses(&written.stdout),
            status: written.status,
            messages: parse_messages(&written.stderr),
        })
    }

    /// Runs it with these arguments in a folder, and takes what it writes as it is.
    pub(super) fn write(&self, args: &[String], place: &Path) -> Outcome<Written> {
        let output = Command::new("timeout")
            .arg(SECONDS)
            .arg(&self.program)
            .args(args)
            .current_dir(place)
            .env_remove("XDG_CONFIG_HOME")
            .env("RPM_CONFIGDIR", &self.config_dir)
            .env("XDG_CACHE_HOME", place.join("cache"))
            .envs(VARIABLES)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Failure(format!("cannot run timeout: {error}")))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let status = output.status;
        let killed = status.signal().map(|it| -it);
        Ok(Written {
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            status: status.code().or(killed).unwrap_or(-1),
        })
    }
}

impl Run {
    /// Whether it came to an end of its own.
    pub(super) fn is_fit(&self) -> bool {
        (0..124).contains(&self.status)
    }
}

/// `RPM version 4.18.0`, perhaps with a comma and the commit after it.
fn parse_version(told: &str) -> Option<Version> {
    let (_, version) = told.split_once("version ")?;
    let mut numbers = version.split(['.', ',']);
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
