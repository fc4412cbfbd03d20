//! Whether this machine has what a build requires.
//!
//! A machine of Debian's family is asked through dpkg's database, any other through `rpm`. The
//! wording of the fault is rpm's, because build roots look for it.

pub(crate) mod generated;

use std::cmp::Ordering;
use std::path::Path;

use debfile::{Resolution, Resolver, VERSION, upstream_form, with_version_inside};
use package::{Comparison, Dependency, Evr, Relation, Requirement, RichDependency, RichOperator};
use source::{Code, Diagnostic};
use target::{Target, TargetRequest};

use crate::BuildError;
use crate::deb::names::NameResolver;
use crate::machine::host_facts;
use crate::machine::installed::DPKG_DIR;
use crate::machine::installed::{Archive, DatabasePlace, DpkgDatabase, RpmDatabase, without_arch};
use crate::project::Project;

/// A build requirement is not met.
pub(crate) const UNMET: Code = crate::codes::UNMET_BUILD_REQUIREMENT;

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
        let hint = match (name, machine.installed_version(&dependency.what)) {
            (_, Some(version)) => format!("version {version} is installed"),
            (Some(name), None) => format!("package `{}` here", bare_names(&name)),
            (None, None) => String::new(),
        };
        diagnostic = diagnostic.label(dependency.origin, hint);
    }
    // What is installed in another version can't be had by its name alone.
    let absent = unmet.iter().map(|(dependency, _)| &dependency.what);
    let absent = absent.filter(|what| machine.installed_version(what).is_none());
    let help = machine.install_command(absent);
    let diagnostic = diagnostic
        .help_if(help)
        .note("`--nodeps` builds without this check");
    project.engine.sink.report(diagnostic);
    Err(BuildError::MissingBuildRequires)
}

/// The command that would install what meets requirements here, as far as that is known.
pub(crate) fn command_for(
    required: &[Requirement],
    place: &DatabasePlace,
) -> Result<Option<String>, BuildError> {
    Ok(Machine::look(place)?.install_command(required.iter()))
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

/// The command that would install a program on this machine, as far as its package is known.
pub(crate) fn install_command(program: &str, place: &DatabasePlace) -> Option<String> {
    let relation = Relation {
        name: program.to_owned(),
        version: None,
    };
    let machine = Machine::look(place).ok()?;
    machine.install_command([Requirement::Simple(relation)].iter())
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
        let name = name_of(resolver, relation)?;
        (name != relation.name).then(|| in_full(&name, relation.version.as_ref()))
    }

    /// The version in which something is installed.
    fn installed_version(&self, what: &Requirement) -> Option<String> {
        let (Self::Dpkg(resolver), Requirement::Simple(relation)) = (self, what) else {
            return None;
        };
        let name = name_of(resolver, relation)?;
        let mut names = name.split('|').map(str::trim);
        names.find_map(|name| resolver.installed.version_of(name))
    }

    /// The command that would install what is missing, as far as names are known.
    fn install_command<'a>(&self, what: impl Iterator<Item = &'a Requirement>) -> Option<String> {
        let Self::Dpkg(resolver) = self else {
            return None;
        };
        let relations = what.flat_map(Requirement::relations);
        let mut names: Vec<String> = Vec::new();
        for relation in relations {
            for name in Self::packages_for(resolver, relation) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        (!names.is_empty()).then(|| format!("apt-get install {}", names.join(" ")))
    }

    /// The packages that a relation means: of alternatives, the first that the archive has.
    fn packages_for(resolver: &NameResolver, relation: &Relation) -> Vec<String> {
        let Some(text) = name_of(resolver, relation) else {
            return Vec::new();
        };
        let text = in_full(&text, relation.version.as_ref());
        let of_clause = |clause: &str| {
            let names = || clause.split('|').map(bare_name);
            let known = names().find(|it| resolver.archive.has(it));
            known.or_else(|| names().next()).map(str::to_owned)
        };
        text.split(',').filter_map(of_clause).collect()
    }
}

/// What a relation is called here. A guess is worth nothing where it is known what packages there are.
fn name_of(resolver: &NameResolver, relation: &Relation) -> Option<String> {
    match resolver.resolve(&relation.name) {
        Resolution::Essential(name)
        | Resolution::Unversioned(name)
        | Resolution::Relation(name) => Some(name),
        Resolution::Guess(name) => (!resolver.archive.is_known()).then_some(name),
        Resolution::Always | Resolution::Unknown => None,
    }
}

fn dpkg_has(resolver: &NameResolver, name: &str, version: Option<&(Comparison, String)>) -> bool {
    let installed = |name: &str| resolver.installed.version_of(name);
    match resolver.resolve(name) {
        Resolution::Always => true,
        Resolution::Essential(_) if version.is_none() => true,
        Resolution::Unknown => false,
        Resolution::Unversioned(relation) => holds(&relation, &|name| installed(name).is_some()),
        Resolution::Relation(relation) if relation.contains(VERSION) => {
            holds(&in_full(&relation, version), &|name| {
                installed(name).is_some()
            })
        }
        Resolution::Essential(relation)
        | Resolution::Guess(relation)
        | Resolution::Relation(relation) => {
            let version = version.map(|(comparison, it)| (*comparison, upstream_form(name, it)));
            let fits = |name: &str| installed(name).is_some_and(|it| fits(&it, version.as_ref()));
            holds(&relation, &fits)
        }
    }
}

/// Whether one name of each clause of a relation, `a | b, c`, is as wanted.
fn holds(relation: &str, is_wanted: &dyn Fn(&str) -> bool) -> bool {
    let mut clauses = relation.split(',');
    clauses.all(|clause| clause.split('|').map(bare_name).any(is_wanted))
}

/// A relation without architectures and versions.
fn bare_names(relation: &str) -> String {
    let clause = |clause: &str| {
        let names: Vec<&str> = clause.split('|').map(bare_name).collect();
        names.join(" | ")
    };
    let mut clauses: Vec<String> = relation.split(',').map(clause).collect();
    clauses.dedup();
    clauses.join(", ")
}

/// A package's name without an architecture and versions: `perl` for `perl:any (>= 5.6)`.
fn bare_name(atom: &str) -> &str {
    let name = atom.trim().split([' ', '(']).next().unwrap_or_default();
    without_arch(name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_hold_by_clauses() {
        let has = |name: &str| ["perl", "b", "c"].contains(&name);
        for relation in ["perl:any", "a | b", "perl:any (>= 5.6), c", "b, a | c"] {
            assert!(holds(relation, &has), "{relation}");
        }
        for relation in ["a", "b, a", "a | d, c"] {
            assert!(!holds(relation, &has), "{relation}");
        }
        assert_eq!(bare_names("p (>= 3.1~), p (<< 3.2~)"), "p");
        assert_eq!(bare_names("a:any | b, c"), "a | b, c");
    }

    #[test]
    fn versions_of_perl_are_compared_in_their_parts() {
        let wanted = |version: &str| {
            let version = upstream_form("perl(:VERSION)", version);
            fits(
                "5.36.0-7+deb12u3",
                Some(&(Comparison::GreaterEqual, version)),
            )
        };
        for version in ["5.6", "5.36", "5.008001", "5.010", "5.036000"] {
            assert!(wanted(version), "{version}");
        }
        for version in ["5.99", "5.036001", "5.38.0"] {
            assert!(!wanted(version), "{version}");
        }
    }
}
