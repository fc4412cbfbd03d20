//! One reading of a spec: engine, parse, and again where `BuildArch:` asks for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use expand::{Engine, Level};
use source::{Diagnostic, Reported, Text};
use spec::{Outcome, ParseRequest, Spec};
use target::Target;

use crate::event::{Event, Listener};
use crate::files::absolute;
use crate::project::source_dir::SourceDir;
use crate::project::written::Written;
use crate::project::{Project, tell_findings};
use crate::reading::confined::ConfinedHost;
use crate::reading::history::History;
use crate::request::Request;
use crate::{BuildError, open_engine};

/// How a spec is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Only to be looked at: architectures that exclude this machine are no error.
    pub is_query: bool,
    /// No package will be made: what packages lack does not matter.
    pub is_partial: bool,
    /// Tell what each macro call expands to.
    pub tells_steps: bool,
    /// Run nothing of it: every command of `%( )` is taken to print this.
    pub answer: Option<&'static str>,
}

/// Reads the text of a request's spec.
pub(crate) struct Reader<'r> {
    pub(crate) request: &'r Request,
    pub(crate) reading: Reading,
    pub(crate) text: &'r str,
    /// What the history of the spec says.
    pub(crate) history: Option<&'r History>,
}

impl Reader<'_> {
    /// Reads the spec; with `source_dir`, sources are sought there.
    pub(crate) fn read(
        &self,
        target: Arc<Target>,
        source_dir: Option<SourceDir>,
        listener: &mut dyn Listener,
    ) -> Result<Project, BuildError> {
        let mut engine = open_engine(&target, &self.request.settings)?;
        if let Some(dir) = &source_dir {
            let path = dir.path().to_string_lossy();
            engine.define_literal("_sourcedir", Text::detached(path), Level::COMMAND_LINE);
        }
        let placed = self.place_output(&mut engine);
        let build_root = placed.and_then(|()| self.build_root(&mut engine));
        let build_root = build_root.inspect_err(|_| tell_findings(&mut engine, listener))?;
        if let Some(answer) = self.reading.answer {
            ConfinedHost::confine(&mut engine, answer, &self.request.settings.helpers);
        }
        if let Some(history) = self.history {
            history.define(&mut engine);
        }
        if self.reading.tells_steps {
            engine.start_recording();
        }
        let parsed = self.parse(&mut engine, &target, build_root.as_deref());
        tell_steps(&mut engine, listener);
        match parsed {
            Ok(spec) => Ok(Project {
                engine,
                spec,
                text: self.text.to_owned(),
                target,
                other_sources: BTreeMap::new(),
                written: Written::default(),
                source_dir,
            }),
            Err(reported) => {
                tell_findings(&mut engine, listener);
                Err(reported.into())
            }
        }
    }

    /// Parses the spec; where `BuildArch:` asks for it, once more for that architecture. As in rpm,
    /// macros of the first reading stay.
    fn parse(
        &self,
        engine: &mut Engine,
        target: &Target,
        build_root: Option<&str>,
    ) -> Result<Spec, Reported> {
        let mut restarted = false;
        loop {
            let request = ParseRequest {
                build_root: build_root.map(str::to_owned),
                ..self.parse_request(target, restarted)
            };
            match spec::parse(engine, &request)? {
                Outcome::Parsed(spec) => return Ok(*spec),
                Outcome::Reparse(archs) => {
                    let arch = archs.first().map_or("noarch", String::as_str);
                    engine.define_literal("_target_cpu", Text::detached(arch), Level::RPMRC);
                    restarted = true;
                }
            }
        }
    }

    fn parse_request(&self, target: &Target, restarted: bool) -> ParseRequest {
        ParseRequest {
            path: self.shown_path(),
            text: self.text.into(),
            buildable_archs: target.builds_for(),
            is_reparse: restarted,
            any_arch: self.reading.is_query,
            is_partial: self.reading.is_partial,
            is_lenient: self.request.personality == target::Personality::Debbuild,
            other_arch: Some(target.native_arch(target.arch.name).to_owned()),
            no_translations: self.request.switches.no_translations,
            macro_owner: Some(target::macro_owner),
            working_dir: absolute(Path::new(".")).display().to_string(),
            ..ParseRequest::default()
        }
    }

    /// The spec's path in messages and macros: without doubled slashes, and where rpmbuild builds,
    /// from the root.
    fn shown_path(&self) -> String {
        let path = &self.request.spec;
        let builds_as_rpm =
            self.request.personality == target::Personality::Rpm && !self.reading.is_query;
        let path = if builds_as_rpm {
            absolute(path)
        } else {
            path.clone()
        };
        path.components().collect::<PathBuf>().display().to_string()
    }

    /// `--buildroot`, with the macros as they stand before the spec, as in rpm. Those that only the
    /// spec defines are expanded later.
    fn build_root(&self, engine: &mut Engine) -> Result<Option<String>, Reported> {
        let given = self.request.build_root.as_ref();
        let expanded = given.map(|dir| engine.expand_str(&dir.to_string_lossy()));
        expanded.transpose()
    }

    /// `--output DIR`: every package goes straight there. As in other paths, macros are expanded before
    /// the path is completed.
    fn place_output(&self, engine: &mut Engine) -> Result<(), Reported> {
        let Some(dir) = &self.request.output else {
            return Ok(());
        };
        let given = dir.to_string_lossy();
        // What a doubled percent sign leaves is no macro.
        let plain = engine.expand_str(&given.replace("%%", ""))?;
        if let Some(call) = macro_left_in(&plain) {
            let message = format!("`--output {given}` has a macro that is not defined: `{call}`");
            let finding = Diagnostic::error(crate::codes::BAD_OUTPUT, message)
                .note("macros of the spec, such as `%{name}`, are not known there")
                .help("`%%` stands for a percent sign");
            return Err(engine.sink.report(finding));
        }
        let dir = engine.expand_str(&given)?;
        let dir = Text::detached(absolute(Path::new(&dir)).to_string_lossy());
        for name in ["_rpmdir", "_srcrpmdir", "_debdir", "_sdebdir"] {
            engine.define_literal(name, dir.clone(), Level::COMMAND_LINE);
        }
        engine.define_literal("_deb_flat", Text::detached("1"), Level::COMMAND_LINE);
        let flat = "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm";
        engine.define_literal("_build_name_fmt", Text::detached(flat), Level::COMMAND_LINE);
        Ok(())
    }
}

/// The first call of a macro in a text that has been expanded.
fn macro_left_in(text: &str) -> Option<&str> {
    let starts_call = |rest: &str| {
        let name = rest.trim_start_matches(['{', '?', '!']);
        name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
    };
    let mut starts = text.match_indices('%').map(|(at, _)| at);
    let start = starts.find(|at| starts_call(&text[at + 1..]))?;
    let call = &text[start..];
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let end = match call.starts_with("%{") {
        true => call.find('}').map(|at| at + 1),
        false => call[1..].find(|it| !is_name(it)).map(|at| at + 1),
    };
    Some(&call[..end.unwrap_or(call.len())])
}

/// Hands the steps recorded so far to a listener.
fn tell_steps(engine: &mut Engine, listener: &mut dyn Listener) {
    let steps = engine.take_steps();
    if !steps.is_empty() {
        listener.take(&Event::Expanded {
            steps: &steps,
            sources: &engine.sources,
        });
    }
}
