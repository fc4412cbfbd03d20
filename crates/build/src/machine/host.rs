//! The world as macros see it on this machine.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use expand::Host;
use source::octets;

use crate::machine::helpers::Helpers;
use crate::machine::output::{Output, Stream};

/// The machine this process runs on.
#[derive(Clone, Debug, Default)]
pub struct SystemHost {
    /// The shell of `%( )`; `/bin/sh` unless the target says otherwise.
    pub shell: Option<PathBuf>,
    /// Variables that stand before those of this process, for macros and their commands; `None` for
    /// one that was taken away.
    pub variables: BTreeMap<String, Option<String>>,
    /// Whether `-v` was given.
    pub is_verbose: bool,
    /// Where macros and their commands print.
    pub output: Output,
    /// Programs that commands may call.
    pub helpers: Helpers,
}

/// Bytes that a command may print for `%( )`.
const MOST_OUTPUT: u64 = 64 << 20;

fn read_output(stream: impl Read) -> io::Result<Vec<u8>> {
    let mut output = Vec::new();
    stream.take(MOST_OUTPUT + 1).read_to_end(&mut output)?;
    if output.len() as u64 > MOST_OUTPUT {
        return Err(io::Error::other("it prints more than 64 MiB"));
    }
    Ok(output)
}

impl Host for SystemHost {
    fn shell(&mut self, command: &str) -> io::Result<Vec<u8>> {
        let mut process = match &self.shell {
            Some(shell) => Command::new(shell),
            None => {
                // As popen(3) calls it, which messages begin with.
                let mut process = Command::new("/bin/sh");
                process.arg0("sh");
                process
            }
        };
        for (name, value) in &self.variables {
            match value {
                Some(value) => process.env(name, value),
                None => process.env_remove(name),
            };
        }
        // If they can't be written, the shell says which one it doesn't find.
        self.prepare_for(command).ok();
        let process = process
            .arg("-c")
            .arg(OsStr::from_bytes(&octets::restore(command)))
            .stdout(Stdio::piped())
            .stderr(self.output.errors_of_command()?);
        let mut child = process.spawn()?;
        let output = child.stdout.take().map_or(Ok(Vec::new()), read_output);
        if output.is_err() {
            child.kill()?;
        }
        child.wait()?;
        self.output.take_errors_of_command()?;
        output
    }

    fn prepare_for(&mut self, command: &str) -> io::Result<()> {
        let prepared = self.helpers.prepare_for(command);
        prepared.map_err(io::Error::other)
    }

    fn read_file(&mut self, path: &Path) -> io::Result<String> {
        let bytes = limits::read(path, limits::TEXT)?;
        Ok(octets::carry(bytes))
    }

    fn exists(&mut self, path: &Path) -> bool {
        path.exists()
    }

    fn glob(&mut self, pattern: &str) -> Vec<PathBuf> {
        let (base, pattern) = match pattern.strip_prefix("~/") {
            Some(rest) => (self.env("HOME").unwrap_or_default().into(), rest),
            None if pattern.starts_with('/') => (PathBuf::from("/"), pattern),
            None => (PathBuf::new(), pattern),
        };
        find_below(&base, pattern)
    }

    fn env(&self, name: &str) -> Option<String> {
        match self.variables.get(name) {
            Some(value) => value.clone(),
            None => std::env::var(name).ok(),
        }
    }

    fn set_env(&mut self, name: &str, value: Option<&str>) {
        let value = value.map(str::to_owned);
        self.variables.insert(name.to_owned(), value);
    }

    fn cpus(&self) -> u32 {
        let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        u32::try_from(cpus).unwrap_or(u32::MAX)
    }

    fn memory(&self) -> u64 {
        let info = rustix::system::sysinfo();
        let unit = u64::from(info.mem_unit.max(1));
        (info.totalram as u64).saturating_mul(unit) / (1 << 20) + 1
    }

    fn print(&mut self, text: &str) {
        self.output.write(Stream::Output, &octets::restore(text));
    }

    fn log(&mut self, text: &str) {
        self.output.write(Stream::Error, &octets::restore(text));
    }

    fn verbose(&self) -> bool {
        self.is_verbose
    }
}

/// What a pattern matches below a directory. Only directories that the pattern leaves open are read.
fn find_below(base: &Path, pattern: &str) -> Vec<PathBuf> {
    let Some(special) = pattern.find(['*', '?', '[', '{', '\\']) else {
        let path = base.join(pattern.trim_start_matches('/'));
        return path.symlink_metadata().map(|_| path).into_iter().collect();
    };
    let split = pattern[..special].rfind('/').map_or(0, |slash| slash + 1);
    let dir = base.join(pattern[..split].trim_start_matches('/'));
    let read = match dir.as_os_str().is_empty() {
        true => Path::new("."),
        false => &dir,
    };
    if !read.is_dir() {
        return Vec::new();
    }
    let rest = format!("/{}", &pattern[split..]);
    let found = collect::glob::find(&collect::Tree::new(read), &rest).unwrap_or_default();
    let below = |path: String| dir.join(path.trim_start_matches('/'));
    found.into_iter().map(below).collect()
}
