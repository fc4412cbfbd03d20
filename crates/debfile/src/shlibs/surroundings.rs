//! What lies beside a program: libraries that are built with it are not sought on the system.

use std::collections::HashSet;

use package::{Package, RelationKind};

use crate::context::Context;
use crate::lower::{deb_version, package_name};

/// What is known of a program besides its file.
pub(super) trait Surroundings {
    /// Whether a needed soname is to be looked for at all.
    fn counts(&self, soname: &str) -> bool;

    /// Whether a library is built with the program, in its own directories, in those of the system,
    /// or anywhere in its package: then the relation that this makes, if any.
    fn sibling(&self, soname: &str, own: &[String], system: &[String]) -> Option<Option<String>>;
}

/// A package of a spec, among the others.
pub(super) struct OfSpec<'a> {
    context: &'a Context<'a>,
    package: &'a Package,
    names: HashSet<&'a str>,
    /// What generators found to be required, without what they put in parentheses; `None` if none
    /// have looked.
    required: Option<HashSet<String>>,
}

impl<'a> OfSpec<'a> {
    pub(super) fn new(context: &'a Context<'a>, package: &'a Package, generated: bool) -> Self {
        let paths = package.files.entries().iter();
        let requires = package.relations(RelationKind::Requires).iter();
        let bare = |name: &str| name.split('(').next().unwrap_or(name).to_owned();
        Self {
            context,
            package,
            names: paths.map(|it| file_name(&it.path)).collect(),
            required: generated.then(|| requires.map(|it| bare(&it.name())).collect()),
        }
    }

    /// The relation on a package of the same spec; none on the package itself.
    fn exactly(&self, sibling: &Package) -> Option<String> {
        if sibling.name == self.package.name {
            return None;
        }
        let name = package_name(sibling, self.context);
        let version = deb_version(&sibling.evr).ok()?;
        Some(format!("{name} (= {version})"))
    }
}

impl Surroundings for OfSpec<'_> {
    fn counts(&self, soname: &str) -> bool {
        let required = self.required.as_ref();
        required.is_none_or(|it| it.contains(soname))
    }

    fn sibling(&self, soname: &str, own: &[String], system: &[String]) -> Option<Option<String>> {
        if self.names.contains(soname) {
            return Some(None);
        }
        let directories = own.iter().chain(system);
        let paths: Vec<String> = directories.map(|it| format!("{it}/{soname}")).collect();
        let has = |it: &&Package| paths.iter().any(|path| it.files.get(path).is_some());
        let sibling = self.context.packages.iter().find(has)?;
        Some(self.exactly(sibling))
    }
}

/// Files that are looked at together, without a spec.
pub(super) struct Alone<'a> {
    names: HashSet<&'a str>,
}

impl<'a> Alone<'a> {
    /// By the paths of the files.
    pub(super) fn new(paths: impl Iterator<Item = &'a str>) -> Self {
        Self {
            names: paths.map(file_name).collect(),
        }
    }
}

impl Surroundings for Alone<'_> {
    fn counts(&self, _: &str) -> bool {
        true
    }

    fn sibling(&self, soname: &str, _: &[String], _: &[String]) -> Option<Option<String>> {
        self.names.contains(soname).then_some(None)
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
