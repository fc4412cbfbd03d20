//! Programs that look at packages when they are written, as macros name them.
//!
//! Source: rpmbuild-config(5), `%_build_pkgcheck`, `%_build_pkgcheck_set`, `%_build_pkgcheck_srpm` and
//! `%_nonzero_exit_pkgcheck_terminate_build`.

use std::path::{Path, PathBuf};
use std::process::Command;

use source::{Code, Diagnostic};

use crate::BuildError;
use crate::event::{Event, Listener};
use crate::project::Project;

/// A program that was to check packages can't be run, or finds fault with them.
const FAILED: Code = crate::codes::PACKAGE_CHECK;

/// The macro for each binary package.
pub(crate) const EACH: &str = "_build_pkgcheck";
/// The macro for all binary packages together.
pub(crate) const TOGETHER: &str = "_build_pkgcheck_set";
/// The macro for the source package.
pub(crate) const SOURCE: &str = "_build_pkgcheck_srpm";

/// Runs what a macro names over packages, if it names anything.
pub(crate) fn check(
    project: &mut Project,
    macro_name: &str,
    packages: &[PathBuf],
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    let program = project.engine.expand_str(&format!("%{{?{macro_name}}}"))?;
    if program.is_empty() {
        return Ok(());
    }
    let line = format!("{program} {}", listed(macro_name, packages));
    project.tell_findings(listener);
    listener.take(&Event::Step(format!("Executing \"{line}\":")));
    let status = Command::new("/bin/sh").arg("-c").arg(&line).status();
    // What a signal ends has no status, and passes in rpm.
    let status = status.map_or(127, |it| it.code().unwrap_or(0));
    listener.check_interruption()?;
    judge(project, &line, status)
}

/// The names of packages; those of a set have a blank behind each.
fn listed(macro_name: &str, packages: &[PathBuf]) -> String {
    let name = |path: &PathBuf| Path::display(path).to_string();
    let names: Vec<String> = packages.iter().map(name).collect();
    let after = if macro_name == TOGETHER { " " } else { "" };
    names.join(" ") + after
}

fn judge(project: &mut Project, line: &str, status: i32) -> Result<(), BuildError> {
    let is_fatal = project
        .engine
        .expand_number("%{?_nonzero_exit_pkgcheck_terminate_build}")
        != 0;
    let mut messages = Vec::new();
    if matches!(status, 127 | 255) {
        messages.push(format!("Execution of \"{line}\" failed."));
    }
    if status != 0 {
        messages.push(format!("Package check \"{line}\" failed."));
    }
    let sink = &mut project.engine.sink;
    for message in messages {
        let finding = Diagnostic::error(FAILED, message).note(format!("its status was {status}"));
        if is_fatal {
            return Err(sink.report(finding).into());
        }
        sink.push(finding.survived());
    }
    Ok(())
}
