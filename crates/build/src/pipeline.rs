//! A build, from a request to packages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use expand::Level;
use source::Text;
use spec::BuildSection;
use target::{Personality, Target};

use crate::build_time::{BuildTime, fixed_time};
use crate::checks::{
    build_root, earlier_build, fitness, output_places, oversights, undefined_macros,
};
use crate::event::{Event, Listener};
use crate::files::{dir_of, make_dir};
use crate::machine::build_lock::BuildLock;
use crate::project::Project;
use crate::project::written::Written;
use crate::reading::read_untold;
use crate::reading::reader::Reading;
use crate::reading::{parts, spec_file};
use crate::request::Request;
use crate::request::chosen_target::load_target;
use crate::request::work::Work;
use crate::requirements::generated;
use crate::run::{Run, WrittenSet};
use crate::scripts;
use crate::scripts::build_dir;
use crate::scripts::script::Frame;
use crate::sources::removal;
use crate::{BuildError, packages, requirements, sources};

/// Builds from a spec and returns the packages written, in the order they were written.
///
/// Everything found on the way goes to the listener, also what made the build fail.
pub(crate) fn run(
    request: &Request,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    let work = Work::of(request);
    let reading = Reading {
        is_query: work.fits_any_arch() || request.switches.force,
        is_partial: work.runs_scripts() && !work.reads_lists() && !work.source,
        ..Reading::default()
    };
    if request.personality == Personality::Rpm {
        spec_file::check(&request.spec)?;
    }
    let target = Arc::new(load_target(request)?);
    let read = read_untold(target, request, reading, listener);
    listener.check_interruption()?;
    let mut project = read?;
    let other = other_target(request, &project)?;
    let mut bound_to_fail = Ok(());
    if other.is_none() {
        bound_to_fail = check_outcome(request, work, &mut project);
    }
    // rpm tells what it finds in both readings.
    if other.is_none() || request.personality != Personality::Specbuild {
        project.tell_findings(listener);
    }
    announce(request, &project, listener);
    if let Some(target) = other {
        project = read_untold(Arc::new(target), request, reading, listener)?;
        bound_to_fail = check_outcome(request, work, &mut project);
        project.tell_findings(listener);
    }
    bound_to_fail?;
    let result = build(request, work, &mut project, listener);
    // What failed then failed for this.
    listener.check_interruption()?;
    project.tell_findings(listener);
    result
}

/// Under our own name, a build that is bound to fail does not begin.
fn check_outcome(
    request: &Request,
    work: Work,
    project: &mut Project,
) -> Result<(), source::Reported> {
    if request.personality != Personality::Specbuild {
        return Ok(());
    }
    let scripts = match request.switches.no_build {
        true => Ok(()),
        false => undefined_macros::check(project, work),
    };
    if work.reads_lists() {
        spec::check_file_lists(&mut project.engine, &project.spec, target::macro_owner)?;
    }
    oversights::check(request, project)?;
    scripts
}

fn build(
    request: &Request,
    work: Work,
    project: &mut Project,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    spare_debug_packages(project);
    if request.personality == Personality::Specbuild {
        project.written = Written::once_in(&request.run_output);
    }
    build_root::check(request, project, work)?;
    if request.personality != Personality::Rpm {
        fixed_time(request, &mut project.engine)?;
    }
    output_places::check(request, project, &work)?;
    fitness::check_before(request, project, &work)?;
    make_tree(request, project)?;
    listener.take(&Event::SpecRead);
    let is_in_place = enter_working_directory(project)?;
    let generates = project
        .spec
        .scripts
        .contains_key(&BuildSection::GenerateBuildRequires);
    let work = work.adapt(is_in_place, generates);
    earlier_build::check(request, project, &work)?;
    if work.source || (work.prep && !is_in_place) {
        sources::prepare(request, project, listener)?;
    }
    if work.check_requires {
        requirements::check(project, &[], &request.database)?;
    }
    let build_time = BuildTime::settle(request, project, listener)?;
    let lock = lock(request, project, &work, listener)?;
    let mut run = Run {
        request,
        project,
        listener,
        build_time,
        work,
        generated: Vec::new(),
        in_place: is_in_place,
        lock,
    };
    if let Some(requirements) = run_scripts(&mut run)? {
        return Err(requirements);
    }
    let written = make_packages(&mut run).inspect_err(|_| take_back(&mut run))?;
    removal::remove(&run.work, run.request, run.project)?;
    Ok(written)
}

/// rpm's lines about what is built for what: where that was asked for, or follows from the spec.
fn announce(request: &Request, project: &Project, listener: &mut dyn Listener) {
    let arch = &project.spec.arch;
    let is_other = project.target.arch.name != arch;
    let platforms = request.platforms.as_ref();
    if let Some(platforms) = platforms.or(is_other.then_some(arch)) {
        listener.take(&Event::Note(format!(
            "Building target platforms: {platforms}"
        )));
    }
    if let Some(target) = request.target.as_ref().or(is_other.then_some(arch)) {
        listener.take(&Event::Note(format!("Building for target {target}")));
    }
}

