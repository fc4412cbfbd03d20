//! Packages out of a finished build root, and onto the disk.

pub(crate) mod planned;
pub(crate) mod progress;

use std::path::PathBuf;

use package::Package;
use target::{Format, Personality};

use crate::BuildError;
use crate::collecting;
use crate::deb;
use crate::requirements;
use crate::rpm;
use crate::run::{Run, WrittenSet, WrittenSource};
use crate::writing::pkgcheck;

/// The binary packages, as the file lists and the build root make them, and rpm's lines about them.
pub(crate) fn collect_binaries(run: &mut Run<'_>) -> Result<Vec<Package>, BuildError> {
    let options = collecting::options(run)?;
    let project = &mut *run.project;
    let places = collecting::places(project)?;
    let mut teller = progress::Teller {
        listener: run.listener,
        format: project.target.format,
    };
    let (engine, spec) = (&mut project.engine, &project.spec);
    let packages = collect::packages(engine, spec, &places, &options, &mut teller)?;
    project.engine.sink.check()?;
    Ok(packages)
}

/// Writes the source package, where the target has one.
fn write_source(run: &mut Run<'_>) -> Result<Option<WrittenSource>, BuildError> {
    match run.project.target.format {
        Format::Rpm => rpm::write_source(run).map(Some),
        Format::Deb => deb::source_package::write(run),
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
        Some(dsc) => deb::upload::write(run, dsc, packages),
        None => Ok(Vec::new()),
    }
}

/// Writes the source package and the binary packages, as far as each is asked for. The binary packages
/// are looked at first: what the format cannot say of one is no reason to have half of a set.
pub(crate) fn write_set(run: &mut Run<'_>, binaries: &[Package]) -> Result<WrittenSet, BuildError> {
    if !run.work.binaries {
        let source = run.work.source.then(|| write_source(run)).transpose()?;
        return Ok(WrittenSet {
            source: source.flatten(),
            binaries: Vec::new(),
        });
    }
    let written = match run.project.target.format {
        Format::Rpm => rpm::write_set(run, binaries),
        Format::Deb => deb::packages::write_set(run, binaries),
    }?;
    pkgcheck::check(
        run.project,
        pkgcheck::TOGETHER,
        &written.binaries,
        run.listener,
    )?;
    Ok(written)
}
