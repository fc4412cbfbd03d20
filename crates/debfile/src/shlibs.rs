//! The packages that the shared libraries of a package come from.
//!
//! What programs need is read from their files; where it comes from, from dpkg's database: the
//! `symbols` files give the least version that has every symbol used, `shlibs` files a version for
//! the whole library. Libraries of the same spec are required in the version that is being built.
//!
//! This module reads files; [`crate::lower()`] takes what it finds by [`crate::Context::libraries`].
//!
//! Source: dpkg-shlibdeps(1); Debian Policy 8.6.

mod database;
mod dynamic;
mod finder;
mod relocations;
mod search;
mod surroundings;
mod symbols;
mod system;

use std::collections::BTreeMap;
use std::path::PathBuf;

use package::{Content, FileEntry, FileKind};
use source::{Diagnostic, Sink};

use crate::codes;
use crate::context::Context;
use crate::order::deb_order;
use crate::relation::{Sign, parse_clauses};
use finder::{Candidate, Finder};
use surroundings::{Alone, OfSpec};

pub use system::{ShlibsError, System};

/// The least versions in build dependencies, as a `Build-Depends` field has them, by package: those
/// after `>=` and `>>`, the highest of several.
pub fn least_versions(relations: &str) -> BTreeMap<String, String> {
    let mut versions: BTreeMap<String, String> = BTreeMap::new();
    for atom in parse_clauses(relations).into_iter().flatten() {
        let Some((Sign::LaterOrEqual | Sign::Later, version)) = atom.version else {
            continue;
        };
        let name = atom.name.split(':').next().unwrap_or(&atom.name);
        let least = versions.entry(name.to_owned()).or_default();
        if least.is_empty() || deb_order(least, &version).is_lt() {
            *least = version;
        }
    }
    versions
}

/// What the libraries of some files ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Relations for `Depends`, sorted; not yet simplified.
    pub relations: Vec<String>,
    /// Libraries that could not be traced to a package, a sentence for each.
    pub untraced: Vec<String>,
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
    let mut finder = Finder::new(system, multiarch);
    let mut found = BTreeMap::new();
    for package in context.packages {
        let entries: Vec<&FileEntry> = package.files.entries().iter().collect();
        let candidates: Vec<_> = entries.iter().filter_map(|it| candidate(it)).collect();
        let around = OfSpec::new(context, package, system.generated);
        let (relations, untraced) = finder.find(&candidates, &around)?;
        for it in untraced {
            let entry = package.files.get(&it.program);
            let diagnostic = Diagnostic::warning(codes::UNRESOLVED, it.to_string());
            sink.push(diagnostic.at(entry.and_then(|it| it.origin)));
        }
        found.insert(package.name.clone(), relations);
    }
    Ok(found)
}

/// What the libraries of files ask for that belong to no spec: pairs of the path that a file has or
/// will have when it is installed, and where it is now.
pub fn find_for_files(
    files: &[(String, PathBuf)],
    system: &System,
    multiarch: Option<&str>,
) -> Result<Found, ShlibsError> {
    let candidates: Vec<_> = files
        .iter()
        .map(|(path, file)| Candidate { path, file })
        .collect();
    let around = Alone::new(files.iter().map(|(path, _)| path.as_str()));
    let (relations, untraced) = Finder::new(system, multiarch).find(&candidates, &around)?;
    Ok(Found {
        relations,
        untraced: untraced.iter().map(ToString::to_string).collect(),
    })
}

/// Programs are executable, libraries have a name that says so.
fn candidate(entry: &FileEntry) -> Option<Candidate<'_>> {
    let name = entry.path.rsplit('/').next().unwrap_or("");
    let is_library = name.contains(".so") || name.ends_with(".node") || name.ends_with(".cmxs");
    let is_debug = entry.path.starts_with("/usr/lib/debug/");
    let may_be_dynamic = !is_debug && (entry.mode & 0o111 != 0 || is_library);
    match &entry.kind {
        FileKind::Regular {
            content: Content::OnDisk(file),
            ..
        } if may_be_dynamic && entry.has_content() => Some(Candidate {
            path: &entry.path,
            file,
        }),
        _ => None,
    }
}
