//! Debian source packages: what one is made from, gathered from spec and disk.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use debfile::source_package::{BinaryOutline, Carried, DebSource, SourceOutline, lower_source};
use package::{Package, RelationKind, Tag};
use source::{Diagnostic, Sink};
use spec::{DefaultAttributes, RuleKind, Source, Spec, parse_file_line};

use crate::build_time::build_facts;
use crate::deb::source_archives::OVERRIDES;
use crate::deb::upstream::{Upstream, inspect};
use crate::deb::{packages, rules_arguments, source_archives};
use crate::packages::WrittenSource;
use crate::pipeline::Run;
use crate::project::main_source;
use crate::{BuildError, Setting, Settings};

/// How packages of debugging symbols are named: no source package lists them.
const DEBUG_SYMBOLS: &str = "-debuginfo";

/// What the source package is made from, as far as it lies on the disk.
pub(crate) struct Material {
    /// The archive that the package has as it is.
    pub(crate) upstream: Option<(PathBuf, Upstream)>,
    /// A main source that is no such archive.
    pub(crate) wrapped: Option<PathBuf>,
    /// Spec, patches and further sources.
    pub(crate) carried: Vec<(String, PathBuf)>,
}

/// Writes the source package of a spec.
pub(crate) fn write_source(run: &mut Run<'_>) -> Result<WrittenSource, BuildError> {
    let binaries: Vec<(Package, Rules)> = spec::built_packages(&run.project.spec)
        .filter(|it| !it.name.ends_with(DEBUG_SYMBOLS))
        .map(|it| (spec::binary_package(&run.project.spec, it), Rules::of(it)))
        .collect();
    let material = gather(run, &binaries)?;
    let source = lower(run, &binaries, &material)?;
    let (paths, files) = source_archives::write(run, &source, &material)?;
    Ok(WrittenSource {
        paths,
        id: None,
        deb: Some((source, files)),
    })
}

/// What `%files` says, before there are files.
#[derive(Default)]
struct Rules {
    paths: Vec<String>,
    licenses: Vec<String>,
}

impl Rules {
    fn of(package: &spec::SubPackage) -> Self {
        let (mut found, mut sink) = (Self::default(), Sink::new());
        let mut defaults = DefaultAttributes::default();
        for line in package.files.iter().flat_map(|files| &files.lines) {
            let Ok(Some(rule)) = parse_file_line(line, &mut defaults, &mut sink) else {
                continue;
            };
            let patterns = rule.patterns.iter().map(|it| it.as_str().to_owned());
            match rule.kind {
                RuleKind::Files if !rule.is_exclude => found.paths.extend(patterns),
                RuleKind::SpecialLicense => found.licenses.extend(patterns),
                _ => {}
            }
        }
        found
    }
}

fn gather(run: &Run<'_>, binaries: &[(Package, Rules)]) -> Result<Material, BuildError> {
    let spec = &run.project.spec;
    let wanted: Vec<String> = binaries
        .iter()
        .flat_map(|(_, it)| it.licenses.clone())
        .collect();
    let main = main_source(spec);
    let upstream = match main {
        Some(main) => inspect(Path::new(&main.path), &wanted)?,
        None => None,
    };
    let main_path = main.map(|main| PathBuf::from(&main.path));
    let is_main = |source: &&Source| main.is_some_and(|it| it.file_name == source.file_name);
    let mut seen = BTreeSet::new();
    let others = spec.sources.iter().filter(|it| !is_main(it));
    let others = others.filter(|it| seen.insert(it.file_name.clone()));
    let others = others.map(|it| (it.file_name.clone(), PathBuf::from(&it.path)));
    let (upstream, wrapped) = match (upstream, main_path) {
        (Some(upstream), Some(path)) => (Some((path, upstream)), None),
        (_, path) => (None, path),
    };
    let spec_file = (spec_name(spec), PathBuf::from(&spec.path));
    let mut carried: Vec<_> = std::iter::once(spec_file).chain(others).collect();
    carried.extend(overrides(Path::new(&spec.path), &carried));
    carried.extend(loaded_files(&run.request.settings));
    Ok(Material {
        upstream,
        wrapped,
        carried,
    })
}

fn spec_name(spec: &Spec) -> String {
    let name = Path::new(&spec.path).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Overrides for lintian that lie beside the spec, as `NAME.rpmlintrc` does for rpmlint, unless a source
/// holds some.
fn overrides(spec: &Path, carried: &[(String, PathBuf)]) -> Option<(String, PathBuf)> {
    let stem = spec.file_stem()?.to_string_lossy();
    let name = format!("{stem}.{OVERRIDES}");
    let path = spec.with_file_name(&name);
    let is_given = carried.iter().any(|(name, _)| name.ends_with(OVERRIDES));
    (!is_given && path.is_file()).then_some((name, path))
}

/// Macro files of the command line.
fn loaded_files(settings: &Settings) -> Vec<(String, PathBuf)> {
    let loaded = settings.given.iter().filter_map(|it| match it {
        Setting::Load(path) => Some(path),
        _ => None,
    });
    let name = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    loaded.map(|path| (name(path), path.clone())).collect()
}

fn lower(
    run: &mut Run<'_>,
    binaries: &[(Package, Rules)],
    material: &Material,
) -> Result<DebSource, BuildError> {
    let facts = build_facts(run.project, &run.build_time, None)?;
    let arguments = rules_arguments::arguments(run);
    let project = &mut *run.project;
    let mut package = spec::source_package(&project.spec);
    package.build = facts;
    let required = package.relations.entry(RelationKind::Requires).or_default();
    required.extend_from_slice(&run.generated);
    let packages: Vec<Package> = binaries
        .iter()
        .map(|(package, _)| package.clone())
        .collect();
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
    let resolver = packages::resolver(project)?;
    let context = packages::context(project, &packages, &resolver)?;
    let sink = &mut project.engine.sink;
    let before = sink.errors();
    let source = lower_source(&outline, &context, sink);
    if sink.errors() > before {
        sink.check()?;
    }
    Ok(source)
}

fn outlines(binaries: &[(Package, Rules)]) -> Vec<BinaryOutline<'_>> {
    binaries
        .iter()
        .map(|(package, rules)| BinaryOutline {
            package,
            paths: rules.paths.clone(),
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

fn carried(material: &Material) -> Result<Vec<Carried>, BuildError> {
    let files = material.carried.iter().map(|(name, path)| {
        Ok(Carried {
            name: name.clone(),
            is_binary: is_binary(path)?,
        })
    });
    files.collect()
}

/// Whether a file has NUL bytes, which makes it no text for `dpkg-source`.
fn is_binary(path: &Path) -> Result<bool, BuildError> {
    let fault = |source| read_fault(path, source);
    let mut file = std::fs::File::open(path).map_err(fault)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(fault)? {
            0 => return Ok(false),
            count if buffer[..count].contains(&0) => return Ok(true),
            _ => {}
        }
    }
}

/// A source that can't be read.
pub(crate) fn read_fault(path: &Path, source: std::io::Error) -> BuildError {
    BuildError::Read {
        what: "source",
        path: path.to_owned(),
        source,
    }
}

/// What keeps a spec from having such a package.
pub(crate) fn hindrance(spec: &Spec) -> Option<Diagnostic> {
    let left_out = spec.sources.iter().find(|it| it.is_left_out)?;
    let message = format!(
        "no source package is written: `{}` is left out of it, and it has to hold all sources",
        left_out.file_name
    );
    let finding = Diagnostic::error(crate::packages::NO_SOURCE_PACKAGE, message);
    Some(finding.at(left_out.origin))
}
