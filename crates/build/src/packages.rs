//! Packages out of a finished build root, and onto the disk.

pub(crate) mod planned;
pub(crate) mod progress;

use std::error::Error as _;
use std::path::{Path, PathBuf};

use archive::{AtomicFile, TemporaryFault};
use debfile::source_package::{DebSource, SummedFile};
use package::{Output, Package, WriteError};
use source::Code;
use target::{Format, Personality};

use crate::BuildError;
use crate::build_time::{BuildTime, build_facts};
use crate::deb::{control_files, packages as deb, source_package as deb_source_package, upload};
use crate::event::{Event, Listener};
use crate::files::{dir_of, make_dir};
use crate::pipeline::Run;
use crate::project::Project;
use crate::requirements;
use crate::rpm;
use crate::writing::pkgcheck;

/// The spec can have no source package of the target's family.
pub(crate) const NO_SOURCE_PACKAGE: Code = crate::codes::NO_SOURCE_PACKAGE;

/// A source package that has been written.
pub(crate) struct WrittenSource {
    /// Its files, the one that names the others first.
    pub(crate) paths: Vec<PathBuf>,
    /// MD5 that ties binary packages to it; format 6 has none.
    pub(crate) id: Option<[u8; 16]>,
    /// For an upload: what the package says, and its files in the order of `paths`.
    pub(crate) deb: Option<(DebSource, Vec<SummedFile>)>,
}

/// The binary packages, as the file lists and the build root make them, and rpm's lines about them.
pub(crate) fn collect_binaries(run: &mut Run<'_>) -> Result<Vec<Package>, BuildError> {
    let options = collect_options(run.project, &run.build_time, cookie(run))?;
    let project = &mut *run.project;
    let places = places(project)?;
    let mut teller = progress::Teller {
        listener: run.listener,
        format: project.target.format,
    };
    let (engine, spec) = (&mut project.engine, &project.spec);
    let packages = collect::packages(engine, spec, &places, &options, &mut teller)?;
    project.engine.sink.check()?;
    Ok(packages)
}

/// What ties packages to a source package: the one that comes with them, or the one they are
/// rebuilt from.
pub(crate) fn cookie(run: &Run<'_>) -> Option<String> {
    let own = || format!("{} {}", run.build_time.host, run.build_time.seconds);
    let given = run.request.cookie.clone();
    given.or_else(|| run.work.source.then(own))
}

pub(crate) fn places(project: &mut Project) -> Result<collect::Places, BuildError> {
    Ok(collect::Places {
        build_root: PathBuf::from(&project.spec.build_root),
        build_dir: PathBuf::from(project.spec.source_dir()),
        source_dir: dir_of(&mut project.engine, "_sourcedir")?,
    })
}

pub(crate) fn collect_options(
    project: &mut Project,
    build_time: &BuildTime,
    cookie: Option<String>,
) -> Result<collect::Options, BuildError> {
    Ok(collect::Options {
        facts: build_facts(project, build_time, cookie)?,
        source_date_epoch: build_time.source_date,
        environment: build_time.variables(),
        set_aside: set_aside(project),
    })
}

/// Where the build root holds what goes into packages beside their files.
fn set_aside(project: &Project) -> Vec<String> {
    let spec = &project.spec;
    if project.target.format == Format::Rpm {
        return Vec::new();
    }
    let names = spec.packages.keys().map(String::as_str);
    control_files::directories(Path::new(&spec.build_root), names, &spec.main().name)
}

/// Writes the source package, where the target has one.
pub(crate) fn write_source(run: &mut Run<'_>) -> Result<Option<WrittenSource>, BuildError> {
    match run.project.target.format {
        Format::Rpm => rpm::write_source(run).map(Some),
        Format::Deb => write_deb_source(run),
    }
}

/// Writes a source package that holds nothing but the build requirements, under a name that build
/// roots look for. It is one of rpm's for every target: that is what build roots can read.
pub(crate) fn write_requirements(run: &mut Run<'_>) -> Result<(), BuildError> {
    let is_deb = run.project.target.format == Format::Deb;
    if run.request.switches.no_build
        || (is_deb && run.request.personality == Personality::Specbuild)
    {
        return Ok(());
    }
    if is_deb {
        run.generated = requirements::native(&run.generated, &run.request.database)?;
    }
    rpm::write_requirements(run)
}

