//! Scriptlets and triggers.
//!
//! Source: rpm-scriptlets(7); rpm `docs/manual/tags.md`, "Scriptlets" and "Triggers".

use package::{Interpreter, Package, Scriptlet, ScriptletFlags, Slot, Trigger, TriggerKind};

use crate::relations::{self, Capability};
use crate::structure::{Header, Value};
use crate::tags::{self, Tag};

/// The tags of a scriptlet: body, interpreter, flags.
fn slot_tags(slot: Slot) -> [Tag; 3] {
    use tags::*;
    match slot {
        Slot::Pre => [PRE_IN, PRE_IN_PROG, PRE_IN_FLAGS],
        Slot::Post => [POST_IN, POST_IN_PROG, POST_IN_FLAGS],
        Slot::PreUn => [PRE_UN, PRE_UN_PROG, PRE_UN_FLAGS],
        Slot::PostUn => [POST_UN, POST_UN_PROG, POST_UN_FLAGS],
        Slot::PreTrans => [PRE_TRANS, PRE_TRANS_PROG, PRE_TRANS_FLAGS],
        Slot::PostTrans => [POST_TRANS, POST_TRANS_PROG, POST_TRANS_FLAGS],
        Slot::PreUnTrans => [PRE_UN_TRANS, PRE_UN_TRANS_PROG, PRE_UN_TRANS_FLAGS],
        Slot::PostUnTrans => [POST_UN_TRANS, POST_UN_TRANS_PROG, POST_UN_TRANS_FLAGS],
        Slot::Verify => [VERIFY_SCRIPT, VERIFY_SCRIPT_PROG, VERIFY_SCRIPT_FLAGS],
    }
}

/// The tags of one family of triggers.
struct Family {
    holds: fn(TriggerKind) -> bool,
    scripts: Tag,
    programs: Tag,
    flags: Tag,
    priorities: Option<Tag>,
    names: Tag,
    versions: Tag,
    senses: Tag,
    indexes: Tag,
}

const FAMILIES: [Family; 3] = [
    Family {
        holds: |kind| !kind.is_file(),
        scripts: tags::TRIGGER_SCRIPTS,
        programs: tags::TRIGGER_SCRIPT_PROG,
        flags: tags::TRIGGER_SCRIPT_FLAGS,
        priorities: None,
        names: tags::TRIGGER_NAME,
        versions: tags::TRIGGER_VERSION,
        senses: tags::TRIGGER_FLAGS,
        indexes: tags::TRIGGER_INDEX,
    },
    Family {
        holds: |kind| kind.is_file() && !kind.is_transaction(),
        scripts: tags::FILE_TRIGGER_SCRIPTS,
        programs: tags::FILE_TRIGGER_SCRIPT_PROG,
        flags: tags::FILE_TRIGGER_SCRIPT_FLAGS,
        priorities: Some(tags::FILE_TRIGGER_PRIORITIES),
        names: tags::FILE_TRIGGER_NAME,
        versions: tags::FILE_TRIGGER_VERSION,
        senses: tags::FILE_TRIGGER_FLAGS,
        indexes: tags::FILE_TRIGGER_INDEX,
    },
    Family {
        holds: TriggerKind::is_transaction,
        scripts: tags::TRANS_FILE_TRIGGER_SCRIPTS,
        programs: tags::TRANS_FILE_TRIGGER_SCRIPT_PROG,
        flags: tags::TRANS_FILE_TRIGGER_SCRIPT_FLAGS,
        priorities: Some(tags::TRANS_FILE_TRIGGER_PRIORITIES),
        names: tags::TRANS_FILE_TRIGGER_NAME,
        versions: tags::TRANS_FILE_TRIGGER_VERSION,
        senses: tags::TRANS_FILE_TRIGGER_FLAGS,
        indexes: tags::TRANS_FILE_TRIGGER_INDEX,
    },
];

pub(crate) fn lower_into(header: &mut Header, package: &Package) {
    for (slot, scriptlet) in &package.scriptlets {
        lower_scriptlet(header, *slot, scriptlet);
    }
    for family in &FAMILIES {
        let triggers = package.triggers.iter().filter(|it| (family.holds)(it.kind));
        lower_triggers(header, family, &triggers.collect::<Vec<_>>());
    }
}

fn lower_scriptlet(header: &mut Header, slot: Slot, scriptlet: &Scriptlet) {
    let [body_tag, program_tag, flags_tag] = slot_tags(slot);
    header.set_unless_empty(body_tag, scriptlet.body.as_deref().unwrap_or(""));
    let words = words(&scriptlet.interpreter);
    header.set(
        program_tag,
        match words.as_slice() {
            // One word is written as a plain string, as very old readers expect.
            [word] => Value::Text(word.clone()),
            _ => Value::Texts(words),
        },
    );
    let flags = flag_bits(scriptlet.flags);
    if flags != 0 {
        header.set(flags_tag, flags);
    }
}

fn lower_triggers(header: &mut Header, family: &Family, triggers: &[&Trigger]) {
    let scripts = triggers
        .iter()
        .map(|it| it.scriptlet.body.clone().unwrap_or_default());
    header.set(family.scripts, scripts.collect::<Vec<_>>());
    let programs = triggers.iter().map(|it| program(&it.scriptlet.interpreter));
    header.set(family.programs, programs.collect::<Vec<_>>());
    let flags: Vec<u32> = triggers
        .iter()
        .map(|it| flag_bits(it.scriptlet.flags))
        .collect();
    if flags.iter().any(|it| *it != 0) {
        header.set(family.flags, flags);
    }
    if let Some(tag) = family.priorities {
        header.set(
            tag,
            triggers.iter().map(|it| it.priority).collect::<Vec<u32>>(),
        );
    }
    lower_conditions(header, family, triggers);
}

/// Conditions are sorted, each with the index of its script.
fn lower_conditions(header: &mut Header, family: &Family, triggers: &[&Trigger]) {
    let mut conditions: Vec<(Capability, u32)> = Vec::new();
    for (index, trigger) in (0u32..).zip(triggers) {
        let lowered = trigger
            .conditions
            .iter()
            .map(|it| relations::condition(it, trigger.kind));
        conditions.extend(lowered.map(|it| (it, index)));
    }
    conditions.sort();
    conditions.dedup();
    let texts = |of: fn(&Capability) -> &String| -> Vec<String> {
        conditions.iter().map(|(it, _)| of(it).clone()).collect()
    };
    header.set(family.names, texts(|it| &it.name));
    header.set(family.versions, texts(|it| &it.version));
    header.set(
        family.senses,
        conditions
            .iter()
            .map(|(it, _)| it.flags)
            .collect::<Vec<u32>>(),
    );
    header.set(
        family.indexes,
        conditions.iter().map(|(_, it)| *it).collect::<Vec<u32>>(),
    );
}

/// The interpreter and its arguments.
fn words(interpreter: &Interpreter) -> Vec<String> {
    match interpreter {
        Interpreter::Program(words) => words.clone(),
        Interpreter::Lua => vec!["<lua>".to_owned()],
    }
}

fn program(interpreter: &Interpreter) -> String {
    words(interpreter).into_iter().next().unwrap_or_default()
}

/// Bit 0: macros are expanded at run time; bit 1: query formats are.
fn flag_bits(flags: ScriptletFlags) -> u32 {
    u32::from(flags.expand) | u32::from(flags.query_format) << 1
}
