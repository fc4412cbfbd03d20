//! The content of a spec, section by section, with its macros expanded.
//!
//! Not here: how it is read, and the lines of `%files`, which [`crate::FileRule`] holds.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use package::{
    ChangelogEntry, Dependency, Evr, RelationKind, RpmFormat, Scriptlet, Slot, Tags, Trigger,
};
use source::{Origin, Text};

/// A whole spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// Path of the spec as it was given.
    pub path: String,
    /// The packages by name; the first is the main one. Never empty once a spec is parsed.
    pub packages: IndexMap<String, SubPackage>,
    /// Sources and patches, in the order they were declared.
    pub sources: Vec<Source>,
    /// `BuildRequires:` and the deprecated `BuildPreReq:`.
    pub build_requires: Vec<Dependency>,
    /// `BuildConflicts:`.
    pub build_conflicts: Vec<Dependency>,
    /// `ExclusiveArch:`, `ExcludeArch:`, `ExclusiveOS:` and `ExcludeOS:`.
    pub limits: ArchLimits,
    /// `BuildArch:` of the main package, in the order written.
    pub build_archs: Vec<String>,
    /// `SourceLicense:`, the licence of the source package where it is not the main package's.
    pub source_license: Option<String>,
    /// The scripts of the build; a section that the spec lacks is missing.
    pub scripts: BTreeMap<BuildSection, BuildScript>,
    /// `%changelog`, newest first.
    pub changelog: Vec<ChangelogEntry>,
    /// The spec with its macros expanded and its conditionals decided, as `rpmspec -P` prints it.
    pub expanded: String,
    /// `%builddir`: the build directory of this spec.
    pub build_dir: String,
    /// It was read as debbuild reads specs.
    pub is_lenient: bool,
    /// `%buildroot`.
    pub build_root: String,
    /// `%buildsubdir`: the directory below `build_dir` that `%setup` enters; empty without `%setup`.
    pub build_subdir: String,
    /// `%_target_cpu` while the spec was read.
    pub arch: String,
    /// `%_target_os` while the spec was read.
    pub os: String,
    /// `%_isa` while the spec was read, `(x86-64)`; empty where there is none.
    pub isa: String,
    /// `%_rpmformat` while the spec was read: the format of .rpm files that come of it.
    pub format: RpmFormat,
}

impl Spec {
    /// The main package.
    ///
    /// # Panics
    /// If the spec has no package, which no parsed spec is.
    pub fn main(&self) -> &SubPackage {
        let (_, main) = self
            .packages
            .first()
            .expect("a parsed spec has a main package");
        main
    }

    /// Epoch, version and release of a package: its own, or else the main one's.
    pub fn evr(&self, package: &SubPackage) -> Evr {
        let main = self.main();
        let own_or_main = |own: &Option<String>, main: &Option<String>| {
            own.clone().or_else(|| main.clone()).unwrap_or_default()
        };
        Evr {
            epoch: package.epoch.or(main.epoch),
            version: own_or_main(&package.version, &main.version),
            release: own_or_main(&package.release, &main.release),
        }
    }

    /// Architecture of a package: its own, or else the one the spec was read for.
    pub fn arch_of<'a>(&'a self, package: &'a SubPackage) -> &'a str {
        package.arch.as_deref().unwrap_or(&self.arch)
    }

    /// Whether sources or patches are left out of the source package (`NoSource:`, `NoPatch:`).
    pub fn is_nosrc(&self) -> bool {
        self.sources.iter().any(|source| source.is_left_out)
    }

    /// File name of the source package: `name-version-release.src.rpm`.
    pub fn source_file_name(&self) -> String {
        let main = self.main();
        let evr = self.evr(main);
        let no = if self.is_nosrc() { "no" } else { "" };
        format!("{}-{}-{}.{no}src.rpm", main.name, evr.version, evr.release)
    }

    /// The directory in which `%doc` and `-f` files are sought: below `build_dir`.
    pub fn source_dir(&self) -> String {
        match self.build_subdir.as_str() {
            "" => self.build_dir.clone(),
            subdir => format!("{}/{subdir}", self.build_dir),
        }
    }
}

/// `ExclusiveArch:`, `ExcludeArch:`, `ExclusiveOS:` and `ExcludeOS:`; empty where not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchLimits {
    /// The only architectures to build for.
    pub exclusive_arch: Vec<Text>,
    /// Architectures not to build for.
    pub exclude_arch: Vec<Text>,
    /// The only systems to build for.
    pub exclusive_os: Vec<Text>,
    /// Systems not to build for.
    pub exclude_os: Vec<Text>,
}

/// Source, patch or icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceKind {
    /// `SourceN:` or a line of `%sourcelist`.
    Source,
    /// `PatchN:` or a line of `%patchlist`.
    Patch,
    /// `Icon:`.
    Icon,
}

/// A source, patch or icon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Whether it is a source, a patch or an icon.
    pub kind: SourceKind,
    /// Number, given or counted; sources and patches count apart, icons have 0.
    pub number: u32,
    /// The value: a file name or a URL.
    pub value: Text,
    /// File name: what follows the last `/`, and there the last `=`.
    pub file_name: String,
    /// Path on disk, in `%_sourcedir`.
    pub path: String,
    /// Named by `NoSource:` or `NoPatch:`.
    pub is_left_out: bool,
    /// The tag's line.
    pub origin: Option<Origin>,
}

