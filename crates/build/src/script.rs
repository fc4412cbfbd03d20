//! The scripts of a build: their text, and running them.
//!
//! A script is a template, the section's body and a closing part, all macros, so that a build root
//! can change any of them. Source: rpm's manual, "Package build process"; rpm-spec(5), "Build
//! scriptlets".

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{ChildStdout, Command, Output, Stdio};

use expand::Engine;
use source::{Code, Diagnostic, Origin, octets};

use crate::BuildError;
use crate::error::reason_of;
use crate::event::{Event, Listener};
use crate::helpers::Helpers;
use crate::processes;
use crate::stand_ins;

/// A script ended with a status other than 0.
pub(crate) const FAILED: Code = Code("build::script-failed");

/// A script can't be written.
pub(crate) const NO_FILE: Code = Code("build::no-temporary-file");

/// A variable that scripts set to the same value themselves, and that tells their processes.
const MARK: &str = "RPM_BUILD_DIR";

/// Which macros frame a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The part of the macro names: `__spec_<key>_template`, `…_cmd`, `…_post`.
    pub(crate) key: &'static str,
    /// The name shown in `Executing(NAME)`.
    pub(crate) name: &'static str,
    /// Whether it starts in the directory that `%setup` made.
    pub(crate) enters_subdir: bool,
}

impl Frame {
    pub(crate) const MAKE_BUILD_DIR: Self = Self::outside("builddir", "mkbuilddir");
    pub(crate) const REMOVE_BUILD: Self = Self::outside("rmbuild", "rmbuild");
    pub(crate) const PREP: Self = Self::outside("prep", "%prep");
    pub(crate) const BUILD_REQUIRES: Self =
        Self::inside("buildrequires", "%generate_buildrequires");
    pub(crate) const CONF: Self = Self::inside("conf", "%conf");
    pub(crate) const BUILD: Self = Self::inside("build", "%build");
    pub(crate) const INSTALL: Self = Self::inside("install", "%install");
    pub(crate) const CHECK: Self = Self::inside("check", "%check");
    pub(crate) const CLEAN: Self = Self::inside("clean", "%clean");

    const fn outside(key: &'static str, name: &'static str) -> Self {
        Self {
            key,
            name,
            enters_subdir: false,
        }
    }

    const fn inside(key: &'static str, name: &'static str) -> Self {
        Self {
            key,
            name,
            enters_subdir: true,
        }
    }
}

/// A script ready to run.
pub(crate) struct Script<'a> {
    pub(crate) frame: Frame,
    /// The section's body.
    pub(crate) body: &'a str,
    /// `%buildsubdir`, or empty.
    pub(crate) subdir: &'a str,
    /// The section's line, for messages.
    pub(crate) origin: Option<Origin>,
}

/// How scripts are run.
pub(crate) struct Runner<'a> {
    /// Variables for every script, besides those of this process.
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) is_quiet: bool,
    /// Programs that scripts may call.
    pub(crate) helpers: &'a Helpers,
    pub(crate) listener: &'a mut dyn Listener,
}

