//! Dependency tags.
//!
//! Not here: the grammar of dependencies, see [`package::parse_dependencies`].

use package::{
    Comparison, Dependency, DependencyFault, DependencyRules, Phase, Phases, RelationKind,
    parse_dependencies,
};
use source::{Diagnostic, Reported, Text, closest};

use super::characters::in_line;
use super::tags::{Field, TagKind};
use crate::codes;
use crate::context::Context;
use crate::line::Line;

/// The words in the brackets of `Requires(…)`.
const QUALIFIERS: [(&str, Phase); 12] = [
    ("interp", Phase::Interp),
    ("meta", Phase::Meta),
    ("preun", Phase::PreUn),
    ("pre", Phase::Pre),
    ("postun", Phase::PostUn),
    ("post", Phase::Post),
    ("rpmlib", Phase::Rpmlib),
    ("verify", Phase::Verify),
    ("pretrans", Phase::PreTrans),
    ("posttrans", Phase::PostTrans),
    ("preuntrans", Phase::PreUnTrans),
    ("postuntrans", Phase::PostUnTrans),
];

/// Reads a dependency tag of a package.
pub(super) fn read(
    context: &mut Context<'_>,
    index: usize,
    field: &Field<'_>,
) -> Result<(), Reported> {
    let (kind, when) = match field.rule.kind {
        TagKind::Relation(kind) => (kind, parse_qualifiers(context, field)?),
        _ => (
            RelationKind::Requires,
            [Phase::Pre, Phase::PreUn].into_iter().collect(),
        ),
    };
    let found = parse(context, field.line, &field.value, kind, when)?;
    for dependency in found {
        context.package(index).relate(kind, dependency);
    }
    Ok(())
}

/// Reads `BuildRequires:`, `BuildPreReq:` or `BuildConflicts:`.
pub(super) fn read_build(context: &mut Context<'_>, field: &Field<'_>) -> Result<(), Reported> {
    let is_conflict = field.rule.kind == TagKind::BuildConflicts;
    let kind = if is_conflict {
        RelationKind::Conflicts
    } else {
        RelationKind::Requires
    };
    let found = parse(context, field.line, &field.value, kind, Phases::NONE)?;
    let spec = &mut context.spec;
    let list = if is_conflict {
        &mut spec.build_conflicts
    } else {
        &mut spec.build_requires
    };
    for dependency in found {
        if !list.iter().any(|known| known.same(&dependency)) {
            list.push(dependency);
        }
    }
    Ok(())
}

fn parse_qualifiers(context: &mut Context<'_>, field: &Field<'_>) -> Result<Phases, Reported> {
    let text = &field.qualifier;
    if text.is_empty() {
        return Ok(Phases::NONE);
    }
    let mut phases = Phases::NONE;
    for word in text.split(',') {
        let Some((_, phase)) = QUALIFIERS.iter().find(|(known, _)| *known == word.trim()) else {
            return Err(report_qualifier(context, field, word));
        };
        phases = phases.with(*phase);
    }
    Ok(phases)
}

fn report_qualifier(context: &mut Context<'_>, field: &Field<'_>, word: &str) -> Reported {
    let header_name = match field.rule.kind {
        TagKind::Relation(RelationKind::OrderWithRequires) => "Ordername".to_owned(),
        _ => format!("{}name", field.rule.name.trim_end_matches('s')),
    };
    let line = field.line;
    let message = format!(
        "line {}: Bad {header_name}: qualifiers: {}",
        line.number,
        line.shown()
    );
    let near = closest(word, QUALIFIERS.iter().map(|(name, _)| *name));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let names: Vec<_> = QUALIFIERS.iter().map(|(name, _)| *name).collect();
            format!("known qualifiers: {}", names.join(", "))
        }
    };
    let place = crate::words::part_of(&field.qualifier, word).whole();
    let diagnostic = Diagnostic::error(codes::BAD_QUALIFIER, message);
    context
        .sink()
        .report(diagnostic.at(place.or(line.origin())).help(help))
}

fn rules(kind: RelationKind) -> DependencyRules {
    match kind {
        RelationKind::Provides | RelationKind::Obsoletes | RelationKind::OrderWithRequires => {
            DependencyRules::PROVIDES
        }
        RelationKind::Conflicts | RelationKind::Supplements | RelationKind::Enhances => {
            DependencyRules::CONFLICTS
        }
        _ => DependencyRules::REQUIRES,
    }
}

fn parse(
    context: &mut Context<'_>,
    line: &Line,
    value: &Text,
    kind: RelationKind,
    when: Phases,
) -> Result<Vec<Dependency>, Reported> {
    let (mut found, doubtful) = parse_dependencies(value, rules(kind), when)
        .map_err(|fault| report(context, line, value, &fault))?;
    let is_strict = !doubtful.is_empty()
        && context
            .engine
            .expand_number("%{?_wrong_version_format_terminate_build}")
            != 0;
    for fault in &doubtful {
        if is_strict {
            return Err(report(context, line, value, fault));
        }
        let diagnostic = Diagnostic::warning(codes::VERSION_FORM, in_rpms_form(line, fault));
        context
            .sink()
            .push(diagnostic.at(value.origin(fault.start, fault.end)));
    }
    for dependency in &mut found {
        check(context, line, kind, dependency)?;
    }
    Ok(found)
}

