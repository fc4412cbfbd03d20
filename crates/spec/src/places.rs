//! Finding entries of lists by key: at the same cost for the last line of a long spec as for the first.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use package::{Dependency, RelationKind};

/// Where the first entry of each key is in a list that only grows. It takes up new entries when it is
/// asked, so whoever adds to the list need not know of it.
#[derive(Debug)]
pub(crate) struct Places<K> {
    seen: usize,
    first: HashMap<K, usize>,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self {
            seen: 0,
            first: HashMap::new(),
        }
    }
}

impl<K: Eq + Hash> Places<K> {
    /// The place of the first entry with a key.
    pub(crate) fn find<T>(
        &mut self,
        list: &[T],
        key_of: impl Fn(&T) -> K,
        key: &K,
    ) -> Option<usize> {
        if list.len() < self.seen {
            self.seen = 0;
            self.first.clear();
        }
        for (at, entry) in list.iter().enumerate().skip(self.seen) {
            self.first.entry(key_of(entry)).or_insert(at);
        }
        self.seen = list.len();
        self.first.get(key).copied()
    }
}

/// Names a list of dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ListKey {
    /// The package, by its index; `None` for the source package.
    pub(crate) owner: Option<usize>,
    pub(crate) kind: RelationKind,
}

/// The dependencies in all lists of a spec, by hashes: they are long, and there are many.
#[derive(Debug, Default)]
pub(crate) struct KnownDependencies {
    hasher: RandomState,
    lists: HashMap<ListKey, Places<u64>>,
}

impl KnownDependencies {
    /// Adds a dependency to a list unless an equal one is there.
    pub(crate) fn add(&mut self, key: ListKey, list: &mut Vec<Dependency>, dependency: Dependency) {
        let hasher = &self.hasher;
        let hash = |it: &Dependency| hasher.hash_one((&it.what, it.when));
        let places = self.lists.entry(key).or_default();
        let is_known = match places.find(list, hash, &hash(&dependency)) {
            Some(place) if list[place].same(&dependency) => true,
            // Another one has the same hash, which hardly ever happens.
            Some(_) => list.iter().any(|known| known.same(&dependency)),
            None => false,
        };
        if !is_known {
            list.push(dependency);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_entries_is_found_in_lists_that_grow_and_begin_anew() {
        let mut places = Places::default();
        let mut find = |list: &[&str], key: u8| places.find(list, |it| it.as_bytes()[0], &key);
        assert_eq!(find(&["a1", "b1", "a2"], b'a'), Some(0));
        assert_eq!(find(&["a1", "b1", "a2", "c1"], b'c'), Some(3));
        assert_eq!(find(&["a1", "b1", "a2", "c1"], b'd'), None);
        assert_eq!(find(&["d1"], b'a'), None);
        assert_eq!(find(&["d1"], b'd'), Some(0));
    }

    #[test]
    fn dependencies_are_added_once_for_each_list_and_phase() {
        let (mut known, mut list) = (KnownDependencies::default(), Vec::new());
        let kind = RelationKind::Requires;
        let key = ListKey {
            owner: Some(0),
            kind,
        };
        for name in ["a", "b", "a"] {
            known.add(key, &mut list, Dependency::on(name));
        }
        let late = package::Phases::NONE.with(package::Phase::Post);
        known.add(key, &mut list, Dependency::on("a").at(late));
        let names: Vec<_> = list.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a", "b", "a"]);
        let mut other = Vec::new();
        known.add(
            ListKey { owner: None, kind },
            &mut other,
            Dependency::on("a"),
        );
        assert_eq!(other.len(), 1);
    }
}
