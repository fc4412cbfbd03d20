//! Debian source packages on the disk: upstream archives, unpacked trees, `.dsc` files.
//!
//! Not here: what `debian/` says, which crate `debfile` owns, and writing such packages, which is
//! among the artifacts of a build.

mod bounded;
mod dsc;
mod rules;
mod tree;
mod tree_sources;
mod upstream;

pub use rules::{Rules, RulesTarget, run_rules};

pub(crate) use bounded::open_tar;
pub(crate) use dsc::install;
pub(crate) use upstream::{Upstream, inspect};

use spec::{Source, SourceKind, Spec};

/// The source that is the upstream archive: the first there is.
pub(crate) fn main_source(spec: &Spec) -> Option<&Source> {
    let sources = spec.sources.iter();
    sources
        .filter(|it| it.kind == SourceKind::Source)
        .min_by_key(|it| it.number)
}
