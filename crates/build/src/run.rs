//! A build under way, as data: what its steps pass on to each other.

use std::path::PathBuf;

use debfile::source_package::{DebSource, SummedFile};
use package::Dependency;

use crate::build_time::BuildTime;
use crate::event::Listener;
use crate::machine::build_lock::BuildLock;
use crate::project::Project;
use crate::request::Request;
use crate::request::work::Work;

/// A build under way.
pub(crate) struct Run<'r> {
    pub(crate) request: &'r Request,
    pub(crate) project: &'r mut Project,
    pub(crate) listener: &'r mut dyn Listener,
    pub(crate) build_time: BuildTime,
    pub(crate) work: Work,
    /// What `%generate_buildrequires` asked for.
    pub(crate) generated: Vec<Dependency>,
    /// The sources are where the command was given.
    pub(crate) in_place: bool,
    /// Keeps other builds out of the build directory.
    pub(crate) lock: Option<BuildLock>,
}

/// A source package that has been written.
pub(crate) struct WrittenSource {
    /// Its files, the one that names the others first.
    pub(crate) paths: Vec<PathBuf>,
    /// MD5 that ties binary packages to it; format 6 has none.
    pub(crate) id: Option<[u8; 16]>,
    /// For an upload: what a Debian one says.
    pub(crate) deb: Option<WrittenDebSource>,
}

/// A Debian source package that has been written.
pub(crate) struct WrittenDebSource {
    /// What its control files say.
    pub(crate) source: DebSource,
    /// Its files with their digests, the `.dsc` first.
    pub(crate) files: Vec<SummedFile>,
}

/// The packages of a build that have been written.
#[derive(Default)]
pub(crate) struct WrittenSet {
    pub(crate) source: Option<WrittenSource>,
    /// The paths of the binary packages, in the order written.
    pub(crate) binaries: Vec<PathBuf>,
}
