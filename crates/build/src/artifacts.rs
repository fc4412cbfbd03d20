//! Packages out of a finished build root, and onto the disk.

mod deb;
mod places;
mod rpm;

use std::path::{Path, PathBuf};

use archive::AtomicFile;
use package::{Dependency, Package, PackageWriter, WriteError};
use source::{Code, Diagnostic};
use target::Format;

use crate::BuildError;
use crate::event::{Event, Listener};
use crate::read::Project;
use crate::request::Request;
use crate::workspace::{Moment, build_facts, dir_of, make_dir};

/// The target's family has no source packages yet.
const NO_SOURCE_PACKAGE: Code = Code("build::no-source-package");

/// What packages are made by.
pub(crate) struct Plan<'p> {
    pub(crate) request: &'p Request,
    pub(crate) moment: &'p Moment,
    /// What `%generate_buildrequires` asked for.
    pub(crate) generated: &'p [Dependency],
}

/// A source package that has been written.
pub(crate) struct WrittenSource {
    pub(crate) path: PathBuf,
    /// MD5 that ties binary packages to it.
    pub(crate) id: [u8; 16],
}

/// The binary packages, as the file lists and the build root make them.
pub(crate) fn collect_binaries(
    project: &mut Project,
    plan: &Plan<'_>,
) -> Result<Vec<Package>, BuildError> {
    let has_cookie = plan.request.stage.writes_source();
    let options = collect_options(project, plan.moment, has_cookie)?;
    let places = places(project)?;
    let packages = collect::packages(&mut project.engine, &project.spec, &places, &options)?;
    project.engine.sink.check()?;
    Ok(packages)
}

fn places(project: &mut Project) -> Result<collect::Places, BuildError> {
    Ok(collect::Places {
        build_root: PathBuf::from(&project.spec.build_root),
        build_dir: PathBuf::from(project.spec.source_dir()),
        source_dir: dir_of(&mut project.engine, "_sourcedir")?,
    })
}

fn collect_options(
    project: &mut Project,
    moment: &Moment,
    has_cookie: bool,
) -> Result<collect::Options, BuildError> {
    Ok(collect::Options {
        facts: build_facts(project, moment, has_cookie)?,
        source_date_epoch: moment.source_date,
        environment: moment.variables(),
    })
}

/// Writes the source package, where the target has one.
pub(crate) fn write_source(
    project: &mut Project,
    plan: &Plan<'_>,
    listener: &mut dyn Listener,
) -> Result<Option<WrittenSource>, BuildError> {
    match project.target.format {
        Format::Rpm => rpm::write_source(project, plan, listener).map(Some),
        Format::Deb => no_source_package(project, plan, listener),
    }
}

/// The target's family has source packages that are not written yet: where one is all that was asked
/// for, that is an error.
fn no_source_package(
    project: &mut Project,
    plan: &Plan<'_>,
    listener: &mut dyn Listener,
) -> Result<Option<WrittenSource>, BuildError> {
    let target = &project.target.id;
    let message = format!("no source package is written for target {target}");
    if plan.request.stage.writes_binaries() {
        listener.take(&Event::Note(format!("note: {message}")));
        return Ok(None);
    }
    let diagnostic = Diagnostic::error(NO_SOURCE_PACKAGE, message)
        .help("`--target rpm` writes a source package");
    Err(project.engine.sink.report(diagnostic).into())
}

/// Writes the binary packages in the target's format.
pub(crate) fn write_binaries(
    project: &mut Project,
    plan: &Plan<'_>,
    packages: &[Package],
    source_id: Option<[u8; 16]>,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    match project.target.format {
        Format::Rpm => rpm::write_binaries(project, packages, source_id, listener),
        Format::Deb => deb::write_binaries(project, plan, packages, listener),
    }
}

/// Writes one package file, which appears under its name only when it is complete.
fn write_package<T>(
    project: &mut Project,
    path: &Path,
    listener: &mut dyn Listener,
    write: impl FnOnce(&mut AtomicFile, &mut source::Sink) -> Result<T, WriteError>,
) -> Result<T, BuildError> {
    let fault = |source| match source {
        WriteError::Reported(reported) => BuildError::Reported(reported),
        source => BuildError::Package {
            path: path.to_owned(),
            source,
        },
    };
    make_dir(path.parent().unwrap_or(Path::new(".")))?;
    let plumbing = |error: archive::Error| WriteError::Write(std::io::Error::other(error));
    let mut file = AtomicFile::create(path).map_err(|error| fault(plumbing(error)))?;
    let result = write(&mut file, &mut project.engine.sink).map_err(fault)?;
    file.commit().map_err(|error| fault(plumbing(error)))?;
    project.tell_findings(listener);
    listener.take(&Event::Wrote(path));
    Ok(result)
}

/// Writes binary packages one after the other; each one uses all processors by itself.
fn write_each(
    project: &mut Project,
    packages: &[(PathBuf, &Package)],
    writer: &dyn PackageWriter,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    for (path, package) in packages {
        write_package(project, path, listener, |file, sink| {
            writer.write(package, file, sink)
        })?;
    }
    Ok(packages.iter().map(|(path, _)| path.clone()).collect())
}
