//! Debian source packages: what one is made from, gathered from spec and disk.

use std::collections::BTreeMap;

use debfile::source_package::{BinaryOutline, DebSource, SourceOutline, lower_source};
use package::{Package, RelationKind, Tag};
use source::{Code, Diagnostic};
use spec::Spec;

use crate::BuildError;
use crate::build_time::build_facts;
use crate::deb::context::{context, resolver};
use crate::deb::material::{Material, OutlinedBinary, Rules, carried, gather, spec_name};
use crate::deb::{rules_arguments, source_archives};
use crate::event::Event;
use crate::project::main_source;
use crate::run::Run;
use crate::run::WrittenDebSource;
use crate::run::WrittenSource;

/// How packages of debugging symbols are named: no source package lists them.
const DEBUG_SYMBOLS: &str = "-debuginfo";

/// The spec can have no source package of the target's family.
const NO_SOURCE_PACKAGE: Code = crate::codes::NO_SOURCE_PACKAGE;

/// Writes a source package. Where the spec can't have one, that is an error only if nothing else was
/// asked for.
pub(crate) fn write(run: &mut Run<'_>) -> Result<Option<WrittenSource>, BuildError> {
    let Some(hindrance) = hindrance(&run.project.spec) else {
        return write_source(run).map(Some);
    };
    if run.work.binaries {
        let line = format!("note: {}", hindrance.message);
        run.listener.take(&Event::Note(line));
        return Ok(None);
    }
    Err(run.project.engine.sink.report(hindrance).into())
}

/// Writes the source package of a spec.
fn write_source(run: &mut Run<'_>) -> Result<WrittenSource, BuildError> {
    let binaries: Vec<OutlinedBinary> = spec::built_packages(&run.project.spec)
        .filter(|it| !it.name.ends_with(DEBUG_SYMBOLS))
        .map(|it| OutlinedBinary {
            package: spec::binary_package(&run.project.spec, it),
            rules: Rules::of(it),
        })
        .collect();
    let material = gather(run, &binaries)?;
    let source = lower(run, &binaries, &material)?;
    let (paths, files) = source_archives::write(run, &source, &material)?;
    Ok(WrittenSource {
        paths,
        id: None,
        deb: Some(WrittenDebSource { source, files }),
    })
}

fn lower(
    run: &mut Run<'_>,
    binaries: &[OutlinedBinary],
    material: &Material,
) -> Result<DebSource, BuildError> {
    let facts = build_facts(run.project, &run.build_time, None)?;
    let arguments = rules_arguments::arguments(run);
    let project = &mut *run.project;
    let mut package = spec::source_package(&project.spec);
    package.build = facts;
    let required = package.relations.entry(RelationKind::Requires).or_default();
    required.extend_from_slice(&run.generated);
    let packages: Vec<Package> = binaries.iter().map(|it| it.package.clone()).collect();
    let outline = SourceOutline {
        package: &package,
        license: license(&project.spec, &packages),
        license_texts: texts(material),
        binaries: outlines(binaries),
        archs: project
            .spec
            .limits
            .exclusive_arch
            .iter()
            .map(ToString::to_string)
            .collect(),
        spec: spec_name(&project.spec),
        carried: carried(material)?,
        arguments,
        directory: material
            .upstream
            .as_ref()
            .and_then(|(_, it)| it.directory.clone()),
        main_source: main_source(&project.spec).map(|it| it.file_name.clone()),
    };
    let resolver = resolver(project)?;
    let context = context(project, &packages, &resolver)?;
    let sink = &mut project.engine.sink;
    let before = sink.errors();
    let source = lower_source(&outline, &context, sink);
    if sink.errors() > before {
        sink.check()?;
    }
    Ok(source)
}

fn outlines(binaries: &[OutlinedBinary]) -> Vec<BinaryOutline<'_>> {
    binaries
        .iter()
        .map(|it| BinaryOutline {
            package: &it.package,
            paths: it.rules.paths.clone(),
        })
        .collect()
}

/// `SourceLicense:`, or the licences of all packages.
fn license(spec: &Spec, packages: &[Package]) -> String {
    if let Some(license) = &spec.source_license {
        return license.clone();
    }
    let mut licenses: Vec<&str> = Vec::new();
    for package in packages {
        let license = package.tag(Tag::License).trim();
        if !license.is_empty() && !licenses.contains(&license) {
            licenses.push(license);
        }
    }
    match licenses.as_slice() {
        [] => spec
            .main()
            .tags
            .get(Tag::License)
            .unwrap_or_default()
            .to_owned(),
        [one] => (*one).to_owned(),
        several => format!("({})", several.join(") AND (")),
    }
}

fn texts(material: &Material) -> BTreeMap<String, String> {
    let upstream = material.upstream.as_ref();
    upstream.map(|(_, it)| it.texts.clone()).unwrap_or_default()
}

/// What keeps a spec from having such a package.
pub(crate) fn hindrance(spec: &Spec) -> Option<Diagnostic> {
    let left_out = spec.sources.iter().find(|it| it.is_left_out)?;
    let message = format!(
        "no source package is written: `{}` is left out of it, and it has to hold all sources",
        left_out.file_name
    );
    let finding = Diagnostic::error(NO_SOURCE_PACKAGE, message);
    Some(finding.at(left_out.origin))
}
