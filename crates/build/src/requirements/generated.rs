//! `%generate_buildrequires`: build requirements that only the sources can tell.
//!
//! Source: rpm's manual, "Dynamic build dependencies".

use package::{DependencyFault, DependencyRules, Phase, Phases};
use source::{Code, Diagnostic, Origin, Text};
use spec::BuildSection;

use crate::run::Run;
use crate::scripts::run_captured;
use crate::scripts::script::{Frame, Script};
use crate::{BuildError, requirements};

/// A line of the section's output is no dependency.
const BAD_REQUIREMENT: Code = crate::codes::BAD_GENERATED_REQUIREMENT;

/// Runs the section and takes what it prints as further build requirements. Returns whether the build
/// has to stop, as some are missing or nobody wants to know whether they are: then they are to be
/// written down as a package that a build root can read.
pub(crate) fn generate(run: &mut Run<'_>) -> Result<bool, BuildError> {
    let section = BuildSection::GenerateBuildRequires;
    let Some(script) = run.project.spec.scripts.get(&section).cloned() else {
        return Ok(false);
    };
    let subdir = run.project.spec.build_subdir.clone();
    let printed = run_captured(
        run,
        &Script {
            frame: Frame::BUILD_REQUIRES,
            body: &script.body,
            subdir: &subdir,
            origin: script.origin,
            undefined: script.undefined,
        },
    )?;
    take(run, &printed)?;
    let checked = match run.work.check_requires {
        true => requirements::check(run.project, &run.generated, &run.request.database),
        false => Err(BuildError::MissingBuildRequires),
    };
    match checked {
        Err(BuildError::MissingBuildRequires) => Ok(run.work.dump_requires),
        checked => checked.map(|()| false),
    }
}

fn take(run: &mut Run<'_>, printed: &str) -> Result<(), BuildError> {
    let when = Phases::NONE.with(Phase::Generated);
    for line in printed.lines().filter(|line| !line.trim().is_empty()) {
        let text = Text::from_origin(line, origin_of(run, printed, line));
        let parsed = package::parse_dependencies(&text, DependencyRules::REQUIRES, when);
        let (found, _) = parsed.map_err(|fault| bad_output(run, &text, &fault))?;
        run.generated.extend(found);
    }
    Ok(())
}

/// What a script printed becomes a text that messages can show.
fn origin_of(run: &mut Run<'_>, printed: &str, line: &str) -> Origin {
    let sources = &mut run.project.engine.sources;
    let file = sources.add("output of %generate_buildrequires", printed);
    let start = line.as_ptr() as usize - printed.as_ptr() as usize;
    sources.whole(file).slice(start, line.len()).into()
}

fn bad_output(run: &mut Run<'_>, text: &Text, fault: &DependencyFault) -> source::Reported {
    let origin = text.origin(fault.start, fault.end);
    let message = with_line(&fault.message, text.as_str());
    let diagnostic = Diagnostic::error(BAD_REQUIREMENT, message).at(origin);
    run.project.engine.sink.report(diagnostic)
}

/// rpm's wording ends with the line, where it does not hold it already.
fn with_line(message: &str, line: &str) -> String {
    match message.ends_with(line) {
        true => message.to_owned(),
        false => format!("{message}: {line}"),
    }
}
