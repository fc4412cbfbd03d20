//! The package's build directory: made before everything else, removed when all is done.

use std::path::PathBuf;

use source::Text;

use crate::BuildError;
use crate::event::Event;
use crate::files::make_dir;
use crate::run::Run;
use crate::scripts::run_script;
use crate::scripts::script::{Frame, Script};

/// Makes the directory anew, with the environment of the build's scripts in it.
pub(crate) fn make(run: &mut Run<'_>) -> Result<(), BuildError> {
    let dir = run.project.spec.build_dir.clone();
    let top = PathBuf::from(&dir);
    if !run.request.switches.no_build {
        make_dir(top.parent().unwrap_or(&top))?;
    }
    let engine = &mut run.project.engine;
    let mut body = engine.expand_str(&format!(
        "test -d '{dir}' && %{{_fixperms}} '{dir}'\n\
         %{{__rm}} -rf '{dir}'\n%{{__mkdir_p}} '{dir}'\n%{{__mkdir_p}} '%{{specpartsdir}}'\n"
    ))?;
    if run.in_place {
        let here = std::env::current_dir().unwrap_or_default();
        let link = format!(
            "%{{__ln}} -s '{}' '%{{builddir}}/%{{buildsubdir}}'\n",
            here.display()
        );
        body.push_str(&engine.expand_str(&link)?);
    }
    run_script(
        run,
        &Script {
            frame: Frame::MAKE_BUILD_DIR,
            body: &Text::detached(body),
            subdir: "",
            origin: None,
            undefined: Vec::new(),
        },
    )?;
    write_environment(run, top.join("rpmbuild.env"))
}

/// `rpmbuild.env`, which every script reads, and which is shown.
fn write_environment(run: &mut Run<'_>, path: PathBuf) -> Result<(), BuildError> {
    let environment = run.project.engine.expand_str("%{___build_pre_env}\n")?;
    let line = format!("Creating(rpmbuild.env): {}", path.display());
    // Without a build there is no directory for it; rpm shows it all the same.
    if !run.request.switches.no_build {
        std::fs::write(&path, &environment).map_err(|source| BuildError::Write { path, source })?;
    }
    let shown = format!("{line}{}", environment.trim_end_matches('\n'));
    run.listener.take(&Event::Step(shown));
    Ok(())
}

/// Removes the directory.
pub(crate) fn remove(run: &mut Run<'_>) -> Result<(), BuildError> {
    let dir = run.project.spec.build_dir.clone();
    let fix = run.project.engine.expand_str("%{_fixperms}")?;
    let body = format!("test -d '{dir}' && {fix} '{dir}'\nrm -rf '{dir}'\n");
    run_script(
        run,
        &Script {
            frame: Frame::REMOVE_BUILD,
            body: &Text::detached(body),
            subdir: "",
            origin: None,
            undefined: Vec::new(),
        },
    )
}
