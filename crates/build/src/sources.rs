//! Where sources are, and whether they are all there.

pub(crate) mod checksums;
pub(crate) mod fetch;
pub(crate) mod removal;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use archive::{Algorithm, DigestReader};
use source::{Code, Diagnostic};
use spec::{Source, SourceKind};
use target::Personality;

use crate::BuildError;
use crate::event::Listener;
use crate::files::absolute;
use crate::project::Project;
use crate::project::source_dir::SourceDir;
use crate::request::{Request, Stage};
use crate::sources::checksums::{Checksums, SourceFile};

/// A source is not there.
pub(crate) const MISSING: Code = crate::codes::MISSING_SOURCE;

/// A source beside the spec is not the one in `%_sourcedir`.
const TWO: Code = crate::codes::TWO_SOURCES;

/// Warns of sources that are not the same in both places.
fn warn_of_others(project: &mut Project) {
    for (name, other) in std::mem::take(&mut project.other_sources) {
        let source = project.spec.sources.iter().find(|it| it.file_name == name);
        let Some(source) = source.filter(|it| !is_same(Path::new(&it.path), &other)) else {
            continue;
        };
        let message =
            format!("`{name}` beside the spec is taken, not another one in `%_sourcedir`");
        let finding = Diagnostic::warning(TWO, message)
            .at(source.origin)
            .note(format!("{} is not the same", other.display()))
            .help("remove one of them");
        project.engine.sink.push(finding);
    }
}

/// Whether two files have the same content.
fn is_same(one: &Path, other: &Path) -> bool {
    let length = |path: &Path| path.metadata().map(|it| it.len()).ok();
    if length(one) != length(other) {
        return false;
    }
    let digest = |path: &Path| {
        let mut reader = DigestReader::new(&[Algorithm::Sha256], File::open(path).ok()?);
        std::io::copy(&mut reader, &mut std::io::sink()).ok()?;
        Some(reader.finish().hex(Algorithm::Sha256))
    };
    digest(one) == digest(other)
}

/// Sees to it that sources are there and are what they should be.
pub(crate) fn prepare(
    request: &Request,
    project: &mut Project,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    warn_of_others(project);
    let checksums = Checksums::load(request, project)?;
    // What is wrong with them is said before the build, not after it.
    project.tell_findings(listener);
    let fetched = fetch::missing(request, project, &checksums, listener)?;
    if request.personality != Personality::Rpm {
        check(request, project)?;
    }
    let sources = project.spec.sources.iter();
    let there = sources.filter(|it| Path::new(&it.path).is_file() && !fetched.contains(&it.path));
    let there: Vec<_> = there
        .map(|source| SourceFile {
            source: source.clone(),
            path: PathBuf::from(&source.path),
        })
        .collect();
    checksums.check(project, &there)
}

/// Reports every source, patch and icon that is not there. rpm does so when it makes the source package,
/// and misses even those that are left out of it; others would know before anything runs.
pub(crate) fn check(request: &Request, project: &mut Project) -> Result<(), BuildError> {
    let mut result = Ok(());
    // debbuild misses sources where they are unpacked, and those that are not, never.
    let makes_source = matches!(
        request.stage,
        Stage::Source | Stage::DynamicSource | Stage::All
    );
    let is_passed_over = request.personality == Personality::Debbuild && !makes_source;
    for source in project.spec.sources.clone() {
        let path = Path::new(&source.path);
        let may_lack = source.is_left_out && request.personality != Personality::Rpm;
        if may_lack || path.exists() {
            continue;
        }
        let path = project.place_of(&source);
        let sought = sought_in(&path, project, request);
        let message = format!("Bad file: {}: No such file or directory", path.display());
        let near = sought.iter().find_map(|dir| near_miss(dir, &path));
        let url = fetch::url_of(project, &source)?;
        let fetching = how_to_fetch(request, url.as_deref());
        let mut diagnostic = Diagnostic::error(MISSING, message)
            .label(source.origin, "this file was sought")
            .note(where_to_put(&source, &sought));
        if let (Some(near), true) = (&near, fetching.is_some()) {
            diagnostic = diagnostic.note(near);
        }
        let diagnostic = diagnostic.help_if(fetching.or(near));
        let sink = &mut project.engine.sink;
        match is_passed_over {
            true => drop(sink.pass_over(diagnostic)),
            false => result = Err(sink.report(diagnostic).into()),
        }
    }
    result
}

/// What fetches a source that has a URL.
fn how_to_fetch(request: &Request, url: Option<&str>) -> Option<String> {
    let option = match request.personality {
        Personality::Specbuild => "--fetch",
        _ => "--define '_disable_source_fetch 0'",
    };
    url.map(|url| format!("`{option}` downloads it from {url}"))
}

/// The directories a source may lie in: under the tool's own name the spec's, too.
fn sought_in(path: &Path, project: &Project, request: &Request) -> Vec<PathBuf> {
    let parent = |path: &Path| path.parent().map(Path::to_owned).unwrap_or_default();
    let mut dirs = vec![parent(path)];
    if request.personality == Personality::Specbuild {
        let usual = project.source_dir.as_ref().and_then(SourceDir::usual);
        dirs.extend(usual.map(Path::to_owned));
        dirs.insert(0, parent(&absolute(&request.spec)));
    }
    let mut known = BTreeSet::new();
    dirs.retain(|dir| known.insert(dir.clone()));
    dirs
}

/// Where a source that is not there may lie.
fn where_to_put(source: &Source, sought: &[PathBuf]) -> String {
    let dirs: Vec<String> = sought.iter().map(|dir| dir.display().to_string()).collect();
    let kind = match source.kind {
        SourceKind::Source => "sources",
        SourceKind::Patch => "patches",
        SourceKind::Icon => "icons",
    };
    format!("{kind} lie in {}", dirs.join(" or "))
}

/// What is in a directory instead of `path`: a link of that name that leads nowhere, or a file that is
/// called nearly so.
fn near_miss(dir: &Path, path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy();
    let place = dir.join(path.file_name()?);
    if let Ok(target) = std::fs::read_link(&place) {
        let (place, target) = (place.display(), target.display());
        return Some(format!("{place} is a link to {target}, which is not there"));
    }
    let entries = std::fs::read_dir(dir).ok()?;
    let files = entries.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let name = source::closest(&wanted, names.iter().map(String::as_str))?;
    Some(format!(
        "there is a file named `{name}` in {}",
        dir.display()
    ))
}
