//! Dependencies that others imply.

use std::collections::{HashMap, HashSet};

use package::{FileDependency, RelationKind};

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
    use package::{Comparison, Dependency};

    use super::*;

    fn needs(dependencies: &[Dependency]) -> Vec<FileDependency> {
        let need = |it: &Dependency| FileDependency {
            kind: RelationKind::Requires,
            dependency: it.clone(),
        };
        dependencies.iter().map(need).collect()
    }

    #[test]
    fn a_version_makes_the_bare_name_needless_within_a_colour() {
        let bare = Dependency::on("liba");
        let versioned = Dependency::versioned("liba", Comparison::GreaterEqual, "2");
        let bare = std::slice::from_ref(&bare);
        let mut files = [(2, needs(bare)), (2, needs(&[versioned])), (1, needs(bare))];
        drop_implied(files.iter_mut().map(|(color, needs)| (*color, needs)));
        let counts: Vec<_> = files.iter().map(|(_, needs)| needs.len()).collect();
        assert_eq!(counts, [0, 1, 1]);
    }

    #[test]
    fn versioned_dependencies_of_a_file_come_first() {
        let versioned = Dependency::versioned("libb", Comparison::Equal, "1");
        let mut needs = needs(&[Dependency::on("liba"), versioned]);
        drop_implied([(0, &mut needs)].into_iter());
        let names = needs.iter().map(|it| it.dependency.name());
        assert_eq!(names.collect::<Vec<_>>(), ["libb", "liba"]);
    }
}
