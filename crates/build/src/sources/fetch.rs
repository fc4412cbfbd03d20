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

use crate::event::{Event, Listener};
use crate::files::make_dir;
use crate::project::Project;
use crate::request::Request;
use crate::sources::checksums::{Checksums, SourceFile};
use crate::{BuildError, DatabasePlace, requirements};

/// A source is being fetched.
const FETCHING: Code = crate::codes::FETCHING;
/// A source could not be fetched.
pub(crate) const FAILED: Code = crate::codes::FETCH_FAILED;

/// What a URL begins with.
const SCHEMES: [&str; 5] = ["file://", "ftp://", "hkp://", "http://", "https://"];
/// How often progress is told.
const GLANCE: Duration = Duration::from_millis(50);

/// A source to be fetched.
struct Wanted<'r> {
    source: Source,
    url: String,
    /// Where a missing helper is looked up.
    database: &'r DatabasePlace,
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
    for mut source in project.spec.sources.clone() {
        // Sources of two directories are links, to where a missing one belongs.
        if let Ok(target) = std::fs::read_link(&source.path)
            && request.personality == Personality::Specbuild
        {
            source.path = target.to_string_lossy().into_owned();
        }
        let is_there = Path::new(&source.path).symlink_metadata().is_ok();
        if is_there || fetched.contains(&source.path) {
            continue;
        }
        if let Some(url) = url_of(project, &source)? {
            let path = source.path.clone();
            let wanted = Wanted {
                source,
                url,
                database: &request.database,
            };
            announce(request, project, listener, &wanted);
            fetch(project, checksums, listener, &wanted)?;
            fetched.push(path);
        }
    }
    Ok(fetched)
}

/// The URL of a source: its own, or one below `%_default_source_url`.
pub(crate) fn url_of(project: &mut Project, source: &Source) -> Result<Option<String>, BuildError> {
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
    wanted: &Wanted<'_>,
) {
    let Wanted { source, url, .. } = wanted;
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
    wanted: &Wanted<'_>,
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
    let helper = Helper {
        command: &command,
        part: &part,
        url,
    };
    let reason = helper.run(&wanted.source, listener)?;
    if let Some(reason) = reason {
        return Err(failed(project, wanted, &reason));
    }
    let source = wanted.source.clone();
    let path_of_part = part.to_path_buf();
    checksums.check(
        project,
        &[SourceFile {
            source,
            path: path_of_part,
        }],
    )?;
    part.persist(&path).map_err(|error| fault(error.error))
}

/// How the helper failed.
struct Failure {
    /// In rpm's words.
    message: String,
    /// The program, if that is not there.
    missing: Option<String>,
}

/// A call of the helper.
struct Helper<'a> {
    command: &'a str,
    /// The file it writes.
    part: &'a Path,
    url: &'a str,
}

impl Helper<'_> {
    /// Runs it, and says how it failed if it did.
    fn run(
        &self,
        source: &Source,
        listener: &mut dyn Listener,
    ) -> Result<Option<Failure>, BuildError> {
        let mut words = self.command.split_whitespace();
        let program = words.next().unwrap_or_default();
        let mut command = Command::new(program);
        command.args(words).arg(self.part).arg(self.url);
        let Ok(mut child) = command.stdin(Stdio::null()).spawn() else {
            return Ok(Some(self.not_found()));
        };
        let watched = watch(&mut child, self.part, &source.file_name, listener);
        let status = watched.map_err(|source| BuildError::Run {
            program: program.to_owned(),
            source,
        })?;
        listener.check_interruption()?;
        Ok(self.fault(status, &source.path))
    }

    fn not_found(&self) -> Failure {
        let program = self.command.split_whitespace().next().unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or(program);
        Failure {
            message: format!("Could not find url helper: \"{}\"", self.command),
            missing: Some(name.to_owned()),
        }
    }

    /// How it failed, if it did; with the file it was to write, not the one it wrote.
    fn fault(&self, status: ExitStatus, path: &str) -> Option<Failure> {
        let call = format!(
            "Executing url helper \"{} {path} {}\"",
            self.command, self.url
        );
        let message = match status.code() {
            Some(0) => return None,
            Some(127) => return Some(self.not_found()),
            Some(code) => format!("{call} failed with status {code}"),
            None => format!("{call} failed ({status})"),
        };
        Some(Failure {
            message,
            missing: None,
        })
    }
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

fn failed(project: &mut Project, wanted: &Wanted<'_>, reason: &Failure) -> BuildError {
    let sink = &mut project.engine.sink;
    let missing = reason.missing.as_deref();
    let help = missing.and_then(|it| requirements::install_command(it, wanted.database));
    sink.push(Diagnostic::error(FAILED, reason.message.as_str()).help_if(help));
    let message = format!("Couldn't download {}", wanted.source.value.as_str());
    sink.report(Diagnostic::error(FAILED, message).label(wanted.source.origin, "this source"))
        .into()
}
