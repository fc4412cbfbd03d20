//! What one rpm capability is on the target.
//!
//! Packages of the same spec are asked first, then the [`Resolver`](crate::Resolver).

use package::{Comparison, Evr, Package, Relation, RelationKind, Requirement};

use super::made_accounts::Account;
use super::names::{deb_name, is_legal, package_name};
use super::version::{deb_version, upstream_form, upstream_version};
use crate::context::{Context, Resolution, VERSION, with_version_inside};
use crate::relation::{Atom, Clause, Sign, parse_clauses};

/// What a capability came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// Clauses, all of which must hold.
    Clauses(Vec<Clause>),
    /// It needs nothing: always there, or part of the package itself.
    Nothing,
    /// It needs nothing, as there is no system without this package.
    Essential(Vec<Clause>),
    /// Nobody knows it; the name that it probably has, or the plain one if it is legal.
    Unknown(Option<Vec<Clause>>),
}

/// Resolves a relation of `package`.
pub(crate) fn resolve(relation: &Relation, package: &Package, context: &Context<'_>) -> Resolved {
    let name = without_isa(&relation.name);
    if is_internal(name) || is_covered_soname(name, package, context) {
        return Resolved::Nothing;
    }
    if let Some(found) = resolve_here(name, relation, package, context) {
        return found;
    }
    match Account::parse(name) {
        Some(account) if account.is_made(context) => Resolved::Nothing,
        Some(_) => Resolved::Unknown(None),
        None => resolve_elsewhere(name, relation, context),
    }
}

/// Capabilities that only rpm understands, and the shell, which is always there.
fn is_internal(name: &str) -> bool {
    ["rpmlib(", "config("]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || matches!(name, "rtld(GNU_HASH)" | "/bin/sh" | "/usr/bin/sh")
}

/// Sonames, once the libraries themselves have been looked at.
fn is_covered_soname(name: &str, package: &Package, context: &Context<'_>) -> bool {
    is_soname(name) && context.libraries.contains_key(&package.name)
}

/// `libfoo.so.1()(64bit)`, `ld-linux.so.2(GLIBC_2.3)`, `libfoo.so.1`.
pub(crate) fn is_soname(name: &str) -> bool {
    let stem = name.split('(').next().unwrap_or("");
    !stem.contains('/') && (stem.ends_with(".so") || stem.contains(".so."))
}

/// Drops what `%{?_isa}` adds: `(x86-64)`, `(aarch-64)`, `(armv7hl-32)`, ….
pub(crate) fn without_isa(name: &str) -> &str {
    let Some((stem, isa)) = name
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
    else {
        return name;
    };
    let is_isa = |cpu: &str| !cpu.is_empty() && cpu.bytes().all(|b| b.is_ascii_alphanumeric());
    match isa.rsplit_once('-') {
        Some((cpu, "32" | "64")) if is_isa(cpu) && !stem.is_empty() => stem,
        _ => name,
    }
}

fn resolve_here(
    name: &str,
    relation: &Relation,
    package: &Package,
    context: &Context<'_>,
) -> Option<Resolved> {
    if let Some(sibling) = context.sibling(name) {
        return Some(on_sibling(sibling, relation, package, context));
    }
    let providers: Vec<_> = context
        .packages
        .iter()
        .filter(|it| offers(it, name, relation))
        .collect();
    if providers.iter().any(|it| it.name == package.name) {
        return Some(Resolved::Nothing);
    }
    let clause: Clause = providers
        .iter()
        .map(|it| Atom::any(package_name(it, context)))
        .collect();
    (!clause.is_empty()).then(|| Resolved::Clauses(vec![clause]))
}

fn on_sibling(
    sibling: &Package,
    relation: &Relation,
    package: &Package,
    context: &Context<'_>,
) -> Resolved {
    let name = package_name(sibling, context);
    if sibling.name == package.name {
        return Resolved::Nothing;
    }
    let Some((comparison, version)) = &relation.version else {
        return Resolved::Clauses(vec![vec![Atom::any(name)]]);
    };
    let own = Evr::parse(version).ok();
    let exact = *comparison == Comparison::Equal
        && own
            .as_ref()
            .is_some_and(|evr| evr.compare(&sibling.evr).is_eq());
    let evr = if exact {
        Some(&sibling.evr)
    } else {
        own.as_ref()
    };
    let version = evr.and_then(|evr| own_bound(*comparison, evr));
    Resolved::Clauses(vec![vec![Atom { name, version }]])
}

