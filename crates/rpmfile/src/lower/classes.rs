//! What was found in each file: its class, its colour, and the dependencies that come from it.
//!
//! Source: rpm `docs/manual/tags.md`, "Per-file information".

use indexmap::IndexSet;
use package::{FileEntry, Package};

use super::relations::{self, Capabilities, FAMILIES};
use crate::header::Header;
use crate::tags;

/// A place in a list of dependencies has this many bits in the dictionary, below the letter.
const PLACE_BITS: u32 = 24;

/// Writes classes and colours; source packages have none.
pub(super) fn lower_into(header: &mut Header, package: &Package) {
    if package.is_source() {
        return;
    }
    let entries = package.files.entries();
    let mut classes = IndexSet::new();
    let place = |it: &FileEntry| classes.insert_full(it.class.clone()).0 as u32;
    header.set(
        tags::FILE_CLASS,
        entries.iter().map(place).collect::<Vec<u32>>(),
    );
    header.set(
        tags::CLASS_DICT,
        classes.into_iter().collect::<Vec<String>>(),
    );
    header.set(
        tags::FILE_COLORS,
        entries.iter().map(|it| it.color).collect::<Vec<u32>>(),
    );
}

/// Writes, per file, which of the package's dependencies were found in it.
pub(super) fn lower_dependencies_into(
    header: &mut Header,
    package: &Package,
    capabilities: &Capabilities,
) {
    let (mut dictionary, mut starts, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for entry in package.files.entries() {
        let found = places(entry, capabilities);
        starts.push(if found.is_empty() {
            0
        } else {
            dictionary.len() as u32
        });
        counts.push(found.len() as u32);
        dictionary.extend(found);
    }
    if !dictionary.is_empty() {
        header.set(tags::DEPENDS_DICT, dictionary);
        header.set(tags::FILE_DEPENDS_X, starts);
        header.set(tags::FILE_DEPENDS_N, counts);
    }
}

/// The dependencies found in one file, as letter and place; those that are not among the package's
/// own are left out.
fn places(entry: &FileEntry, capabilities: &Capabilities) -> Vec<u32> {
    let place = |it: &package::FileDependency| {
        let family = FAMILIES.iter().find(|family| family.kind == it.kind)?;
        let wanted = relations::capability(&it.dependency, it.kind);
        let place = capabilities.get(&it.kind)?.binary_search(&wanted).ok()?;
        Some(u32::from(family.letter) << PLACE_BITS | place as u32)
    };
    entry.dependencies.iter().filter_map(place).collect()
}
