//! Packages as the spec alone describes them: without files and without what is found in files.
//!
//! `rpmspec -q` shows them so; `collect` starts from them.

use std::collections::BTreeMap;

use package::{
    BuildFacts, Comparison, Dependency, Extras, FileList, Interpreter, Package, PackageKind, Phase,
    RelationKind, SourceFacts, SourceFile, Tag, Tags,
};
use source::Text;

use crate::ast::{BuildSection, Source, SourceKind, Spec, SubPackage};

/// Tags of the main package that the source package has too. Source: rpm's `initSourceHeader`.
const SOURCE_TAGS: [Tag; 15] = [
    Tag::Summary,
    Tag::Description,
    Tag::Packager,
    Tag::Distribution,
    Tag::DistUrl,
    Tag::DistTag,
    Tag::Vendor,
    Tag::License,
    Tag::Group,
    Tag::Url,
    Tag::BugUrl,
    Tag::TranslationUrl,
    Tag::UpstreamReleases,
    Tag::Vcs,
    Tag::ModularityLabel,
];

/// Features of the package manager that scriptlets need, with the version that has them.
const LUA_SCRIPTS: (&str, &str) = ("BuiltinLuaScripts", "4.2.2-1");
const SCRIPT_EXPANSION: (&str, &str) = ("ScriptletExpansion", "4.9.0-1");
const INTERPRETER_ARGS: (&str, &str) = ("ScriptletInterpreterArgs", "4.0.3-1");

/// A binary package: its tags, written dependencies and self-provides, scriptlets and triggers.
///
/// Bodies that `-f` names are not in it, nor are files.
pub fn binary_package(spec: &Spec, sub_package: &SubPackage) -> Package {
    let evr = spec.evr(sub_package);
    let arch = spec.arch_of(sub_package).to_owned();
    let scriptlets = sub_package.scriptlets.iter();
    let triggers = sub_package.triggers.iter();
    let mut package = Package {
        name: sub_package.name.clone(),
        evr,
        arch,
        os: spec.os.clone(),
        kind: PackageKind::Binary {
            source_rpm: spec.source_file_name(),
        },
        tags: sub_package.tags.clone(),
        relations: sub_package.relations.clone(),
        scriptlets: scriptlets
            .map(|(slot, it)| (*slot, it.scriptlet.clone()))
            .collect(),
        triggers: triggers.map(|it| it.trigger.clone()).collect(),
        changelog: spec.changelog.clone(),
        prefixes: sub_package.prefixes.clone(),
        files: FileList::default(),
        extras: Extras::default(),
        build: build_facts(spec),
        origin: sub_package.origin,
    };
    provide_itself(&mut package, &spec.isa);
    require_features(&mut package);
    package
}

/// The packages that a build makes: those that have `%files`, the main one first if it has.
pub fn built_packages(spec: &Spec) -> impl Iterator<Item = &SubPackage> {
    spec.packages
        .values()
        .filter(|package| package.files.is_some())
}

/// The source package: `BuildRequires` as its requirements, sources, patches and limits.
pub fn source_package(spec: &Spec) -> Package {
    let main = spec.main();
    let relations = [
        (RelationKind::Requires, spec.build_requires.clone()),
        (RelationKind::Conflicts, spec.build_conflicts.clone()),
        (RelationKind::Provides, provided_packages(spec)),
    ];
    Package {
        name: main.name.clone(),
        evr: spec.evr(main),
        arch: spec.arch.clone(),
        os: spec.os.clone(),
        kind: PackageKind::Source(Box::new(source_facts(spec))),
        tags: source_tags(spec),
        relations: relations
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .collect(),
        scriptlets: BTreeMap::new(),
        triggers: Vec::new(),
        changelog: spec.changelog.clone(),
        prefixes: Vec::new(),
        files: FileList::default(),
        extras: Extras::default(),
        build: build_facts(spec),
        origin: main.origin,
    }
}

fn build_facts(spec: &Spec) -> BuildFacts {
    BuildFacts {
        source_name: spec.main().name.clone(),
        source_evr: spec.evr(spec.main()),
        format: spec.format,
        ..BuildFacts::default()
    }
}

/// `NAME = EVR`, and `NAME(isa) = EVR` unless the package is for any architecture.
fn provide_itself(package: &mut Package, isa: &str) {
    let evr = package.evr.to_string();
    let mut names = vec![package.name.clone()];
    if package.arch != "noarch" && !isa.is_empty() {
        names.push(format!("{}{isa}", package.name));
    }
    for name in names {
        let itself = Dependency::versioned(name, Comparison::Equal, evr.as_str());
        package.relate(RelationKind::Provides, itself);
    }
}

/// `rpmlib(…)` requirements of scriptlets and triggers.
fn require_features(package: &mut Package) {
    let triggers = package.triggers.iter().map(|trigger| &trigger.scriptlet);
    let scripts: Vec<_> = package.scriptlets.values().chain(triggers).collect();
    let needs_args = package.scriptlets.values().any(|scriptlet| {
        matches!(&scriptlet.interpreter, Interpreter::Program(words) if words.len() > 1)
    });
    let needed = [
        (
            LUA_SCRIPTS,
            scripts.iter().any(|it| it.interpreter == Interpreter::Lua),
        ),
        (
            SCRIPT_EXPANSION,
            scripts
                .iter()
                .any(|it| it.flags.expand || it.flags.query_format),
        ),
        (INTERPRETER_ARGS, needs_args),
    ];
    for ((feature, version), is_needed) in needed {
        if is_needed {
            let name = format!("rpmlib({feature})");
            let dependency = Dependency::versioned(name, Comparison::LessEqual, version);
            let when = dependency.when.with(Phase::Rpmlib);
            package.relate(RelationKind::Requires, dependency.at(when));
        }
    }
}

fn provided_packages(spec: &Spec) -> Vec<Dependency> {
    let itself = |package: &SubPackage| {
        let evr = spec.evr(package).to_string();
        Dependency::versioned(package.name.as_str(), Comparison::Equal, evr)
    };
    built_packages(spec).map(itself).collect()
}

fn source_tags(spec: &Spec) -> Tags {
    let mut tags = Tags::default();
    for (tag, value) in spec.main().tags.iter() {
        if SOURCE_TAGS.contains(&tag) {
            tags.inherit(tag, value);
        }
    }
    if let Some(license) = &spec.source_license {
        tags.set(Tag::License, license.clone());
    }
    tags
}

fn source_facts(spec: &Spec) -> SourceFacts {
    let names = |texts: &[Text]| texts.iter().map(|text| text.as_str().to_owned()).collect();
    let limits = &spec.limits;
    SourceFacts {
        files: spec.sources.iter().filter_map(source_file).collect(),
        spec_text: spec.expanded.clone(),
        build_archs: spec.build_archs.clone(),
        exclusive_archs: names(&limits.exclusive_arch),
        exclude_archs: names(&limits.exclude_arch),
        exclusive_os: names(&limits.exclusive_os),
        exclude_os: names(&limits.exclude_os),
        finds_requirements: spec
            .scripts
            .contains_key(&BuildSection::GenerateBuildRequires),
    }
}

fn source_file(source: &Source) -> Option<SourceFile> {
    (source.kind != SourceKind::Icon).then(|| SourceFile {
        number: source.number,
        name: source.file_name.clone(),
        full: source.value.as_str().to_owned(),
        is_patch: source.kind == SourceKind::Patch,
        left_out: source.is_left_out,
    })
}
