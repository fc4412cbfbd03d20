//! Scripts that are bound to fail because a macro is not defined: an error before the build, not after
//! an hour of it.

use source::{Diagnostic, Reported, Severity};
use spec::{BuildSection, UndefinedCall};

use crate::project::Project;
use crate::request::work::Work;

/// Makes errors of the warnings about calls at which a script that will run is bound to fail.
/// A warning that is silenced stays so.
pub(crate) fn check(project: &mut Project, work: Work) -> Result<(), Reported> {
    let scripts = project.spec.scripts.iter();
    let scripts = scripts.filter(|(section, _)| will_run(**section, work));
    let calls: Vec<(BuildSection, &UndefinedCall)> = scripts
        .flat_map(|(section, script)| script.undefined.iter().map(|call| (*section, call)))
        .filter(|(_, call)| call.is_bound_to_fail)
        .collect();
    let mut result = Ok(());
    if calls.is_empty() {
        return result;
    }
    for finding in project.engine.sink.take() {
        match calls.iter().find(|(_, call)| is_about(&finding, call)) {
            Some((section, call)) => {
                let error = error_of(finding, *section, call);
                result = Err(project.engine.sink.report(error));
            }
            None => project.engine.sink.push(finding),
        }
    }
    result
}

/// Whether a warning is about this macro; each is told once.
fn is_about(finding: &Diagnostic, call: &UndefinedCall) -> bool {
    let kinds = [
        (spec::UNEXPANDED_MACRO, "macro"),
        (spec::NEAR_HEADER, "the section"),
    ];
    kinds.iter().any(|(code, what)| {
        let begin = format!("{what} `%{}` ", call.name);
        finding.code == *code && finding.message.starts_with(&begin)
    })
}

fn error_of(mut finding: Diagnostic, section: BuildSection, call: &UndefinedCall) -> Diagnostic {
    finding.severity = Severity::Error;
    let code = finding.code.name();
    if finding.code == spec::UNEXPANDED_MACRO {
        finding.message = format!("macro `%{}` is not defined", call.name);
        finding.labels.clear();
        finding = finding.at(call.origin);
    }
    let section = section.name();
    finding
        .note(format!(
            "the shell takes it for a command, so %{section} is bound to fail"
        ))
        .note(format!("`-W no-{code}` lets the build begin even so"))
}

fn will_run(section: BuildSection, work: Work) -> bool {
    match section {
        BuildSection::Prep => work.prep,
        BuildSection::GenerateBuildRequires => work.generate_requires,
        BuildSection::Conf => work.conf,
        BuildSection::Build => work.build,
        BuildSection::Install => work.install,
        BuildSection::Check => work.check,
        BuildSection::Clean => work.clean,
    }
}
