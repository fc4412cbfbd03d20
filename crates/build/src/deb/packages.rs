//! `.deb` files: what lowering has to know, gathered from target, spec and machine.

use std::path::{Path, PathBuf};

use archive::{Compression, Method};
use debfile::shlibs::{self, System, least_versions};
use debfile::source_package::build_depends;
use debfile::{DebWriter, WriteOptions};
use package::{Package, PackageWriter, RelationKind};

use crate::BuildError;
use crate::deb::context::{context, resolver};
use crate::deb::control_files;
use crate::deb::scriptlets::readable;
use crate::deb::source_package;
use crate::files::{dir_of, make_dir};
use crate::machine::installed::DPKG_DIR;
use crate::project::Project;
use crate::run::Run;
use crate::run::WrittenSet;
use crate::writing::side_by_side::{PackageFile, check_each, write_each};

/// Writes source and binary packages.
pub(crate) fn write_set(run: &mut Run<'_>, packages: &[Package]) -> Result<WrittenSet, BuildError> {
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
        let path = directory(project, package)?.join(writer.file_name(package));
        files.push(PackageFile { path, package });
    }
    check_each(project, packages, &writer)?;
    let source = run
        .work
        .source
        .then(|| source_package::write(run))
        .transpose()?;
    let binaries = write_each(run.project, &files, &writer, run.listener)?;
    Ok(WrittenSet {
        source: source.flatten(),
        binaries,
    })
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
