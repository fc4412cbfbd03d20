//! `-t`: builds from a tar archive that holds a spec.
//!
//! The archive's own directory is `%_sourcedir`, and the spec lies in `%_specdir` while the build
//! runs. Source: rpmbuild(1).

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use archive::AtomicFile;

use crate::event::Listener;
use crate::files::absolute;
use crate::files::open_tar;
use crate::files::remove_file;
use crate::files::{dir_of, make_dir};
use crate::request::chosen_target::load_target;
use crate::request::{Input, Request};
use crate::{BuildError, Setting, open_engine, pipeline};

/// What is shorter is no archive, in bytes.
const LEAST: u64 = 13;
/// A larger spec is none.
const MAX_SPEC: u64 = 16 << 20;

pub(crate) fn run(
    request: &Request,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    let target = load_target(request)?;
    let dir = dir_of(&mut open_engine(&target, &request.settings)?, "_specdir")?;
    make_dir(&dir)?;
    let archive = absolute(&request.spec);
    let (name, text) = find_spec(&request.spec)?;
    let spec = dir.join(name);
    write(&spec, &text)?;
    let mut request = Request {
        input: Input::Spec,
        spec: spec.clone(),
        ..request.clone()
    };
    let place = archive.parent().unwrap_or(Path::new("/"));
    let definition = format!("_sourcedir {}", place.display());
    request.settings.given.push(Setting::Define(definition));
    let result = pipeline::run(&request, listener);
    remove_file(&spec)?;
    result
}

/// The spec in an archive: the member `Specfile`, or else the only one whose name ends in `.spec`.
fn find_spec(archive: &Path) -> Result<(String, Vec<u8>), BuildError> {
    let fault = |source| BuildError::NoArchive {
        path: archive.to_owned(),
        source,
    };
    let file = File::open(archive).map_err(fault)?;
    let metadata = file.metadata().map_err(fault)?;
    if metadata.is_file() && metadata.len() < LEAST {
        return Err(BuildError::ShortArchive(archive.to_owned()));
    }
    let no_spec = |_| BuildError::NoSpecInside(archive.to_owned());
    let mut members = open_tar(file).map_err(no_spec)?;
    let (mut found, mut count) = (None, 0);
    for member in members.entries().map_err(no_spec)? {
        let member = member.map_err(no_spec)?;
        let path = String::from_utf8_lossy(&member.path_bytes()).into_owned();
        if path != "Specfile" && !path.ends_with(".spec") || !member.header().entry_type().is_file()
        {
            continue;
        }
        if path == "Specfile" {
            return Ok((path, read_spec(member).map_err(fault)?));
        }
        count += 1;
        // Of several, none is taken, so the others need not be kept.
        if count == 1 {
            found = Some((path, read_spec(member).map_err(fault)?));
        }
    }
    match found {
        None => Err(BuildError::NoSpecInside(archive.to_owned())),
        Some(_) if count > 1 => Err(BuildError::ManySpecsInside(archive.to_owned())),
        Some((path, text)) => Ok((path.rsplit('/').next().unwrap_or(&path).to_owned(), text)),
    }
}

fn read_spec(member: impl Read) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    member.take(MAX_SPEC).read_to_end(&mut text)?;
    Ok(text)
}

fn write(path: &Path, text: &[u8]) -> Result<(), BuildError> {
    let fault = |error: std::io::Error| BuildError::Write {
        path: path.to_owned(),
        source: error,
    };
    let plumbing = |error: archive::Error| fault(std::io::Error::other(error));
    let mut file = AtomicFile::create(path).map_err(plumbing)?;
    std::io::Write::write_all(&mut file, text).map_err(fault)?;
    file.commit().map_err(plumbing)
}
