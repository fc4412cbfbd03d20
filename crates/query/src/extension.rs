//! Tags that are made of other tags. Source: rpm's `tagexts.cc`, for what each of them holds.

mod dependencies;
mod files;
mod identity;

use crate::{Tags, Value};

/// Makes one tag of others.
type Maker = fn(&dyn Tags) -> Option<Value>;

const MAKERS: &[(&str, Maker)] = &[
    ("ARCHSUFFIX", identity::arch_suffix),
    ("CONFLICTNEVRS", |tags| {
        dependencies::spelled(tags, "CONFLICT")
    }),
    ("DBINSTANCE", |_| Some(Value::number(0_u32))),
    ("ENHANCENEVRS", |tags| {
        dependencies::spelled(tags, "ENHANCE")
    }),
    ("EPOCHNUM", identity::epoch_number),
    ("EVR", |tags| identity::joined(tags, "EVR")),
    ("FILECLASS", files::classes),
    ("FILEMIMES", files::mime_types),
    ("FILENAMES", |tags| files::names(tags, "")),
    ("FILENLINKS", files::link_counts),
    ("FILEPROVIDE", |tags| {
        dependencies::of_files(tags, 'P', "PROVIDE")
    }),
    ("FILEREQUIRE", |tags| {
        dependencies::of_files(tags, 'R', "REQUIRE")
    }),
    ("FILETRIGGERCONDS", |tags| {
        dependencies::trigger_conditions(tags, "FILETRIGGER")
    }),
    ("FILETRIGGERTYPE", |tags| {
        dependencies::trigger_kinds(tags, "FILETRIGGER")
    }),
    ("HEADERCOLOR", files::package_color),
    ("INSTFILENAMES", files::installed_names),
    ("LONGARCHIVESIZE", |tags| {
        either(tags, "LONGARCHIVESIZE", "ARCHIVESIZE")
    }),
    ("LONGFILESIZES", |tags| {
        either(tags, "LONGFILESIZES", "FILESIZES")
    }),
    ("LONGSIGSIZE", |tags| either(tags, "LONGSIGSIZE", "SIGSIZE")),
    ("LONGSIZE", |tags| either(tags, "LONGSIZE", "SIZE")),
    ("NEVR", |tags| identity::joined(tags, "NEVR")),
    ("NEVRA", |tags| identity::joined(tags, "NEVRA")),
    ("NVR", |tags| identity::joined(tags, "NVR")),
    ("NVRA", |tags| identity::joined(tags, "NVRA")),
    ("OBSOLETENEVRS", |tags| {
        dependencies::spelled(tags, "OBSOLETE")
    }),
    ("OPENPGP", identity::signatures),
    ("ORIGFILENAMES", |tags| files::names(tags, "ORIG")),
    ("PROVIDENEVRS", |tags| {
        dependencies::spelled(tags, "PROVIDE")
    }),
    ("RECOMMENDNEVRS", |tags| {
        dependencies::spelled(tags, "RECOMMEND")
    }),
    ("REQUIRENEVRS", |tags| {
        dependencies::spelled(tags, "REQUIRE")
    }),
    ("RPMFORMAT", identity::package_format),
    ("SUGGESTNEVRS", |tags| {
        dependencies::spelled(tags, "SUGGEST")
    }),
    ("SUPPLEMENTNEVRS", |tags| {
        dependencies::spelled(tags, "SUPPLEMENT")
    }),
    ("SYSUSERS", dependencies::system_users),
    ("TRANSFILETRIGGERCONDS", |tags| {
        dependencies::trigger_conditions(tags, "TRANSFILETRIGGER")
    }),
    ("TRANSFILETRIGGERTYPE", |tags| {
        dependencies::trigger_kinds(tags, "TRANSFILETRIGGER")
    }),
    ("TRIGGERCONDS", |tags| {
        dependencies::trigger_conditions(tags, "TRIGGER")
    }),
    ("TRIGGERTYPE", |tags| {
        dependencies::trigger_kinds(tags, "TRIGGER")
    }),
];

/// What a tag holds, made of other tags if it is one of those.
pub(crate) fn get(tags: &dyn Tags, tag: &str) -> Option<Value> {
    match MAKERS.iter().find(|(name, _)| *name == tag) {
        Some((_, make)) => make(tags),
        None => tags.get(tag),
    }
}

/// The first of two tags that is there.
fn either(tags: &dyn Tags, first: &str, second: &str) -> Option<Value> {
    tags.get(first).or_else(|| tags.get(second))
}
