//! What expansion may reach outside its text: files, programs, the environment, the terminal.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The system as macros see it. Everything that a macro can reach outside its text goes through here,
/// so that a test, a fuzzer or a careful caller can decide what it finds.
pub trait Host {
    /// Runs `%(command)` by the build's shell, and returns its standard output.
    ///
    /// Its standard error is the caller's; a failing command is no error, as in rpm.
    fn shell(&mut self, command: &str) -> io::Result<Vec<u8>>;

    /// Unpacks helpers that a command line calls, which somebody else is about to run.
    fn prepare_for(&mut self, _command: &str) -> io::Result<()> {
        Ok(())
    }

    /// Reads a file, for `%{load:…}` and `%include`.
    fn read_file(&mut self, path: &Path) -> io::Result<String>;

    /// Whether a path exists, links followed.
    fn exists(&mut self, path: &Path) -> bool;

    /// The paths a pattern of glob(7) with `{a,b}` and a leading `~` matches, sorted.
    fn glob(&mut self, pattern: &str) -> Vec<PathBuf>;

    /// An environment variable.
    fn env(&self, name: &str) -> Option<String>;

    /// Sets a variable, or takes it away, for macros and for the commands of `%( )`.
    fn set_env(&mut self, name: &str, value: Option<&str>);

    /// Processors this process may use, at least 1.
    fn cpus(&self) -> u32;

    /// Memory in MiB, at least 1.
    fn memory(&self) -> u64;

    /// Prints what `%{echo:…}` and Lua's `io.write` say, to standard output.
    fn print(&mut self, text: &str);

    /// Prints what `%dump` and `%trace` say, to standard error.
    fn log(&mut self, text: &str);

    /// Whether `-v` was given, for `%{verbose:…}`.
    fn verbose(&self) -> bool;
}

/// A host in memory: it has the files and variables that it was given, and the output of known commands.
#[derive(Clone, Debug, Default)]
pub struct MemoryHost {
    /// Files by path.
    pub files: BTreeMap<PathBuf, String>,
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// Output of shell commands, by command.
    pub commands: BTreeMap<String, String>,
    /// Everything printed.
    pub printed: std::rc::Rc<std::cell::RefCell<String>>,
    /// Everything logged.
    pub logged: std::rc::Rc<std::cell::RefCell<String>>,
    /// What `%{verbose}` says.
    pub is_verbose: bool,
}

impl Host for MemoryHost {
    fn shell(&mut self, command: &str) -> io::Result<Vec<u8>> {
        let output = self
            .commands
            .get(command)
            .map(|output| output.clone().into_bytes());
        output.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no shell here"))
    }

    fn read_file(&mut self, path: &Path) -> io::Result<String> {
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn exists(&mut self, path: &Path) -> bool {
        self.files.keys().any(|file| file.starts_with(path))
    }

    fn glob(&mut self, pattern: &str) -> Vec<PathBuf> {
        self.files
            .keys()
            .filter(|path| path.as_os_str() == pattern)
            .cloned()
            .collect()
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn set_env(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.env.insert(name.to_owned(), value.to_owned()),
            None => self.env.remove(name),
        };
    }

    fn cpus(&self) -> u32 {
        1
    }

    fn memory(&self) -> u64 {
        1024
    }

    fn print(&mut self, text: &str) {
        self.printed.borrow_mut().push_str(text);
    }

    fn log(&mut self, text: &str) {
        self.logged.borrow_mut().push_str(text);
    }

    fn verbose(&self) -> bool {
        self.is_verbose
    }
}