/// The sections whose scripts make up a build, in the order they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuildSection {
    /// `%prep`.
    Prep,
    /// `%generate_buildrequires`.
    GenerateBuildRequires,
    /// `%conf`.
    Conf,
    /// `%build`.
    Build,
    /// `%install`.
    Install,
    /// `%check`.
    Check,
    /// `%clean`.
    Clean,
}

impl BuildSection {
    /// Every section with its name, without `%`, in the order they run.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Prep, "prep"),
        (Self::GenerateBuildRequires, "generate_buildrequires"),
        (Self::Conf, "conf"),
        (Self::Build, "build"),
        (Self::Install, "install"),
        (Self::Check, "check"),
        (Self::Clean, "clean"),
    ];

    /// The section's name, without `%`.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(section, _)| *section == self)
            .map_or("", |(_, name)| name)
    }

    /// The section of a name without `%`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(section, _)| *section)
    }
}

/// The body of a build section, `-p` and `-a` parts joined to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildScript {
    /// Shell text.
    pub body: Text,
    /// The section's line; `None` if a build system gave the section.
    pub origin: Option<Origin>,
    /// The calls of macros that are not defined.
    pub undefined: Vec<UndefinedCall>,
}

/// A call of a macro that is not defined, which stays in a script as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndefinedCall {
    /// The macro, without `%`.
    pub name: String,
    /// The place of the call, from its `%` on.
    pub origin: Option<Origin>,
    /// It is a command that runs in any case, so that the script fails there.
    pub is_bound_to_fail: bool,
}

/// One binary package as the spec describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubPackage {
    /// Full name.
    pub name: String,
    /// Own version, if any.
    pub version: Option<String>,
    /// Own release, if any.
    pub release: Option<String>,
    /// Own epoch, if any.
    pub epoch: Option<u32>,
    /// Own architecture: `noarch`, or `None` for that of the build.
    pub arch: Option<String>,
    /// Summary, description and the like; those it inherits from the main package are filled in.
    pub tags: Tags,
    /// Dependencies as written, interpreters of scriptlets included; no self-provides.
    pub relations: BTreeMap<RelationKind, Vec<Dependency>>,
    /// Scriptlets.
    pub scriptlets: BTreeMap<Slot, ScriptletSection>,
    /// Triggers and file triggers, in the order written.
    pub triggers: Vec<TriggerSection>,
    /// `%files`; without it the package is not made.
    pub files: Option<FilesSection>,
    /// `AutoReq:`: whether dependencies of the files are sought.
    pub auto_req: bool,
    /// `AutoProv:`: whether capabilities of the files are sought.
    pub auto_prov: bool,
    /// `Prefix:` and `Prefixes:`.
    pub prefixes: Vec<String>,
    /// `RemovePathPostfixes:`, split.
    pub removed_postfixes: Vec<String>,
    /// Modules of `%sepolicy`.
    pub policies: Vec<PolicyModule>,
    /// `Icon:`, an entry of [`Spec::sources`] by file name.
    pub icon: Option<String>,
    /// The value of `Name:`, or the `%package` line.
    pub origin: Option<Origin>,
}

impl SubPackage {
    /// A package that has nothing yet but a name.
    pub fn new(name: impl Into<String>, origin: Option<Origin>) -> Self {
        Self {
            name: name.into(),
            version: None,
            release: None,
            epoch: None,
            arch: None,
            tags: Tags::default(),
            relations: BTreeMap::new(),
            scriptlets: BTreeMap::new(),
            triggers: Vec::new(),
            files: None,
            auto_req: true,
            auto_prov: true,
            prefixes: Vec::new(),
            removed_postfixes: Vec::new(),
            policies: Vec::new(),
            icon: None,
            origin,
        }
    }

    /// The dependencies of one kind.
    pub fn relations(&self, kind: RelationKind) -> &[Dependency] {
        self.relations.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Adds a dependency unless an equal one is there. Looks through all of the kind.
    pub fn relate(&mut self, kind: RelationKind, dependency: Dependency) {
        let list = self.relations.entry(kind).or_default();
        if !list.iter().any(|known| known.same(&dependency)) {
            list.push(dependency);
        }
    }
}

/// A scriptlet and where its body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptletSection {
    /// The scriptlet; its body lacks what `file` holds.
    pub scriptlet: Scriptlet,
    /// `-f`: a file, in the build directory unless absolute, that is the body at build time.
    pub file: Option<Text>,
}

/// A trigger and where its body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerSection {
    /// The trigger; its script's body lacks what `file` holds.
    pub trigger: Trigger,
    /// `-f`: a file, in the build directory unless absolute, that is the body at build time.
    pub file: Option<Text>,
}

/// `%files` of one package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesSection {
    /// The lines, expanded, comments and blank lines left out, for [`crate::parse_file_line`].
    pub lines: Vec<Text>,
    /// `-f`: lists read at build time, from the build directory unless absolute.
    pub manifests: Vec<Text>,
    /// The section's line.
    pub origin: Option<Origin>,
}

/// A line of `%sepolicy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyModule {
    /// Name, from `-n` or else from the path.
    pub name: String,
    /// `-t`: policy types; `default` if not given.
    pub types: Vec<String>,
    /// `-b`: a base module.
    pub is_base: bool,
    /// The module's file, below the build directory.
    pub path: Text,
}