/// Writes what an archive of the target's family wants to have with packages, where that is anything.
pub(crate) fn write_upload(
    run: &mut Run<'_>,
    source: &WrittenSource,
    packages: &[PathBuf],
) -> Result<Vec<PathBuf>, BuildError> {
    match &source.deb {
        Some((deb, files)) => upload::write(run, deb, files, &source.paths, packages),
        None => Ok(Vec::new()),
    }
}

/// A Debian source package. Where the spec can't have one, that is an error only if nothing else was
/// asked for.
fn write_deb_source(run: &mut Run<'_>) -> Result<Option<WrittenSource>, BuildError> {
    let Some(hindrance) = deb_source_package::hindrance(&run.project.spec) else {
        return deb_source_package::write_source(run).map(Some);
    };
    if run.work.binaries {
        let line = format!("note: {}", hindrance.message);
        run.listener.take(&Event::Note(line));
        return Ok(None);
    }
    Err(run.project.engine.sink.report(hindrance).into())
}

/// Writes the source package and the binary packages, as far as each is asked for. The binary packages
/// are looked at first: what the format cannot say of one is no reason to have half of a set.
pub(crate) fn write_set(
    run: &mut Run<'_>,
    binaries: &[Package],
) -> Result<(Option<WrittenSource>, Vec<PathBuf>), BuildError> {
    if !run.work.binaries {
        let source = run.work.source.then(|| write_source(run)).transpose()?;
        return Ok((source.flatten(), Vec::new()));
    }
    let (source, written) = match run.project.target.format {
        Format::Rpm => rpm::write_set(run, binaries),
        Format::Deb => deb::write_set(run, binaries),
    }?;
    pkgcheck::check(run.project, pkgcheck::TOGETHER, &written, run.listener)?;
    Ok((source, written))
}

/// Writes one package file, which appears under its name only when it is complete.
pub(crate) fn write_package<T>(
    project: &mut Project,
    path: &Path,
    listener: &mut dyn Listener,
    write: impl FnOnce(&mut Output<'_>, &mut source::Sink) -> Result<T, WriteError>,
) -> Result<T, BuildError> {
    let mut file = create(path)?;
    let written = write(&mut Output::new(&mut file), &mut project.engine.sink);
    let result = written.map_err(|fault| package_fault(path, fault))?;
    finish(file, project, listener)?;
    Ok(result)
}

/// Starts a package file.
pub(crate) fn create(path: &Path) -> Result<AtomicFile, BuildError> {
    make_dir(path.parent().unwrap_or(Path::new(".")))?;
    AtomicFile::create(path).map_err(|fault| plumbing_fault(path, fault))
}

/// Gives a package file its name, and says so.
pub(crate) fn finish(
    file: AtomicFile,
    project: &mut Project,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    listener.check_interruption()?;
    let (path, mut file) = (file.path().to_owned(), file);
    if project.written.has_other(&path, &mut file) {
        return Err(BuildError::WrittenBefore(path));
    }
    let kept = project.written.keep_older(&path);
    kept.map_err(|fault| package_fault(&path, WriteError::Write(fault)))?;
    file.commit()
        .map_err(|fault| plumbing_fault(&path, fault))?;
    project.written.add(&path);
    project.tell_findings(listener);
    listener.take(&Event::Wrote(&path));
    Ok(())
}

/// The directory of a temporary file that could not be written, and why.
fn temporary_fault(fault: &WriteError) -> Option<(PathBuf, std::io::Error)> {
    let mut cause = fault.source();
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        let inner = io.and_then(std::io::Error::get_ref);
        if let Some(it) = inner.and_then(|it| it.downcast_ref::<TemporaryFault>()) {
            let source = match it.source.raw_os_error() {
                Some(code) => std::io::Error::from_raw_os_error(code),
                None => it.source.kind().into(),
            };
            return Some((it.directory.clone(), source));
        }
        cause = error.source();
    }
    None
}

fn plumbing_fault(path: &Path, fault: archive::Error) -> BuildError {
    package_fault(path, WriteError::Write(std::io::Error::other(fault)))
}

pub(crate) fn package_fault(path: &Path, fault: WriteError) -> BuildError {
    if let Some((dir, source)) = temporary_fault(&fault) {
        return BuildError::Temporary { dir, source };
    }
    match fault {
        WriteError::Reported(reported) => BuildError::Reported(reported),
        source => BuildError::Package {
            path: path.to_owned(),
            source,
        },
    }
}
