//! From programs to relations: each library they need, its owner, and what the owner's files say.
//!
//! Source: dpkg-shlibdeps(1), "DESCRIPTION" and "ERRORS".

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use rayon::prelude::*;

use super::database::Database;
use super::dynamic::{Dynamic, read_dynamic};
use super::search::{Directories, own_directories};
use super::surroundings::Surroundings;
use super::symbols::{Library, Needs};
use super::system::{ShlibsError, System};
use crate::relation::split_relations;

/// A file that may be a program or a library.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    /// The path it is installed at.
    pub(super) path: &'a str,
    /// Where it is now.
    pub(super) file: &'a Path,
}

/// A library that is not known to come from a package.
pub(super) struct Untraced {
    what: String,
    /// The installed path of the program that needs it.
    pub(super) program: String,
}

impl fmt::Display for Untraced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: no dependency for `{}`", self.what, self.program)
    }
}

/// Looks for libraries on one system.
pub(super) struct Finder<'a> {
    system: &'a System,
    directories: Directories,
    database: Database,
}

/// A program or library, and what it needs from the system.
struct Program<'a> {
    path: &'a str,
    dynamic: Dynamic,
    libraries: Vec<Needed>,
}

/// A needed soname, and the libraries of this name in the order in which they are looked for.
struct Needed {
    soname: String,
    paths: Vec<String>,
}

/// What is gathered for one package.
#[derive(Default)]
struct Findings {
    relations: BTreeSet<String>,
    needs: Needs,
    untraced: Vec<Untraced>,
}

impl Findings {
    fn lack(&mut self, what: String, program: &str) {
        let program = program.to_owned();
        self.untraced.push(Untraced { what, program });
    }
}

/// The owner of each path, where there is one.
type Owners = BTreeMap<String, Option<String>>;

impl<'a> Finder<'a> {
    pub(super) fn new(system: &'a System, multiarch: Option<&str>) -> Self {
        Self {
            system,
            directories: Directories::of(&system.root, multiarch),
            database: Database::at(&system.admin),
        }
    }

    /// The relations that the files of one package ask for, sorted.
    pub(super) fn find(
        &mut self,
        candidates: &[Candidate<'_>],
        around: &dyn Surroundings,
    ) -> Result<(Vec<String>, Vec<Untraced>), ShlibsError> {
        let mut findings = Findings::default();
        let mut programs = Vec::new();
        for (path, dynamic) in read_all(candidates)? {
            let libraries = self.locate(path, &dynamic, around, &mut findings);
            programs.push(Program {
                path,
                dynamic,
                libraries,
            });
        }
        let owners = self.owners(&programs)?;
        for program in &programs {
            self.program(program, &owners, &mut findings)?;
        }
        findings.relations.extend(findings.needs.relations());
        Ok((findings.relations.into_iter().collect(), findings.untraced))
    }

    /// Finds each needed library on the system; those of the same build become relations.
    fn locate(
        &self,
        program: &str,
        dynamic: &Dynamic,
        around: &dyn Surroundings,
        findings: &mut Findings,
    ) -> Vec<Needed> {
        let own = own_directories(&dynamic.search, program);
        let mut found = Vec::new();
        for soname in dynamic.needed.iter().filter(|it| around.counts(it)) {
            if let Some(relation) = around.sibling(soname, &own, self.directories.list()) {
                findings.relations.extend(relation);
                continue;
            }
            let paths = self.directories.find(soname, &own, dynamic.format);
            if paths.is_empty() {
                findings.lack(
                    format!("the library `{soname}` is not on this system"),
                    program,
                );
            } else {
                let soname = soname.clone();
                found.push(Needed { soname, paths });
            }
        }
        found
    }

    /// The owner of every library that the programs need, by its path. A path that nobody owns may
    /// be a link to a file that somebody does.
    fn owners(&mut self, programs: &[Program<'_>]) -> Result<Owners, ShlibsError> {
        let needed = programs.iter().flat_map(|it| &it.libraries);
        let paths: BTreeSet<&String> = needed.flat_map(|it| &it.paths).collect();
        let groups: Vec<_> = paths
            .iter()
            .flat_map(|path| self.directories.aliases(path))
            .collect();
        let owners = self.database.owners(&groups)?;
        let pairs = owners
            .chunks(2)
            .map(|it| it.iter().flatten().next().cloned());
        Ok(paths.into_iter().cloned().zip(pairs).collect())
    }

    /// Adds what one program needs.
    fn program(
        &mut self,
        program: &Program<'_>,
        owners: &Owners,
        findings: &mut Findings,
    ) -> Result<(), ShlibsError> {
        let mut with_symbols: Vec<(&str, &str)> = Vec::new();
        for Needed { soname, paths } in &program.libraries {
            let owned: Vec<&str> = paths
                .iter()
                .filter_map(|path| owners.get(path)?.as_deref())
                .collect();
            if owned.is_empty() {
                let what = format!("no package owns the library `{}`", paths[0]);
                findings.lack(what, program.path);
            } else if let Some(owner) = self.library(soname, &owned, findings)? {
                with_symbols.push((owner, soname));
            }
        }
        for symbol in &program.dynamic.imported {
            let found = with_symbols
                .iter()
                .filter_map(|(owner, soname)| self.database.library(owner, soname))
                .find_map(|library| library.get(symbol));
            if let Some((template, minimum)) = found {
                findings.needs.add(template, minimum);
            }
        }
        for (owner, soname) in with_symbols {
            if let Some(library) = self.database.library(owner, soname) {
                self.heed_build_depends(library, &mut findings.needs);
            }
        }
        Ok(())
    }

    /// Who was built with a newer version of the package that a library names for this needs a
    /// library that is as new. Source: deb-symbols(5), `Build-Depends-Package`.
    fn heed_build_depends(&self, library: &Library, needs: &mut Needs) {
        let versions = library
            .build_packages()
            .filter_map(|name| self.system.build_depends.get(name));
        for version in versions {
            for template in library.templates() {
                needs.raise(template, version);
            }
        }
    }

    /// Adds what a library asks for as a whole. The owner, if its symbols have more to say.
    ///
    /// The first owner that has anything on the soname counts; if none has, the first is required
    /// by name.
    fn library<'o>(
        &mut self,
        soname: &str,
        owners: &[&'o str],
        findings: &mut Findings,
    ) -> Result<Option<&'o str>, ShlibsError> {
        let root = &self.system.root;
        for owner in owners {
            self.database.load_symbols(root, owner)?;
            let library = self.database.library(owner, soname);
            if let Some((template, least)) = library.and_then(Library::base) {
                findings.needs.add(template, least);
                return Ok(Some(owner));
            }
            if let Some(listed) = self.database.shlibs(root, owner, soname)? {
                findings
                    .relations
                    .extend(split_relations(&listed).map(str::to_owned));
                return Ok(None);
            }
        }
        findings.relations.extend(owners.first().map(|it| bare(it)));
        Ok(None)
    }
}

/// Those candidates that have a dynamic part, by the paths they are installed at.
fn read_all<'c>(candidates: &[Candidate<'c>]) -> Result<Vec<(&'c str, Dynamic)>, ShlibsError> {
    let read = |&Candidate { path, file }: &Candidate<'c>| match read_dynamic(file) {
        Ok(dynamic) => dynamic.map(|it| Ok((path, it))),
        Err(source) => Some(Err(ShlibsError::read(file, source))),
    };
    archive::in_threads(|| candidates.par_iter().filter_map(read).collect())
}

/// The name without its architecture.
fn bare(owner: &str) -> String {
    owner.split(':').next().unwrap_or(owner).to_owned()
}
