//! `.rpm` files: their names, options and source packages.

pub(crate) mod file_digest;
pub(crate) mod places;

use std::path::PathBuf;
use std::sync::Arc;

use expand::Engine;
use package::{Package, PackageKind};
use rpmfile::{Options, RpmWriter};
use source::{Code, Diagnostic, Reported};

use crate::BuildError;
use crate::collecting;
use crate::files::dir_of;
use crate::project::Project;
use crate::rpm::file_digest::{BINARIES, SOURCES};
use crate::rpm::places::with_macros_for_places;
use crate::run::Run;
use crate::run::{WrittenSet, WrittenSource};
use crate::writing::package_file::write_package;
use crate::writing::pkgcheck;
use crate::writing::side_by_side::{PackageFile, check_each, write_each};
use crate::writing::signing;
use crate::writing::signing::KeyChoice;

/// `%_rpmfilename` is no query format.
const BAD_FILE_NAME: Code = crate::codes::BAD_PACKAGE_FILE_NAME;

/// Writes source and binary packages.
pub(crate) fn write_set(run: &mut Run<'_>, packages: &[Package]) -> Result<WrittenSet, BuildError> {
    let options = options(run.project)?;
    check_each(run.project, packages, &RpmWriter { options })?;
    let source = run.work.source.then(|| write_source(run)).transpose()?;
    let id = source.as_ref().and_then(|source| source.id);
    let binaries = write_binaries(run, packages, id)?;
    Ok(WrittenSet { source, binaries })
}

fn write_binaries(
    run: &mut Run<'_>,
    packages: &[Package],
    source_id: Option<[u8; 16]>,
) -> Result<Vec<PathBuf>, BuildError> {
    let is_short_circuited = !run.work.runs_scripts();
    let Run {
        project, listener, ..
    } = run;
    let options = Options {
        source_id,
        is_short_circuited,
        ..options(project)?
    };
    let dir = dir_of(&mut project.engine, "_rpmdir")?;
    let mut files = Vec::new();
    for package in packages {
        let name = file_name(&mut project.engine, package)?;
        let path = dir.join(name);
        files.push(PackageFile { path, package });
    }
    write_each(project, &files, &RpmWriter { options }, *listener)
}

pub(crate) fn write_source(run: &mut Run<'_>) -> Result<WrittenSource, BuildError> {
    let package = source_package(run)?;
    let name = format!("{}.rpm", package.nvra());
    write_source_as(run, &package, &name)
}

/// The build requirements alone, as `NAME-VERSION-RELEASE.buildreqs.nosrc.rpm`.
pub(crate) fn write_requirements(run: &mut Run<'_>) -> Result<(), BuildError> {
    run.project.spec.sources.clear();
    let package = source_package(run)?;
    let name = format!("{}.buildreqs.nosrc.rpm", package.nvr());
    write_source_as(run, &package, &name).map(drop)
}

fn source_package(run: &mut Run<'_>) -> Result<Package, BuildError> {
    let collecting = collecting::options(run)?;
    let project = &mut *run.project;
    file_digest::check(SOURCES, &mut project.engine);
    let places = collecting::places(project)?;
    project
        .spec
        .build_requires
        .extend_from_slice(&run.generated);
    let mut package =
        collect::source_package(&mut project.engine, &project.spec, &places, &collecting)?;
    if let PackageKind::Source(facts) = &mut package.kind {
        facts.spec_text = with_macros_for_places(&facts.spec_text, &mut project.engine)?;
    }
    Ok(package)
}

fn write_source_as(
    run: &mut Run<'_>,
    package: &Package,
    name: &str,
) -> Result<WrittenSource, BuildError> {
    let options = options(run.project)?;
    let path = dir_of(&mut run.project.engine, "_srcrpmdir")?.join(name);
    let written = write_package(run.project, &path, run.listener, |out, sink| {
        rpmfile::write(package, &options, out, sink)
    })?;
    let paths = std::slice::from_ref(&path);
    pkgcheck::check(run.project, pkgcheck::SOURCE, paths, run.listener)?;
    Ok(WrittenSource {
        paths: vec![path],
        id: written.id,
        deb: None,
    })
}

/// Where a package goes below `%_rpmdir`: `%_rpmfilename` is a query format.
pub(crate) fn file_name(engine: &mut Engine, package: &Package) -> Result<String, BuildError> {
    let format = engine.expand_str("%{_rpmfilename}")?;
    let rendered = query::Format::parse(&format)
        .map_err(|fault| fault.to_string())
        .and_then(|parsed| {
            parsed
                .render(&query::PackageTags::new(package))
                .map_err(|fault| fault.to_string())
        });
    rendered.map_err(|fault| {
        let message = format!(
            "Could not generate output filename for package {}: {fault}",
            package.name
        );
        let diagnostic = Diagnostic::error(BAD_FILE_NAME, message);
        let note = format!("`%_rpmfilename` is `{format}`");
        engine.sink.report(diagnostic.note(note)).into()
    })
}

/// The options that the macros ask for.
pub(crate) fn options(project: &mut Project) -> Result<Options, BuildError> {
    let engine = &mut project.engine;
    let mut options = payloads(engine)?;
    if engine.is_defined("__gpg_reserved_space") {
        let space = engine.expand_number("%{__gpg_reserved_space}");
        options.reserved_space = u32::try_from(space)
            .unwrap_or(0)
            .saturating_add(RESERVED_HEAD);
    }
    if let Some(choice) = KeyChoice::automatic(engine)? {
        options.signer = Some(Arc::new(signing::signer(engine, &choice)?));
    }
    Ok(options)
}

/// Those of the options that say how payloads and what is in them are to be.
pub(crate) fn payloads(engine: &mut Engine) -> Result<Options, Reported> {
    let mut options = Options::default();
    for (macro_name, payload) in [
        ("_binary_payload", &mut options.binary_payload),
        ("_source_payload", &mut options.source_payload),
    ] {
        let wanted = engine.expand_str(&format!("%{{?{macro_name}}}"))?;
        if !wanted.is_empty() {
            *payload = wanted;
        }
    }
    options.binary_file_digest = file_digest::of(BINARIES, engine);
    options.source_file_digest = file_digest::of(SOURCES, engine);
    Ok(options)
}

/// Bytes that rpm reserves in the signature header beside `%__gpg_reserved_space`.
const RESERVED_HEAD: u32 = 32;