/// Sign and version for a package that is made from a spec, this one or an older one.
///
/// To rpm a version without a release is any release of it; to dpkg it comes before all of them.
pub(crate) fn own_bound(comparison: Comparison, evr: &Evr) -> Option<(Sign, String)> {
    let version = deb_version(evr).ok()?;
    let after = || format!("{version}.0~");
    Some(match comparison {
        Comparison::LessEqual if evr.release.is_empty() => (Sign::Earlier, after()),
        Comparison::Greater if evr.release.is_empty() => (Sign::LaterOrEqual, after()),
        _ => (sign(comparison), version),
    })
}

/// Whether any package of the spec provides a capability.
pub(crate) fn is_of_spec(relation: &Relation, context: &Context<'_>) -> bool {
    let name = without_isa(&relation.name);
    context.packages.iter().any(|it| offers(it, name, relation))
}

/// Whether a package of the spec provides a capability or holds a path.
fn offers(package: &Package, name: &str, wanted: &Relation) -> bool {
    if name.starts_with('/') && package.files.get(name).is_some() {
        return true;
    }
    let provided = package.relations(RelationKind::Provides);
    provided.iter().any(|dependency| match &dependency.what {
        Requirement::Simple(offer) => {
            without_isa(&offer.name) == name && may_satisfy(offer, wanted)
        }
        Requirement::Rich(_) => false,
    })
}

/// Whether an offered version can be the wanted one; only exact versions are told apart.
fn may_satisfy(offer: &Relation, wanted: &Relation) -> bool {
    match (&offer.version, &wanted.version) {
        (Some((_, offered)), Some((Comparison::Equal, wanted))) => {
            match (Evr::parse(offered), Evr::parse(wanted)) {
                (Ok(offered), Ok(wanted)) => offered.compare(&wanted).is_eq(),
                _ => offered == wanted,
            }
        }
        _ => true,
    }
}

fn resolve_elsewhere(name: &str, relation: &Relation, context: &Context<'_>) -> Resolved {
    match context.resolver.resolve(name) {
        Resolution::Always => Resolved::Nothing,
        Resolution::Unversioned(text) => Resolved::Clauses(parse_clauses(&text)),
        Resolution::Essential(text) if relation.version.is_none() => {
            Resolved::Essential(parse_clauses(&text))
        }
        Resolution::Relation(text) if text.contains(VERSION) => versioned_name(&text, relation),
        Resolution::Essential(text) | Resolution::Relation(text) => {
            let clauses = parse_clauses(&text);
            Resolved::Clauses(with_version(clauses, relation, context))
        }
        Resolution::Guess(text) => {
            let clauses = with_version(parse_clauses(&text), relation, context);
            Resolved::Unknown(Some(clauses))
        }
        Resolution::Unknown => {
            let plain = deb_name(name, &context.distribution, context.debbuild_aware);
            let legal = is_legal(&plain).then(|| vec![vec![Atom::any(plain)]]);
            Resolved::Unknown(legal.map(|clauses| with_version(clauses, relation, context)))
        }
    }
}

/// A relation whose package names hold the version that is asked for, without a release. Who asks
/// for no version is content with any, and no name says that.
fn versioned_name(text: &str, relation: &Relation) -> Resolved {
    let version = relation.version.as_ref();
    let evr = version.and_then(|(_, version)| Evr::parse(version).ok());
    evr.map_or(Resolved::Nothing, |evr| {
        Resolved::Clauses(parse_clauses(&with_version_inside(text, &evr.version)))
    })
}

/// Gives the version asked for to atoms that have none; some ask for two clauses.
fn with_version(clauses: Vec<Clause>, relation: &Relation, context: &Context<'_>) -> Vec<Clause> {
    let Some((comparison, version)) = &relation.version else {
        return clauses;
    };
    let Ok(evr) = Evr::parse(&upstream_form(&relation.name, version)) else {
        return clauses;
    };
    let bounds = |atom: &Atom| foreign_bounds(&atom.name, *comparison, &evr, context);
    clauses
        .into_iter()
        .flat_map(|clause| spread(&clause, &bounds))
        .collect()
}

