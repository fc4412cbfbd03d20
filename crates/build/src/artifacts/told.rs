//! What rpm says while it gathers packages: which it works on, what they depend on, and that it looks
//! for files nobody lists. Scripts read these lines.

use package::Package;
use source::Severity;
use target::Format;

use super::rpm;
use crate::BuildError;
use crate::event::Event;
use crate::pipeline::Run;

/// Tells of the packages that were gathered; `None` if something kept them from it.
pub(super) fn collected(run: &mut Run<'_>, packages: Option<&[Package]>) -> Result<(), BuildError> {
    match packages {
        Some(packages) => {
            for package in packages {
                step(run, format!("Processing files: {}", package.nvra()));
                for line in dependencies(run, package)? {
                    step(run, line);
                }
            }
            look_for_others(run)
        }
        None => {
            let spec = &run.project.spec;
            let listed = spec.packages.values().filter(|it| it.files.is_some());
            let names: Vec<String> = listed
                .map(|it| spec::binary_package(spec, it).nvra())
                .collect();
            for name in names {
                step(run, format!("Processing files: {name}"));
            }
            match finds_others(run) {
                true => look_for_others(run),
                false => Ok(()),
            }
        }
    }
}

fn step(run: &mut Run<'_>, line: String) {
    run.listener.take(&Event::Step(line));
}

fn dependencies(run: &mut Run<'_>, package: &Package) -> Result<Vec<String>, BuildError> {
    if run.project.target.format != Format::Rpm {
        return Ok(Vec::new());
    }
    let options = rpm::options(run.project)?;
    rpmfile::dependency_lines(package, &options).map_err(|source| BuildError::Package {
        path: package.nvra().into(),
        source,
    })
}

/// Whether files that no list names are what is wrong.
fn finds_others(run: &Run<'_>) -> bool {
    let mut found = run.project.engine.sink.found().iter();
    let first = found.find(|it| it.severity == Severity::Error);
    first.is_some_and(|it| it.message.starts_with("Installed (but unpackaged)"))
}

fn look_for_others(run: &mut Run<'_>) -> Result<(), BuildError> {
    let program = run.project.engine.expand_str("%{?__check_files}")?;
    if !program.is_empty() {
        step(run, format!("Checking for unpackaged file(s): {program}"));
    }
    Ok(())
}
