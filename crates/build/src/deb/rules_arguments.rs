//! How `debian/rules` calls this program, so that it builds what was built here.

use std::path::Path;

use debfile::source_package::CARRIED;
use source::{Code, Diagnostic};
use target::Personality;

use crate::Setting;
use crate::run::Run;

/// A definition of the command line can't be written into a source package.
const LOST: Code = crate::codes::LOST_DEFINITION;

/// Macros that say where things lie and how busy this machine is: they are no part of what is built.
const OF_THIS_RUN: [&str; 20] = [
    "_build_name_fmt",
    "_builddir",
    "_buildrootdir",
    "_dbpath",
    "_deb_flat",
    "_debdir",
    "_disable_source_fetch",
    "_rpmdir",
    "_rpmfilename",
    "_sdebdir",
    "_smp_build_ncpus",
    "_smp_mflags",
    "_sourcedir",
    "_specdir",
    "_srcrpmdir",
    "_tmppath",
    "_topdir",
    "_verify_sources",
    "jobs",
    "_diagnostics",
];

/// How macros begin that say who signs, which is no part of what is built either.
const OF_SIGNING: [&str; 3] = ["_gpg_", "_openpgp_", "_sq_"];

/// The arguments: the target, the name this program was called by where that counts, and what shapes
/// macros.
pub(crate) fn arguments(run: &mut Run<'_>) -> Vec<String> {
    let project = &mut *run.project;
    let mut arguments = vec!["--target".to_owned(), project.target.id.clone()];
    if run.request.personality == Personality::Debbuild {
        arguments.extend(["--as", "debbuild"].map(str::to_owned));
    }
    for setting in &run.request.settings.given {
        let (option, value) = match setting {
            Setting::Define(definition) => ("--define", definition.clone()),
            Setting::Undefine(name) => ("--undefine", name.clone()),
            Setting::With(name) => ("--with", name.clone()),
            Setting::Without(name) => ("--without", name.clone()),
            Setting::Load(path) => ("--load", carried_path(path)),
            Setting::Trace => continue,
        };
        if is_of_this_run(&value) {
            continue;
        }
        if value.contains('\n') {
            let message = format!("a source package can't have `{option}` with several lines");
            let finding = Diagnostic::warning(LOST, message);
            let help = "put the definition into a file, for `--load`";
            project.engine.sink.push(finding.help(help));
            continue;
        }
        arguments.extend([option.to_owned(), value]);
    }
    arguments
}

fn carried_path(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{CARRIED}/{name}")
}

fn is_of_this_run(definition: &str) -> bool {
    let name = definition.trim_start_matches('%');
    let name = name.split_whitespace().next().unwrap_or_default();
    OF_THIS_RUN.contains(&name) || OF_SIGNING.iter().any(|start| name.starts_with(start))
}
