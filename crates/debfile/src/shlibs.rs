//! The packages that the shared libraries of a package come from.
//!
//! What programs need is read from their files; where it comes from, from dpkg's database: the
//! `symbols` files give the least version that has every symbol used, `shlibs` files a version for
//! the whole library. Libraries of the same spec are required in the version that is being built.
//!
//! This module reads files; [`crate::lower`] takes what it finds by [`crate::Context::libraries`].
//!
//! Source: dpkg-shlibdeps(1); Debian Policy 8.6.

mod database;
mod elf;
mod search;
mod symbols;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use package::{Content, FileEntry, FileKind, Package, RelationKind};
use source::{Diagnostic, Sink};

use crate::codes;
use crate::context::Context;
use crate::lower::{deb_version, package_name};
use database::Database;
use elf::{Dynamic, read_dynamic};
use search::{Directories, own_directories};
use symbols::Needs;

/// Why libraries could not be looked for.
#[derive(Debug, thiserror::Error)]
pub enum ShlibsError {
    /// A packaged file, or a file of dpkg's database, can't be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl ShlibsError {
    fn read(path: &Path, source: std::io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }
}

/// Where libraries are looked for.
#[derive(Clone, Debug)]
pub struct System {
    /// Top of the system that the packages are built in, usually `/`.
    pub root: PathBuf,
    /// dpkg's administration directory, usually `/var/lib/dpkg` below the root.
    pub admin: PathBuf,
    /// Whether generators have looked at the packages: then only the sonames that a package
    /// requires count, so that `AutoReq` and the spec's filters have a say.
    pub generated: bool,
}

/// The relations that the libraries of each package ask for, by rpm name, for
/// [`Context::libraries`]. Packages without dynamic programs have an empty list.
///
/// Without a dpkg database there is nothing to find, and the result is empty. A library that nobody
/// owns is reported at the file list line of the program that needs it.
pub fn find(
    context: &Context<'_>,
    system: &System,
    sink: &mut Sink,
) -> Result<BTreeMap<String, Vec<String>>, ShlibsError> {
    if !system.admin.join("info").is_dir() {
        return Ok(BTreeMap::new());
    }
    let multiarch = context.distribution.multiarch.as_deref();
    let mut search = Search {
        context,
        system,
        sink,
        directories: Directories::of(&system.root, multiarch),
        database: Database::open(&system.admin)?,
    };
    let mut found = BTreeMap::new();
    for package in context.packages {
        found.insert(package.name.clone(), search.package(package)?);
    }
    Ok(found)
}

struct Search<'a, 'c> {
    context: &'a Context<'c>,
    system: &'a System,
    sink: &'a mut Sink,
    directories: Directories,
    database: Database,
}

/// A program or library of the package, and what it needs from the system.
struct Program<'a> {
    entry: &'a FileEntry,
    dynamic: Dynamic,
    /// Soname to path on the system.
    libraries: BTreeMap<String, String>,
}

impl Search<'_, '_> {
    fn package(&mut self, package: &Package) -> Result<Vec<String>, ShlibsError> {
        let mut relations = BTreeSet::new();
        let mut programs = Vec::new();
        for entry in package
            .files
            .entries()
            .iter()
            .filter(|entry| may_be_dynamic(entry))
        {
            let Some(dynamic) = dynamic_part(entry)? else {
                continue;
            };
            let libraries = self.locate(package, entry, &dynamic, &mut relations);
            programs.push(Program {
                entry,
                dynamic,
                libraries,
            });
        }
        let owners = self.owners(&programs)?;
        let mut needs = Needs::default();
        for program in &programs {
            self.program(program, &owners, &mut needs, &mut relations)?;
        }
        relations.extend(needs.relations());
        Ok(relations.into_iter().collect())
    }

    /// Finds each needed library on the system; those of the spec's own packages become relations.
    fn locate(
        &mut self,
        package: &Package,
        entry: &FileEntry,
        dynamic: &Dynamic,
        relations: &mut BTreeSet<String>,
    ) -> BTreeMap<String, String> {
        let own = own_directories(&dynamic.search, &entry.path);
        let mut found = BTreeMap::new();
        for soname in &dynamic.needed {
            if !self.counts(package, soname) {
                continue;
            }
            if let Some(sibling) = self.sibling(package, soname, &own) {
                relations.extend(self.exactly(package, sibling));
            } else if let Some(path) = self.directories.find(soname, &own, dynamic.format) {
                found.insert(soname.clone(), path);
            } else {
                self.warn(
                    entry,
                    &format!("the library `{soname}` is not on this system"),
                );
            }
        }
        found
    }

