//! `-r` and `--rebuild`: builds from a source package, rpm's or Debian's.
//!
//! Its files go where sources and specs lie, `%_sourcedir` and `%_specdir`, and the build goes on
//! from the spec. Source: rpmbuild(1).

use std::path::PathBuf;

use rpmfile::SourcePlaces;

use crate::deb::dsc;
use crate::event::{Event, Listener};
use crate::files::absolute;
use crate::files::{dir_of, make_dir};
use crate::request::chosen_target::load_target;
use crate::request::{Input, Request};
use crate::{BuildError, open_engine, pipeline};

pub(crate) fn run(
    request: &Request,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    let request = Request {
        is_rebuild: true,
        ..request.clone()
    };
    pipeline::run(&install(&request, listener)?, listener)
}

/// Puts what is in a source package where sources and specs lie; returns the request to build from
/// that spec.
pub fn install(request: &Request, listener: &mut dyn Listener) -> Result<Request, BuildError> {
    let package = absolute(&request.spec);
    std::fs::File::open(&package).map_err(|source| BuildError::Open {
        path: request.spec.clone(),
        source,
    })?;
    let line = format!("Installing {}", request.spec.display());
    listener.take(&Event::Step(line));
    let places = places(request)?;
    if package.extension().is_some_and(|end| end == "dsc") {
        make_dir(&places.sources)?;
        make_dir(&places.specs)?;
        return dsc::install(request, &places);
    }
    let installed =
        rpmfile::install_source(&package, &places).map_err(|source| BuildError::SourcePackage {
            path: request.spec.clone(),
            source,
        })?;
    Ok(Request {
        input: Input::Spec,
        spec: installed.spec,
        cookie: installed.cookie,
        ..request.clone()
    })
}

fn places(request: &Request) -> Result<SourcePlaces, BuildError> {
    let target = load_target(request)?;
    let mut engine = open_engine(&target, &request.settings)?;
    Ok(SourcePlaces {
        sources: dir_of(&mut engine, "_sourcedir")?,
        specs: dir_of(&mut engine, "_specdir")?,
    })
}
