//! Scriptlets and triggers.

use std::collections::BTreeSet;

use package::{Interpreter, Package, Scriptlet, Slot, Trigger, TriggerKind};

use super::relations::Part;
use crate::unless_empty::{numbers, text, texts};
use crate::{Value, sense};

/// How the tags of each slot begin; longer names before those that they begin with.
const PREFIXES: [(&str, Slot); 9] = [
    ("PREIN", Slot::Pre),
    ("POSTIN", Slot::Post),
    ("PREUNTRANS", Slot::PreUnTrans),
    ("POSTUNTRANS", Slot::PostUnTrans),
    ("PREUN", Slot::PreUn),
    ("POSTUN", Slot::PostUn),
    ("PRETRANS", Slot::PreTrans),
    ("POSTTRANS", Slot::PostTrans),
    ("VERIFYSCRIPT", Slot::Verify),
];

/// The tags of scriptlets and triggers.
pub(super) fn get(package: &Package, tag: &str) -> Option<Value> {
    scriptlet(package, tag).or_else(|| trigger(package, tag))
}

fn scriptlet(package: &Package, tag: &str) -> Option<Value> {
    let (prefix, slot) = PREFIXES
        .iter()
        .find(|(prefix, _)| tag.starts_with(prefix))?;
    let scriptlet = package.scriptlets.get(slot)?;
    match &tag[prefix.len()..] {
        "" => text(scriptlet.body.as_deref()?),
        "PROG" => match words(scriptlet).as_slice() {
            [one] => text(one),
            many => texts(many.to_vec()),
        },
        "FLAGS" => numbers(vec![flags(scriptlet)]).filter(|it| it.number_at(0) != Some(0)),
        _ => None,
    }
}

/// The interpreter and its arguments.
fn words(scriptlet: &Scriptlet) -> Vec<String> {
    match &scriptlet.interpreter {
        Interpreter::Program(words) => words.clone(),
        Interpreter::Lua => vec!["<lua>".to_owned()],
    }
}

fn flags(scriptlet: &Scriptlet) -> u64 {
    u64::from(scriptlet.flags.expand) | u64::from(scriptlet.flags.query_format) << 1
}

/// A family of triggers: how its tags begin, and which triggers belong to it.
type Family = (&'static str, fn(TriggerKind) -> bool);

/// As above, the longer names first.
const FAMILIES: [Family; 3] = [
    ("TRANSFILETRIGGER", TriggerKind::is_transaction),
    ("FILETRIGGER", |it| it.is_file() && !it.is_transaction()),
    ("TRIGGER", |it| !it.is_file()),
];

fn trigger(package: &Package, tag: &str) -> Option<Value> {
    let (prefix, belongs) = *FAMILIES
        .iter()
        .find(|(prefix, _)| tag.starts_with(prefix))?;
    let triggers: Vec<&Trigger> = package
        .triggers
        .iter()
        .filter(|it| belongs(it.kind))
        .collect();
    let scripts = || triggers.iter().map(|it| &it.scriptlet);
    match &tag[prefix.len()..] {
        "SCRIPTS" => texts(
            scripts()
                .map(|it| it.body.clone().unwrap_or_default())
                .collect(),
        ),
        "SCRIPTPROG" => texts(scripts().map(|it| words(it).join(" ")).collect()),
        "SCRIPTFLAGS" => numbers(scripts().map(flags).collect()),
        "PRIORITIES" if prefix != "TRIGGER" => {
            numbers(triggers.iter().map(|it| it.priority.into()).collect())
        }
        "NAME" => texts(conditions(&triggers).map(|(_, it)| it.name).collect()),
        "VERSION" => texts(conditions(&triggers).map(|(_, it)| it.version).collect()),
        "FLAGS" => numbers(conditions(&triggers).map(|(_, it)| it.flags).collect()),
        "INDEX" => numbers(conditions(&triggers).map(|(index, _)| index).collect()),
        _ => None,
    }
}

/// All conditions, each with the number of its trigger, sorted as rpm sorts dependencies.
fn conditions(triggers: &[&Trigger]) -> impl Iterator<Item = (u64, Part)> {
    let conditions = (0..).zip(triggers).flat_map(|(index, trigger)| {
        let kind = 1 << kind_bit(trigger.kind);
        trigger.conditions.iter().map(move |condition| {
            let part = Part::of(condition, sense::FIND_REQUIRES);
            (
                Part {
                    flags: part.flags | kind,
                    ..part
                },
                index,
            )
        })
    });
    let sorted: BTreeSet<(Part, u64)> = conditions.collect();
    sorted.into_iter().map(|(part, index)| (index, part))
}

fn kind_bit(kind: TriggerKind) -> u32 {
    match kind {
        TriggerKind::PackagePreIn => sense::TRIGGERPREIN,
        TriggerKind::PackageIn | TriggerKind::FileIn | TriggerKind::TransFileIn => sense::TRIGGERIN,
        TriggerKind::PackageUn | TriggerKind::FileUn | TriggerKind::TransFileUn => sense::TRIGGERUN,
        TriggerKind::PackagePostUn | TriggerKind::FilePostUn | TriggerKind::TransFilePostUn => {
            sense::TRIGGERPOSTUN
        }
    }
}
