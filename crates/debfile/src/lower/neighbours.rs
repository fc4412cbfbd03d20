//! What packages of one spec must not have in common, and may take from each other.
//!
//! rpm lets packages share a file that is the same in all of them; dpkg doesn't: every path has one
//! owner. A package that needs the owner can leave the file to it. Source: Debian Policy 7.6.1.

use std::borrow::Cow;
use std::collections::BTreeSet;

use package::{FileEntry, FileKind, Package, RelationKind, Requirement};
use source::{Diagnostic, Sink};

use super::debug_symbols;
use super::fields::{Field, Relations};
use super::names::package_name;
use super::package_paths::is_aliased;
use super::resolve::without_isa;
use super::shipped::is_shipped;
use super::version::deb_version;
use crate::codes;
use crate::context::Context;
use crate::relation::{Atom, Sign};

/// Reports names and paths that an earlier package of the spec has already.
pub(crate) fn check_neighbours(package: &Package, context: &Context<'_>, sink: &mut Sink) {
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
            check_paths(package, other, context, sink);
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

/// The paths of a package that another one of the spec has, which it needs: there they stay.
///
/// rpm lets both have the same file, and one is enough where the other package is always installed.
pub(crate) fn left_to_others(package: &Package, context: &Context<'_>) -> BTreeSet<String> {
    let mut left = BTreeSet::new();
    for other in needed(package, context) {
        let shared = shared(package, other, context).filter(|(entry, twin)| is_same(entry, twin));
        let shared: Vec<_> = shared.map(|(entry, _)| entry.path.clone()).collect();
        if !shared.is_empty() && leaves_to(package, other, context) {
            left.extend(shared);
        }
    }
    left
}

/// Files that two packages have at the same place.
fn shared<'p>(
    package: &'p Package,
    other: &'p Package,
    context: &Context<'_>,
) -> impl Iterator<Item = (&'p FileEntry, &'p FileEntry)> {
    let is_usr_merged = context.is_usr_merged;
    let entries = package.files.entries().iter();
    let entries = entries.filter(|it| it.kind != FileKind::Directory);
    entries.filter_map(move |entry| {
        let by_alias = || {
            other
                .files
                .get(&alias(&entry.path).filter(|_| is_usr_merged)?)
        };
        let twin = other.files.get(&entry.path).or_else(by_alias)?;
        Some((entry, twin))
    })
}

/// The other name of a path where `/bin` and others are links into `/usr`.
fn alias(path: &str) -> Option<Cow<'_, str>> {
    match path.strip_prefix("/usr") {
        Some(rest) if is_aliased(rest) => Some(Cow::Borrowed(rest)),
        _ => is_aliased(path).then(|| Cow::Owned(format!("/usr{path}"))),
    }
}

fn is_same(entry: &FileEntry, twin: &FileEntry) -> bool {
    let attributes = |it: &FileEntry| (it.mode, it.user.clone(), it.group.clone(), it.caps.clone());
    entry.path == twin.path && entry.kind == twin.kind && attributes(entry) == attributes(twin)
}

/// Whether a package needs another one that has the same files. Of two that need each other, the first
/// keeps them.
fn leaves_to(package: &Package, other: &Package, context: &Context<'_>) -> bool {
    let comes_first = || {
        context
            .packages
            .iter()
            .find(|it| it.name == package.name || it.name == other.name)
    };
    let is_first = || comes_first().is_some_and(|it| it.name == package.name);
    needs(package, other, context) && !(needs(other, package, context) && is_first())
}

/// Whether a package is never installed without another.
fn needs(package: &Package, other: &Package, context: &Context<'_>) -> bool {
    needed(package, context)
        .iter()
        .any(|it| it.name == other.name)
}

/// The packages of the spec without which one is never installed, by way of others too.
fn needed<'p>(package: &'p Package, context: &Context<'p>) -> Vec<&'p Package> {
    let mut reached: Vec<&Package> = vec![package];
    let mut next = 0;
    while let Some(from) = reached.get(next) {
        next += 1;
        for dependency in from.relations(RelationKind::Requires) {
            let Requirement::Simple(relation) = &dependency.what else {
                continue;
            };
            let name = without_isa(&relation.name);
            let found = context.packages.iter().find(|it| it.name == name);
            if let Some(it) = found.filter(|it| reached.iter().all(|known| known.name != it.name)) {
                reached.push(it);
            }
        }
    }
    reached.split_off(1)
}

fn check_paths(package: &Package, other: &Package, context: &Context<'_>, sink: &mut Sink) {
    for (entry, twin) in shared(package, other, context) {
        if !is_shipped(package, &entry.path, context) || !is_shipped(other, &twin.path, context) {
            continue;
        }
        let message = format!(
            "`{}` is in `{}` and in `{}`",
            entry.path, other.name, package.name
        );
        let keeper = [(package, other), (other, package)]
            .into_iter()
            .find(|(from, to)| is_same(entry, twin) && leaves_to(from, to, context));
        let finding = match keeper {
            // A third one keeps it, and the pairs with that are reported.
            Some((_, keeper)) if left_to_others(keeper, context).contains(&entry.path) => continue,
            Some((_, keeper)) => {
                let message = format!("{message}: only the .deb of `{}` has it", keeper.name);
                Diagnostic::warning(codes::LEFT_PATH, message).note(
                    "dpkg lets only one package own a file, and the other one needs that package",
                )
            }
            None => Diagnostic::error(codes::SHARED_PATH, message)
                .note("dpkg lets only one package own a file"),
        };
        let finding = finding
            .at(entry.origin)
            .label(twin.origin, "listed here too");
        sink.push(finding.help("leave it out of one of them with `%exclude`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_directories_have_two_names() {
        assert_eq!(alias("/bin/x").as_deref(), Some("/usr/bin/x"));
        assert_eq!(alias("/usr/lib/x").as_deref(), Some("/lib/x"));
        assert_eq!(alias("/usr/share/x"), None);
        assert_eq!(alias("/library/x"), None);
    }
}
