//! Whether this machine has what a build requires.
//!
//! A machine of Debian's family is asked through dpkg's database, any other through `rpm`. The
//! wording of the fault is rpm's, because build roots look for it.

use std::cmp::Ordering;
use std::path::Path;

use debfile::{Resolution, Resolver, VERSION, with_version_inside};
use package::{Comparison, Dependency, Evr, Requirement, RichDependency, RichOperator};
use source::{Code, Diagnostic};
use target::{Target, TargetRequest};

use crate::BuildError;
use crate::installed::{Archive, DatabasePlace, DpkgDatabase, RpmDatabase};
use crate::machine::host_facts;
use crate::names::NameResolver;
use crate::read::Project;

/// A build requirement is not met.
pub(crate) const UNMET: Code = Code("build::unmet-build-requirement");

/// Where dpkg keeps its database.
pub(crate) const DPKG_DIR: &str = "/var/lib/dpkg";

/// Reports what the build requires and this machine lacks, or has and must not have: then a build
/// root may install it and try again, which the exit status 11 asks for.
pub(crate) fn check(
    project: &mut Project,
    more: &[Dependency],
    place: &DatabasePlace,
) -> Result<(), BuildError> {
    let spec = &project.spec;
    if spec.build_requires.is_empty() && spec.build_conflicts.is_empty() && more.is_empty() {
        return Ok(());
    }
    let machine = Machine::look(place)?;
    let evr = spec.evr(spec.main());
    let whole = format!(
        "{}-{}-{}.{}",
        spec.main().name,
        evr.version,
        evr.release,
        spec.arch
    );
    let required = spec.build_requires.iter().chain(more);
    let missing = required
        .filter(|dependency| !machine.has(&dependency.what))
        .map(|dependency| (dependency, format!("\t{dependency} is needed by {whole}")));
    let conflicting = spec
        .build_conflicts
        .iter()
        .filter(|dependency| machine.has(&dependency.what))
        .map(|dependency| (dependency, format!("\t{dependency} conflicts with {whole}")));
    let mut unmet: Vec<_> = missing.chain(conflicting).collect();
    machine.check()?;
    unmet.sort_by(|(a, _), (b, _)| a.name().cmp(&b.name()));
    if unmet.is_empty() {
        return Ok(());
    }
    let lines: Vec<&str> = unmet.iter().map(|(_, line)| line.as_str()).collect();
    let message = format!("Failed build dependencies:\n{}", lines.join("\n"));
    let mut diagnostic = Diagnostic::error(UNMET, message);
    for (dependency, _) in &unmet {
        let name = machine.native_name(&dependency.what);
        let hint = name
            .map(|name| format!("package `{name}` here"))
            .unwrap_or_default();
        diagnostic = diagnostic.label(dependency.origin, hint);
    }
    let help = machine.install_command(unmet.iter().map(|(dependency, _)| &dependency.what));
    let diagnostic = diagnostic
        .help_if(help)
        .note("`--nodeps` builds without this check");
    project.engine.sink.report(diagnostic);
    Err(BuildError::MissingBuildRequires)
}

/// Requirements in the words of this machine's packages, as far as they are known.
pub(crate) fn native(
    required: &[Dependency],
    place: &DatabasePlace,
) -> Result<Vec<Dependency>, BuildError> {
    let machine = Machine::look(place)?;
    let renamed = required.iter().map(|dependency| {
        let name = machine.native_name(&dependency.what);
        let first = name.as_deref().and_then(|name| name.split(" | ").next());
        let text = first.map(|name| source::Text::detached(name.trim()));
        let parsed = text.and_then(|text| {
            let rules = package::DependencyRules::REQUIRES;
            package::parse_dependencies(&text, rules, dependency.when).ok()
        });
        let renamed = parsed.and_then(|(mut found, _)| found.pop());
        renamed.unwrap_or_else(|| dependency.clone())
    });
    Ok(renamed.collect())
}

/// The package database of this machine.
enum Machine {
    Dpkg(Box<NameResolver>),
    Rpm(Box<RpmDatabase>),
}

impl Machine {
    fn look(place: &DatabasePlace) -> Result<Self, BuildError> {
        let root = place.root.as_deref().unwrap_or(Path::new("/"));
        let installed = DpkgDatabase::at(&root.join(DPKG_DIR.trim_start_matches('/')));
        if installed.is_empty() || place.dir.is_some() {
            return Ok(Self::Rpm(Box::new(RpmDatabase::load(place)?)));
        }
        let own = TargetRequest {
            word: Some("deb"),
            ..TargetRequest::default()
        };
        let translation = Target::load(&own, &host_facts(None)?)?.translation()?;
        Ok(Self::Dpkg(Box::new(NameResolver {
            translation,
            installed,
            archive: Archive::default(),
        })))
    }

    /// Whether all that was asked so far was answered.
    fn check(&self) -> Result<(), BuildError> {
        match self {
            Self::Dpkg(_) => Ok(()),
            Self::Rpm(database) => database.check(),
        }
    }

