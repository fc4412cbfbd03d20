//! Dependencies as generators write them.
//!
//! Source: rpm-dependency-generators(7), "Protocols"; the wording of faults is rpm's.

use package::{
    Dependency, DependencyFault, FileDependency, Phases, Relation, RelationKind, Requirement,
    parse_dependencies,
};
use source::Text;

use crate::fault::Fault;
use crate::kinds;

/// Whether nothing is doubtful about the form of a dependency's version.
pub(crate) fn is_well_formed(it: &FileDependency) -> bool {
    let text = Text::detached(it.dependency.to_string());
    let parsed = parse_dependencies(&text, kinds::rules(it.kind), Phases::NONE);
    parsed.is_ok_and(|(_, doubtful)| doubtful.is_empty())
}

/// Reads a line; names come into a namespace where there is one.
///
/// What stands before a fault is kept.
pub(crate) fn parse(
    line: &str,
    kind: RelationKind,
    namespace: &str,
) -> (Vec<Dependency>, Vec<Fault>) {
    let text = Text::detached(line);
    let (mut dependencies, faults) =
        match parse_dependencies(&text, kinds::rules(kind), Phases::NONE) {
            Ok((dependencies, doubtful)) => {
                let faults = doubtful
                    .iter()
                    .map(|it| Fault::doubtful(in_rpms_form(it, ""), in_rpms_form(it, line)));
                let mut faults: Vec<Fault> = faults.collect();
                faults.extend(without_versions(kind, &dependencies));
                (dependencies, faults)
            }
            Err(fault) => {
                let rest = line.get(fault.start..).unwrap_or_default();
                let fault = Fault::error(in_rpms_form(&fault, rest));
                (
                    Vec::new(),
                    vec![fault.note(format!("a generator printed `{line}`"))],
                )
            }
        };
    if !namespace.is_empty() {
        dependencies
            .iter_mut()
            .for_each(|it| enclose(it, namespace));
    }
    (dependencies, faults)
}

/// Obsoletes should have versions, so that they end some day.
fn without_versions(kind: RelationKind, dependencies: &[Dependency]) -> Vec<Fault> {
    if kind != RelationKind::Obsoletes {
        return Vec::new();
    }
    let lacks = |it: &&Dependency| match &it.what {
        Requirement::Simple(relation) => relation.version.is_none(),
        Requirement::Rich(_) => false,
    };
    let lacking = dependencies.iter().filter(lacks);
    let message = "It's not recommended to have unversioned Obsoletes: ";
    lacking.map(|_| Fault::warning(message)).collect()
}

/// rpm's form: what is wrong, then the rest of the line; a bad character stands alone.
fn in_rpms_form(fault: &DependencyFault, rest: &str) -> String {
    let message = &fault.message;
    if message.starts_with("Illegal char ") {
        return message.clone();
    }
    format!("{message}: {rest}")
}

/// `name` becomes `namespace(name)`.
fn enclose(dependency: &mut Dependency, namespace: &str) {
    match &mut dependency.what {
        Requirement::Simple(relation) => {
            relation.name = format!("{namespace}({})", relation.name);
        }
        Requirement::Rich(rich) => {
            let name = format!("{namespace}({rich})");
            dependency.what = Requirement::Simple(Relation {
                name,
                version: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, namespace: &str) -> Vec<String> {
        let (dependencies, _) = parse(line, RelationKind::Requires, namespace);
        dependencies.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_line_may_hold_several() {
        assert_eq!(read("a = 1 b,c", ""), ["a = 1", "b", "c"]);
        assert_eq!(read("/bin/x", "mine"), ["mine(/bin/x)"]);
    }

    #[test]
    fn what_is_illegal_is_a_fault() {
        for line in ["bad = *", "!x", "a >="] {
            let (found, faults) = parse(line, RelationKind::Requires, "");
            assert!(found.is_empty() && faults.len() == 1, "{line}");
        }
    }
}
