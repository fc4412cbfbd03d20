//! Signing by a program: data on its standard input, the signature in a file that it makes.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};

use tempfile::TempDir;

use crate::SignError;

/// The terminal that GnuPG asks for passphrases. Source: gpg-agent(1), "Agent Options".
const TERMINAL: &str = "GPG_TTY";

/// A directory for the file that the signing program writes; removed when it is dropped.
#[derive(Debug)]
pub struct Output {
    dir: TempDir,
}

impl Output {
    /// Makes a place.
    pub fn new() -> Result<Self, SignError> {
        let dir = tempfile::Builder::new()
            .prefix("specbuild-sign-")
            .tempdir()
            .map_err(SignError::Scratch)?;
        Ok(Self { dir })
    }

    /// The file.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("signature")
    }

    /// What the file holds, which is taken away so that the program finds none the next time.
    fn take(&self) -> Option<Vec<u8>> {
        let bytes = limits::read(&self.path(), limits::METADATA).ok();
        fs::remove_file(self.path()).ok();
        bytes.filter(|it| !it.is_empty())
    }
}

/// A program that signs. Both commands are words, the first of them the program; they read standard
/// input and write the file of `output`.
#[derive(Debug)]
pub struct Program {
    /// Makes a binary detached signature.
    pub detached: Vec<String>,
    /// Signs a text in the clear.
    pub clear: Vec<String>,
    /// Where both leave what they make.
    pub output: Output,
}

impl Program {
    /// The bytes of a detached signature.
    pub(crate) fn sign(&self, data: &mut dyn Read) -> Result<Vec<u8>, SignError> {
        self.run(&self.detached, data)
    }

    pub(crate) fn clear_sign(&self, text: &str) -> Result<String, SignError> {
        let made = self.run(&self.clear, &mut text.as_bytes())?;
        String::from_utf8(made).map_err(|error| SignError::BadSignature(error.to_string()))
    }

    fn run(&self, command: &[String], data: &mut dyn Read) -> Result<Vec<u8>, SignError> {
        let Some((program, args)) = command.split_first().filter(|(_, args)| !args.is_empty())
        else {
            return Err(SignError::BadCommand(command.join(" ")));
        };
        let start = |source| SignError::Start {
            program: program.clone(),
            source,
        };
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(terminal) = own_terminal() {
            command.env(TERMINAL, terminal);
        }
        let mut child = command.spawn().map_err(start)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let said = match (spawn(pipe(stdout)), spawn(pipe(stderr))) {
            (Ok(stdout), Ok(stderr)) => [stdout, stderr],
            (Err(error), _) | (_, Err(error)) => {
                child.kill().ok();
                child.wait().ok();
                return Err(start(error));
            }
        };
        let fed = child.stdin.take().map_or(Ok(()), |stdin| feed(data, stdin));
        let status = child.wait().map_err(start)?;
        let said = said.map(|it| it.join().unwrap_or_default()).concat();
        if !status.success() {
            return Err(failed(program, status, &said));
        }
        fed.map_err(SignError::ReadData)?;
        self.output.take().ok_or_else(|| SignError::NoSignature {
            program: program.clone(),
        })
    }
}

/// Gives a program all of the data. That it wants no more of them is its own affair: how it ends says
/// whether that is a failure.
fn feed(data: &mut dyn Read, mut stdin: impl Write) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match data.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if stdin.write_all(&buffer[..count]).is_err() {
            return Ok(());
        }
    }
}

fn spawn(read: impl FnOnce() -> Vec<u8> + Send + 'static) -> io::Result<JoinHandle<Vec<u8>>> {
    thread::Builder::new().spawn(read)
}

/// What reads a stream to its end.
fn pipe<R: Read + Send + 'static>(stream: Option<R>) -> impl FnOnce() -> Vec<u8> + Send {
    move || {
        let said = stream.map(|stream| limits::read_from(stream, limits::METADATA));
        said.and_then(Result::ok).unwrap_or_default()
    }
}

fn failed(program: &str, status: ExitStatus, said: &[u8]) -> SignError {
    SignError::Failed {
        program: program.to_owned(),
        status: status.to_string(),
        output: String::from_utf8_lossy(said).trim_end().to_owned(),
    }
}

/// The terminal of this process, for GnuPG to ask at: its own standard input is a pipe.
fn own_terminal() -> Option<PathBuf> {
    let stdin = io::stdin();
    let is_set = std::env::var_os(TERMINAL).is_some_and(|it| it != OsStr::new(""));
    if is_set || !io::IsTerminal::is_terminal(&stdin.as_fd()) {
        return None;
    }
    fs::read_link(Path::new("/proc/self/fd/0")).ok()
}
