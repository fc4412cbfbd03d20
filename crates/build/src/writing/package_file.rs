//! One package file: it appears under its name only when it is complete.

use std::error::Error as _;
use std::path::{Path, PathBuf};

use archive::{AtomicFile, TemporaryFault};
use package::{Output, WriteError};

use crate::BuildError;
use crate::event::{Event, Listener};
use crate::files::make_dir;
use crate::project::Project;

/// Writes one package file.
pub(crate) fn write_package<T>(
    project: &mut Project,
    path: &Path,
    listener: &mut dyn Listener,
    write: impl FnOnce(&mut Output<'_>, &mut source::Sink) -> Result<T, WriteError>,
) -> Result<T, BuildError> {
    let mut file = create(path)?;
    let written = write(&mut Output::new(&mut file), &mut project.engine.sink);
    let result = written.map_err(|fault| package_fault(path, fault))?;
    finish(file, project, listener)?;
    Ok(result)
}

/// Starts a package file.
pub(crate) fn create(path: &Path) -> Result<AtomicFile, BuildError> {
    make_dir(path.parent().unwrap_or(Path::new(".")))?;
    AtomicFile::create(path).map_err(|fault| plumbing_fault(path, fault))
}

/// Gives a package file its name, and says so.
pub(crate) fn finish(
    file: AtomicFile,
    project: &mut Project,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    listener.check_interruption()?;
    let (path, mut file) = (file.path().to_owned(), file);
    if project.written.has_other(&path, &mut file) {
        return Err(BuildError::WrittenBefore(path));
    }
    let kept = project.written.keep_older(&path);
    kept.map_err(|fault| package_fault(&path, WriteError::Write(fault)))?;
    file.commit()
        .map_err(|fault| plumbing_fault(&path, fault))?;
    project.written.add(&path);
    project.tell_findings(listener);
    listener.take(&Event::Wrote(&path));
    Ok(())
}

/// The directory of a temporary file that could not be written, and why.
fn temporary_fault(fault: &WriteError) -> Option<(PathBuf, std::io::Error)> {
    let mut cause = fault.source();
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        let inner = io.and_then(std::io::Error::get_ref);
        if let Some(it) = inner.and_then(|it| it.downcast_ref::<TemporaryFault>()) {
            let source = match it.source.raw_os_error() {
                Some(code) => std::io::Error::from_raw_os_error(code),
                None => it.source.kind().into(),
            };
            return Some((it.directory.clone(), source));
        }
        cause = error.source();
    }
    None
}

fn plumbing_fault(path: &Path, fault: archive::Error) -> BuildError {
    package_fault(path, WriteError::Write(std::io::Error::other(fault)))
}

pub(crate) fn package_fault(path: &Path, fault: WriteError) -> BuildError {
    if let Some((dir, source)) = temporary_fault(&fault) {
        return BuildError::Temporary { dir, source };
    }
    match fault {
        WriteError::Reported(reported) => BuildError::Reported(reported),
        source => BuildError::Package {
            path: path.to_owned(),
            source,
        },
    }
}