fn spread(clause: &Clause, bounds: &dyn Fn(&Atom) -> Vec<(Sign, String)>) -> Vec<Clause> {
    let width = clause
        .iter()
        .filter(|atom| atom.version.is_none())
        .map(|atom| bounds(atom).len())
        .max()
        .unwrap_or(0);
    let bounded = |atom: &Atom, index: usize| match atom.version {
        Some(_) => atom.clone(),
        None => Atom {
            name: atom.name.clone(),
            version: bounds(atom).get(index).cloned(),
        },
    };
    (0..width.max(1))
        .map(|index| clause.iter().map(|it| bounded(it, index)).collect())
        .collect()
}

/// A version of somebody else's package.
///
/// Epoch and release are the other distribution's business and are left out, unless the spec knows
/// Debian; then its words stand. An exact version without a release means any release of it.
fn foreign_bounds(
    name: &str,
    comparison: Comparison,
    evr: &Evr,
    context: &Context<'_>,
) -> Vec<(Sign, String)> {
    if context.debbuild_aware {
        return deb_version(evr)
            .map(|version| (sign(comparison), version))
            .into_iter()
            .collect();
    }
    let Ok(version) = upstream_version(&evr.version) else {
        return Vec::new();
    };
    let version = match context.resolver.epoch(name) {
        0 => version,
        epoch => format!("{epoch}:{version}"),
    };
    let after = format!("{version}.0~");
    match comparison {
        Comparison::Less => vec![(Sign::Earlier, version)],
        Comparison::LessEqual => vec![(Sign::Earlier, after)],
        Comparison::Equal => vec![(Sign::LaterOrEqual, version), (Sign::Earlier, after)],
        Comparison::GreaterEqual => vec![(Sign::LaterOrEqual, version)],
        Comparison::Greater => vec![(Sign::LaterOrEqual, after)],
    }
}

/// The sign for a comparison.
pub(crate) fn sign(comparison: Comparison) -> Sign {
    match comparison {
        Comparison::Less => Sign::Earlier,
        Comparison::LessEqual => Sign::EarlierOrEqual,
        Comparison::Equal => Sign::Equal,
        Comparison::GreaterEqual => Sign::LaterOrEqual,
        Comparison::Greater => Sign::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_isa_mark_goes_and_other_brackets_stay() {
        assert_eq!(without_isa("libfoo(x86-64)"), "libfoo");
        assert_eq!(without_isa("libfoo.so.1()(64bit)"), "libfoo.so.1()(64bit)");
        assert_eq!(without_isa("pkgconfig(gtk+-3.0)"), "pkgconfig(gtk+-3.0)");
    }

    #[test]
    fn a_version_can_be_part_of_the_name() {
        let wanted = |version: Option<&str>| Relation {
            name: "php(zend-abi)".to_owned(),
            version: version.map(|it| (Comparison::Equal, it.to_owned())),
        };
        let found = |name: &str| Resolved::Clauses(vec![vec![Atom::any(name.to_owned())]]);
        for version in ["20220829", "20220829-64"] {
            let name = versioned_name("phpapi-{version}", &wanted(Some(version)));
            assert_eq!(name, found("phpapi-20220829"));
        }
        assert_eq!(
            versioned_name("phpapi-{version}", &wanted(None)),
            Resolved::Nothing
        );
        let python = versioned_name(
            "python3 (>= {version}~), python3 (<< {next}~)",
            &wanted(Some("3.11")),
        );
        let bound = |sign, version: &str| vec![Atom::versioned("python3", sign, version.into())];
        assert_eq!(
            python,
            Resolved::Clauses(vec![
                bound(Sign::LaterOrEqual, "3.11~"),
                bound(Sign::Earlier, "3.12~")
            ])
        );
    }

    #[test]
    fn sonames_are_known_by_their_form() {
        for name in [
            "libc.so.6(GLIBC_2.4)(64bit)",
            "libfoo-1.2.so()(64bit)",
            "ld.so.1",
        ] {
            assert!(is_soname(name), "{name}");
        }
        for name in ["pkgconfig(foo.so)", "/usr/lib/libfoo.so.1", "foo.solver"] {
            assert!(!is_soname(name), "{name}");
        }
    }
}
