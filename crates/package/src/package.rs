//! A package before any format is chosen.

use std::collections::BTreeMap;

use source::Origin;

use crate::{
    ChangelogEntry, Dependency, Evr, FileList, RelationKind, RpmFormat, Scriptlet, Slot, Tag, Tags,
    Trigger,
};

/// A source or patch of a source package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Number, as in `Source1:`.
    pub number: u32,
    /// Base name.
    pub name: String,
    /// The value of the tag: a file name or a URL.
    pub full: String,
    /// Whether it is a patch.
    pub is_patch: bool,
    /// Named by `NoSource:` or `NoPatch:`, so left out of the source package.
    pub left_out: bool,
}

/// What only a source package has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFacts {
    /// Sources and patches, in the order they were declared.
    pub files: Vec<SourceFile>,
    /// The spec with its macros expanded.
    pub spec_text: String,
    /// `BuildArch:`.
    pub build_archs: Vec<String>,
    /// `ExclusiveArch:`.
    pub exclusive_archs: Vec<String>,
    /// `ExcludeArch:`.
    pub exclude_archs: Vec<String>,
    /// `ExclusiveOS:`.
    pub exclusive_os: Vec<String>,
    /// `ExcludeOS:`.
    pub exclude_os: Vec<String>,
    /// Whether the build itself finds further requirements: `%generate_buildrequires`.
    pub finds_requirements: bool,
}

/// Binary or source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageKind {
    /// Made of files from the build root.
    Binary {
        /// File name of the source package it was built from.
        source_rpm: String,
    },
    /// Made of spec, sources and patches.
    Source(Box<SourceFacts>),
}

/// Facts of the run that a package records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildFacts {
    /// Seconds since 1970 UTC.
    pub time: i64,
    /// Name of the building host.
    pub host: String,
    /// `%optflags`.
    pub optflags: String,
    /// `%_target_platform`.
    pub platform: String,
    /// Ties packages of one run together: `host time`, or `None`.
    pub cookie: Option<String>,
    /// Version string recorded as the packaging tool's, `RPMVERSION`.
    pub tool_version: String,
    /// Name of the source package of this spec.
    pub source_name: String,
    /// Version of the source package of this spec.
    pub source_evr: Evr,
    /// The format that .rpm files of this spec have.
    pub format: RpmFormat,
}

impl BuildFacts {
    /// Whether a build has filled them in; of a spec that is only read they are empty.
    pub fn is_known(&self) -> bool {
        !self.tool_version.is_empty()
    }
}

/// A module of SELinux policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Policy types that it is for.
    pub types: Vec<String>,
    /// Whether it is a base module.
    pub is_base: bool,
    /// The module itself.
    pub content: Vec<u8>,
}

/// What only the headers of .rpm files have room for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// `Icon:`, a GIF or XPM picture.
    pub icon: Option<Vec<u8>>,
    /// `%pubkey`, each an armored block.
    pub public_keys: Vec<String>,
    /// `%sepolicy`.
    pub policies: Vec<Policy>,
    /// A file list speaks of capabilities, though perhaps of no file that is packaged.
    pub speaks_of_caps: bool,
    /// A file list names a file with several names more than once, though perhaps to exclude it.
    pub speaks_of_links: bool,
}

/// One package, binary or source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Name, as in the spec.
    pub name: String,
    /// Epoch, version, release.
    pub evr: Evr,
    /// rpm's word for the architecture: `x86_64`, `noarch`, ….
    pub arch: String,
    /// rpm's word for the operating system: `linux`.
    pub os: String,
    /// Binary or source.
    pub kind: PackageKind,
    /// Summary, description, licence and the like.
    pub tags: Tags,
    /// Dependencies by kind, each list in the order they were written; generated ones follow.
    pub relations: BTreeMap<RelationKind, Vec<Dependency>>,
    /// Scriptlets by slot.
    pub scriptlets: BTreeMap<Slot, Scriptlet>,
    /// Triggers in the order they were written.
    pub triggers: Vec<Trigger>,
    /// Newest first.
    pub changelog: Vec<ChangelogEntry>,
    /// `Prefix:` values.
    pub prefixes: Vec<String>,
    /// Files, sorted.
    pub files: FileList,
    /// What stands beside them in the header.
    pub extras: Extras,
    /// Facts of the run.
    pub build: BuildFacts,
    /// `Name:` or the `%package` line.
    pub origin: Option<Origin>,
}

impl Package {
    /// The dependencies of one kind.
    pub fn relations(&self, kind: RelationKind) -> &[Dependency] {
        self.relations.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Adds a dependency unless an equal one is there.
    pub fn relate(&mut self, kind: RelationKind, dependency: Dependency) {
        let list = self.relations.entry(kind).or_default();
        if !list.iter().any(|known| known.same(&dependency)) {
            list.push(dependency);
        }
    }

    /// The plain text of a tag, or an empty string.
    pub fn tag(&self, tag: Tag) -> &str {
        self.tags.get(tag).unwrap_or("")
    }

    /// `name-version-release.arch`; `src` or `nosrc` for source packages.
    pub fn nvra(&self) -> String {
        let arch = match &self.kind {
            PackageKind::Binary { .. } => self.arch.as_str(),
            PackageKind::Source(facts) if facts.files.iter().any(|f| f.left_out) => "nosrc",
            PackageKind::Source(_) => "src",
        };
        format!("{}.{arch}", self.nvr())
    }

    /// `name-[epoch:]version-release` of the source package; `None` for source packages, and where
    /// the format has no place for it.
    pub fn source_nevr(&self) -> Option<String> {
        let BuildFacts {
            source_name: name,
            source_evr: evr,
            format,
            ..
        } = &self.build;
        let is_recorded = !self.is_source() && *format >= RpmFormat::V6;
        is_recorded.then(|| format!("{name}-{evr}"))
    }

    /// `name-version-release`.
    pub fn nvr(&self) -> String {
        let (version, release) = (&self.evr.version, &self.evr.release);
        format!("{}-{version}-{release}", self.name)
    }

    /// Whether it is a source package.
    pub fn is_source(&self) -> bool {
        matches!(self.kind, PackageKind::Source(_))
    }
}
