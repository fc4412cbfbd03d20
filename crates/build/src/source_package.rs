//! `-r` and `--rebuild`: builds from a source package.

use std::path::PathBuf;

use crate::BuildError;
use crate::event::Listener;
use crate::request::Request;

pub(crate) fn run(
    request: &Request,
    _listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    let _ = request;
    Err(BuildError::MissingBuildRequires)
}
