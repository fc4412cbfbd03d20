//! A build, from a request to packages.

use std::path::PathBuf;

use package::{Dependency, DependencyRules, Phase, Phases};
use source::Text;
use spec::BuildSection;

use crate::event::{Event, Listener};
use crate::read::{Project, Reading, read_spec};
use crate::request::{Request, Stage};
use crate::script::{Frame, Runner, Script};
use crate::workspace::{Moment, make_dir};
use crate::{BuildError, artifacts, build_requires, parts, sources};

/// Runs a build and returns the packages it wrote, in the order they were written.
///
/// Everything found on the way goes to the listener, also what made the build fail.
pub fn run(request: &Request, listener: &mut dyn Listener) -> Result<Vec<PathBuf>, BuildError> {
    let mut project = read_spec(request, Reading::default(), listener)?;
    let result = build(request, &mut project, listener);
    project.tell_findings(listener);
    result
}

fn build(
    request: &Request,
    project: &mut Project,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    announce(project, listener);
    if let Some(output) = &request.output {
        make_dir(output)?;
    }
    if request.stage == Stage::Source || !request.switches.short_circuit {
        sources::check(request, project)?;
    }
    if !request.switches.no_deps && request.stage != Stage::Source {
        build_requires::check(project, &[])?;
    }
    let moment = Moment::settle(project)?;
    let mut run = Run {
        request,
        project,
        listener,
        moment,
        generated: Vec::new(),
    };
    run.sections()?;
    if request.switches.no_build {
        return Ok(Vec::new());
    }
    run.packages()
}

/// rpm's lines about what is built for what.
fn announce(project: &Project, listener: &mut dyn Listener) {
    let arch = &project.spec.arch;
    listener.take(&Event::Note(format!("Building target platforms: {arch}")));
    listener.take(&Event::Note(format!("Building for target {arch}")));
}

/// A build under way.
struct Run<'r> {
    request: &'r Request,
    project: &'r mut Project,
    listener: &'r mut dyn Listener,
    moment: Moment,
    /// What `%generate_buildrequires` asked for.
    generated: Vec<Dependency>,
}

/// The sections in the order they run, each with the first stage that runs it.
const SECTIONS: [(BuildSection, Frame, Stage); 5] = [
    (BuildSection::Prep, Frame::PREP, Stage::Prep),
    (BuildSection::Conf, Frame::CONF, Stage::Compile),
    (BuildSection::Build, Frame::BUILD, Stage::Compile),
    (BuildSection::Install, Frame::INSTALL, Stage::Install),
    (BuildSection::Check, Frame::CHECK, Stage::Install),
];

