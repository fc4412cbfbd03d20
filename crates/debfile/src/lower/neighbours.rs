//! What packages of one spec must not have in common, and may take from each other.
//!
//! rpm lets packages share a file that is the same in all of them; dpkg doesn't: every path has one
//! owner. Source: Debian Policy 7.6.1.

use package::{FileKind, Package, RelationKind};
use source::{Diagnostic, Sink};

use super::debug_symbols;
use super::fields::{Field, Relations};
use super::names::package_name;
use super::relation::{Atom, Sign};
use super::resolve::without_isa;
use super::version::deb_version;
use crate::codes;
use crate::context::Context;

/// Reports names and paths that an earlier package of the spec has already.
///
/// `is_shipped` says whether a path of a package ends up in its archive.
pub(crate) fn check_neighbours(
    package: &Package,
    context: &Context<'_>,
    is_shipped: &dyn Fn(&Package, &str) -> bool,
    sink: &mut Sink,
) {
    let earlier = context
        .packages
        .iter()
        .take_while(|it| it.name != package.name);
    for other in earlier {
        let name = package_name(other, context);
        if name == package_name(package, context) {
            let message = format!("two packages would both be called `{name}`");
            let finding = Diagnostic::error(codes::BAD_NAME, message).at(package.origin);
            sink.push(finding.label(other.origin, "the other one"));
        } else if !exclude_each_other(package, other) {
            check_paths(package, other, is_shipped, sink);
        }
    }
}

/// Whether the packages are never installed together.
fn exclude_each_other(a: &Package, b: &Package) -> bool {
    let conflicts = |from: &Package, with: &Package| {
        from.relations(RelationKind::Conflicts)
            .iter()
            .any(|it| it.name() == with.name.as_str())
    };
    conflicts(a, b) || conflicts(b, a)
}

/// Lets a package take files that older builds of its neighbours had. A spec never tells of such moves,
/// for rpm asks for no leave: what is upgraded in one go may change hands.
///
/// Only the main package and those that one needs, or that need it, count as neighbours.
pub(crate) fn replace_older(package: &Package, context: &Context<'_>, relations: &mut Relations) {
    let has_files = |it: &Package| {
        let mut entries = it.files.entries().iter();
        entries.any(|entry| entry.kind != FileKind::Directory && !entry.flags.ghost)
    };
    if context.debbuild_aware || !has_files(package) {
        return;
    }
    let others = context.packages.iter();
    let others = others.filter(|it| debug_symbols::owner(it, context).is_none());
    let others = others.filter(|it| it.name != package.name && are_close(package, it));
    for other in others.filter(|it| !exclude_each_other(package, it)) {
        if let Ok(version) = deb_version(&other.evr) {
            let older = Atom::versioned(package_name(other, context), Sign::Earlier, version);
            relations.add(Field::Replaces, vec![older]);
        }
    }
}

fn are_close(a: &Package, b: &Package) -> bool {
    let is_main = |it: &Package| it.name == it.build.source_name;
    let needs = |from: &Package, other: &Package| {
        from.relations(RelationKind::Requires)
            .iter()
            .any(|it| without_isa(&it.name()) == other.name)
    };
    is_main(a) || is_main(b) || needs(a, b) || needs(b, a)
}

fn check_paths(
    package: &Package,
    other: &Package,
    is_shipped: &dyn Fn(&Package, &str) -> bool,
    sink: &mut Sink,
) {
    for entry in package
        .files
        .entries()
        .iter()
        .filter(|it| it.kind != FileKind::Directory)
    {
        let Some(twin) = other.files.get(&entry.path) else {
            continue;
        };
        if is_shipped(package, &entry.path) && is_shipped(other, &entry.path) {
            let message = format!(
                "`{}` is in `{}` and in `{}`",
                entry.path, other.name, package.name
            );
            sink.push(
                Diagnostic::error(codes::SHARED_PATH, message)
                    .at(entry.origin)
                    .label(twin.origin, "listed here too")
                    .note("dpkg lets only one package own a file")
                    .help("leave it out of one of them with `%exclude`"),
            );
        }
    }
}
