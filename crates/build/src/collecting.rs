//! What crate `collect` has to know to make packages: places, times, and what ties packages together.

use std::path::{Path, PathBuf};

use target::Format;

use crate::BuildError;
use crate::build_time::build_facts;
use crate::deb::control_files;
use crate::files::dir_of;
use crate::project::Project;
use crate::run::Run;

/// What ties packages to a source package: the one that comes with them, or the one they are
/// rebuilt from.
fn cookie(run: &Run<'_>) -> Option<String> {
    let own = || format!("{} {}", run.build_time.host, run.build_time.seconds);
    let given = run.request.cookie.clone();
    given.or_else(|| run.work.source.then(own))
}

pub(crate) fn places(project: &mut Project) -> Result<collect::Places, BuildError> {
    Ok(collect::Places {
        build_root: PathBuf::from(&project.spec.build_root),
        build_dir: PathBuf::from(project.spec.source_dir()),
        source_dir: dir_of(&mut project.engine, "_sourcedir")?,
    })
}

pub(crate) fn options(run: &mut Run<'_>) -> Result<collect::Options, BuildError> {
    Ok(collect::Options {
        facts: build_facts(run.project, &run.build_time, cookie(run))?,
        source_date_epoch: run.build_time.source_date,
        environment: run.build_time.variables(),
        set_aside: set_aside(run.project),
    })
}

/// Where the build root holds what goes into packages beside their files.
fn set_aside(project: &Project) -> Vec<String> {
    let spec = &project.spec;
    if project.target.format == Format::Rpm {
        return Vec::new();
    }
    let names = spec.packages.keys().map(String::as_str);
    control_files::directories(Path::new(&spec.build_root), names, &spec.main().name)
}
