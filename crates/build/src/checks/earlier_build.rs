//! What a build goes on from that does not begin at the beginning: the build directory and the build root
//! of an earlier one. Under our own name it is said what is missing, and which command makes it.

use std::path::Path;

use source::{Diagnostic, Reported, Text};
use spec::{BuildSection, Spec};
use target::Personality;

use crate::codes::NO_EARLIER_BUILD;
use crate::project::Project;
use crate::request::work::Work;
use crate::request::{Request, Stage};

/// Fails if scripts or file lists need what no earlier build has left.
pub(crate) fn check(request: &Request, project: &mut Project, work: &Work) -> Result<(), Reported> {
    let begins_anew = work.make_build_dir || request.switches.no_build;
    if request.personality != Personality::Specbuild || begins_anew {
        return Ok(());
    }
    let spec = &project.spec;
    // Only `%install` fills the build root.
    let needs_files = work.reads_lists() && !work.install && names_files(spec);
    let (what, missing) = match () {
        () if runs_something(spec, *work) => ("build directory", &spec.build_dir),
        () if needs_files => ("build root", &spec.build_root),
        () => return Ok(()),
    };
    if Path::new(missing).exists() {
        return Ok(());
    }
    let message = format!("there is no {what} of an earlier build: {missing} does not exist");
    let finding = Diagnostic::error(NO_EARLIER_BUILD, message)
        .at(spec.main().origin)
        .note("a build that makes packages removes it in the end, unless `--noclean` is given")
        .help(format!("`{}` makes it", command(request)));
    Err(project.engine.sink.report(finding))
}

/// Whether a script runs that the spec has.
fn runs_something(spec: &Spec, work: Work) -> bool {
    let sections = [
        (work.prep, BuildSection::Prep),
        (work.generate_requires, BuildSection::GenerateBuildRequires),
        (work.conf, BuildSection::Conf),
        (work.build, BuildSection::Build),
        (work.install, BuildSection::Install),
        (work.check, BuildSection::Check),
    ];
    let mut running = sections.iter().filter(|(runs, _)| *runs);
    running.any(|(_, section)| spec.scripts.contains_key(section))
}

/// Whether a package has files that have to be in the build root.
fn names_files(spec: &Spec) -> bool {
    let is_needed = |line: &Text| {
        let first = line.split_ascii_whitespace().next().unwrap_or_default();
        let defines = ["%defattr", "%defverify"]
            .iter()
            .any(|it| first.starts_with(it));
        let may_lack = ["%ghost", "%exclude", "%dev("]
            .iter()
            .any(|it| line.contains(it));
        !defines && !may_lack
    };
    let mut sections = spec.packages.values().filter_map(|it| it.files.as_ref());
    sections.any(|it| !it.manifests.is_empty() || it.lines.iter().any(is_needed))
}

/// The command that runs what comes before.
fn command(request: &Request) -> String {
    let stage = match request.stage {
        _ if request.switches.no_prep && !request.switches.short_circuit => "-bp",
        Stage::Conf => "-bp",
        Stage::Compile => "-bf",
        Stage::Install => "-bc",
        _ => "-bi",
    };
    let target = request.target.iter().map(|it| format!(" --target {it}"));
    let target: String = target.collect();
    format!("specbuild {stage} {}{target}", request.spec.display())
}
