//! Dependencies by two programs for a whole package, as packages of old had them.
//!
//! Source: rpm-dependency-generators(7), "External generators".

use std::path::PathBuf;

use expand::Engine;
use package::{FileDependency, Phase, Phases, RelationKind};
use source::Diagnostic;

use crate::codes;
use crate::command::{self, RunError, Surroundings};
use crate::fault::Fault;
use crate::found;
use crate::generators::Wanted;
use crate::kinds::KINDS;
use crate::settings::value;

/// Whether the package asks for it.
pub(crate) fn is_wanted(engine: &mut Engine) -> bool {
    engine.expand_number("%{?_use_internal_dependency_generator}") == 0
        && engine.is_defined("_use_internal_dependency_generator")
}

/// Reports that packages of format 6 can't have dependencies of this kind.
pub(crate) fn refuse(engine: &mut Engine) {
    let message = "External dependency generator is incompatible with v6 packages";
    let finding = Diagnostic::error(codes::GENERATOR, message);
    engine.sink.push(finding.help("set `%_rpmformat` to 4"));
}

/// Runs `%__find_provides` and its kin over all files of a package.
pub(crate) fn find(
    paths: &[PathBuf],
    wanted: Wanted,
    surroundings: &Surroundings,
    engine: &mut Engine,
) -> Vec<FileDependency> {
    let message = "Deprecated external dependency generator is used!";
    let finding = Diagnostic::warning(codes::GENERATOR, message)
        .note("`%_use_internal_dependency_generator` is 0");
    engine.sink.push(finding);
    let mut findings = Vec::new();
    for (kind, word) in KINDS.into_iter().filter(|(kind, _)| wanted.has(*kind)) {
        let command = command::words(&value(engine, &format!("__find_{word}")));
        match of_kind(kind, &command, paths, surroundings) {
            Ok(found) => findings.extend(found),
            Err(faults) => {
                for fault in faults {
                    fault.report(&mut engine.sink);
                }
                let message = format!("Failed to find {}:", title(word));
                let finding = Diagnostic::error(codes::GENERATOR, message);
                engine.sink.push(finding);
                break;
            }
        }
    }
    findings
}

/// What a program finds of one kind. Only the one of `Provides` may not fail.
fn of_kind(
    kind: RelationKind,
    command: &[String],
    paths: &[PathBuf],
    surroundings: &Surroundings,
) -> Result<Vec<FileDependency>, Vec<Fault>> {
    let is_strict = kind == RelationKind::Provides;
    let output = match command::run(command, paths, surroundings, is_strict) {
        Ok(output) => output,
        Err(RunError::Start(error)) => {
            let fault = Fault::no_program(command.first().map_or("", String::as_str), &error);
            return Err(vec![fault]);
        }
        Err(RunError::Failed) => return Err(Vec::new()),
    };
    let generated = Phases::NONE.with(Phase::Generated);
    let (found, faults) = found::parse(&output, kind, "");
    if faults.iter().any(Fault::is_error) {
        return Err(faults);
    }
    let found = found.into_iter().map(|it| FileDependency {
        kind,
        dependency: it.at(generated),
    });
    Ok(found.collect())
}

/// `Provides` of `provides`.
fn title(word: &str) -> String {
    match word {
        "orderwithrequires" => "OrderWithRequires".to_owned(),
        _ => word[..1].to_uppercase() + &word[1..],
    }
}
