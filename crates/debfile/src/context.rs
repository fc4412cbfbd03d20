//! What lowering has to know beside the package itself: plain data, and one question to ask.
//!
//! Not here: where it comes from. The pipeline fills it from the target's profile and the build.

use std::collections::BTreeMap;

use package::Package;
use source::Span;
use target::{ForeignOption, Place};

/// What a capability is called on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A package name, or alternatives as a `Depends` field writes them (`a | b`), or several
    /// relations (`a, b`). Names without a version get the version that was asked for; where
    /// [`VERSION`] is in the text, that takes its place and the names get no other.
    Relation(String),
    /// The same, whatever version is asked for: that is of something inside the package, and counts
    /// differently.
    Unversioned(String),
    /// An Essential package, which is asked for only where a version matters.
    ///
    /// Source: Debian Policy 3.5.
    Essential(String),
    /// What packages for such capabilities are usually called; nobody knows this one.
    Guess(String),
    /// Always there: nothing has to be asked for.
    Always,
    /// Nobody knows.
    Unknown,
}

/// What a program is on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// It is called by the same path or name, or nothing is known of it.
    Same,
    /// It is called by this path or name.
    At(String),
    /// No package has it; what does its work, in a sentence.
    Absent(String),
}

/// What stands in a [`Resolution::Relation`] for the version asked for, without epoch and release:
/// `phpapi-{version}`.
pub const VERSION: &str = "{version}";

/// The version after that one, for all that begins with it: `python3 (<< {next}~)`.
const NEXT: &str = "{next}";

/// A relation with the version that is asked for, without epoch and release, in its place.
pub fn with_version_inside(relation: &str, version: &str) -> String {
    let start = version.trim_end_matches(|c: char| c.is_ascii_digit());
    let last = version[start.len()..].parse::<u64>().unwrap_or(0);
    let next = format!("{start}{}", last.saturating_add(1));
    relation.replace(VERSION, version).replace(NEXT, &next)
}

/// Answers what provides an rpm capability on the target.
///
/// `build::deb::names` asks the tables of the profile, the installed packages, the rules for names and
/// the distribution's archive. Packages of the same spec are never asked for.
pub trait Resolver: Sync {
    /// `capability` as the spec has it, without a version: a package name, a path,
    /// `pkgconfig(x)`, `perl(X::Y)`, ….
    fn resolve(&self, capability: &str) -> Resolution;

    /// What a program that is called by a name or a path is on the target, or another file that a script
    /// reads.
    fn program(&self, called: &str) -> Program {
        let _ = called;
        Program::Same
    }

    /// Whether the arguments of a call show that the target's own program of that name is meant, and not
    /// the one that it is elsewhere.
    fn means_own_program(&self, called: &str, arguments: &[&str]) -> bool {
        let _ = (called, arguments);
        false
    }

    /// An option of a program that is called so, which the target's program lacks.
    fn foreign_option(&self, called: &str, option: &str) -> Option<ForeignOption> {
        let _ = (called, option);
        None
    }

    /// The epoch that the target's package of this name has; 0 if it has none or is not known.
    fn epoch(&self, package: &str) -> u32 {
        let _ = package;
        0
    }
}

/// One rule for the ends of package names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuffixRule {
    /// End of an rpm name, such as `-devel`.
    pub rpm: String,
    /// What stands there instead, such as `-dev`.
    pub deb: String,
}

/// What scriptlets find in `$1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptletArguments {
    /// The number of installed instances, as rpm counts: 0, 1 or 2.
    Rpm,
    /// dpkg's own words: `configure`, `remove`, `upgrade`, ….
    Dpkg,
}

/// The facts of the target distribution.
#[derive(Clone, Debug, Default)]
pub struct Distribution {
    /// rpm architecture to dpkg architecture; `noarch` to `all` included.
    pub archs: BTreeMap<String, String>,
    /// Rules for the ends of package names; the first that fits is used.
    pub suffixes: Vec<SuffixRule>,
    /// Code name of the release, for the changelog.
    pub codename: String,
    /// Multiarch triplet, as in `/usr/lib/<triplet>`.
    pub multiarch: Option<String>,
    /// `Name <address>` for packages whose spec names nobody.
    pub maintainer: String,
    /// Places where files are lost or passed over.
    pub places: Vec<Place>,
}

/// What lowering has to know beside the package. One serves all packages of a spec.
pub struct Context<'a> {
    /// Facts of the target.
    pub distribution: Distribution,
    /// Every binary package of the spec, the lowered one included.
    pub packages: &'a [Package],
    /// What capabilities are called on the target.
    pub resolver: &'a dyn Resolver,
    /// Whether the spec has made its own Debian decisions: names then stand as written.
    pub debbuild_aware: bool,
    /// Where the spec has branches for debbuild alone.
    pub debbuild_branches: Vec<Span>,
    /// What all scriptlets find in `$1`; by default each gets what it compares that with.
    pub scriptlet_arguments: Option<ScriptletArguments>,
    /// Whether `/bin`, `/lib` and `/sbin` of the target are links into `/usr`: files listed there
    /// are then shipped below `/usr`, where dpkg will find them. [`Context::new`] says so.
    pub is_usr_merged: bool,
    /// Texts of small packaged files by installed path; see [`crate::read_texts`].
    pub texts: BTreeMap<String, String>,
    /// Documentation that is shipped compressed, in that form, by installed path; see
    /// [`crate::compress_documents`].
    pub compressed: BTreeMap<String, Vec<u8>>,
    /// Relations for `Depends` that the shared libraries of a package ask for, by rpm name; see
    /// [`crate::shlibs::find`]. A package that has an entry loses its soname capabilities.
    pub libraries: BTreeMap<String, Vec<String>>,
    /// Control members that the spec itself made (`symbols`, `shlibs`, `triggers`, `templates`,
    /// …), by rpm name, then by member name.
    pub control_files: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
}

impl<'a> Context<'a> {
    /// A context without findings of the build: no texts, no libraries, no control members.
    pub fn new(
        distribution: Distribution,
        packages: &'a [Package],
        resolver: &'a dyn Resolver,
    ) -> Self {
        Self {
            distribution,
            packages,
            resolver,
            debbuild_aware: false,
            debbuild_branches: Vec::new(),
            scriptlet_arguments: None,
            is_usr_merged: true,
            texts: BTreeMap::new(),
            compressed: BTreeMap::new(),
            libraries: BTreeMap::new(),
            control_files: BTreeMap::new(),
        }
    }

    /// The package of this spec with an rpm name.
    pub(crate) fn sibling(&self, name: &str) -> Option<&'a Package> {
        self.packages.iter().find(|package| package.name == name)
    }
}