    /// Whether a needed soname is to be looked for at all.
    fn counts(&self, package: &Package, soname: &str) -> bool {
        let required = |name: &str| {
            name.strip_prefix(soname)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
        };
        !self.system.generated
            || package
                .relations(RelationKind::Requires)
                .iter()
                .any(|it| required(&it.name()))
    }

    /// The package of the spec that has a library: where the linker looks for it, or anywhere in
    /// the package that needs it.
    fn sibling(&self, package: &Package, soname: &str, own: &[String]) -> Option<&Package> {
        let directories = || own.iter().chain(self.directories.list());
        let paths: Vec<String> = directories().map(|it| format!("{it}/{soname}")).collect();
        let has = |it: &&Package| paths.iter().any(|path| it.files.get(path).is_some());
        let carried = |entry: &FileEntry| entry.path.rsplit('/').next() == Some(soname);
        if package.files.entries().iter().any(carried) {
            return self
                .context
                .packages
                .iter()
                .find(|it| it.name == package.name);
        }
        self.context.packages.iter().find(has)
    }

    /// The relation on a package of the same spec; none on the package itself.
    fn exactly(&self, package: &Package, sibling: &Package) -> Option<String> {
        if sibling.name == package.name {
            return None;
        }
        let name = package_name(sibling, self.context);
        let version = deb_version(&sibling.evr).ok()?;
        Some(format!("{name} (= {version})"))
    }

    /// The owner of every library that the programs need, by its path.
    fn owners(
        &self,
        programs: &[Program<'_>],
    ) -> Result<BTreeMap<String, Option<String>>, ShlibsError> {
        let paths: BTreeSet<&String> = programs
            .iter()
            .flat_map(|it| it.libraries.values())
            .collect();
        let groups: Vec<_> = paths
            .iter()
            .map(|path| self.directories.aliases(path))
            .collect();
        let owners = self.database.owners(&groups)?;
        Ok(paths.into_iter().cloned().zip(owners).collect())
    }

    /// Adds what one program needs.
    fn program(
        &mut self,
        program: &Program<'_>,
        owners: &BTreeMap<String, Option<String>>,
        needs: &mut Needs,
        relations: &mut BTreeSet<String>,
    ) -> Result<(), ShlibsError> {
        let mut with_symbols: Vec<(&str, &str)> = Vec::new();
        for (soname, path) in &program.libraries {
            let Some(Some(owner)) = owners.get(path) else {
                self.warn(
                    program.entry,
                    &format!("no package owns the library `{path}`"),
                );
                continue;
            };
            self.database.load_symbols(owner)?;
            if let Some((template, least)) = self
                .database
                .library(owner, soname)
                .and_then(symbols::Library::base)
            {
                needs.add(template, least);
                with_symbols.push((owner, soname));
                continue;
            }
            let listed = self.database.shlibs(&self.system.root, owner, soname)?;
            relations.extend(listed.map_or_else(|| vec![bare(owner)], |it| split(&it)));
        }
        for symbol in &program.dynamic.imported {
            let libraries = with_symbols.iter();
            let found = libraries
                .filter_map(|(owner, soname)| self.database.library(owner, soname))
                .find_map(|library| library.get(symbol));
            if let Some((template, minimum)) = found {
                needs.add(template, minimum);
            }
        }
        Ok(())
    }

    fn warn(&mut self, entry: &FileEntry, what: &str) {
        let message = format!("{what}: no dependency for `{}`", entry.path);
        self.sink
            .push(Diagnostic::warning(codes::UNRESOLVED, message).at(entry.origin));
    }
}

/// The name without its architecture.
fn bare(owner: &str) -> String {
    owner.split(':').next().unwrap_or(owner).to_owned()
}

fn split(relations: &str) -> Vec<String> {
    relations
        .split(',')
        .map(|it| it.trim().to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

/// Programs are executable, libraries have a name that says so.
fn may_be_dynamic(entry: &FileEntry) -> bool {
    let name = entry.path.rsplit('/').next().unwrap_or("");
    let is_debug = entry.path.starts_with("/usr/lib/debug/");
    entry.has_content() && !is_debug && (entry.mode & 0o111 != 0 || name.contains(".so"))
}

fn dynamic_part(entry: &FileEntry) -> Result<Option<Dynamic>, ShlibsError> {
    match &entry.kind {
        FileKind::Regular {
            content: Content::OnDisk(path),
            ..
        } => read_dynamic(path).map_err(|source| ShlibsError::read(path, source)),
        _ => Ok(None),
    }
}
