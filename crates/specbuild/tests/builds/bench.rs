//! A place to build in: directories of its own, and the binary under test.

use std::ffi::OsStr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use testkit::Tree;

/// A temporary directory with a home, a `%_topdir` and an output directory.
#[derive(Debug)]
pub(crate) struct Bench {
    tree: Tree,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The run, which must have succeeded.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(
            self.status,
            Some(0),
            "--- standard output\n{}\n--- standard error\n{}",
            tail(&self.stdout),
            tail(&self.stderr)
        );
        self
    }

    /// The lines of standard output.
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The end of a long text.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}

/// Runs a program, which must succeed, and returns its standard output.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.env("LC_ALL", "C.UTF-8").output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let ran = Ran::from(output);
    assert_eq!(
        ran.status,
        Some(0),
        "{command:?}\n{}{}",
        ran.stdout,
        ran.stderr
    );
    ran.stdout
}

impl Bench {
    /// A place with an empty home.
    pub(crate) fn new() -> Self {
        let tree = Tree::new().dir("home").dir("out").dir("desk").dir("bin");
        Self { tree }
    }

    /// The whole place.
    pub(crate) fn path(&self) -> &Path {
        self.tree.path()
    }

    /// A path in it.
    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.tree.join(path)
    }

    /// `--output`, in runs that have it.
    pub(crate) fn out(&self) -> PathBuf {
        self.join("out")
    }

    /// The binary under one of its names, with a clean environment. `%_topdir` and temporary files
    /// are in here. What rpm is on the machine makes no difference.
    pub(crate) fn command(&self, name: &str) -> Command {
        self.command_by(name, &[])
    }

    /// The same, started by another program: `sh -c` with another umask, `taskset`.
    pub(crate) fn command_by(&self, name: &str, starter: &[&str]) -> Command {
        let program = self.join("bin").join(name);
        if !program.exists() {
            symlink(env!("CARGO_BIN_EXE_specbuild"), &program).unwrap();
        }
        let mut words = starter.iter().map(OsStr::new).chain([program.as_os_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .env("HOME", self.join("home"))
            .env("LC_ALL", "C.UTF-8")
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("RPM_CONFIGDIR")
            .env_remove("SPECBUILD_MACROS")
            .env("SPECBUILD_TARGET", "upstream")
            .env_remove("XDG_CACHE_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env("TMPDIR", self.join("desk"))
            .current_dir(self.join("desk"));
        command
    }

    /// Runs `NAME ARGS` with `%_topdir` in here.
    pub(crate) fn run<A: AsRef<OsStr>>(
        &self,
        name: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Ran {
        let mut command = self.command(name);
        command
            .args(["-D", &format!("_topdir {}", self.join("top").display())])
            .args(["-D", &format!("_tmppath {}", self.join("desk").display())])
            .args(args);
        command.output().unwrap().into()
    }

    /// Runs `specbuild ARGS --output OUT`.
    pub(crate) fn build<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ran {
        let out = self.out();
        let own = ["--output".as_ref(), out.as_os_str()].map(OsStr::to_owned);
        let given = args.into_iter().map(|arg| arg.as_ref().to_owned());
        self.run("specbuild", given.chain(own))
    }
}

/// The files below a directory, relative to it and sorted.
pub(crate) fn files_below(dir: &Path) -> Vec<String> {
    fn walk(dir: &Path, top: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                walk(&path, top, found);
            } else {
                let inner = path.strip_prefix(top).unwrap();
                found.push(inner.to_string_lossy().into_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(dir, dir, &mut found);
    found.sort();
    found
}

/// A directory of the workspace.
pub(crate) fn workspace(path: &str) -> PathBuf {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    std::fs::canonicalize(&top).unwrap_or(top)
}
