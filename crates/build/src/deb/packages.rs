//! `.deb` files: what lowering has to know, gathered from target, spec and machine.

use std::path::{Path, PathBuf};

use archive::{Compression, Method};
use debfile::shlibs::{self, System, least_versions};
use debfile::source_package::build_depends;
use debfile::{Context, DebWriter, Distribution, ScriptletArguments, SuffixRule, WriteOptions};
use package::{Package, PackageWriter, RelationKind};

use crate::BuildError;
use crate::deb::control_files;
use crate::deb::debbuild_branches::debbuild_branches;
use crate::deb::names::NameResolver;
use crate::deb::scriptlets::readable;
use crate::files::{dir_of, make_dir};
use crate::machine::installed::DPKG_DIR;
use crate::machine::installed::{Archive, DpkgDatabase};
use crate::packages::{WrittenSource, write_source};
use crate::pipeline::Run;
use crate::project::Project;
use crate::writing::side_by_side::{check_each, write_each};

/// Writes source and binary packages.
pub(crate) fn write_set(
    run: &mut Run<'_>,
    packages: &[Package],
) -> Result<(Option<WrittenSource>, Vec<PathBuf>), BuildError> {
    let project = &mut *run.project;
    let packages = &*readable(packages, &mut project.engine.sink);
    let resolver = resolver(project)?;
    let mut context = context(project, packages, &resolver)?;
    context.texts =
        debfile::read_texts(packages).map_err(|source| package_fault(project, source))?;
    let compresses = compresses_documents(project)?;
    let is_wanted =
        |path: &str, size| compresses && policy::wants_compression(Path::new(path), size);
    context.compressed = debfile::compress_documents(packages, &is_wanted)
        .map_err(|source| package_fault(project, source))?;
    let build_root = Path::new(&project.spec.build_root);
    context.control_files = control_files::load(build_root, packages, &project.spec.main().name)?;
    let mut source = spec::source_package(&project.spec);
    let required = source.relations.entry(RelationKind::Requires).or_default();
    required.extend_from_slice(&run.generated);
    let system = System {
        root: "/".into(),
        admin: DPKG_DIR.into(),
        generated: true,
        build_depends: least_versions(&build_depends(&source, &context)),
    };
    context.libraries = shlibs::find(&context, &system, &mut project.engine.sink)?;
    for (name, package) in &project.spec.packages {
        if let Some(found) = context
            .libraries
            .get_mut(name)
            .filter(|_| !package.auto_req)
        {
            found.clear();
        }
    }
    let writer = DebWriter {
        context: &context,
        options: options(project)?,
    };
    let mut files = Vec::new();
    for package in packages {
        files.push((
            directory(project, package)?.join(writer.file_name(package)),
            package,
        ));
    }
    check_each(project, packages, &writer)?;
    let source = run.work.source.then(|| write_source(run)).transpose()?;
    let written = write_each(run.project, &files, &writer, run.listener)?;
    Ok((source.flatten(), written))
}

fn package_fault(project: &Project, source: package::WriteError) -> BuildError {
    BuildError::Package {
        path: PathBuf::from(&project.spec.build_root),
        source,
    }
}

/// Whether documentation is compressed: `%doc README` comes into the build root when the build-root
/// policy that does it has run, unless the spec has switched that off.
fn compresses_documents(project: &mut Project) -> Result<bool, BuildError> {
    let policy = project.engine.expand_str("%{?__os_install_post}")?;
    Ok(policy.contains("brp-compress-docs"))
}

/// What capabilities are called on the target.
pub(crate) fn resolver(project: &Project) -> Result<NameResolver, BuildError> {
    Ok(NameResolver {
        translation: project.target.translation()?,
        installed: DpkgDatabase::at(Path::new(DPKG_DIR)),
        archive: Archive::default(),
    })
}

/// What lowering has to know, without what the build finds out.
pub(crate) fn context<'a>(
    project: &mut Project,
    packages: &'a [Package],
    resolver: &'a NameResolver,
) -> Result<Context<'a>, BuildError> {
    let mut context = Context::new(distribution(project)?, packages, resolver);
    context.debbuild_aware = asks_for_debbuild(&project.text);
    context.debbuild_branches = debbuild_branches(packages, &project.engine.sources);
    context.scriptlet_arguments = scriptlet_arguments(project)?;
    Ok(context)
}

/// Whether a spec makes decisions of its own about Debian: then names stand as written, and
/// scriptlets get dpkg's own words, unless they compare them with rpm's numbers.
fn asks_for_debbuild(spec: &str) -> bool {
    let code = spec
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    code.into_iter().any(|line| line.contains("debbuild"))
}

/// What the configuration has all scriptlets called with.
fn scriptlet_arguments(project: &mut Project) -> Result<Option<ScriptletArguments>, BuildError> {
    let forced = project.engine.expand_str("%{?_deb_scriptlet_args}")?;
    Ok(match forced.as_str() {
        "dpkg" => Some(ScriptletArguments::Dpkg),
        "rpm" => Some(ScriptletArguments::Rpm),
        _ => None,
    })
}

fn distribution(project: &mut Project) -> Result<Distribution, BuildError> {
    let engine = &mut project.engine;
    let multiarch = engine.expand_str("%{?_multiarch}")?;
    let target = &project.target;
    let endings = target.translation()?;
    Ok(Distribution {
        archs: target
            .arch_names
            .iter()
            .map(|(rpm, deb)| ((*rpm).to_owned(), (*deb).to_owned()))
            .collect(),
        suffixes: endings
            .endings()
            .map(|(rpm, deb)| SuffixRule {
                rpm: rpm.to_owned(),
                deb: deb.to_owned(),
            })
            .collect(),
        codename: target.release.name.clone(),
        multiarch: Some(multiarch).filter(|triplet| !triplet.is_empty()),
        places: endings.places().to_vec(),
        maintainer: engine.expand_str("%{?_deb_maintainer}%{!?_deb_maintainer:%{?packager}}")?,
    })
}

fn options(project: &mut Project) -> Result<WriteOptions, BuildError> {
    let spool_directory = dir_of(&mut project.engine, "_tmppath")?;
    make_dir(&spool_directory)?;
    let compression = compression(project)?;
    Ok(WriteOptions {
        compression,
        spool_directory,
    })
}

/// `%_deb_payload`, in rpm's notation, else what the target's release uses.
fn compression(project: &mut Project) -> Result<Compression, BuildError> {
    let wanted = project.engine.expand_str("%{?_deb_payload}")?;
    if let Ok(compression) = wanted.parse() {
        return Ok(compression);
    }
    let release = project.target.compression.as_ref();
    let (method, level) = release.map_or((target::Method::Xz, 6), |it| (it.method, it.level));
    let method = match method {
        target::Method::Zstd => Method::Zstd,
        target::Method::Gzip => Method::Gzip,
        target::Method::None => Method::None,
        target::Method::Xz => Method::Xz,
    };
    Ok(Compression::new(method).with_level(level.into()))
}

/// `%_debdir`, and below it the architecture, unless packages go into one directory.
pub(crate) fn directory(project: &mut Project, package: &Package) -> Result<PathBuf, BuildError> {
    let dir = dir_of(&mut project.engine, "_debdir")?;
    let is_flat = project.engine.is_defined("_deb_flat");
    Ok(if is_flat {
        dir
    } else {
        dir.join(project.target.native_arch(&package.arch))
    })
}