/// rpm's form of a fault: `line N: WHAT: LINE`, for characters `line N: WHAT in: LINE`.
fn in_rpms_form(line: &Line, fault: &DependencyFault) -> String {
    match fault.message.strip_prefix("Illegal char ") {
        Some(rest) => {
            let what = rest.split(" in: ").next().unwrap_or(rest);
            in_line(line, &format!("Illegal char {what}"))
        }
        None => format!("line {}: {}: {}", line.number, fault.message, line.shown()),
    }
}

fn report(
    context: &mut Context<'_>,
    line: &Line,
    value: &Text,
    fault: &DependencyFault,
) -> Reported {
    let place = value.origin(fault.start, fault.end);
    let help = help_for(value.get(fault.start..fault.end).unwrap_or_default());
    let diagnostic = Diagnostic::error(codes::BAD_DEPENDENCY, in_rpms_form(line, fault));
    context.sink().report(diagnostic.at(place).help_if(help))
}

fn help_for(written: &str) -> Option<String> {
    let name = written.strip_prefix('%')?;
    let name = name.trim_start_matches(['{', '?']);
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    (end > 0).then(|| format!("no macro `%{}` is defined", &name[..end]))
}

/// What rpm looks at beyond the grammar.
fn check(
    context: &mut Context<'_>,
    line: &Line,
    kind: RelationKind,
    dependency: &mut Dependency,
) -> Result<(), Reported> {
    let origin = dependency.origin;
    let version = dependency
        .version()
        .map(|(comparison, version)| (comparison, version.to_owned()));
    if let Some((_, version)) = &version
        && version.contains("..")
    {
        let message = in_line(line, "Illegal sequence \"..\"");
        let diagnostic = Diagnostic::error(codes::ILLEGAL_CHARACTER, message).at(origin);
        return Err(context.sink().report(diagnostic));
    }
    if version
        .as_ref()
        .is_some_and(|(_, version)| version.contains(['%', '{', '}']))
    {
        let message = in_line(line, "Possible unexpanded macro");
        let diagnostic = Diagnostic::warning(codes::UNEXPANDED_MACRO, message).at(origin);
        context.sink().push(diagnostic);
    }
    if kind == RelationKind::Obsoletes {
        check_obsoleted_name(context, line, dependency)?;
        warn_of_obsoletes(
            context,
            line,
            version.map(|(comparison, _)| comparison),
            dependency,
        );
    }
    if dependency.name().starts_with("rpmlib(") {
        if kind == RelationKind::Provides {
            let diagnostic = Diagnostic::error(
                codes::BAD_DEPENDENCY,
                format!("line {}: invalid dependency: {}", line.number, line.shown()),
            );
            return Err(context.sink().report(diagnostic.at(origin)));
        }
        dependency.when = dependency.when.with(Phase::Rpmlib);
    }
    Ok(())
}

/// Only packages can be obsoleted, so the characters of their names are all there may be. What
/// looks like a macro passes, as elsewhere in names.
fn check_obsoleted_name(
    context: &mut Context<'_>,
    line: &Line,
    dependency: &Dependency,
) -> Result<(), Reported> {
    let name = dependency.name();
    let is_bad = |c: char| !c.is_ascii_alphanumeric() && !".-_+%{}".contains(c);
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphanumeric() || "_%".contains(c));
    if begins_well && !name.contains(is_bad) {
        return Ok(());
    }
    let what = "Only package names are allowed in Obsoletes";
    let message = format!("line {}: {what}: {}", line.number, line.shown());
    let diagnostic = Diagnostic::error(codes::BAD_DEPENDENCY, message)
        .at(dependency.origin)
        .help("use `Conflicts` for capabilities and files");
    Err(context.sink().report(diagnostic))
}

fn warn_of_obsoletes(
    context: &mut Context<'_>,
    line: &Line,
    comparison: Option<Comparison>,
    dependency: &Dependency,
) {
    let what = match comparison {
        None => "It's not recommended to have unversioned Obsoletes",
        Some(Comparison::Greater | Comparison::GreaterEqual) => {
            "It's not recommended to use '>' in Obsoletes"
        }
        Some(_) => return,
    };
    let message = format!("line {}: {what}: {}", line.number, line.shown());
    let diagnostic = Diagnostic::warning(codes::WIDE_OBSOLETES, message)
        .at(dependency.origin)
        .help(format!(
            "obsolete what was replaced: `{} < VERSION`",
            dependency.name()
        ));
    context.sink().push(diagnostic);
}
