//! What a build starts from: a spec, a tar archive with one in it, or a source package.

pub(crate) mod source_package;
pub(crate) mod tarball;

use std::path::PathBuf;

use crate::build_time::source_date;
use crate::event::Listener;
use crate::request::{Input, Request};
use crate::{BuildError, pipeline};

/// Runs a build and returns the packages it wrote, in the order they were written.
///
/// Everything found on the way goes to the listener, also what made the build fail.
pub fn run(request: &Request, listener: &mut dyn Listener) -> Result<Vec<PathBuf>, BuildError> {
    source_date::check(request, listener)?;
    match request.input {
        Input::Spec => pipeline::run(request, listener),
        Input::Tarball => tarball::run(request, listener),
        Input::SourcePackage => source_package::run(request, listener),
    }
}
