//! `--rmsource` and `--rmspec`: what goes when a build is done.

use std::path::PathBuf;

use crate::BuildError;
use crate::files::remove_file;
use crate::project::Project;
use crate::request::Request;
use crate::request::work::Work;

/// Removes the sources and the spec, as far as the work says so. What is gone already is no fault.
pub(crate) fn remove(work: &Work, request: &Request, project: &Project) -> Result<(), BuildError> {
    let mut paths = Vec::new();
    if work.remove_sources {
        let sources = project.spec.sources.iter();
        paths.extend(
            sources
                .filter(|it| !it.is_left_out)
                .map(|it| PathBuf::from(&it.path)),
        );
    }
    if work.remove_spec {
        paths.push(request.spec.clone());
    }
    paths.iter().try_for_each(|path| remove_file(path))
}
