//! Packages of debugging symbols: named, related and described by the package they belong to.
//!
//! Source: dh_strip(1), "automatic-dbgsym"; deb-control(5), `Auto-Built-Package` and `Build-Ids`.

use package::Package;

use super::fields::{Field, Relations};
use super::names::package_name;
use crate::context::Context;

/// What such packages end in, in rpm's names and in Debian's.
const RPM: &str = "-debuginfo";
const DEB: &str = "-dbgsym";

/// The section of all such packages, whatever `Group:` says.
pub(super) const SECTION: &str = "debug";

/// For a package of debugging symbols, the package they belong to.
pub(super) fn owner<'a>(package: &Package, context: &Context<'a>) -> Option<&'a Package> {
    context.sibling(package.name.strip_suffix(RPM)?)
}

/// The name after that of the package it belongs to, whatever a spec decides for others.
pub(super) fn name(package: &Package, context: &Context<'_>) -> Option<String> {
    let owner = owner(package, context)?;
    Some(format!("{}{DEB}", package_name(owner, context)))
}

/// The only relation there is: on the very version that was built along.
pub(super) fn relations(owner: &str, version: &str) -> Relations {
    let mut relations = Relations::default();
    relations.add_text(Field::Depends, &format!("{owner} (= {version})"));
    relations
}

/// The description: one line.
pub(super) fn description(owner: &str) -> String {
    format!("debug symbols for {owner}")
}

/// The build ids whose symbols the package holds.
pub(super) fn build_ids(package: &Package) -> String {
    const DIRECTORY: &str = "/usr/lib/debug/.build-id/";
    let id = |path: &str| {
        let (head, tail) = path.strip_prefix(DIRECTORY)?.split_once('/')?;
        Some(format!("{head}{}", tail.strip_suffix(".debug")?))
    };
    let entries = package.files.entries().iter();
    let ids: Vec<_> = entries.filter_map(|it| id(&it.path)).collect();
    ids.join(" ")
}