impl Runner<'_> {
    /// Runs a script; its output is the build's output.
    pub(crate) fn run(
        &mut self,
        engine: &mut Engine,
        script: &Script<'_>,
    ) -> Result<(), BuildError> {
        let output = if self.is_quiet {
            Stdio::null()
        } else {
            Stdio::inherit()
        };
        self.execute(engine, script, Stdio::inherit(), output)?;
        Ok(())
    }

    /// Runs a script and returns what it printed to standard output.
    pub(crate) fn run_captured(
        &mut self,
        engine: &mut Engine,
        script: &Script<'_>,
    ) -> Result<String, BuildError> {
        self.execute(engine, script, Stdio::null(), Stdio::piped())
    }

    fn execute(
        &mut self,
        engine: &mut Engine,
        script: &Script<'_>,
        input: Stdio,
        output: Stdio,
    ) -> Result<String, BuildError> {
        self.listener.check_interruption()?;
        let key = script.frame.key;
        let file = self.write_script(engine, script)?;
        let path = file.path().to_string_lossy().into_owned();
        let command = engine.expand_str(&format!("%{{__spec_{key}_cmd}}"))?;
        let line = format!("{} {path}", command.trim());
        self.listener.take(&Event::Step(format!(
            "Executing({}): {line}",
            script.frame.name
        )));
        let build_dir = engine.expand_str("%{?builddir}")?;
        let mut words = line.split_whitespace();
        let program = words.next().unwrap_or("/bin/sh");
        let mut command = Command::new(program);
        command
            .args(words)
            .envs(&self.variables)
            .stdin(input)
            .stdout(output);
        let output = run_to_its_end(command, &build_dir).map_err(|source| BuildError::Run {
            program: program.to_owned(),
            source,
        })?;
        self.listener.check_interruption()?;
        if output.status.success() {
            return Ok(octets::carry(output.stdout));
        }
        // As in rpm, the script stays for whoever looks into the failure.
        file.keep().ok();
        Err(self.failed(engine, script, &path, output.status))
    }

    /// Writes the script to a file of its own below `%_tmppath`.
    fn write_script(
        &self,
        engine: &mut Engine,
        script: &Script<'_>,
    ) -> Result<tempfile::NamedTempFile, BuildError> {
        let text = script_text(engine, script)?;
        self.helpers.prepare_for(&text)?;
        let dir = engine.expand_str("%{?_tmppath}%{!?_tmppath:/var/tmp}")?;
        temporary_file(Path::new(&dir), &octets::restore(&text)).map_err(|fault| {
            let message = format!("Unable to open temp file: {}", reason_of(&fault));
            let diagnostic = Diagnostic::error(NO_FILE, message);
            let note = format!("scripts are written to `%_tmppath`, {dir}");
            engine.sink.report(diagnostic.note(note)).into()
        })
    }

    fn failed(
        &mut self,
        engine: &mut Engine,
        script: &Script<'_>,
        path: &str,
        status: std::process::ExitStatus,
    ) -> BuildError {
        let name = script.frame.name;
        let message = format!("Bad exit status from {path} ({name})");
        let how = match (
            status.code(),
            std::os::unix::process::ExitStatusExt::signal(&status),
        ) {
            (Some(code), _) => format!("{name} ended with exit status {code}"),
            (None, signal) => format!("{name} was ended by signal {}", signal.unwrap_or(0)),
        };
        let diagnostic = Diagnostic::error(FAILED, message)
            .at(script.origin)
            .note(how);
        engine.sink.report(diagnostic).into()
    }
}

/// A file below a directory, which is made if need be.
fn temporary_file(dir: &Path, text: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::Builder::new()
        .prefix("rpm-tmp.")
        .tempfile_in(dir)?;
    file.write_all(text)?;
    Ok(file)
}

/// Runs a script's command and ends what it leaves running.
///
/// Such a process may hold the output open: so that is read beside waiting, not before.
fn run_to_its_end(mut command: Command, build_dir: &str) -> std::io::Result<Output> {
    processes::adopt_orphans();
    let mut child = command.env(MARK, build_dir).spawn()?;
    let output = child.stdout.take();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_all(output));
        let status = child.wait()?;
        processes::end_strays(&format!("{MARK}={build_dir}"));
        let stdout = reader.join().unwrap_or_else(|_| Ok(Vec::new()))?;
        Ok(Output {
            status,
            stdout,
            stderr: Vec::new(),
        })
    })
}

fn read_all(stream: Option<ChildStdout>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Template, `cd` into the sources, body, closing part.
fn script_text(engine: &mut Engine, script: &Script<'_>) -> Result<String, BuildError> {
    let key = script.frame.key;
    let mut text = engine.expand_str(&format!("%{{__spec_{key}_template}}"))?;
    if script.frame.enters_subdir && !script.subdir.is_empty() {
        text.push_str(&format!("cd '{}'\n", script.subdir));
    }
    text.push_str(script.body);
    text.push_str(&engine.expand_str(&format!("%{{__spec_{key}_post}}"))?);
    stand_ins::put_in(&text, engine)
}
