//! Triggers: scripts that run when other packages, or files, come and go.

use std::ops::Range;

use package::{
    Dependency, DependencyFault, DependencyRules, Interpreter, Phases, Requirement, Trigger,
    TriggerKind, parse_placed_dependencies,
};
use source::{Diagnostic, Reported, Text};

use super::{
    check_lua, check_supported, header_fault, need_interpreter, parse_head, parse_priority,
    scriptlet,
};
use crate::ast::TriggerSection;
use crate::codes;
use crate::context::Context;
use crate::line::{Line, Strip};
use crate::section::Next;

/// Order of file triggers that give none: rpm's own, `RPMTRIGGER_DEFAULT_PRIORITY`; its manual has a tenth.
const DEFAULT_PRIORITY: u32 = 1_000_000;

/// Reads a trigger: `%triggerin [-n] NAME [-p PROGRAM] [-P PRIORITY] -- CONDITIONS`.
pub(crate) fn read_trigger(
    context: &mut Context<'_>,
    kind: TriggerKind,
    header: &Line,
) -> Result<Next, Reported> {
    let parsed = split_header(context, header).and_then(|(front, conditions)| {
        let head = parse_head(context, &front)?;
        Ok((head, conditions))
    });
    let (body, next) = context.body(Strip::NOTHING)?;
    let parsed = parsed.and_then(|(head, it)| Ok((check_supported(context, head)?, it)));
    let Ok((head, conditions)) = parsed else {
        return Ok(next);
    };
    if let Interpreter::Program(words) = &head.interpreter
        && words.len() > 1
    {
        let what = "interpreter arguments not allowed in triggers";
        let number = context.reader.line_number();
        let message = format!("line {number}: {what}: {}", head.program());
        let diagnostic = Diagnostic::error(codes::BAD_TRIGGER, message)
            .at(header.origin())
            .help("name the program alone after `-p`");
        context.sink().report(diagnostic);
        return Ok(next);
    }
    let priority = head.options.argument('P');
    let priority = priority.and_then(|given| parse_priority(given));
    // rpm keeps the bits of a negative one.
    let priority = priority.map_or(DEFAULT_PRIORITY, i32::cast_unsigned);
    if let Ok(conditions) = parse_conditions(context, head.index, kind, &conditions) {
        need_interpreter(context, &head, header, Phases::NONE);
        check_lua(context, &head, kind.name(), &body);
        let scriptlet = scriptlet(&head, header, &body);
        let trigger = Trigger {
            kind,
            conditions,
            priority,
            scriptlet,
        };
        let section = TriggerSection {
            trigger,
            file: head.file,
        };
        context.package(head.index).triggers.push(section);
    }
    Ok(next)
}

/// Splits a header at its `--`.
fn split_header(context: &mut Context<'_>, header: &Line) -> Result<(Line, Text), Reported> {
    let text = &header.text;
    let bytes = text.as_bytes();
    let is_blank = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| matches!(byte, b' ' | b'\t'))
    };
    let separator = text
        .match_indices("--")
        .map(|(at, _)| at)
        .find(|at| is_blank(at.checked_sub(1)) && is_blank(Some(at + 2)));
    let Some(at) = separator else {
        let help = "write what sets the trigger off after ` -- `";
        return Err(header_fault(context, header, "triggers must have --", help));
    };
    let conditions = text.slice(at + 2, text.len()).trim();
    if conditions.is_empty() {
        let help = "name a package or a path after `--`";
        return Err(header_fault(
            context,
            header,
            "missing trigger condition",
            help,
        ));
    }
    Ok((
        Line {
            text: text.slice(0, at + 2),
            number: header.number,
        },
        conditions,
    ))
}

fn parse_conditions(
    context: &mut Context<'_>,
    index: usize,
    kind: TriggerKind,
    text: &Text,
) -> Result<Vec<Dependency>, Reported> {
    let rules = if kind.is_file() {
        DependencyRules::FILE_TRIGGERS
    } else {
        DependencyRules::PROVIDES
    };
    let parsed = parse_placed_dependencies(text, rules, Phases::NONE);
    let (found, doubtful) = parsed.map_err(|fault| {
        let first = fault.earlier.as_deref().unwrap_or(&fault);
        report_fault(context, text, first)
    })?;
    // In a trigger a version of bad form is always an error, regardless of macros.
    if let Some(fault) = doubtful.first() {
        return Err(report_fault(context, text, fault));
    }
    let mut conditions = Vec::new();
    for (start, condition) in found {
        if !kind.is_file() && !is_first(context, index, kind, &condition) {
            let message = "Trigger fired by the same package is already defined in spec file";
            return Err(report(context, message, text, start..text.len()));
        }
        conditions.push(condition);
    }
    Ok(conditions)
}

/// Notes a condition; false if one before it for the same package and event covers it.
fn is_first(
    context: &mut Context<'_>,
    index: usize,
    kind: TriggerKind,
    condition: &Dependency,
) -> bool {
    let key = (index, kind, condition.name().into_owned());
    let others = context.trigger_conditions.entry(key).or_default();
    let is_first = !others.iter().any(|other| overlap(other, condition));
    others.extend(is_first.then(|| condition.clone()));
    is_first
}

fn report_fault(context: &mut Context<'_>, text: &Text, fault: &DependencyFault) -> Reported {
    report(context, &fault.message, text, fault.start..fault.end)
}

/// Reports a fault in rpm's form, which shows the conditions from the faulty one on.
fn report(context: &mut Context<'_>, message: &str, text: &Text, place: Range<usize>) -> Reported {
    let message = format!("{message}: {}", &text[place.start..]);
    let place = text.origin(place.start, place.end);
    let diagnostic = Diagnostic::error(codes::BAD_TRIGGER, message).at(place);
    context.sink().report(diagnostic)
}

/// Whether some version of a package fulfils both conditions.
fn overlap(a: &Dependency, b: &Dependency) -> bool {
    match (&a.what, &b.what) {
        (Requirement::Simple(a), Requirement::Simple(b)) => a.overlaps(b),
        _ => a.name() == b.name(),
    }
}

#[cfg(test)]
mod tests {
    use package::Comparison;

    use super::*;

    #[test]
    fn ranges_overlap_or_not() {
        let version = |comparison, version: &str| Dependency::versioned("x", comparison, version);
        let below_2 = version(Comparison::Less, "2");
        assert!(!overlap(&below_2, &version(Comparison::GreaterEqual, "2")));
        assert!(overlap(&below_2, &version(Comparison::GreaterEqual, "1")));
        assert!(overlap(&below_2, &Dependency::on("x")));
        assert!(!overlap(&below_2, &Dependency::on("y")));
    }
}
