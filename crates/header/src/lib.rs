//! The header of an .rpm: its tags, and which of them a [`package::Package`] fills with what.
//!
//! This is the one mapping from packages to header tags. [`of_package`] gives the whole header that
//! `rpmfile` writes; `query` asks for a tag at a time and takes the [`aspects`] one by one, so that a
//! package's name costs no walk over its files.
//!
//! Not here: what is known only once the file is written (digests, sizes, how the payload is packed),
//! and reading headers of others; both are in `rpmfile`.
//!
//! Source: rpm `docs/manual/tags.md`, `format_header.md`.

mod classes;
mod extras;
mod facts;
mod files;
mod paths;
mod relations;
mod scripts;
pub mod sense;
mod sources;
mod structure;
pub mod tags;
mod texts;
mod time;

use package::Package;

pub use files::{device, has_caps, has_links, inodes, mode, needs_large_sizes};
pub use paths::split;
pub use relations::{Capabilities, Capability, FAMILIES, Family, capabilities};
pub use structure::{BINARY, DATA_LIMIT, ENTRY, Header, MAGIC, Value, in_language};
pub use time::lower_time;

/// Writes the tags of one aspect of a package into a header.
pub type Aspect = fn(&mut Header, &Package);

/// The aspects in which nothing but the package counts, the cheapest first. No two write the same tag.
const PLAIN: [Aspect; 7] = [
    facts::lower_into,
    texts::lower_into,
    sources::lower_into,
    scripts::lower_into,
    paths::lower_into,
    files::lower_into,
    lower_findings,
];

/// Everything that a header says of a package, but for the features of rpm that its file needs.
pub fn aspects() -> impl Iterator<Item = Aspect> {
    let dependencies: Aspect = |header, package| lower_dependencies(header, package, &[]);
    PLAIN.into_iter().chain([dependencies])
}

/// The header of a package, which needs these `features` of rpm (`rpmlib(…)`).
pub fn of_package(package: &Package, features: &[Capability]) -> Header {
    let mut header = Header::default();
    for lower in PLAIN {
        lower(&mut header, package);
    }
    lower_dependencies(&mut header, package, features);
    header
}

fn lower_dependencies(header: &mut Header, package: &Package, features: &[Capability]) {
    let capabilities = capabilities(package, features);
    relations::lower_into(header, &capabilities);
    classes::lower_dependencies_into(header, package, &capabilities);
}

/// What was found in the files, and what the spec attaches to the package.
fn lower_findings(header: &mut Header, package: &Package) {
    classes::lower_into(header, package);
    extras::lower_into(header, &package.extras);
}
