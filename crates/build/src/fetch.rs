//! Fetching sources that are not there, where `%_disable_source_fetch` is 0.
//!
//! `%_urlhelper` is the command: file and URL follow it as its last two words. It writes under a name
//! of its own, which becomes the source's when all is there and its checksum holds. rpm fetches where
//! it reads the tag; here it is done before the build, so that a query fetches nothing.
//! Source: rpm-config(5), `%_urlhelper`; rpmbuild-config(5), `%_disable_source_fetch`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use source::{Code, Diagnostic};
use spec::Source;
use target::Personality;

use crate::BuildError;
use crate::checksums::Checksums;
use crate::event::{Event, Listener};
use crate::read::Project;
use crate::request::Request;
use crate::workspace::make_dir;

/// A source is being fetched.
const FETCHING: Code = Code("build::fetching");
/// A source could not be fetched.
pub(crate) const FAILED: Code = Code("build::fetch-failed");

/// What a URL begins with.
const SCHEMES: [&str; 5] = ["file://", "ftp://", "hkp://", "http://", "https://"];
/// How often progress is told.
const GLANCE: Duration = Duration::from_millis(50);

/// A source to be fetched.
struct Wanted {
    source: Source,
    url: String,
}

/// Fetches what is not there and has a URL, and returns the paths of what has come.
pub(crate) fn missing(
    request: &Request,
    project: &mut Project,
    checksums: &Checksums,
    listener: &mut dyn Listener,
) -> Result<Vec<String>, BuildError> {
    let mut fetched = Vec::new();
    if project.engine.expand_number("%{_disable_source_fetch}") != 0 {
        return Ok(fetched);
    }
    for source in project.spec.sources.clone() {
        let is_there = Path::new(&source.path).symlink_metadata().is_ok();
        if is_there || fetched.contains(&source.path) {
            continue;
        }
        if let Some(url) = url_of(project, &source)? {
            announce(request, project, listener, &source, &url);
            let path = source.path.clone();
            fetch(project, checksums, listener, &Wanted { source, url })?;
            fetched.push(path);
        }
    }
    Ok(fetched)
}

/// The URL of a source: its own, or one below `%_default_source_url`.
fn url_of(project: &mut Project, source: &Source) -> Result<Option<String>, BuildError> {
    let own = source.value.as_str();
    if SCHEMES.iter().any(|scheme| own.starts_with(scheme)) {
        return Ok(Some(own.to_owned()));
    }
    let base = project.engine.expand_str("%{?_default_source_url}")?;
    Ok((!base.is_empty()).then(|| base + &source.file_name))
}

/// Says what is fetched: in rpm's words, a warning, where they are expected.
fn announce(
    request: &Request,
    project: &mut Project,
    listener: &mut dyn Listener,
    source: &Source,
    url: &str,
) {
    let line = format!("Downloading {url} to {}", source.path);
    if request.personality == Personality::Specbuild {
        listener.take(&Event::Note(line));
        return;
    }
    let warning = Diagnostic::warning(FETCHING, line).at(source.origin);
    project.engine.sink.push(warning);
    project.tell_findings(listener);
}

fn fetch(
    project: &mut Project,
    checksums: &Checksums,
    listener: &mut dyn Listener,
    wanted: &Wanted,
) -> Result<(), BuildError> {
    let path = PathBuf::from(&wanted.source.path);
    let fault = |source| BuildError::Write {
        path: path.clone(),
        source,
    };
    let dir = path.parent().unwrap_or(Path::new("."));
    make_dir(dir)?;
    let part = tempfile::Builder::new()
        .prefix(".specbuild-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666))
        .tempfile_in(dir)
        .map_err(fault)?
        .into_temp_path();
    let command = project.engine.expand_str("%{?_urlhelper}")?;
    // The fragment names the file here, and is nothing to a server.
    let url = wanted.url.split('#').next().unwrap_or_default();
    let name = wanted.source.file_name.as_str();
    let reason = run(&command, &part, url, name, listener)?;
    if let Some(reason) = reason {
        return Err(failed(project, wanted, &reason));
    }
    let source = wanted.source.clone();
    checksums.check(project, &[(source, part.to_path_buf())])?;
    part.persist(&path).map_err(|error| fault(error.error))
}

/// Runs the helper, and says how it failed if it did.
fn run(
    helper: &str,
    part: &Path,
    url: &str,
    name: &str,
    listener: &mut dyn Listener,
) -> Result<Option<String>, BuildError> {
    let mut words = helper.split_whitespace();
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(program);
    command.args(words).arg(part).arg(url).stdin(Stdio::null());
    let not_found = format!("Could not find url helper: \"{helper}\"");
    let Ok(mut child) = command.spawn() else {
        return Ok(Some(not_found));
    };
    let status = watch(&mut child, part, name, listener).map_err(|source| BuildError::Run {
        program: program.to_owned(),
        source,
    })?;
    listener.check_interruption()?;
    let command = format!("{helper} {} {url}", part.display());
    Ok(match status.code() {
        Some(0) => None,
        Some(127) => Some(not_found),
        Some(code) => Some(format!(
            "Executing url helper \"{command}\" failed with status {code}"
        )),
        None => Some(format!("Executing url helper \"{command}\" failed")),
    })
}

/// Waits for the helper, and tells how much has come.
fn watch(
    child: &mut Child,
    part: &Path,
    name: &str,
    listener: &mut dyn Listener,
) -> std::io::Result<ExitStatus> {
    loop {
        let ended = child.try_wait()?;
        listener.take(&Event::Fetching {
            name,
            bytes: part.metadata().map_or(0, |it| it.len()),
            is_complete: ended.is_some(),
        });
        match ended {
            Some(status) => return Ok(status),
            None => std::thread::sleep(GLANCE),
        }
    }
}

fn failed(project: &mut Project, wanted: &Wanted, reason: &str) -> BuildError {
    let sink = &mut project.engine.sink;
    sink.push(Diagnostic::error(FAILED, reason));
    let message = format!("Couldn't download {}", wanted.source.value.as_str());
    sink.report(Diagnostic::error(FAILED, message).label(wanted.source.origin, "this source"))
        .into()
}
