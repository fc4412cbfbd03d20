//! What a comparison has found so far.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What came of the packages of one subject.
#[derive(Default)]
pub(crate) struct Compared {
    pub(super) packages: usize,
    /// Packages that are the same in every byte.
    pub(super) identical: usize,
    pub(super) tags: usize,
    pub(super) entries: usize,
    pub(super) differences: Vec<Difference>,
    /// By reason, how often it excused a difference.
    pub(super) excused: BTreeMap<&'static str, usize>,
}

/// Where two packages differ, and what each has there.
pub(crate) struct Difference {
    pub(crate) package: String,
    pub(crate) place: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

impl Compared {
    pub(super) fn differs(&mut self, package: &str, place: &str, ours: String, theirs: String) {
        self.differences.push(Difference {
            package: package.to_owned(),
            place: place.to_owned(),
            ours,
            theirs,
        });
    }

    pub(super) fn excuse(&mut self, reason: &'static str) {
        *self.excused.entry(reason).or_default() += 1;
    }

    pub(super) fn compare_names(&mut self, ours: &[PathBuf], theirs: &[PathBuf]) {
        if ours != theirs {
            let names = |list: &[PathBuf]| {
                let names = list.iter().map(|it| it.display().to_string());
                names.collect::<Vec<_>>().join(" ")
            };
            self.differs("", "packages", names(ours), names(theirs));
        }
    }
}

/// The name of a package file.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
