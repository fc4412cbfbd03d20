//! `--rmsource` and `--rmspec`: what goes when a build is done.

use std::path::{Path, PathBuf};

use crate::BuildError;
use crate::reading::project::Project;
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

pub(crate) fn remove_file(path: &Path) -> Result<(), BuildError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BuildError::Remove {
            path: path.to_owned(),
            source: error,
        }),
        _ => Ok(()),
    }
}
