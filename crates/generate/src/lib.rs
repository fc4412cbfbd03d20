//! Generates dependencies from files, as rpm's dependency generators do.
//!
//! [`file_dependencies`] does it for the files of a package: each file is classified (`class`), the
//! file attributes that the macros describe are matched against it (`attributes`, `selector`), and the
//! generators of those attributes are run over it (`generators`): functions of this program (`native`),
//! programs it stands in for (`stand_ins`), programs (`command`) and macros. [`examine_files`],
//! [`elf_dependencies()`] and [`classify_content`] do parts of it for files of no package.
//!
//! Not here: which files a package has, see crate `collect`.
//!
//! Source: rpm-dependency-generators(7).

mod attributes;
mod class;
mod codes;
mod command;
mod error;
mod examine;
mod external;
mod fault;
mod filters;
mod found;
mod generators;
mod implied;
mod kinds;
mod native;
mod rpmdeps;
mod selector;
mod settings;
mod stand_ins;
mod subject;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use expand::{Engine, Level};
use package::{FileDependency, FileEntry, Package, RpmFormat};
use source::Text;

pub use codes::{BAD_SETTING, CODES};
pub use error::Unreadable;
pub use generators::Wanted;
pub use native::elf_dependencies::ElfOptions;
pub use rpmdeps::{
    ContentClass, ElfSide, FileReport, classify_content, elf_dependencies, examine_files,
};
pub use settings::only_core;

use command::Surroundings;
use generators::Generators;

/// What dependencies are generated for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The package that the files are in.
    pub package: &'a Package,
    /// Which kinds of dependencies are sought.
    pub wanted: Wanted,
    /// What `%install` has filled.
    pub build_root: &'a Path,
    /// Variables that generators find in their environment.
    pub environment: &'a BTreeMap<String, String>,
}

/// Classifies files and generates their dependencies, with the macros defined that generators see
/// meanwhile. What belongs to no file is returned.
pub fn file_dependencies(
    entries: &mut [FileEntry],
    request: Request<'_>,
    engine: &mut Engine,
) -> Result<Vec<FileDependency>, Unreadable> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let exported = export(request.package, engine);
    let result = generate(entries, request, engine);
    for name in exported {
        engine.undefine(name);
    }
    let of_files = entries.iter_mut();
    implied::drop_implied(of_files.map(|it| (it.color, &mut it.dependencies)));
    result
}

fn generate(
    entries: &mut [FileEntry],
    request: Request<'_>,
    engine: &mut Engine,
) -> Result<Vec<FileDependency>, Unreadable> {
    let root = request.build_root;
    let surroundings = Surroundings {
        variables: request.environment.clone(),
        build_root: root.to_string_lossy().into_owned(),
    };
    if external::is_wanted(engine) {
        if request.package.build.format >= RpmFormat::V6 {
            external::refuse(engine);
            return Ok(Vec::new());
        }
        examine::classify_all(entries, root)?;
        let paths = entries.iter().map(|it| examine::on_disk(it, root));
        let paths: Vec<PathBuf> = paths.collect();
        return Ok(external::find(
            &paths,
            request.wanted,
            &surroundings,
            engine,
        ));
    }
    let generators = Generators::read(engine, request.wanted, surroundings);
    examine::analyze(entries, root, &generators, engine)?;
    Ok(Vec::new())
}

/// Defines what the package is called; the names defined are to be taken away again.
///
/// Source: rpm-dependency-generators(7), "Exported macros".
fn export(package: &Package, engine: &mut Engine) -> Vec<&'static str> {
    let evr = &package.evr;
    let epoch = evr.epoch.map(|it| it.to_string());
    let values = [
        ("name", Some(package.name.clone())),
        ("epoch", epoch),
        ("version", Some(evr.version.clone())),
        ("release", Some(evr.release.clone())),
    ];
    let mut names = Vec::new();
    for (name, value) in values {
        if let Some(value) = value {
            engine.define(name, Text::detached(value), Level::SPEC);
            names.push(name);
        }
    }
    names
}
