//! `--rebuild` of a `.dsc` file: its sources and spec go where those lie, and the build goes on from
//! there.
//!
//! Source: rpmbuild(1), `--rebuild`; dsc(5).

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use archive::{Batch, Decoder};
use debfile::source_package::{CARRIED, DscFile, StoredSource, SummedFile, read_dsc};

use super::upstream::member_path;
use super::{inspect, main_source};
use crate::BuildError;
use crate::artifacts::file_sums::summed_file;
use crate::event::Listener;
use crate::read::{Reading, absolute, read_spec};
use crate::request::{Input, Request};

/// Puts what belongs to a `.dsc` file into `places`, where sources and specs lie; returns the request
/// to build from that spec.
pub(crate) fn install(
    request: &Request,
    places: &rpmfile::SourcePlaces,
    listener: &mut dyn Listener,
) -> Result<Request, BuildError> {
    let path = absolute(&request.spec);
    let (dsc, dir) = (load(&path)?, path.parent().unwrap_or(Path::new("/")));
    let part = |kind| dsc.files.iter().find(|it| dsc.kind_of(it) == kind);
    let damaged = |what: &str| fault(&path, io::Error::other(format!("it has no {what}")));
    let packaging = part(StoredSource::Packaging).ok_or_else(|| damaged("archive of `debian/`"))?;
    let upstream = part(StoredSource::Upstream).ok_or_else(|| damaged("upstream archive"))?;
    for file in [packaging, upstream] {
        check(dir, file)?;
    }
    let spec = unpack(&dir.join(&packaging.name), places)?;
    let spec = spec.ok_or_else(|| damaged("spec; it was not made by this program"))?;
    let request = Request {
        input: Input::Spec,
        spec,
        ..request.clone()
    };
    place_main(&request, &dir.join(&upstream.name), places, listener)?;
    Ok(request)
}

fn fault(path: &Path, source: io::Error) -> BuildError {
    BuildError::Read {
        what: "source package",
        path: path.to_owned(),
        source,
    }
}

fn load(path: &Path) -> Result<DscFile, BuildError> {
    let text = fs::read_to_string(path).map_err(|source| fault(path, source))?;
    read_dsc(&text).map_err(|error| fault(path, io::Error::other(error)))
}

/// The file must be the one that the `.dsc` means.
fn check(dir: &Path, wanted: &SummedFile) -> Result<(), BuildError> {
    let path = dir.join(&wanted.name);
    let found = summed_file(&path).map_err(|source| fault(&path, io::Error::other(source)))?;
    if found.sums.size == wanted.sums.size && found.sums.sha256 == wanted.sums.sha256 {
        return Ok(());
    }
    let reason = "it is not the file that the .dsc names: size or SHA-256 differ";
    Err(fault(&path, io::Error::other(reason)))
}

/// Unpacks what `debian/` carries; returns where the spec went.
fn unpack(path: &Path, places: &rpmfile::SourcePlaces) -> Result<Option<PathBuf>, BuildError> {
    let read = |source| fault(path, source);
    let write = |dir: &Path, error: archive::Error| BuildError::Write {
        path: dir.to_owned(),
        source: io::Error::other(error),
    };
    let start = |dir: &Path| Batch::start_in(dir).map_err(|error| write(dir, error));
    let (mut sources, mut specs) = (start(&places.sources)?, start(&places.specs)?);
    let mut spec = None;
    let input = File::open(path).and_then(Decoder::new).map_err(read)?;
    for entry in tar::Archive::new(input).entries().map_err(read)? {
        let mut entry = entry.map_err(read)?;
        let name = member_path(&entry.path_bytes());
        let name =
            name.and_then(|it| Some(it.strip_prefix(CARRIED)?.strip_prefix('/')?.to_owned()));
        let Some(name) = name.filter(|_| entry.header().entry_type().is_file()) else {
            continue;
        };
        let is_spec = name.ends_with(".spec");
        let (batch, dir) = match is_spec {
            true => (&mut specs, &places.specs),
            false => (&mut sources, &places.sources),
        };
        let mut file = batch
            .create(name.as_ref())
            .map_err(|error| write(dir, error))?;
        io::copy(&mut entry, &mut file).map_err(read)?;
        keep_mode_and_time(&entry, &file).map_err(read)?;
        if is_spec {
            spec = Some(dir.join(&name));
        }
    }
    sources
        .commit()
        .map_err(|error| write(&places.sources, error))?;
    specs
        .commit()
        .map_err(|error| write(&places.specs, error))?;
    Ok(spec)
}

fn keep_mode_and_time(entry: &tar::Entry<'_, impl Read>, file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let header = entry.header();
    let mode = if header.mode()? & 0o111 != 0 {
        0o755
    } else {
        0o644
    };
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.set_modified(UNIX_EPOCH + Duration::from_secs(header.mtime()?))
}

/// Puts the upstream archive, or what it was put around, where the spec seeks its main source.
fn place_main(
    request: &Request,
    upstream: &Path,
    places: &rpmfile::SourcePlaces,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    let reading = Reading {
        is_query: true,
        ..Reading::default()
    };
    let project = read_spec(request, reading, listener)?;
    let Some(main) = main_source(&project.spec) else {
        return Ok(());
    };
    let to = places.sources.join(&main.file_name);
    let write = |source| BuildError::Write {
        path: to.clone(),
        source,
    };
    let found = inspect(upstream, &[])?;
    if found.is_some_and(|it| it.few == [main.file_name.clone()]) {
        return unwrap(upstream, &main.file_name, &to);
    }
    fs::copy(upstream, &to).map(drop).map_err(write)
}

/// Takes the one file out of an archive that was put around it.
fn unwrap(archive: &Path, name: &str, to: &Path) -> Result<(), BuildError> {
    let read = |source| fault(archive, source);
    let input = File::open(archive).and_then(Decoder::new).map_err(read)?;
    for entry in tar::Archive::new(input).entries().map_err(read)? {
        let mut entry = entry.map_err(read)?;
        let path = member_path(&entry.path_bytes()).unwrap_or_default();
        if entry.header().entry_type().is_file() && path.ends_with(name) {
            let mut file = File::create(to).map_err(|source| BuildError::Write {
                path: to.to_owned(),
                source,
            })?;
            io::copy(&mut entry, &mut file).map_err(read)?;
            return keep_mode_and_time(&entry, &file).map_err(read);
        }
    }
    Ok(())
}