impl Run<'_> {
    /// Runs the scripts of the stage.
    fn sections(&mut self) -> Result<(), BuildError> {
        if matches!(self.request.stage, Stage::Source | Stage::List)
            || self.request.switches.no_build
        {
            return Ok(());
        }
        if !self.request.switches.short_circuit && !self.request.switches.no_prep {
            self.make_build_dir()?;
        }
        for (section, frame, first_stage) in SECTIONS {
            if self.is_wanted(section, first_stage) {
                self.section(section, frame)?;
            }
            if section == BuildSection::Prep && self.request.stage > Stage::Prep {
                self.generate_build_requires()?;
            }
            if section == BuildSection::Install && self.request.stage > Stage::Compile {
                parts::extend(self.project)?;
            }
        }
        Ok(())
    }

    fn is_wanted(&self, section: BuildSection, first_stage: Stage) -> bool {
        let switches = &self.request.switches;
        let last_stage = match self.request.stage {
            Stage::Binary | Stage::All => Stage::Install,
            stage => stage,
        };
        let is_skipped = match section {
            BuildSection::Prep => switches.no_prep || switches.short_circuit,
            BuildSection::Check => switches.no_check,
            _ => false,
        };
        let is_behind = switches.short_circuit
            && (first_stage < last_stage || self.request.stage.writes_binaries());
        first_stage <= last_stage && !is_skipped && !is_behind
    }

    /// Runs one section, if the spec has it.
    fn section(&mut self, section: BuildSection, frame: Frame) -> Result<(), BuildError> {
        let Some(script) = self.project.spec.scripts.get(&section).cloned() else {
            return Ok(());
        };
        let subdir = self.project.spec.build_subdir.clone();
        let script = Script {
            frame,
            body: &script.body,
            subdir: &subdir,
            origin: script.origin,
        };
        self.scripts().run_in(&script)
    }

    /// The means to run scripts.
    fn scripts(&mut self) -> ScriptRun<'_> {
        let variables = self.moment.variables();
        let is_quiet = self.request.switches.is_quiet;
        let runner = Runner {
            variables,
            is_quiet,
            listener: self.listener,
        };
        ScriptRun {
            runner,
            project: self.project,
        }
    }

    /// Makes the package's build directory anew, with the environment of its scripts.
    fn make_build_dir(&mut self) -> Result<(), BuildError> {
        let dir = self.project.spec.build_dir.clone();
        let top = PathBuf::from(&dir);
        make_dir(top.parent().unwrap_or(&top))?;
        let engine = &mut self.project.engine;
        let body = engine.expand_str(&format!(
            "test -d '{dir}' && %{{_fixperms}} '{dir}'\n\
             %{{__rm}} -rf '{dir}'\n%{{__mkdir_p}} '{dir}'\n%{{__mkdir_p}} '%{{specpartsdir}}'\n"
        ))?;
        let script = Script {
            frame: Frame::MAKE_BUILD_DIR,
            body: &body,
            subdir: "",
            origin: None,
        };
        self.scripts().run_in(&script)?;
        let environment = self.project.engine.expand_str("%{___build_pre_env}\n")?;
        let path = top.join("rpmbuild.env");
        std::fs::write(&path, environment).map_err(|source| BuildError::Write { path, source })
    }

    /// Runs `%generate_buildrequires` and takes what it prints as further build requirements.
    fn generate_build_requires(&mut self) -> Result<(), BuildError> {
        let section = BuildSection::GenerateBuildRequires;
        let Some(script) = self.project.spec.scripts.get(&section).cloned() else {
            return Ok(());
        };
        let subdir = self.project.spec.build_subdir.clone();
        let script = Script {
            frame: Frame::BUILD_REQUIRES,
            body: &script.body,
            subdir: &subdir,
            origin: script.origin,
        };
        let printed = self.scripts().run_captured_in(&script)?;
        let when = Phases::NONE.with(Phase::Generated);
        for line in printed.lines().filter(|line| !line.trim().is_empty()) {
            let text = Text::from_origin(line, self.origin_of_output(&printed, line));
            let parsed = package::parse_dependencies(&text, DependencyRules::REQUIRES, when);
            let (found, _) = parsed.map_err(|fault| self.bad_output(&text, &fault))?;
            self.generated.extend(found);
        }
        if self.request.switches.no_deps {
            return Ok(());
        }
        build_requires::check(self.project, &self.generated)
    }

    /// What a script printed becomes a text that messages can show.
    fn origin_of_output(&mut self, printed: &str, line: &str) -> source::Origin {
        let sources = &mut self.project.engine.sources;
        let file = sources.add("output of %generate_buildrequires", printed);
        let start = line.as_ptr() as usize - printed.as_ptr() as usize;
        sources.whole(file).slice(start, line.len()).into()
    }

    fn bad_output(&mut self, text: &Text, fault: &package::DependencyFault) -> source::Reported {
        let origin = text.origin(fault.start, fault.end);
        let code = source::Code("build::bad-generated-requirement");
        let diagnostic = source::Diagnostic::error(code, fault.message.as_str()).at(origin);
        self.project.engine.sink.report(diagnostic)
    }

    /// Collects and writes the packages of the stage, then tidies up.
    fn packages(mut self) -> Result<Vec<PathBuf>, BuildError> {
        let stage = self.request.stage;
        let mut written = Vec::new();
        let mut source_id = None;
        let plan = artifacts::Plan {
            request: self.request,
            moment: &self.moment,
            generated: &self.generated,
        };
        if stage == Stage::List || self.request.switches.short_circuit {
            // An earlier run left them.
            parts::extend(self.project)?;
        }
        let binaries = if stage.writes_binaries() || stage == Stage::List {
            artifacts::collect_binaries(self.project, &plan)?
        } else {
            Vec::new()
        };
        if stage.writes_source() {
            let source = artifacts::write_source(self.project, &plan, self.listener)?;
            source_id = source.as_ref().map(|source| source.id);
            written.extend(source.map(|source| source.path));
        }
        if stage.writes_binaries() {
            let paths = artifacts::write_binaries(
                self.project,
                &plan,
                &binaries,
                source_id,
                self.listener,
            )?;
            written.extend(paths);
            self.clean()?;
        }
        Ok(written)
    }

    /// `%clean`, and the build directory goes.
    fn clean(&mut self) -> Result<(), BuildError> {
        if self.request.switches.no_clean || self.request.switches.short_circuit {
            return Ok(());
        }
        self.section(BuildSection::Clean, Frame::CLEAN)?;
        let dir = self.project.spec.build_dir.clone();
        let fix = self.project.engine.expand_str("%{_fixperms}")?;
        let body = format!("test -d '{dir}' && {fix} '{dir}'\nrm -rf '{dir}'\n");
        let script = Script {
            frame: Frame::REMOVE_BUILD,
            body: &body,
            subdir: "",
            origin: None,
        };
        self.scripts().run_in(&script)
    }
}

/// A runner and the project whose scripts it runs.
struct ScriptRun<'a> {
    runner: Runner<'a>,
    project: &'a mut Project,
}

impl ScriptRun<'_> {
    fn run_in(&mut self, script: &Script<'_>) -> Result<(), BuildError> {
        self.runner.run(&mut self.project.engine, script)
    }

    fn run_captured_in(&mut self, script: &Script<'_>) -> Result<String, BuildError> {
        self.runner.run_captured(&mut self.project.engine, script)
    }
}
