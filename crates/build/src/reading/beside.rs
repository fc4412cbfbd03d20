//! Under the tool's own name, sources may lie beside the spec. Which files are sources is known once the
//! spec has been read, and what is read may come from them (`%include %{SOURCE1}`, `%{load:…}`,
//! `%(cat …)`). So the spec is read on trial, with nothing printed, before it is read in earnest.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use target::Target;

use crate::event::{Event, Listener};
use crate::files::absolute;
use crate::project::Project;
use crate::project::source_dir;
use crate::project::source_dir::SourceDir;
use crate::reading::reader::Reader;
use crate::request::Request;
use crate::{BuildError, Output};

/// Codes of a file that isn't there while a spec is read.
const MISSING_FILES: [&str; 2] = ["spec::bad-include", "expand::load"];

/// A directory to take sources from, and sources in `%_sourcedir` that are not taken.
pub(crate) type Found = (SourceDir, BTreeMap<String, PathBuf>);

/// The directory to take sources from instead of `%_sourcedir`, if some lie beside the spec.
pub(crate) fn source_dir(
    reader: &Reader<'_>,
    target: &Arc<Target>,
) -> Result<Option<Found>, BuildError> {
    let own = own_directory(&reader.request.spec);
    if !has_other_files(&own) {
        return Ok(None);
    }
    let request = Request {
        settings: crate::Settings {
            output: Output::kept(),
            ..reader.request.settings.clone()
        },
        ..reader.request.clone()
    };
    let reader = Reader {
        request: &request,
        ..*reader
    };
    let with_own = SourceDir::Beside(own.clone());
    let mut own_faults = Faults::default();
    if let Ok(mut project) = reader.read(Arc::clone(target), Some(with_own), &mut own_faults) {
        // What it was before this reading took its place.
        project.engine.undefine("_sourcedir");
        return choose(&mut project, &own, &request);
    }
    let mut faults = Faults::default();
    match reader.read(Arc::clone(target), None, &mut faults) {
        Ok(mut project) => choose(&mut project, &own, &request),
        // The reading that gets further is the one to tell of.
        Err(_) if own_faults.lacks_file || !faults.lacks_file => Ok(None),
        Err(_) => Ok(Some((SourceDir::Beside(own), BTreeMap::new()))),
    }
}

fn choose(
    project: &mut Project,
    own: &Path,
    request: &Request,
) -> Result<Option<Found>, BuildError> {
    let usual = PathBuf::from(project.engine.expand_str("%{_sourcedir}")?);
    let comes_first = request.is_rebuild || request.settings.defines("_sourcedir");
    let dir = source_dir::directory_beside(&project.spec, own, &usual, comes_first)?;
    Ok(dir.map(|dir| {
        let others = source_dir::not_taken(&project.spec, &dir, &usual);
        (dir, others)
    }))
}

/// The directory that a spec lies in.
pub(crate) fn own_directory(spec: &Path) -> PathBuf {
    let spec = absolute(spec);
    spec.parent().map(Path::to_owned).unwrap_or_default()
}

/// Whether a directory has files besides specs.
fn has_other_files(dir: &Path) -> bool {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths = entries.map(|entry| entry.path());
    paths.any(|path| path.extension() != Some(OsStr::new("spec")) && path.is_file())
}

/// Listens to a reading on trial.
#[derive(Default)]
struct Faults {
    /// A file to read is not there.
    lacks_file: bool,
}

impl Listener for Faults {
    fn take(&mut self, event: &Event<'_>) {
        if let Event::Finding { diagnostic, .. } = event {
            self.lacks_file |= MISSING_FILES.contains(&diagnostic.code.0);
        }
    }
}
