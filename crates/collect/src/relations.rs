//! The relations of a package: those written, those every package has, those found in its files.
//!
//! Source: rpm's manual, "More on dependencies" and "Users and groups";
//! rpm-dependency-generators(7).

use std::collections::{BTreeMap, HashMap, HashSet};

use package::{
    Comparison, Dependency, Evr, FileDependency, FileEntry, Package, Phase, Phases, RelationKind,
    Requirement,
};
use spec::SubPackage;

use crate::analyze::plan::Finding;

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
    pub(crate) fn add_found(&mut self, entries: &[FileEntry], others: Vec<Finding>) {
        let of_files = entries.iter().flat_map(|entry| &entry.dependencies);
        let of_files = of_files.map(|it| (it.kind, it.dependency.clone()));
        let mut found: Vec<Finding> = of_files.chain(others).collect();
        found.sort_by(|a, b| (a.0, &a.1.what).cmp(&(b.0, &b.1.what)));
        for (kind, dependency) in found {
            self.add(kind, dependency);
        }
    }

    /// The lists.
    pub(crate) fn into_lists(self) -> BTreeMap<RelationKind, Vec<Dependency>> {
        self.lists
    }
}

/// Drops a dependency on any version of a name where files of the same colour need a certain one. What
/// asks for a version comes first for each file.
///
/// Source: rpm `build/rpmfc.cc`, normalization of dependencies of files.
pub(crate) fn drop_implied<'a>(files: impl Iterator<Item = (u32, &'a mut Vec<FileDependency>)>) {
    let mut files: Vec<_> = files.collect();
    let mut versioned: HashMap<(u32, RelationKind), HashSet<String>> = HashMap::new();
    for (color, dependencies) in &files {
        for it in dependencies
            .iter()
            .filter(|it| it.dependency.version().is_some())
        {
            let names = versioned.entry((*color, it.kind)).or_default();
            names.insert(it.dependency.name().into_owned());
        }
    }
    for (color, dependencies) in &mut files {
        dependencies.retain(|it| {
            let is_need = matches!(
                it.kind,
                RelationKind::Requires | RelationKind::Recommends | RelationKind::Suggests
            );
            let names = versioned.get(&(*color, it.kind));
            !is_need
                || it.dependency.version().is_some()
                || !names.is_some_and(|names| names.contains(&*it.dependency.name()))
        });
        dependencies.sort_by_key(|it| it.dependency.version().is_none());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(color: u32, needs: &[Dependency]) -> FileEntry {
        let need = |it: &Dependency| FileDependency {
            kind: RelationKind::Requires,
            dependency: it.clone(),
        };
        FileEntry {
            path: "/x".to_owned(),
            kind: package::FileKind::Directory,
            mode: 0o755,
            user: "root".to_owned(),
            group: "wheel".to_owned(),
            mtime: 0,
            flags: package::FileFlags::default(),
            verify: package::VerifyFlags::ALL,
            langs: Vec::new(),
            caps: None,
            is_made_up: false,
            link_set: None,
            numbering: None,
            class: String::new(),
            media_type: String::new(),
            color,
            dependencies: needs.iter().map(need).collect(),
            origin: None,
        }
    }

    #[test]
    fn a_version_makes_the_bare_name_needless_within_a_colour() {
        let bare = Dependency::on("liba");
        let versioned = Dependency::versioned("liba", Comparison::GreaterEqual, "2");
        let mut entries = [
            entry(2, std::slice::from_ref(&bare)),
            entry(2, &[versioned]),
            entry(1, std::slice::from_ref(&bare)),
        ];
        drop_implied(
            entries
                .iter_mut()
                .map(|it| (it.color, &mut it.dependencies)),
        );
        let counts: Vec<_> = entries.iter().map(|it| it.dependencies.len()).collect();
        assert_eq!(counts, [0, 1, 1]);
    }

    #[test]
    fn versioned_dependencies_of_a_file_come_first() {
        let versioned = Dependency::versioned("libb", Comparison::Equal, "1");
        let mut entry = entry(0, &[Dependency::on("liba"), versioned]);
        drop_implied([(0, &mut entry.dependencies)].into_iter());
        let names = entry.dependencies.iter().map(|it| it.dependency.name());
        assert_eq!(names.collect::<Vec<_>>(), ["libb", "liba"]);
    }

    #[test]
    fn owners_other_than_root_are_needed_before_and_after() {
        let mut relations = Relations {
            lists: BTreeMap::new(),
            known: HashSet::new(),
        };
        relations.add_owners(&[entry(0, &[]), entry(0, &[])], false);
        let lists = relations.into_lists();
        let [only] = lists[&RelationKind::Requires].as_slice() else {
            panic!("{lists:?}")
        };
        assert_eq!(only.name(), "group(wheel)");
        assert!(only.when.has(Phase::Pre) && only.when.has(Phase::PostUn));
    }
}
