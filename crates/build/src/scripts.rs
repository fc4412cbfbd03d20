//! The scripts of a build: their text, and running them.
//!
//! A script is a template, the section's body and a closing part, all macros, so that a build root
//! can change any of them. Source: rpm's manual, "Package build process"; rpm-spec(5), "Build
//! scriptlets".

pub(crate) mod build_dir;
pub(crate) mod failure;
pub(crate) mod marks;
pub(crate) mod processes;
pub(crate) mod shell;
pub(crate) mod stand_ins;
pub(crate) mod watch;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};

use expand::Engine;
use source::{Code, Diagnostic, Origin, Text, octets};
use spec::UndefinedCall;

use crate::BuildError;
use crate::error::reason_of;
use crate::event::{Event, Listener};
use crate::machine::helpers::Helpers;
use crate::project::Project;
use crate::scripts::failure::Failure;
use crate::scripts::watch::{ADDED_LINES, Watch};

/// A script can't be written.
pub(crate) const NO_FILE: Code = crate::codes::NO_TEMPORARY_FILE;

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
    pub(crate) body: &'a Text,
    /// `%buildsubdir`, or empty.
    pub(crate) subdir: &'a str,
    /// The section's line, for messages.
    pub(crate) origin: Option<Origin>,
    /// The calls in it of macros that are not defined.
    pub(crate) undefined: Vec<UndefinedCall>,
}

/// How scripts are run.
pub(crate) struct Runner<'a> {
    /// Variables for every script, besides those of this process.
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) is_quiet: bool,
    /// Whether a failure is told with its command, as under our own name.
    pub(crate) explains: bool,
    /// Whether scripts print their commands.
    pub(crate) is_verbose: bool,
    /// Programs that scripts may call.
    pub(crate) helpers: &'a Helpers,
    pub(crate) listener: &'a mut dyn Listener,
}

/// What becomes of a script's standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Printed {
    /// It is the build's own.
    Shown,
    /// It is dropped, but for the end of it where a failure is explained.
    Dropped,
    /// It is what the script is run for.
    Kept,
}

impl Runner<'_> {
    /// Runs a script; its output is the build's output.
    pub(crate) fn run(
        &mut self,
        project: &mut Project,
        script: &Script<'_>,
    ) -> Result<(), BuildError> {
        let printed = match self.is_quiet {
            true => Printed::Dropped,
            false => Printed::Shown,
        };
        self.execute(project, script, printed)?;
        Ok(())
    }

    /// Runs a script and returns what it printed to standard output.
    pub(crate) fn run_captured(
        &mut self,
        project: &mut Project,
        script: &Script<'_>,
    ) -> Result<String, BuildError> {
        self.execute(project, script, Printed::Kept)
    }

    fn execute(
        &mut self,
        project: &mut Project,
        script: &Script<'_>,
        printed: Printed,
    ) -> Result<String, BuildError> {
        self.listener.check_interruption()?;
        let engine = &mut project.engine;
        let key = script.frame.key;
        let command = engine.expand_str(&format!("%{{__spec_{key}_cmd}}"))?;
        let dir = engine.expand_str("%{?_tmppath}%{!?_tmppath:/var/tmp}")?;
        let watch = self.explains.then(|| Watch::new(&command, Path::new(&dir)));
        let watch = watch.flatten();
        let text = script_text(engine, script)?;
        self.helpers.prepare_for(&text.whole)?;
        let watched = watch.as_ref().map(|watch| watch.put_in(&text.whole));
        let first = text.lines_before + ADDED_LINES + 1;
        let own = first..first + script.body.lines().len();
        let marked = watch.as_ref().zip(watched.as_ref());
        let marked = marked.and_then(|(watch, watched)| watch.marked(watched, own));
        let as_run = marked.as_ref().or(watched.as_ref()).unwrap_or(&text.whole);
        let file = write_script(engine, as_run, &dir)?;
        let path = file.path().to_string_lossy().into_owned();
        let line = format!("{} {path}", command.trim());
        self.listener.take(&Event::Step(format!(
            "Executing({}): {line}",
            script.frame.name
        )));
        let build_dir = engine.expand_str("%{?builddir}")?;
        let mut words = line.split_whitespace();
        let program = words.next().unwrap_or("/bin/sh");
        let mut command = Command::new(program);
        command.args(words).envs(&self.variables);
        let mut streams = self.streams(printed);
        // Then only its messages tell what failed.
        if watch.as_ref().is_some_and(|watch| !watch.has_traps()) {
            streams.errors = Stdio::piped();
        }
        let ended = run_to_its_end(command, &build_dir, streams);
        let Ended {
            status,
            output,
            said,
        } = ended.map_err(|source| BuildError::Run {
            program: program.to_owned(),
            source,
        })?;
        self.listener.check_interruption()?;
        if status.success() {
            return Ok(output);
        }
        // As in rpm, the script stays for whoever looks into the failure.
        file.keep().ok();
        let shown_lines = text.lines_before + usize::from(watch.is_some()) * ADDED_LINES;
        let whole = watched.as_ref().unwrap_or(&text.whole);
        let told = |code| {
            let watch = watch.as_ref()?;
            let by_traps = || watch.failed_command(code).filter(|_| watch.has_traps());
            let by_messages = || watch::command_in_messages(&said, (&path, whole), code);
            let by_marks = || watch.marked_command(marked.as_ref()?, whole, code);
            by_traps().or_else(by_messages).or_else(by_marks)
        };
        let failure = Failure {
            script,
            path: &path,
            shell: watch.as_ref().map(|watch| watch.shell.as_str()),
            status,
            command: status.code().and_then(told),
            whole,
            lines_before: shown_lines,
            printed: match printed {
                Printed::Shown => "",
                Printed::Dropped | Printed::Kept => &output,
            },
            is_verbose: self.is_verbose,
        };
        let diagnostic = match self.explains {
            true => failure::explain(project, failure),
            false => failure::tell(&failure),
        };
        Err(project.engine.sink.report(diagnostic).into())
    }

    /// Standard input and output of a script, and how much of the latter is wanted.
    fn streams(&self, printed: Printed) -> Streams {
        let (input, output, most) = match printed {
            Printed::Shown => (Stdio::inherit(), Stdio::inherit(), 0),
            Printed::Dropped if self.explains => (Stdio::inherit(), Stdio::piped(), LAST_BYTES),
            Printed::Dropped => (Stdio::inherit(), Stdio::null(), 0),
            Printed::Kept => (Stdio::null(), Stdio::piped(), usize::MAX),
        };
        Streams {
            input,
            output,
            errors: Stdio::inherit(),
            most,
        }
    }
}

