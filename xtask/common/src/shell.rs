//! Running programs and reading files, with failures that say what was tried.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What went wrong, in a sentence.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The result of a chore.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Turns an error into a failure that names the action and the path.
pub fn failed<E: fmt::Display>(action: &str, path: &Path) -> impl FnOnce(E) -> Failure {
    move |error| Failure(format!("cannot {action} {}: {error}", path.display()))
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command of this workspace's cargo, started in the root.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Says what is run, runs it with its output shown, and fails if it does.
pub fn step(command: &mut Command) -> Outcome {
    let line = describe(command);
    println!("--- {line}");
    let status = command
        .status()
        .map_err(|error| Failure(format!("cannot run {line}: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure(format!("{line}: {status}")))
    }
}

/// Runs a command and returns its standard output; standard error is shown.
pub fn output(command: &mut Command) -> Outcome<String> {
    let line = describe(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure(format!("cannot run {line}: {error}")))?;
    if !output.status.success() {
        return Err(Failure(format!("{line}: {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Builds the release binary `specbuild` and returns its path.
pub fn build_release() -> Outcome<PathBuf> {
    step(&mut cargo(["build", "--release", "--package", "specbuild"]))?;
    Ok(target_dir().join("release/specbuild"))
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
