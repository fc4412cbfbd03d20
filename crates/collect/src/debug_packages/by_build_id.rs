//! Debugging information that is found by the build id of its file and not by the file's path.
//!
//! Source: gdb's manual, "Debugging Information in Separate Files".

use std::collections::BTreeSet;
use std::path::Path;

use super::{DEBUG, on_disk};
use crate::build_ids::build_id;
use crate::record::Record;

/// What has been dealt out. Files that are equal have one id: the first package has it for all.
#[derive(Default)]
pub(super) struct ByBuildId(BTreeSet<String>);

impl ByBuildId {
    /// What belongs to a package's files and no other package has yet, sorted.
    pub(super) fn take(&mut self, records: &[Record], root: &Path) -> Vec<String> {
        let files = records.iter().filter(|it| it.meta.is_file());
        let found = files.filter_map(|it| path(root, it.built_as()));
        let mut fresh: Vec<String> = found.filter(|it| self.0.insert(it.clone())).collect();
        fresh.sort();
        fresh
    }
}

/// Where the debugging information of a file of the build root is, if it is there. Links to the place
/// do not count, they are made for what has a path of its own.
pub(super) fn path(root: &Path, name: &str) -> Option<String> {
    let directory = format!("{DEBUG}/.build-id");
    if !on_disk(root, &directory).is_dir() {
        return None;
    }
    // A file that cannot be read is reported where it is packed.
    let id = build_id(&on_disk(root, name)).ok()??;
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let (head, tail) = id.split_at_checked(2)?;
    let path = format!("{directory}/{head}/{tail}.debug");
    let is_file = on_disk(root, &path).symlink_metadata().ok()?.is_file();
    is_file.then_some(path)
}