/// How much of the end of a script's output is kept to be shown after a failure.
const LAST_BYTES: usize = 16 << 10;

/// Where a script reads from and writes to.
struct Streams {
    input: Stdio,
    output: Stdio,
    /// What goes into a pipe is shown from there, and the end of it kept.
    errors: Stdio,
    /// Of what is printed into a pipe, only this many bytes of the end are kept.
    most: usize,
}

/// How a script ended, and what is kept of its output.
struct Ended {
    status: ExitStatus,
    output: String,
    said: String,
}

/// Writes a script to a file of its own below `%_tmppath`.
fn write_script(
    engine: &mut Engine,
    text: &str,
    dir: &str,
) -> Result<tempfile::NamedTempFile, BuildError> {
    temporary_file(Path::new(dir), &octets::restore(text)).map_err(|fault| {
        let message = format!("Unable to open temp file: {}", reason_of(&fault));
        let diagnostic = Diagnostic::error(NO_FILE, message);
        let note = format!("scripts are written to `%_tmppath`, {dir}");
        engine.sink.report(diagnostic.note(note)).into()
    })
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

/// Runs a script's command and ends what it leaves running; its status, and what is kept of its output.
///
/// Such a process may hold the output open: so that is read beside waiting, not before.
fn run_to_its_end(
    mut command: Command,
    build_dir: &str,
    streams: Streams,
) -> std::io::Result<Ended> {
    processes::adopt_orphans();
    let Streams {
        input,
        output,
        errors,
        most,
    } = streams;
    command.stdin(input).stdout(output).stderr(errors);
    command.env(MARK, build_dir);
    let is_alone = processes::has_no_children();
    let mut child = command.spawn()?;
    let output = child.stdout.take();
    let errors = child.stderr.take();
    std::thread::scope(|scope| {
        let start = || {
            let thread = std::thread::Builder::new;
            let output = thread().spawn_scoped(scope, || read_end(output, most))?;
            let errors = thread().spawn_scoped(scope, || show(errors))?;
            Ok((output, errors))
        };
        let (reader, shower) = match start() {
            Ok(readers) => readers,
            Err(error) => {
                child.kill()?;
                child.wait()?;
                return Err(error);
            }
        };
        let status = child.wait()?;
        processes::end_strays(&format!("{MARK}={build_dir}"), is_alone);
        let printed = reader.join().unwrap_or_else(|_| Ok(Vec::new()))?;
        let said = shower.join().unwrap_or_default();
        Ok(Ended {
            status,
            output: octets::carry(printed),
            said: octets::carry(said),
        })
    })
}

/// Passes on what a script says on standard error; the last bytes of it.
fn show(stream: Option<ChildStderr>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    let Some(mut stream) = stream else {
        return bytes;
    };
    while let Ok(count @ 1..) = stream.read(&mut part) {
        // Where nobody reads it, the build goes on as before.
        std::io::stderr().write_all(&part[..count]).ok();
        bytes.extend_from_slice(&part[..count]);
        bytes.drain(..bytes.len().saturating_sub(LAST_BYTES));
    }
    bytes
}

/// The last bytes of a stream, `most` of them at least if there are as many.
fn read_end(stream: Option<ChildStdout>, most: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Some(mut stream) = stream else {
        return Ok(bytes);
    };
    let mut part = [0; 8192];
    loop {
        let count = match stream.read(&mut part) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        bytes.extend_from_slice(&part[..count]);
        if most == usize::MAX && bytes.len() as u64 > limits::TEXT {
            return Err(std::io::Error::other("it prints more than 64 MiB"));
        }
        if bytes.len() / 2 > most {
            bytes.drain(..bytes.len() - most);
        }
    }
}

/// A script as it is run.
struct ScriptText {
    whole: String,
    /// How many lines are there before the section's body.
    lines_before: usize,
}

/// Template, `cd` into the sources, body, closing part.
fn script_text(engine: &mut Engine, script: &Script<'_>) -> Result<ScriptText, BuildError> {
    let key = script.frame.key;
    let mut text = engine.expand_str(&format!("%{{__spec_{key}_template}}"))?;
    if script.frame.enters_subdir && !script.subdir.is_empty() {
        text.push_str(&format!("cd '{}'\n", script.subdir));
    }
    let lines_before = text.matches('\n').count();
    text.push_str(script.body);
    text.push_str(&engine.expand_str(&format!("%{{__spec_{key}_post}}"))?);
    // That changes words, not lines.
    let whole = stand_ins::put_in(&text, engine)?;
    Ok(ScriptText {
        whole,
        lines_before,
    })
}
