//! The features of rpm itself that a package needs, written as `rpmlib(…)` requirements.
//!
//! Source: the feature table that `rpm --showrc` prints, with the version each came with.

use archive::Algorithm;
use package::{
    Dependency, Interpreter, Package, PackageKind, RelationKind, Requirement, RpmFormat, Scriptlet,
};

use crate::compression::Payload;
use crate::options::Options;
use header::{Capability, FAMILIES, sense};

/// Name of a feature and the version of rpm that brought it.
type Feature = (&'static str, &'static str);

/// A feature of the builder, so that package managers may install the package without it.
const DYNAMIC_REQUIREMENTS: &str = "DynamicBuildRequires";

/// The features this package needs.
pub(super) fn needed(package: &Package, options: &Options, payload: &Payload) -> Vec<Capability> {
    let mut features: Vec<Feature> = payload.feature.into_iter().collect();
    let of_old = match package.build.format {
        RpmFormat::V4 => old_features(package, options).to_vec(),
        RpmFormat::V6 => Vec::new(),
    };
    let conditions = of_old
        .into_iter()
        .chain(file_features(package))
        .chain(source_features(package))
        .chain(script_features(package))
        .chain(dependency_features(package))
        .chain([(options.is_short_circuited, ("ShortCircuited", "4.9.0-1"))]);
    features.extend(
        conditions
            .filter(|(is_needed, _)| *is_needed)
            .map(|(_, it)| it),
    );
    features.iter().map(requirement).collect()
}

/// `rpmlib(Feature) <= version`: a reader without the feature must leave the package alone, unless it
/// only matters to who builds the package.
fn requirement((name, version): &Feature) -> Capability {
    let missing_ok = match *name {
        DYNAMIC_REQUIREMENTS => sense::MISSING_OK,
        _ => 0,
    };
    let flags = sense::RPMLIB | sense::LESS | sense::EQUAL | missing_ok;
    Capability {
        name: format!("rpmlib({name})"),
        version: (*version).to_owned(),
        flags,
    }
}

type Condition = (bool, Feature);

/// What format 4 has over its predecessor, and what every reader of format 6 is known to have.
fn old_features(package: &Package, options: &Options) -> [Condition; 4] {
    let digest = super::digest_algorithm(package, options);
    [
        (true, ("CompressedFileNames", "3.0.4-1")),
        (digest != Algorithm::Md5, ("FileDigests", "4.6.0-1")),
        (!package.is_source(), ("PayloadFilesHavePrefix", "4.0-1")),
        (
            header::has_links(package),
            ("PartialHardlinkSets", "4.0.4-1"),
        ),
    ]
}

fn file_features(package: &Package) -> [Condition; 2] {
    let entries = package.files.entries();
    let has_large_sizes = header::needs_large_sizes(package) && !entries.is_empty();
    [
        (header::has_caps(package), ("FileCaps", "4.6.1-1")),
        (has_large_sizes, ("LargeFiles", "4.12.0-1")),
    ]
}

fn source_features(package: &Package) -> Option<Condition> {
    let PackageKind::Source(facts) = &package.kind else {
        return None;
    };
    Some((facts.finds_requirements, (DYNAMIC_REQUIREMENTS, "4.15.0-1")))
}

fn script_features(package: &Package) -> [Condition; 3] {
    let triggers = || package.triggers.iter().map(|it| &it.scriptlet);
    let any =
        |is: fn(&Scriptlet) -> bool| package.scriptlets.values().any(is) || triggers().any(is);
    let is_lua = |it: &Scriptlet| it.interpreter == Interpreter::Lua;
    let is_expanded = |it: &Scriptlet| it.flags.expand || it.flags.query_format;
    let has_arguments =
        |it: &Scriptlet| matches!(&it.interpreter, Interpreter::Program(it) if it.len() > 1);
    [
        (any(is_lua), ("BuiltinLuaScripts", "4.2.2-1")),
        (any(is_expanded), ("ScriptletExpansion", "4.9.0-1")),
        (any(has_arguments), ("ScriptletInterpreterArgs", "4.0.3-1")),
    ]
}

fn dependency_features(package: &Package) -> [Condition; 3] {
    let has = |sign| versions(package).iter().any(|it| it.contains(sign));
    [
        (has('~'), ("TildeInVersions", "4.10.0-1")),
        (has('^'), ("CaretInVersions", "4.15.0-1")),
        (has_rich(package), ("RichDependencies", "4.12.0-1")),
    ]
}

/// Every version that a dependency of the package names, its own included.
fn versions(package: &Package) -> Vec<String> {
    let mut versions = Vec::new();
    if !package.is_source() {
        versions.push(package.evr.to_string());
    }
    for dependency in dependencies(package) {
        let relations = dependency.what.relations().into_iter();
        versions.extend(relations.filter_map(|it| Some(it.version.as_ref()?.1.clone())));
    }
    versions
}

/// All dependencies but what a source package says it builds, which nobody installs it for.
fn dependencies(package: &Package) -> impl Iterator<Item = &Dependency> {
    let kinds = FAMILIES.iter().map(|family| family.kind);
    let kinds = kinds.filter(|it| !(package.is_source() && *it == RelationKind::Provides));
    let conditions = package.triggers.iter().flat_map(|it| &it.conditions);
    kinds.flat_map(|it| package.relations(it)).chain(conditions)
}

fn has_rich(package: &Package) -> bool {
    dependencies(package).any(|it| matches!(it.what, Requirement::Rich(_)))
}
