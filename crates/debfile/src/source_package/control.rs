//! `debian/control`, and the facts that the `.dsc` file shares with it.
//!
//! Source: Debian Policy 5.2 and 7.7; deb-src-control(5).

use package::{Dependency, Package, RelationKind, Tag};
use source::Sink;

use super::{BinaryOutline, CARRIED, SourceOutline};
use crate::context::Context;
use crate::deb822::Paragraph;
use crate::lower::{
    Field, description, homepage, lower_relations, package_name, repository, section_of,
};
use crate::words;

/// What every machine that builds packages has: a build dependency on any version of it says nothing.
///
/// Source: package `build-essential`, its `Depends`; Debian Policy 4.2.
const BUILD_ESSENTIAL: [&str; 6] = [
    "build-essential",
    "dpkg-dev",
    "g++",
    "gcc",
    "libc6-dev",
    "make",
];

/// The package that `rules` call.
const TOOL: &str = "specbuild";

/// What control file and `.dsc` say.
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) maintainer: String,
    pub(super) homepage: String,
    /// The field for the place of the sources, and that.
    pub(super) repository: Option<(&'static str, String)>,
    pub(super) section: String,
    pub(super) build_depends: Vec<String>,
    pub(super) build_conflicts: Vec<String>,
    pub(super) binaries: Vec<Binary>,
}

/// A binary package.
pub(super) struct Binary {
    pub(super) name: String,
    pub(super) arch: String,
    pub(super) section: String,
    description: String,
}

impl Facts {
    pub(super) fn lower(
        outline: &SourceOutline<'_>,
        context: &Context<'_>,
        name: &str,
        version: &str,
        maintainer: &str,
        sink: &mut Sink,
    ) -> Self {
        let archs = build_archs(&outline.archs, context);
        let binaries: Vec<Binary> = outline
            .binaries
            .iter()
            .map(|it| binary(it, &archs, context))
            .collect();
        let (build_depends, build_conflicts) = build_relations(outline.package, context, sink);
        let section = binaries.first().map(|first| first.section.clone());
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            maintainer: maintainer.to_owned(),
            homepage: homepage(outline.package),
            repository: repository(outline.package),
            section: section.unwrap_or_else(|| "misc".to_owned()),
            build_depends,
            build_conflicts,
            binaries,
        }
    }

    /// `debian/control`.
    pub(super) fn control(&self, outline: &SourceOutline<'_>) -> String {
        let mut source = Paragraph::new();
        source.set("Source", self.name.as_str());
        source.set("Section", self.section.as_str());
        source.set("Priority", words::PRIORITY);
        source.set("Maintainer", self.maintainer.as_str());
        source.set("Build-Depends", folded(&self.build_depends));
        source.set("Build-Conflicts", folded(&self.build_conflicts));
        source.set("Standards-Version", words::STANDARDS_VERSION);
        source.set("Homepage", self.homepage.as_str());
        if let Some((field, place)) = &self.repository {
            source.set(field, place.as_str());
        }
        source.set("Rules-Requires-Root", "no");
        let spec = &outline.spec;
        let mut text = format!(
            "# What is built is said by {CARRIED}/{spec}; this file follows it.\n{}",
            source.write()
        );
        for binary in &self.binaries {
            text.push('\n');
            text.push_str(&self.stanza(binary).write());
        }
        text
    }

    fn stanza(&self, binary: &Binary) -> Paragraph {
        let mut stanza = Paragraph::new();
        stanza.set("Package", binary.name.as_str());
        stanza.set("Architecture", binary.arch.as_str());
        if binary.section != self.section {
            stanza.set("Section", binary.section.as_str());
        }
        stanza.set("Description", binary.description.as_str());
        stanza
    }
}

/// One clause a line.
fn folded(clauses: &[String]) -> String {
    clauses.join(",\n")
}

/// `any`, or the architectures that the spec is limited to.
fn build_archs(archs: &[String], context: &Context<'_>) -> String {
    let known = &context.distribution.archs;
    let mut names: Vec<&str> = archs
        .iter()
        .filter_map(|arch| known.get(arch).map(String::as_str))
        .filter(|arch| *arch != "all")
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        "any".to_owned()
    } else {
        names.join(" ")
    }
}

fn binary(outline: &BinaryOutline<'_>, archs: &str, context: &Context<'_>) -> Binary {
    let package = outline.package;
    let name = package_name(package, context);
    let is_all = package.arch == "noarch";
    let paths: Vec<&str> = outline.paths.iter().map(String::as_str).collect();
    let has_library = paths.iter().any(|path| path.contains(".so."));
    Binary {
        arch: if is_all { "all" } else { archs }.to_owned(),
        section: section_of(package.tag(Tag::Group), &name, has_library, &paths),
        description: description(
            &name,
            package.tag(Tag::Summary),
            package.tag(Tag::Description),
        ),
        name,
    }
}

/// `Build-Depends` and `Build-Conflicts`. Packages of the spec itself are sought like any other:
/// what is needed is an older build of them.
pub(super) fn build_relations(
    package: &Package,
    context: &Context<'_>,
    sink: &mut Sink,
) -> (Vec<String>, Vec<String>) {
    let mut wanted = Package {
        name: String::new(),
        ..package.clone()
    };
    let taken = |kind: RelationKind| -> Vec<Dependency> { package.relations(kind).to_vec() };
    wanted.relations = [RelationKind::Requires, RelationKind::Conflicts]
        .map(|kind| (kind, taken(kind)))
        .into();
    let mut alone = Context::new(context.distribution.clone(), &[], context.resolver);
    alone.debbuild_aware = context.debbuild_aware;
    let relations = lower_relations(&wanted, &alone, sink);
    let own = std::iter::once(TOOL.to_owned());
    let needed = [Field::PreDepends, Field::Depends, Field::Recommends];
    let needed = needed.iter().flat_map(|field| relations.clauses(*field));
    let needed = needed.filter(|clause| !BUILD_ESSENTIAL.contains(&clause.as_str()));
    let refused = [Field::Breaks, Field::Conflicts];
    let refused = refused.iter().flat_map(|field| relations.clauses(*field));
    (own.chain(needed).collect(), refused.collect())
}
