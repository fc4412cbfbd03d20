//! Where packages and the build itself go, looked at before anything is built.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use package::Package;
use rustix::fs::{Access, access};
use source::Diagnostic;
use target::{Format, Personality};

use crate::codes::NO_HOME;
use crate::files::absolute;
use crate::files::dir_of;
use crate::packages::planned::planned_paths;
use crate::project::Project;
use crate::reading::confined::Unheard;
use crate::reading::read_spec;
use crate::reading::reader::Reading;
use crate::request::work::Work;
use crate::request::{Input, Request};
use crate::{BuildError, Output, Settings};

/// Fails if a directory cannot be written to that the build will write to in the end.
pub(crate) fn check(
    request: &Request,
    project: &mut Project,
    work: &Work,
) -> Result<(), BuildError> {
    if request.personality != Personality::Specbuild || request.switches.no_build {
        return Ok(());
    }
    check_home(project)?;
    let (binaries, sources) = match project.target.format {
        Format::Deb => ("_debdir", "_sdebdir"),
        Format::Rpm => ("_rpmdir", "_srcrpmdir"),
    };
    for (is_needed, name) in [
        (work.runs_scripts(), "_builddir"),
        (work.binaries, binaries),
        (work.source, sources),
    ] {
        let dir = absolute(&dir_of(&mut project.engine, name)?);
        if is_needed && let Err(source) = check_directory(&dir) {
            let is_output = request.output.is_some() && name != "_builddir";
            let (option, what) = match is_output {
                true => ("--output DIR", "puts packages"),
                false => ("--define '_topdir DIR'", "builds"),
            };
            return Err(BuildError::Unwritable {
                path: dir,
                help: format!("`{option}` {what} elsewhere"),
                source,
            });
        }
    }
    Ok(())
}

/// Fails if `%_topdir` lies below a home directory that nobody has named: that is the system's root.
fn check_home(project: &mut Project) -> Result<(), BuildError> {
    let engine = &mut project.engine;
    let home = engine.host.env("HOME").unwrap_or_default();
    let body = engine.body("_topdir");
    let is_below = body.is_some_and(|body| body.starts_with("%{getenv:HOME}"));
    if !home.is_empty() || !is_below {
        return Ok(());
    }
    let dir = engine.expand_str("%{_topdir}")?;
    let message = format!("`HOME` is empty, so that `%_topdir` would be {dir}");
    let finding = Diagnostic::error(NO_HOME, message);
    let help = "set `HOME`, or name a directory: `--define '_topdir DIR'`";
    Err(engine.sink.report(finding.help(help)).into())
}

/// Whether files can be made in a directory, or it itself can be made.
fn check_directory(dir: &Path) -> Result<(), Error> {
    let there = dir.ancestors().find(|it| it.symlink_metadata().is_ok());
    let there = there.unwrap_or(Path::new("/"));
    if !there.is_dir() {
        return Err(Error::new(
            ErrorKind::NotADirectory,
            "it is not a directory",
        ));
    }
    Ok(access(there, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Fails if two builds of a run would write a package of one name to one place.
pub fn check_names(requests: &[Request]) -> Result<(), BuildError> {
    let mut seen: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (at, request) in requests.iter().enumerate() {
        for path in planned(request) {
            if let Some(first) = seen.insert(path.clone(), at) {
                let name = |at: usize| match &requests[at].target {
                    Some(target) => target.clone(),
                    None => requests[at].spec.display().to_string(),
                };
                return Err(BuildError::TwoOfOneName {
                    path,
                    builds: format!("{} and {}", name(first), name(at)),
                });
            }
        }
    }
    Ok(())
}

/// The packages that a request will write, as far as its spec tells; a spec with faults will say so.
fn planned(request: &Request) -> Vec<PathBuf> {
    let work = Work::of(request);
    if request.input != Input::Spec || request.switches.no_build || !(work.binaries || work.source)
    {
        return Vec::new();
    }
    let request = Request {
        settings: Settings {
            output: Output::kept(),
            ..request.settings.clone()
        },
        ..request.clone()
    };
    let read = read_spec(&request, Reading::default(), &mut Unheard);
    let planned = read.and_then(|mut project| {
        let packages: Vec<Package> = spec::built_packages(&project.spec)
            .map(|it| spec::binary_package(&project.spec, it))
            .collect();
        planned_paths(&mut project, &packages, &work)
    });
    planned.unwrap_or_default()
}
