//! What a helper is given: its arguments, its environment, and where its output goes.
//!
//! Helpers read the environment only through [`Environment`], so that a test can give them one.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Doing, Error};

/// Environment variables and the current directory.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The variables by name.
    pub variables: BTreeMap<OsString, OsString>,
    /// The directory against which relative paths are resolved. Absolute.
    pub directory: PathBuf,
    /// Commands to call in place of the usual programs, by rpm's macro for them (`__gzip`).
    pub programs: BTreeMap<&'static str, String>,
}

impl Environment {
    /// The environment of this process.
    ///
    /// Fails when the current directory is gone.
    pub fn of_process() -> Result<Self, Error> {
        let directory =
            std::env::current_dir().doing("find", Path::new("the current directory"))?;
        Ok(Self {
            variables: std::env::vars_os().collect(),
            directory,
            programs: BTreeMap::new(),
        })
    }

    /// A variable's value; `None` when it is unset or empty, which rpm's programs treat alike.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value.as_os_str())
    }

    /// A variable's value as text, for values that are words and not paths.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)
            .map(|value| value.to_string_lossy().into_owned())
    }

    /// Whether `DEB_BUILD_OPTIONS` has a word. Source: Debian Policy 4.9.1.
    pub(crate) fn has_build_option(&self, word: &str) -> bool {
        let options = self.text("DEB_BUILD_OPTIONS").unwrap_or_default();
        options.split_whitespace().any(|it| it == word)
    }

    /// The build root, made absolute, without a trailing slash.
    ///
    /// `None` when `RPM_BUILD_ROOT` is unset, empty, not a directory or the system's own root:
    /// then a helper leaves everything alone and ends with status 0, as rpm's programs do.
    pub fn build_root(&self) -> Option<PathBuf> {
        let root: PathBuf = self
            .path(self.get("RPM_BUILD_ROOT")?)
            .components()
            .collect();
        let real = root.canonicalize().ok()?;
        (real.is_dir() && real != Path::new("/")).then_some(root)
    }

    /// `path` against the current directory.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.directory.join(path)
    }

    /// How many things may be done at a time: `RPM_BUILD_NCPUS`, else the number of processors.
    pub fn parallelism(&self) -> usize {
        let given = self
            .text("RPM_BUILD_NCPUS")
            .and_then(|text| text.trim().parse().ok());
        let count =
            given.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        count.clamp(1, 256)
    }

    /// Worker threads for one run of a helper.
    pub fn workers(&self) -> Result<rayon::ThreadPool, Error> {
        Ok(rayon::ThreadPoolBuilder::new()
            .num_threads(self.parallelism())
            .build()?)
    }

    /// A program to be run in this environment. `words` may hold arguments (`strip --wildcard`),
    /// split at blanks as a shell splits an unquoted variable.
    pub fn program(&self, words: &str) -> Command {
        let mut words = words.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .env_clear()
            .envs(&self.variables)
            .current_dir(&self.directory);
        command
    }
}

/// One run of a helper.
pub struct Call<'io> {
    /// The arguments after the helper's name.
    pub args: &'io [OsString],
    /// Variables and current directory.
    pub environment: &'io Environment,
    /// Standard output.
    pub out: &'io mut dyn Write,
    /// Standard error.
    pub err: &'io mut dyn Write,
}

impl Call<'_> {
    /// The argument at `index` as text, or `default` when it is missing or empty.
    pub(crate) fn word(&self, index: usize, default: &str) -> String {
        match self.args.get(index) {
            Some(word) if !word.is_empty() => word.to_string_lossy().into_owned(),
            _ => default.to_owned(),
        }
    }

    /// Writes one line to standard output.
    pub(crate) fn say(&mut self, line: impl AsRef<str>) -> Result<(), Error> {
        Ok(writeln!(self.out, "{}", line.as_ref())?)
    }

    /// Writes one line to standard error.
    pub(crate) fn warn(&mut self, line: impl AsRef<str>) -> Result<(), Error> {
        Ok(writeln!(self.err, "{}", line.as_ref())?)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A build root, an environment that names it, and a way to run a helper there.

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A temporary build root and what the last helper wrote.
    pub(crate) struct Bench {
        pub(crate) directory: tempfile::TempDir,
        pub(crate) environment: Environment,
        pub(crate) out: String,
        pub(crate) err: String,
    }

    impl Bench {
        pub(crate) fn new() -> Self {
            let directory = tempfile::tempdir().unwrap();
            std::fs::create_dir(directory.path().join("root")).unwrap();
            let mut bench = Self {
                environment: Environment::of_process().unwrap(),
                directory,
                out: String::new(),
                err: String::new(),
            };
            bench.environment.directory = bench.directory.path().to_owned();
            let root = bench.root();
            bench.set("RPM_BUILD_ROOT", root.to_str().unwrap());
            bench.set("LC_ALL", "C");
            bench
        }

        pub(crate) fn root(&self) -> PathBuf {
            self.directory.path().join("root")
        }

        pub(crate) fn set(&mut self, name: &str, value: &str) {
            self.environment.variables.insert(name.into(), value.into());
        }

        /// Writes a file below the build root, with its directories.
        pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
            let path = self.at(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, content).unwrap();
            path
        }

        pub(crate) fn link(&self, path: &str, target: &str) {
            let path = self.at(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(target, path).unwrap();
        }

        pub(crate) fn at(&self, path: &str) -> PathBuf {
            self.root().join(path.trim_start_matches('/'))
        }

        /// All paths of the build root, directories left out.
        pub(crate) fn listing(&self) -> Vec<String> {
            let nodes = crate::tree::walk(&self.root()).unwrap();
            let files = nodes.iter().filter(|node| !node.metadata.is_dir());
            files
                .map(|node| node.inside().display().to_string())
                .collect()
        }

        /// Puts a shell script first on `PATH`, in place of a program that this machine may lack.
        pub(crate) fn stand_in(&mut self, name: &str, script: &str) {
            let tools = self.directory.path().join("tools");
            std::fs::create_dir_all(&tools).unwrap();
            let text = self.directory.path().join("script");
            std::fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&text, std::fs::Permissions::from_mode(0o755)).unwrap();
            // A file that a thread of ours has written cannot be run while another one forks.
            let copied = Command::new("cp").arg(text).arg(tools.join(name)).status();
            assert!(copied.unwrap().success());
            let path = std::env::var("PATH").unwrap_or_default();
            self.set("PATH", &format!("{}:{path}", tools.display()));
        }

        pub(crate) fn run(&mut self, name: &str, args: &[&str]) -> u8 {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let status = crate::run_in(&self.environment, name, &args, &mut out, &mut err);
            self.out = String::from_utf8_lossy(&out).into_owned();
            self.err = String::from_utf8_lossy(&err).into_owned();
            status
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::Bench;

    #[test]
    fn system_root_is_no_build_root() {
        for refused in ["", "/", "//", "/.", "/tmp/..", "/nowhere/at/all"] {
            let mut bench = Bench::new();
            bench.set("RPM_BUILD_ROOT", refused);
            assert_eq!(bench.environment.build_root(), None, "{refused}");
            assert_eq!(bench.run("brp-strip", &[]), 0);
        }
    }

    #[test]
    fn trailing_slash_is_dropped() {
        let mut bench = Bench::new();
        let root = bench.root();
        bench.set("RPM_BUILD_ROOT", &format!("{}/", root.display()));
        assert_eq!(bench.environment.build_root(), Some(root));
    }
}