/// The target with the macros of the architecture that `BuildArch:` names, where the request names none.
///
/// Source: rpmbuild since 4.20, which announces the target platforms a second time for it.
fn other_target(request: &Request, project: &Project) -> Result<Option<Target>, BuildError> {
    let word = request.target.as_deref();
    let names_arch = word.is_some_and(|word| !target::names_distribution(word));
    let arch = &project.spec.arch;
    if names_arch
        || project.target.arch.name == arch
        || request.personality == Personality::Debbuild
    {
        return Ok(None);
    }
    Ok(Some(project.target.with_arch(arch)?))
}

/// What depends on no architecture has no debug packages, whatever macros say.
///
/// Source: rpm's `build/build.cc`.
fn spare_debug_packages(project: &mut Project) {
    if project.spec.arch == "noarch" {
        let none = Text::detached("0");
        project
            .engine
            .define_literal("_enable_debug_packages", none, Level::SPEC);
    }
}

/// Keeps other builds out of the build directory, where this one works in it.
fn lock(
    request: &Request,
    project: &Project,
    work: &Work,
    listener: &mut dyn Listener,
) -> Result<Option<BuildLock>, BuildError> {
    let is_used = work.runs_scripts() || work.make_build_dir || work.binaries;
    if !is_used || request.switches.no_build || request.personality == Personality::Rpm {
        return Ok(None);
    }
    let directory = Path::new(&project.spec.build_dir);
    BuildLock::take(directory, listener).map(Some)
}

/// The directories that a build writes to; rpm makes all of them at its start.
fn make_tree(request: &Request, project: &mut Project) -> Result<(), BuildError> {
    if request.output.is_some() {
        make_dir(&dir_of(&mut project.engine, "_rpmdir")?)?;
    }
    if request.personality == Personality::Rpm {
        for name in ["_topdir", "_top_builddir", "_rpmdir", "_srcrpmdir"] {
            let path = dir_of(&mut project.engine, name)?;
            std::fs::create_dir_all(&path).map_err(|source| BuildError::Directory {
                name,
                path,
                source,
            })?;
        }
    }
    Ok(())
}

/// `--build-in-place`: the sources are where the command was given; returns whether it is so.
fn enter_working_directory(project: &mut Project) -> Result<bool, BuildError> {
    let engine = &mut project.engine;
    if engine.expand_number("%{?_build_in_place}") <= 0 {
        return Ok(false);
    }
    let subdir = engine.expand_str("%{NAME}-%{VERSION}")?;
    engine.define_literal("buildsubdir", Text::detached(subdir.as_str()), Level::SPEC);
    project.spec.build_subdir = subdir;
    Ok(true)
}

/// Runs the scripts, in order. The result holds the reason to stop where dynamic build
/// requirements are missing, which have been written down then.
fn run_scripts(run: &mut Run<'_>) -> Result<Option<BuildError>, BuildError> {
    let work = run.work;
    if work.make_build_dir {
        build_dir::make(run)?;
    }
    section_if(run, work.prep, BuildSection::Prep, Frame::PREP)?;
    if work.generate_requires && generated::generate(run)? {
        packages::write_requirements(run)?;
        return Ok(Some(BuildError::MissingBuildRequires));
    }
    section_if(run, work.conf, BuildSection::Conf, Frame::CONF)?;
    section_if(run, work.build, BuildSection::Build, Frame::BUILD)?;
    section_if(run, work.install, BuildSection::Install, Frame::INSTALL)?;
    if work.reads_lists() {
        parts::extend(run.project, run.listener)?;
    }
    section_if(run, work.check, BuildSection::Check, Frame::CHECK)?;
    Ok(None)
}

/// Removes what has been written of a set that does not become whole, and puts back the files of an
/// earlier build. rpm leaves both.
fn take_back(run: &mut Run<'_>) {
    if run.request.personality != Personality::Specbuild {
        return;
    }
    let (count, back) = run.project.written.remove();
    if count > 0 {
        let files = if count == 1 { "file" } else { "files" };
        let older = match back {
            0 => String::new(),
            _ => format!("; {back} of an earlier build are back in their place"),
        };
        let line = format!("note: removed {count} {files} written before the fault{older}");
        run.listener.take(&Event::Note(line));
    }
}

/// Collects and writes the packages, then tidies up.
fn make_packages(run: &mut Run<'_>) -> Result<Vec<PathBuf>, BuildError> {
    if run.work.source && run.request.personality == Personality::Rpm {
        sources::check(run.request, run.project)?;
    }
    let binaries = if run.work.reads_lists() {
        packages::collect_binaries(run)?
    } else {
        Vec::new()
    };
    let writes = !run.request.switches.no_build;
    if run.work.binaries && writes {
        fitness::check(run, &binaries)?;
    }
    let set = match writes {
        true => packages::write_set(run, &binaries)?,
        false => WrittenSet::default(),
    };
    let mut written = set.binaries;
    if let Some(source) = set.source {
        let upload = packages::write_upload(run, &source, &written)?;
        written = [source.paths, written, upload].concat();
    }
    section_if(run, run.work.clean, BuildSection::Clean, Frame::CLEAN)?;
    if run.work.remove_build_dir {
        build_dir::remove(run)?;
    }
    Ok(written)
}

/// Runs one section, if that is wanted and the spec has it.
fn section_if(
    run: &mut Run<'_>,
    is_wanted: bool,
    section: BuildSection,
    frame: Frame,
) -> Result<(), BuildError> {
    match is_wanted {
        true => scripts::run_section(run, section, frame),
        false => Ok(()),
    }
}
