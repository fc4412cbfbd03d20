//! From a request to a parsed spec: target, engine, parse, and again where `BuildArch:` asks for it.

pub(crate) mod beside;
pub(crate) mod confined;
mod history;
pub(crate) mod parts;
pub(crate) mod reader;
pub(crate) mod spec_file;

use std::path::Path;
use std::sync::Arc;

use source::octets;
use target::Target;

use crate::BuildError;
use crate::event::Listener;
use crate::project::Project;
use crate::project::main_source;
use crate::project::source_dir::SourceDir;
use crate::reading::confined::Unheard;
use crate::reading::reader::{Reader, Reading};
use crate::request::Request;
use crate::request::chosen_target::load_target;

/// Reads the spec of a request. Findings go to the listener, also those of a spec that can't be read.
pub fn read_spec(
    request: &Request,
    reading: Reading,
    listener: &mut dyn Listener,
) -> Result<Project, BuildError> {
    read_spec_for(Arc::new(load_target(request)?), request, reading, listener)
}

/// Reads the spec of a request for a target that has been loaded already.
pub fn read_spec_for(
    target: Arc<Target>,
    request: &Request,
    reading: Reading,
    listener: &mut dyn Listener,
) -> Result<Project, BuildError> {
    let mut project = read_untold(target, request, reading, listener)?;
    project.tell_findings(listener);
    Ok(project)
}

/// Reads the spec of a request. What was found in one that can be read is still to be told.
pub(crate) fn read_untold(
    target: Arc<Target>,
    request: &Request,
    reading: Reading,
    listener: &mut dyn Listener,
) -> Result<Project, BuildError> {
    let text = read_text(&request.spec)?;
    if text.trim().is_empty() && request.personality == target::Personality::Specbuild {
        return Err(BuildError::EmptySpec(request.spec.clone()));
    }
    let history = match reading.answer {
        None => history::of_spec(request, &target, &text),
        Some(_) => None,
    };
    let reader = Reader {
        request,
        reading,
        text: &text,
        history: history.as_ref(),
    };
    let found = match request.personality {
        target::Personality::Specbuild => beside::source_dir(&reader, &target)?,
        _ => None,
    };
    let (source_dir, others) = found.unzip();
    let mut project = reader.read(target, source_dir, listener)?;
    project.other_sources = others.unwrap_or_default();
    Ok(project)
}

/// Reads a spec for the file name of its main source; sources lie in `sources`. With an answer, nothing
/// of the spec is run, and every command is taken to print that.
pub(crate) fn read_main_source(
    request: &Request,
    sources: &Path,
    answer: Option<&'static str>,
) -> Result<Option<String>, BuildError> {
    let text = read_text(&request.spec)?;
    let reader = Reader {
        request,
        reading: Reading {
            is_query: true,
            answer,
            ..Reading::default()
        },
        text: &text,
        history: None,
    };
    let target = Arc::new(load_target(request)?);
    let sources = SourceDir::Beside(sources.to_owned());
    let project = reader.read(target, Some(sources), &mut Unheard)?;
    Ok(main_source(&project.spec).map(|it| it.file_name.clone()))
}

/// The text of a spec. A file with NUL bytes is no text at all.
fn read_text(path: &Path) -> Result<String, BuildError> {
    let bytes = limits::read(path, limits::TEXT).map_err(|source| BuildError::Read {
        what: "spec",
        path: path.to_owned(),
        source,
    })?;
    if bytes.contains(&0) {
        return Err(BuildError::NoSpec(path.to_owned()));
    }
    Ok(octets::carry(bytes))
}
