//! What packages of one spec must not have in common.
//!
//! rpm lets packages share a file that is the same in all of them; dpkg doesn't: every path has one
//! owner. Source: Debian Policy 7.6.1.

use package::{FileKind, Package, RelationKind};
use source::{Diagnostic, Sink};

use super::names::package_name;
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
