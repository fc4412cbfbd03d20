//! What the caller says of a run, and what it hears of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use expand::Engine;
use package::{BuildFacts, Package};

use crate::CollectError;

/// Where things are on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// What `%install` has filled.
    pub build_root: PathBuf,
    /// The directory in which the build took place: `%builddir` with `%buildsubdir`. Relative
    /// `%doc`, `%license` and `-f` are sought here.
    pub build_dir: PathBuf,
    /// The directory of sources and patches.
    pub source_dir: PathBuf,
}

/// What the caller knows of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Facts that each package records.
    pub facts: BuildFacts,
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970 UTC.
    pub source_date_epoch: Option<i64>,
    /// Variables that dependency generators find in their environment.
    pub environment: BTreeMap<String, String>,
    /// Directories of the build root, as installed, whose files are for the caller, not for a package.
    pub set_aside: Vec<String>,
}

impl Options {
    /// The facts for one package; those that the spec tells stay.
    pub(crate) fn facts_for(&self, package: &Package) -> BuildFacts {
        BuildFacts {
            source_name: package.build.source_name.clone(),
            source_evr: package.build.source_evr.clone(),
            format: package.build.format,
            ..self.facts.clone()
        }
    }

    /// The time of files that are made up.
    pub(crate) fn now(&self) -> i64 {
        self.source_date_epoch.unwrap_or(self.facts.time)
    }
}

/// Hears how far the work has come, in the order in which rpm tells of it.
pub trait Progress {
    /// The files of a package are looked at next. It has no files yet.
    fn begins(&mut self, _package: &Package, _engine: &mut Engine) {}
    /// What a file list names is known; next it is looked into.
    fn lists(&mut self, _engine: &mut Engine) {}
    /// A package is made, unless the engine's sink has an error by now.
    fn makes(&mut self, _package: &Package, _engine: &mut Engine) -> Result<(), CollectError> {
        Ok(())
    }
    /// Files that no list names are looked for.
    fn looks_for_others(&mut self, _engine: &mut Engine) {}
    /// Policies for SELinux are added to a package.
    fn adds_policies(&mut self, _package: &Package, _engine: &mut Engine) {}
}

/// Nobody listens.
impl Progress for () {}
