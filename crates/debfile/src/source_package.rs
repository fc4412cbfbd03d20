//! From a spec to a Debian source package. Pure: nothing is read or written.
//!
//! The package has the format `3.0 (quilt)`: the upstream archive as it is, and a `debian/` that
//! carries the spec with everything else it names, in `debian/specbuild/`. Its `rules` hand the spec
//! to `specbuild`, which makes the same binary packages again.
//!
//! Not here: what the upstream archive holds, and how files get onto the disk.
//! Source: dpkg-source(1); deb-src-control(5), dsc(5); Debian Policy, chapters 4 and 5.

mod buildinfo;
mod changes;
mod control;
mod dsc;
mod read;
mod rules;
mod sums;
mod write;

use std::collections::BTreeMap;

use package::{Evr, Package};
use source::{Diagnostic, Sink};

use crate::context::Context;
use crate::deb822::Paragraph;
use crate::lower::{
    Heading, changelog, deb_version, file_version, maintainer, source_copyright, source_name,
    upstream_version,
};
use crate::{codes, lower};

pub use buildinfo::{BuildEnvironment, lower_buildinfo};
pub use changes::{Upload, UploadFile, lower_changes};
pub use dsc::finish_dsc;
pub use read::{DscError, DscFile, StoredSource, read_dsc};
pub use rules::{SpecNames, read_rules, shell_word};
pub use sums::{FileSums, SummedFile};
pub use write::{TreeFile, write_tree};

/// Where `debian/` carries the spec and what belongs to it.
pub const CARRIED: &str = "debian/specbuild";

/// The `Build-Depends` of a spec's source package, without what cannot be said of them.
pub fn build_depends(package: &Package, context: &Context<'_>) -> String {
    let (needed, _) = control::build_relations(package, context, &mut Sink::default());
    needed.join(", ")
}

/// A binary package of the spec, before anything is built.
pub struct BinaryOutline<'a> {
    /// What the spec says of it.
    pub package: &'a Package,
    /// The patterns of its `%files`.
    pub paths: Vec<String>,
}

/// A file that goes into `debian/specbuild/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its name.
    pub name: String,
    /// Whether it is no text, which `dpkg-source` has to be told.
    pub is_binary: bool,
}

/// What a source package is made from.
pub struct SourceOutline<'a> {
    /// The source package in rpm's words: name, version, build requirements, changelog.
    pub package: &'a Package,
    /// Its binary packages, in the order of the spec.
    pub binaries: Vec<BinaryOutline<'a>>,
    /// The only architectures to build for, in rpm's words; none given means any.
    pub archs: Vec<String>,
    /// All licences, as one expression.
    pub license: String,
    /// Texts of licences, by file name.
    pub license_texts: BTreeMap<String, String>,
    /// File name of the spec.
    pub spec: String,
    /// Everything in `debian/specbuild/`, the spec included.
    pub carried: Vec<Carried>,
    /// The arguments that `specbuild` is to be called with, besides stage and spec.
    pub arguments: Vec<String>,
    /// The directory that the upstream archive has around its files, which unpacking takes away.
    pub directory: Option<String>,
    /// File name of the spec's main source, which is in the upstream archive or is that itself.
    pub main_source: Option<String>,
}

/// A Debian source package, without the archives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebSource {
    /// Name.
    pub name: String,
    /// Version, with epoch.
    pub version: String,
    /// Version as file names have it, without epoch.
    pub file_version: String,
    /// The part of the version that upstream gave.
    pub upstream_version: String,
    /// The texts of `debian/`, by path from the top of the tree.
    pub texts: BTreeMap<String, String>,
    /// The `.dsc` file, without the files' digests.
    pub dsc: Paragraph,
    /// `Section` of the source.
    pub section: String,
    /// What the `.changes` file says of a release.
    pub release: Release,
}

/// The newest entry of the changelog, in the words of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// The distribution it is for.
    pub distribution: String,
    /// Who is responsible for the package.
    pub maintainer: String,
    /// Who made this change.
    pub changed_by: String,
    /// When, seconds since 1970 UTC.
    pub time: i64,
    /// The entry's head and lines.
    pub changes: String,
}

impl DebSource {
    /// `NAME_VERSION` followed by an ending.
    pub fn file_name(&self, ending: &str) -> String {
        format!("{}_{}{ending}", self.name, self.file_version)
    }

    /// The name of the upstream archive, `NAME_VERSION.orig.tar.EXT`.
    pub fn upstream_name(&self, extension: &str) -> String {
        format!(
            "{}_{}.orig.tar.{extension}",
            self.name, self.upstream_version
        )
    }
}

/// Brings a source package into Debian's form. What it cannot say is reported at its place in the
/// spec.
pub fn lower_source(
    outline: &SourceOutline<'_>,
    context: &Context<'_>,
    sink: &mut Sink,
) -> DebSource {
    let package = outline.package;
    let name = source_name(&package.name);
    lower::check_name(&name, package.origin, sink);
    let version = checked(deb_version(&package.evr), &package.evr, package, sink);
    let maintainer = maintainer(package, context);
    let heading = Heading {
        version: &version,
        codename: &context.distribution.codename,
        maintainer: &maintainer,
    };
    let log = changelog(package, &heading);
    let facts = control::Facts::lower(outline, context, &name, &version, &maintainer, sink);
    let mut texts = rules::texts(outline);
    texts.insert("debian/control".to_owned(), facts.control(outline));
    texts.insert("debian/changelog".to_owned(), log.clone());
    texts.insert(
        "debian/copyright".to_owned(),
        source_copyright(package, &outline.license, &outline.license_texts),
    );
    DebSource {
        file_version: file_version(&package.evr).unwrap_or_else(|_| version.clone()),
        upstream_version: upstream_version(&package.evr.version).unwrap_or_default(),
        texts,
        dsc: dsc::dsc(&facts),
        section: facts.section,
        release: changes::release(package, context, maintainer, &log),
        name,
        version,
    }
}

fn checked(version: Result<String, char>, evr: &Evr, package: &Package, sink: &mut Sink) -> String {
    version.unwrap_or_else(|bad| {
        let message = format!("the version `{evr}` of a source package cannot have `{bad}` in it");
        sink.push(Diagnostic::error(codes::BAD_VERSION, message).at(package.origin));
        evr.to_string()
    })
}
