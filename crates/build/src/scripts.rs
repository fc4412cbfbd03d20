//! Running the scripts of a build.

pub(crate) mod build_dir;
pub(crate) mod child;
pub(crate) mod failure;
pub(crate) mod marks;
pub(crate) mod processes;
pub(crate) mod script;
pub(crate) mod shell;
pub(crate) mod stand_ins;
pub(crate) mod watch;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use expand::Engine;
use source::{Code, Diagnostic, octets};
use spec::BuildSection;
use target::Personality;

use crate::BuildError;
use crate::error::reason_of;
use crate::event::{Event, Listener};
use crate::machine::build_lock::BuildLock;
use crate::machine::helpers::Helpers;
use crate::project::Project;
use crate::run::Run;
use crate::scripts::child::{Ended, LAST_BYTES, Streams, run_to_its_end};
use crate::scripts::failure::Failure;
use crate::scripts::script::{Frame, Script, script_text};
use crate::scripts::watch::{ADDED_LINES, ScriptFile, Watch};

/// A script can't be written.
pub(crate) const NO_FILE: Code = crate::codes::NO_TEMPORARY_FILE;

/// Runs one section of the spec, if it has it.
pub(crate) fn run_section(
    run: &mut Run<'_>,
    section: BuildSection,
    frame: Frame,
) -> Result<(), BuildError> {
    let Some(script) = run.project.spec.scripts.get(&section).cloned() else {
        return Ok(());
    };
    let subdir = run.project.spec.build_subdir.clone();
    run_script(
        run,
        &Script {
            frame,
            body: &script.body,
            subdir: &subdir,
            origin: script.origin,
            undefined: script.undefined,
        },
    )
}

/// Runs a script, unless scripts are not to be run.
pub(crate) fn run_script(run: &mut Run<'_>, script: &Script<'_>) -> Result<(), BuildError> {
    if run.request.switches.no_build {
        return Ok(());
    }
    let Means {
        mut runner,
        project,
    } = means(run);
    runner.run(project, script)
}

/// Runs a script for what it prints.
pub(crate) fn run_captured(run: &mut Run<'_>, script: &Script<'_>) -> Result<String, BuildError> {
    if run.request.switches.no_build {
        return Ok(String::new());
    }
    let Means {
        mut runner,
        project,
    } = means(run);
    runner.run_captured(project, script)
}

/// What it takes to run a script of a build.
struct Means<'a> {
    runner: Runner<'a>,
    project: &'a mut Project,
}

fn means<'a>(run: &'a mut Run<'_>) -> Means<'a> {
    let variables = run.build_time.variables().into_iter();
    let lock = run.lock.as_ref().map(BuildLock::variable);
    let runner = Runner {
        variables: variables.chain(lock).collect(),
        is_quiet: run.request.switches.is_quiet,
        explains: run.request.personality == Personality::Specbuild,
        is_verbose: run.request.settings.is_verbose,
        helpers: &run.request.settings.helpers,
        listener: run.listener,
    };
    Means {
        runner,
        project: run.project,
    }
}

/// How scripts are run.
struct Runner<'a> {
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
            let file = ScriptFile {
                path: &path,
                text: whole,
            };
            let by_messages = || watch::command_in_messages(&said, file, code);
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