    fn has(&self, what: &Requirement) -> bool {
        match what {
            Requirement::Rich(rich) => self.has_rich(rich),
            Requirement::Simple(relation) => {
                let version = relation.version.as_ref();
                match self {
                    Self::Rpm(database) => database.has(relation),
                    Self::Dpkg(resolver) => dpkg_has(resolver, &relation.name, version),
                }
            }
        }
    }

    fn has_rich(&self, rich: &RichDependency) -> bool {
        use RichOperator::{And, If, Or, Unless, With, Without};
        if let (Self::Rpm(database), Some(With | Without)) = (self, rich.operator) {
            return database.has_one(rich);
        }
        let mut terms = rich.terms.iter().map(|term| self.has(term));
        let (first, second) = (terms.next().unwrap_or(false), terms.next());
        let otherwise = terms.next();
        match rich.operator {
            None => first,
            Some(And | With) => rich.terms.iter().all(|term| self.has(term)),
            Some(Or) => rich.terms.iter().any(|term| self.has(term)),
            Some(If) if second == Some(true) => first,
            Some(If) => otherwise.unwrap_or(true),
            Some(Unless) if second == Some(false) => first,
            Some(Unless) => otherwise.unwrap_or(true),
            Some(Without) => first && second == Some(false),
        }
    }

    /// What a name is called on this machine, if that differs.
    fn native_name(&self, what: &Requirement) -> Option<String> {
        let (Self::Dpkg(resolver), Requirement::Simple(relation)) = (self, what) else {
            return None;
        };
        match resolver.resolve(&relation.name) {
            Resolution::Essential(name)
            | Resolution::Unversioned(name)
            | Resolution::Relation(name) => {
                (name != relation.name).then(|| in_full(&name, relation.version.as_ref()))
            }
            Resolution::Always | Resolution::Unknown => None,
        }
    }

    /// The command that would install what is missing, as far as names are known.
    fn install_command<'a>(&self, what: impl Iterator<Item = &'a Requirement>) -> Option<String> {
        let Self::Dpkg(resolver) = self else {
            return None;
        };
        let relations = what.flat_map(Requirement::relations);
        let mut names: Vec<String> = relations
            .filter_map(|relation| match resolver.resolve(&relation.name) {
                Resolution::Essential(name)
                | Resolution::Unversioned(name)
                | Resolution::Relation(name) => {
                    let name = in_full(&name, relation.version.as_ref());
                    let mut known = name.split(" | ").filter(|it| resolver.archive.has(it));
                    let first = || name.split(" | ").next().unwrap_or(&name);
                    Some(known.next().unwrap_or_else(first).to_owned())
                }
                Resolution::Always | Resolution::Unknown => None,
            })
            .collect();
        names.dedup();
        (!names.is_empty()).then(|| format!("apt-get install {}", names.join(" ")))
    }
}

fn dpkg_has(resolver: &NameResolver, name: &str, version: Option<&(Comparison, String)>) -> bool {
    match resolver.resolve(name) {
        Resolution::Always => true,
        Resolution::Essential(_) if version.is_none() => true,
        Resolution::Unknown => false,
        Resolution::Unversioned(name) => {
            let name = name.split(':').next().unwrap_or(&name);
            resolver.installed.version_of(name).is_some()
        }
        Resolution::Relation(relation) if relation.contains(VERSION) => {
            let name = in_full(&relation, version);
            let name = name.split([' ', ',']).next().unwrap_or(&name);
            resolver.installed.version_of(name).is_some()
        }
        Resolution::Essential(relation) | Resolution::Relation(relation) => {
            relation.split('|').any(|alternative| {
                let found = resolver.installed.version_of(alternative.trim());
                found.is_some_and(|found| fits(&found, version))
            })
        }
    }
}

/// A name that may have the version asked for in it, as `phpapi-{version}` has.
fn in_full(name: &str, version: Option<&(Comparison, String)>) -> String {
    let evr = version.and_then(|(_, version)| Evr::parse(version).ok());
    let version = evr.map_or(String::new(), |evr| evr.version);
    with_version_inside(name, &version)
}

/// Whether an installed version is one that is asked for. Epochs of the two families have nothing
/// to do with each other and are left out; the Debian revision too.
fn fits(found: &str, wanted: Option<&(Comparison, String)>) -> bool {
    let Some((comparison, wanted)) = wanted else {
        return true;
    };
    let upstream = found.split_once(':').map_or(found, |(_, rest)| rest);
    let upstream = upstream
        .rsplit_once('-')
        .map_or(upstream, |(version, _)| version);
    let Ok(wanted) = Evr::parse(wanted) else {
        return false;
    };
    if upstream.is_empty() {
        return false;
    }
    let order = package::compare_versions(upstream, &wanted.version);
    match comparison {
        Comparison::Less => order == Ordering::Less,
        Comparison::LessEqual => order != Ordering::Greater,
        Comparison::Equal => order == Ordering::Equal,
        Comparison::GreaterEqual => order != Ordering::Less,
        Comparison::Greater => order == Ordering::Greater,
    }
}
