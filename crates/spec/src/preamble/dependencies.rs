//! Dependency tags.
//!
//! Not here: the grammar of dependencies, see [`package::parse_dependencies`].

use package::{
    Comparison, Dependency, DependencyFault, DependencyRules, Phase, Phases, RelationKind,
    parse_dependencies,
};
use source::{Diagnostic, Origin, Reported, Text, closest};

use super::characters::{self, in_line};
use super::tags::{Field, TagKind};
use crate::codes;
use crate::context::Context;
use crate::dpkg;
use crate::line::Line;
use crate::places::ListKey;
use crate::words::part_of;

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

/// The value of a dependency tag.
struct Value<'a> {
    line: &'a Line,
    text: &'a Text,
    kind: RelationKind,
    when: Phases,
}

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
    let value = Value {
        line: field.line,
        text: &field.value,
        kind,
        when,
    };
    let found = parse(context, &value)?;
    for dependency in found {
        context.relate(index, kind, dependency);
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
    let value = Value {
        line: field.line,
        text: &field.value,
        kind,
        when: Phases::NONE,
    };
    let found = parse(context, &value)?;
    let spec = &mut context.spec;
    let list = if is_conflict {
        &mut spec.build_conflicts
    } else {
        &mut spec.build_requires
    };
    for dependency in found {
        let known = &mut context.known_dependencies;
        let key = ListKey { owner: None, kind };
        known.add(key, list, dependency);
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
    let place = part_of(&field.qualifier, word).whole();
    let diagnostic = Diagnostic::error(codes::BAD_QUALIFIER, message);
    context.refuse(diagnostic.at(place.or(line.origin())).help(help))
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

fn parse(context: &mut Context<'_>, written: &Value<'_>) -> Result<Vec<Dependency>, Reported> {
    let (line, kind) = (written.line, written.kind);
    let in_words_of_rpm = alternatives(context, line, written.text);
    let text = in_words_of_rpm.as_ref().unwrap_or(written.text);
    let value = &Value { text, ..*written };
    let parsed = parse_dependencies(text, rules(kind), value.when);
    let (mut found, doubtful) =
        parsed.map_err(|fault| match check_before(context, value, &fault) {
            Ok(()) => report(context, value, &fault),
            Err(reported) => reported,
        })?;
    let is_strict = !doubtful.is_empty() && is_strict(context);
    for fault in &doubtful {
        if is_strict {
            return Err(report(context, value, fault));
        }
        let diagnostic = Diagnostic::warning(codes::VERSION_FORM, in_rpms_form(line, fault));
        context
            .sink()
            .push(diagnostic.at(text.origin(fault.start, fault.end)));
    }
    for dependency in &mut found {
        check(context, line, kind, dependency)?;
    }
    if kind == RelationKind::Obsoletes {
        warn_of_obsoletes(context, line, &found);
    }
    warn_of_names(context, text);
    Ok(found)
}

/// Dependencies that are written in dpkg's words, `a | b (= 1)`, in rpm's, where debbuild would read them.
fn alternatives(context: &mut Context<'_>, line: &Line, value: &Text) -> Option<Text> {
    let at = value.find('|').filter(|_| context.request.is_lenient)?;
    let said = dpkg::translate_relation(value)?;
    let message = in_line(line, "alternatives are written otherwise in a spec");
    let diagnostic = Diagnostic::error(codes::BAD_DEPENDENCY, message).at(value.origin(at, at + 1));
    context.refuse(diagnostic.help(format!("write `{said}`")));
    Some(Text::detached(said))
}

/// Warns of names that hardly were meant as names. debbuild's packages know dpkg's qualifiers.
fn warn_of_names(context: &mut Context<'_>, value: &Text) {
    let takes_qualifiers = context.engine.is_defined("_debbuild");
    for name in dpkg::doubtful_names(value) {
        let (start, end) = name.place;
        let message = match name.has_operator {
            true => "an operator without blanks around it is a part of the name".to_owned(),
            false if takes_qualifiers => continue,
            false => format!(
                "`{}` is a name here, which no package has",
                &value[start..end]
            ),
        };
        let diagnostic = Diagnostic::warning(codes::DOUBTFUL_NAME, message)
            .at(value.origin(start, end))
            .help(format!("write `{}`", name.instead));
        context.sink().push(diagnostic.not_in_rpm());
    }
}

/// Checks what stands before a fault, as rpm does before it reaches the fault: whole dependencies,
/// and versions in brackets.
fn check_before(
    context: &mut Context<'_>,
    value: &Value<'_>,
    fault: &DependencyFault,
) -> Result<(), Reported> {
    let &Value { text, kind, .. } = value;
    let before = text.slice(0, fault.start);
    let sound = parse_dependencies(&before, rules(kind), Phases::NONE);
    for mut dependency in sound.map(|(found, _)| found).unwrap_or_default() {
        check(context, value.line, kind, &mut dependency)?;
    }
    let rest = text.slice(fault.start, text.len());
    if rest.starts_with('(') && rules(kind).rich {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let is_name = |word: &str| {
            word.trim_start_matches('(')
                .starts_with(|c: char| c.is_alphanumeric() || c == '_')
        };
        let versions = words
            .windows(3)
            .filter(|it| is_name(it[0]) && Comparison::parse(it[1]).is_some());
        for version in versions.filter(|it| it[2].contains(['%', '{', '}'])) {
            let place = part_of(&rest, version[2]).whole();
            warn_of_unexpanded(context, value.line, place);
        }
    }
    if let Some(earlier) = &fault.earlier
        && is_strict(context)
    {
        return Err(report(context, value, earlier));
    }
    Ok(())
}

/// Whether versions of a bad form are errors.
fn is_strict(context: &mut Context<'_>) -> bool {
    let strict = "%{?_wrong_version_format_terminate_build}";
    context.engine.expand_number(strict) != 0
}

fn warn_of_unexpanded(context: &mut Context<'_>, line: &Line, place: Option<Origin>) {
    let message = in_line(line, "Possible unexpanded macro");
    let diagnostic = Diagnostic::warning(codes::UNEXPANDED_MACRO, message).at(place);
    context.sink().push(diagnostic);
}

/// rpm's form of a fault: `line N: WHAT: LINE`.
fn in_rpms_form(line: &Line, fault: &DependencyFault) -> String {
    format!("line {}: {}: {}", line.number, fault.message, line.shown())
}

fn report(context: &mut Context<'_>, value: &Value<'_>, fault: &DependencyFault) -> Reported {
    let &Value {
        line, text, kind, ..
    } = value;
    if fault.message.starts_with("Illegal char ")
        && let Some((_, version)) = fault.message.split_once(" in: ")
    {
        let rest = &text[fault.start..];
        let start = fault.start + rest.rfind(version).unwrap_or(0);
        let version = text.slice(start, start + version.len());
        if let Err(reported) = characters::check(context, line, &version, characters::EVR) {
            return reported;
        }
    }
    let place = text.origin(fault.start, fault.end);
    let help = help_for(text.get(fault.start..fault.end).unwrap_or_default())
        .or_else(|| dpkg::help_for_relation(text, fault.start, rules(kind).rich));
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
        warn_of_unexpanded(context, line, origin);
    }
    if kind == RelationKind::Obsoletes {
        check_obsoleted_name(context, line, dependency)?;
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
    let name = match dependency.origin {
        Some(origin) => Text::from_origin(name, origin),
        None => Text::detached(name),
    };
    if characters::check(context, line, &name, characters::NAME).is_ok() {
        return Ok(());
    }
    let what = "Only package names are allowed in Obsoletes";
    let message = format!("line {}: {what}: {}", line.number, line.shown());
    let diagnostic = Diagnostic::error(codes::BAD_DEPENDENCY, message)
        .at(dependency.origin)
        .help("use `Conflicts` for capabilities and files");
    Err(context.sink().report(diagnostic))
}

/// Warns of wide `Obsoletes`. rpm warns once a line, of the last of them.
fn warn_of_obsoletes(context: &mut Context<'_>, line: &Line, found: &[Dependency]) {
    let last = found.iter().rev().find_map(|it| Some((it, wide(it)?)));
    let Some((dependency, what)) = last else {
        return;
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

/// Why it may obsolete too much.
fn wide(dependency: &Dependency) -> Option<&'static str> {
    match dependency.version().map(|(comparison, _)| comparison) {
        None => Some("It's not recommended to have unversioned Obsoletes"),
        Some(Comparison::Greater | Comparison::GreaterEqual) => {
            Some("It's not recommended to use '>' in Obsoletes")
        }
        Some(_) => None,
    }
}
