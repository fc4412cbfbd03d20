//! Where sources are, and whether they are all there.

use std::path::{Path, PathBuf};

use source::{Code, Diagnostic};
use spec::{Source, SourceKind, Spec};

use crate::BuildError;
use crate::read::{Project, absolute};

/// A source is not there.
pub(crate) const MISSING: Code = Code("build::missing-source");

/// A directory to take sources from instead of `%_sourcedir`.
pub(crate) enum SourceDir {
    /// The spec's own.
    Beside(PathBuf),
    /// Links to sources that lie in two places; gone when dropped.
    Gathered(tempfile::TempDir),
}

impl SourceDir {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Beside(path) => path,
            Self::Gathered(dir) => dir.path(),
        }
    }
}

/// Finds the directory to take sources from if `%_sourcedir` lacks some that lie beside the spec.
pub(crate) fn directory_beside(
    spec: &Spec,
    spec_path: &Path,
) -> Result<Option<SourceDir>, BuildError> {
    let own = absolute(spec_path)
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default();
    let beside = |source: &&Source| own.join(&source.file_name).is_file();
    let there = |source: &&Source| Path::new(&source.path).is_file();
    let (present, missing): (Vec<_>, Vec<_>) = spec.sources.iter().partition(there);
    if !missing.iter().any(beside) {
        return Ok(None);
    }
    if present.iter().all(beside) {
        return Ok(Some(SourceDir::Beside(own)));
    }
    let fault = |source| BuildError::Write {
        path: std::env::temp_dir(),
        source,
    };
    let dir = tempfile::Builder::new()
        .prefix("specbuild-sources.")
        .tempdir()
        .map_err(fault)?;
    for source in &spec.sources {
        let own = own.join(&source.file_name);
        let from = if own.is_file() {
            own
        } else {
            PathBuf::from(&source.path)
        };
        let to = dir.path().join(&source.file_name);
        std::os::unix::fs::symlink(from, &to)
            .map_err(|source| BuildError::Write { path: to, source })?;
    }
    Ok(Some(SourceDir::Gathered(dir)))
}

/// Reports every source, patch and icon that is not there.
pub(crate) fn check(project: &mut Project) -> Result<(), BuildError> {
    let sink = &mut project.engine.sink;
    let mut result = Ok(());
    for source in &project.spec.sources {
        let path = Path::new(&source.path);
        if source.is_left_out || path.exists() {
            continue;
        }
        let message = format!("Bad source: {}: No such file or directory", source.path);
        let help = near_miss(path).map(|name| format!("there is a file named `{name}`"));
        let diagnostic = Diagnostic::error(MISSING, message)
            .label(source.origin, "this file was sought")
            .note(format!("{} must lie in {}", kind(source), parent(path)))
            .help_if(help);
        result = Err(sink.report(diagnostic).into());
    }
    result
}

fn kind(source: &Source) -> &'static str {
    match source.kind {
        SourceKind::Source => "sources",
        SourceKind::Patch => "patches",
        SourceKind::Icon => "icons",
    }
}

fn parent(path: &Path) -> String {
    path.parent()
        .unwrap_or(Path::new("."))
        .display()
        .to_string()
}

/// A file in the same directory whose name is nearly this one.
fn near_miss(path: &Path) -> Option<String> {
    let entries = std::fs::read_dir(path.parent()?).ok()?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let wanted = path.file_name()?.to_string_lossy();
    source::closest(&wanted, names.iter().map(String::as_str)).map(str::to_owned)
}
