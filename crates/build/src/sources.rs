//! Where sources are, and whether they are all there.

use std::path::{Path, PathBuf};

use source::{Code, Diagnostic};
use spec::{Source, SourceKind, Spec};
use target::Personality;

use crate::checksums::Checksums;
use crate::event::Listener;
use crate::read::{Project, absolute};
use crate::request::Request;
use crate::{BuildError, fetch};

/// A source is not there.
pub(crate) const MISSING: Code = crate::codes::MISSING_SOURCE;

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

/// Finds the directory to take sources from if `usual`, which is `%_sourcedir`, lacks some that lie in
/// `own`, beside the spec.
pub(crate) fn directory_beside(
    spec: &Spec,
    own: &Path,
    usual: &Path,
) -> Result<Option<SourceDir>, BuildError> {
    let beside = |source: &&Source| own.join(&source.file_name).is_file();
    let there = |source: &&Source| usual.join(&source.file_name).is_file();
    let (present, missing): (Vec<_>, Vec<_>) = spec.sources.iter().partition(there);
    if !missing.iter().any(beside) {
        return Ok(None);
    }
    if present.iter().all(beside) {
        return Ok(Some(SourceDir::Beside(own.to_owned())));
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
            usual.join(&source.file_name)
        };
        let to = dir.path().join(&source.file_name);
        std::os::unix::fs::symlink(from, &to)
            .map_err(|source| BuildError::Write { path: to, source })?;
    }
    Ok(Some(SourceDir::Gathered(dir)))
}

/// Sees to it that sources are there and are what they should be.
pub(crate) fn prepare(
    request: &Request,
    project: &mut Project,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    let checksums = Checksums::load(request, project)?;
    let fetched = fetch::missing(request, project, &checksums, listener)?;
    if request.personality != Personality::Rpm {
        check(request, project)?;
    }
    let sources = project.spec.sources.iter();
    let there = sources.filter(|it| Path::new(&it.path).is_file() && !fetched.contains(&it.path));
    let there: Vec<_> = there
        .map(|source| (source.clone(), PathBuf::from(&source.path)))
        .collect();
    checksums.check(project, &there)
}

/// Reports every source, patch and icon that is not there. rpm does so when it makes the source package,
/// and misses even those that are left out of it; others would know before anything runs.
pub(crate) fn check(request: &Request, project: &mut Project) -> Result<(), BuildError> {
    let sink = &mut project.engine.sink;
    let mut result = Ok(());
    for source in &project.spec.sources {
        let path = Path::new(&source.path);
        let may_lack = source.is_left_out && request.personality != Personality::Rpm;
        if may_lack || path.exists() {
            continue;
        }
        let sought = sought_in(source, request);
        let message = format!("Bad file: {}: No such file or directory", source.path);
        let help = sought.iter().find_map(|dir| near_miss(dir, path));
        let diagnostic = Diagnostic::error(MISSING, message)
            .label(source.origin, "this file was sought")
            .note(where_to_put(source, &sought))
            .help_if(help);
        result = Err(sink.report(diagnostic).into());
    }
    result
}

/// The directories a source may lie in: under the tool's own name the spec's, too.
fn sought_in(source: &Source, request: &Request) -> Vec<PathBuf> {
    let parent = |path: &Path| path.parent().map(Path::to_owned).unwrap_or_default();
    let mut dirs = vec![parent(Path::new(&source.path))];
    if request.personality == Personality::Specbuild {
        dirs.insert(0, parent(&absolute(&request.spec)));
        dirs.dedup();
    }
    dirs
}

/// What to do about a source that is not there. Nothing is downloaded.
fn where_to_put(source: &Source, sought: &[PathBuf]) -> String {
    let dirs: Vec<String> = sought.iter().map(|dir| dir.display().to_string()).collect();
    let kind = match source.kind {
        SourceKind::Source => "sources",
        SourceKind::Patch => "patches",
        SourceKind::Icon => "icons",
    };
    format!(
        "{kind} are not downloaded; they must lie in {}",
        dirs.join(" or ")
    )
}

/// A file in a directory whose name is nearly that of `path`.
fn near_miss(dir: &Path, path: &Path) -> Option<String> {
    let entries = std::fs::read_dir(dir).ok()?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let wanted = path.file_name()?.to_string_lossy();
    let name = source::closest(&wanted, names.iter().map(String::as_str))?;
    Some(format!("there is a file named `{name}`"))
}
