//! What a Debian source package is made from, gathered from spec and disk.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use debfile::source_package::Carried;
use package::Package;
use source::Sink;
use spec::{DefaultAttributes, RuleKind, Source, Spec, parse_file_line};

use crate::deb::upstream::{Upstream, inspect};
use crate::project::main_source;
use crate::run::Run;
use crate::{BuildError, Setting, Settings};

/// A source of such a name, or a file beside the spec, says what lintian is not to look for in the source package.
///
/// Source: lintian(1), "Tag overrides".
pub(crate) const OVERRIDES: &str = "source.lintian-overrides";
/// What the source package is made from, as far as it lies on the disk.
pub(crate) struct Material {
    /// The archive that the package has as it is.
    pub(crate) upstream: Option<(PathBuf, Upstream)>,
    /// A main source that is no such archive.
    pub(crate) wrapped: Option<PathBuf>,
    /// Spec, patches and further sources.
    pub(crate) carried: Vec<(String, PathBuf)>,
}

/// A binary package before there are files for it.
pub(crate) struct OutlinedBinary {
    pub(crate) package: Package,
    pub(crate) rules: Rules,
}

/// What `%files` says, before there are files.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) paths: Vec<String>,
    licenses: Vec<String>,
}

impl Rules {
    pub(crate) fn of(package: &spec::SubPackage) -> Self {
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

pub(crate) fn gather(run: &Run<'_>, binaries: &[OutlinedBinary]) -> Result<Material, BuildError> {
    let spec = &run.project.spec;
    let wanted: Vec<String> = binaries
        .iter()
        .flat_map(|it| it.rules.licenses.clone())
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

pub(crate) fn spec_name(spec: &Spec) -> String {
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

pub(crate) fn carried(material: &Material) -> Result<Vec<Carried>, BuildError> {
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
