//! The relations of a package: those written, those every package has, those found in its files.
//!
//! Source: rpm's manual, "More on dependencies" and "Users and groups";
//! rpm-dependency-generators(7).

use std::collections::{BTreeMap, HashSet};

use package::{
    Comparison, Dependency, Evr, FileDependency, FileEntry, Package, Phase, Phases, RelationKind,
    Requirement,
};
use spec::SubPackage;

/// Lists of dependencies by kind, each dependency once.
pub(crate) struct Relations {
    lists: BTreeMap<RelationKind, Vec<Dependency>>,
    known: HashSet<(RelationKind, Requirement, Phases)>,
}

impl Relations {
    /// Starts with what the spec says.
    pub(crate) fn written(package: &Package) -> Self {
        let mut relations = Self {
            lists: BTreeMap::new(),
            known: HashSet::new(),
        };
        for (kind, list) in &package.relations {
            for dependency in list {
                relations.add(*kind, dependency.clone());
            }
        }
        relations
    }

    fn add(&mut self, kind: RelationKind, dependency: Dependency) {
        if self
            .known
            .insert((kind, dependency.what.clone(), dependency.when))
        {
            self.lists.entry(kind).or_default().push(dependency);
        }
    }

    /// A package with `%config` files offers and needs `config(name)` of its own version.
    pub(crate) fn add_config(&mut self, package: &SubPackage, evr: &Evr, entries: &[FileEntry]) {
        if !entries.iter().any(|entry| entry.flags.config) {
            return;
        }
        let name = format!("config({})", package.name);
        let config = Dependency::versioned(name, Comparison::Equal, evr.to_string())
            .at(Phases::NONE.with(Phase::Config));
        if package.auto_prov {
            self.add(RelationKind::Provides, config.clone());
        }
        if package.auto_req {
            self.add(RelationKind::Requires, config);
        }
    }

    /// Owners other than root have to exist before the files do, and go after them.
    pub(crate) fn add_owners(&mut self, entries: &[FileEntry], weak: bool) {
        let kind = if weak {
            RelationKind::Recommends
        } else {
            RelationKind::Requires
        };
        let when = Phases::NONE.with(Phase::Pre).with(Phase::PostUn);
        for entry in entries {
            for (word, name) in [("user", &entry.user), ("group", &entry.group)] {
                if name != "root" {
                    self.add(kind, Dependency::on(format!("{word}({name})")).at(when));
                }
            }
        }
    }

    /// What generators found in the files, and in none of them, sorted by name.
    pub(crate) fn add_found(&mut self, entries: &[FileEntry], others: Vec<FileDependency>) {
        let of_files = entries.iter().flat_map(|entry| &entry.dependencies);
        let mut found: Vec<FileDependency> = of_files.cloned().chain(others).collect();
        found.sort_by(|a, b| (a.kind, &a.dependency.what).cmp(&(b.kind, &b.dependency.what)));
        for it in found {
            self.add(it.kind, it.dependency);
        }
    }

    /// The lists.
    pub(crate) fn into_lists(self) -> BTreeMap<RelationKind, Vec<Dependency>> {
        self.lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> FileEntry {
        FileEntry {
            group: "wheel".to_owned(),
            ..FileEntry::new("/x", package::FileKind::Directory, 0o755)
        }
    }

    #[test]
    fn owners_other_than_root_are_needed_before_and_after() {
        let mut relations = Relations {
            lists: BTreeMap::new(),
            known: HashSet::new(),
        };
        relations.add_owners(&[entry(), entry()], false);
        let lists = relations.into_lists();
        let [only] = lists[&RelationKind::Requires].as_slice() else {
            panic!("{lists:?}")
        };
        assert_eq!(only.name(), "group(wheel)");
        assert!(only.when.has(Phase::Pre) && only.when.has(Phase::PostUn));
    }
}
