//! What was found in each file: its class or media type, its colour, and the dependencies that come from it.
//!
//! Source: rpm `docs/manual/tags.md`, "Per-file information".

use indexmap::IndexSet;
use package::{FileEntry, Package, RpmFormat};

use crate::relations::{self, Capabilities, FAMILIES};
use crate::structure::Header;
use crate::tags;

/// A place in a list of dependencies has this many bits in the dictionary, below the letter.
const PLACE_BITS: u32 = 24;

/// What a format calls a file.
type Kind = fn(&FileEntry) -> &String;

/// Writes classes, or media types where the format has those, and colours; source packages have none.
pub(crate) fn lower_into(header: &mut Header, package: &Package) {
    if package.is_source() {
        return;
    }
    let entries = package.files.entries();
    let (kind, indexes, dictionary): (Kind, _, _) = match package.build.format {
        RpmFormat::V4 => (|it| &it.class, tags::FILE_CLASS, tags::CLASS_DICT),
        RpmFormat::V6 => (|it| &it.media_type, tags::FILE_MIME_INDEX, tags::MIME_DICT),
    };
    let mut kinds = IndexSet::new();
    let places = entries
        .iter()
        .map(|it| kinds.insert_full(kind(it)).0 as u32);
    header.set(indexes, places.collect::<Vec<u32>>());
    let kinds: Vec<String> = kinds.into_iter().cloned().collect();
    header.set(dictionary, kinds);
    header.set(
        tags::FILE_COLORS,
        entries.iter().map(|it| it.color).collect::<Vec<u32>>(),
    );
}

/// Writes, per file, which of the package's dependencies were found in it.
pub(crate) fn lower_dependencies_into(
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
