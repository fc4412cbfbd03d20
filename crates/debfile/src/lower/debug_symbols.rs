//! Packages of debugging symbols: named, related and described by the package they belong to.
//!
//! Source: dh_strip(1), "automatic-dbgsym"; deb-control(5), `Auto-Built-Package` and `Build-Ids`.

use package::Package;
use source::Sink;

use super::fields::{Field, Relations};
use super::{Parts, checked_version, package_name, section};
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

/// Whether the package they belong to may be installed for several architectures at a time.
pub(super) fn multi_arch(
    owner: &Package,
    arch: &str,
    context: &Context<'_>,
) -> Option<&'static str> {
    // What there is to say of that package is said when its own turn comes.
    let mut unheard = Sink::new();
    let (name, version) = (
        package_name(owner, context),
        checked_version(owner, &mut unheard),
    );
    let parts = Parts::lower(owner, context, &name, &version, &mut unheard);
    let multi_arch = section::multi_arch_of(&parts, arch, context);
    multi_arch.filter(|it| *it == "same")
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
