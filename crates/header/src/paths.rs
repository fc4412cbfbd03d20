//! Paths: base names, and a dictionary of the directories they are in.
//!
//! Source: rpm `docs/manual/tags.md`, "Per-file information".

use std::cmp::Ordering;

use package::{Package, split_path};

use crate::structure::Header;
use crate::tags;

pub(crate) fn lower_into(header: &mut Header, package: &Package) {
    let mut directories: Vec<&str> = Vec::new();
    let (mut indexes, mut names) = (Vec::new(), Vec::new());
    for entry in package.files.entries() {
        let (directory, name) = split(&entry.path, package.is_source());
        indexes.push(place_of(directory, &mut directories));
        names.push(name.to_owned());
    }
    header.set(tags::DIR_INDEXES, indexes);
    header.set(tags::BASE_NAMES, names);
    header.set(
        tags::DIR_NAMES,
        directories
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    );
}

/// The directory with its trailing slash, and the name in it. Files of source packages have no
/// directory.
pub fn split(path: &str, is_source: bool) -> (&str, &str) {
    let (directory, name) = split_path(path);
    (if is_source { "" } else { directory }, name)
}

/// The directory's place in the dictionary, which gets it if the search does not find it.
///
/// The dictionary is in the order of the file list and so not quite sorted: `/a/` may follow
/// `/a/b/`. rpm searches it by halves all the same, and now and then enters a directory twice; to
/// write the same header we search as it does.
fn place_of<'p>(directory: &'p str, directories: &mut Vec<&'p str>) -> u32 {
    let (mut low, mut high) = (0, directories.len());
    while low < high {
        let middle = (low + high) / 2;
        match directory.cmp(directories[middle]) {
            Ordering::Less => high = middle,
            Ordering::Greater => low = middle + 1,
            Ordering::Equal => return middle as u32,
        }
    }
    directories.push(directory);
    directories.len() as u32 - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_split_at_the_last_slash() {
        assert_eq!(split("/usr/bin/x", false), ("/usr/bin/", "x"));
        assert_eq!(split("/x", false), ("/", "x"));
        assert_eq!(split("/", false), ("/", ""));
        assert_eq!(split("/x.spec", true), ("", "x.spec"));
    }

    #[test]
    fn directories_come_in_the_order_of_the_files() {
        let mut known = Vec::new();
        let places: Vec<u32> = ["/usr/bin/", "/usr/bin/", "/usr/", "/usr/lib/"]
            .iter()
            .map(|it| place_of(it, &mut known))
            .collect();
        assert_eq!(places, [0, 0, 1, 2]);
        assert_eq!(known, ["/usr/bin/", "/usr/", "/usr/lib/"]);
    }
}
