//! What a build starts from: a spec, a tar archive with one in it, a source package, or `debian/rules` of
//! one that is unpacked.

pub(crate) mod source_package;
pub(crate) mod tarball;

use std::fs;
use std::path::{Path, PathBuf};

use crate::build_time::source_date;
use crate::deb::rules::{Rules, RulesTarget, WORK, clean, hand_over, settled};
use crate::deb::tree_sources::lay_out_sources;
use crate::event::Listener;
use crate::files::{absolute, write_fault};
use crate::request::Stage;
use crate::request::{Input, Request};
use crate::{BuildError, pipeline};

/// Runs a build and returns the packages it wrote, in the order they were written.
///
/// Everything found on the way goes to the listener, also what made the build fail.
pub fn run(request: &Request, listener: &mut dyn Listener) -> Result<Vec<PathBuf>, BuildError> {
    source_date::check(request, listener)?;
    match request.input {
        Input::Spec => pipeline::run(request, listener),
        Input::Tarball => tarball::run(request, listener),
        Input::SourcePackage => source_package::run(request, listener),
    }
}

/// Does what a target asks for in the working directory, the top of the tree. The spec of the request
/// lies in there.
pub fn run_rules(
    rules: &Rules,
    request: &Request,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    let top = absolute(Path::new("."));
    if rules.target == RulesTarget::Clean {
        return clean(&top);
    }
    source_date::check(request, listener)?;
    let request = settled(rules, request, &top);
    let stamp = top.join(WORK).join("built");
    if !stamp.exists() {
        clean(&top)?;
        let sources = top.join(WORK).join("sources");
        lay_out_sources(rules, &request, &sources, listener)?;
        pipeline::run(&request, listener)?;
        fs::write(&stamp, "").map_err(|source| write_fault(&stamp, source))?;
    }
    if rules.target == RulesTarget::Build {
        return Ok(());
    }
    let mut packing = request;
    packing.stage = Stage::Binary;
    packing.switches.short_circuit = true;
    let packages = pipeline::run(&packing, listener)?;
    hand_over(rules.target, &packages, &top)
}
