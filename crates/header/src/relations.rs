//! Dependencies: names, versions and sense flags, sorted as rpm sorts them.
//!
//! Source: rpm `docs/manual/tags.md`, "Dependencies", and `docs/manual/dependencies.md`.

use std::collections::BTreeMap;

use package::{
    Comparison, Dependency, Interpreter, Package, Phase, Phases, RelationKind, Slot, TriggerKind,
};

use crate::sense;
use crate::structure::Header;
use crate::tags::{self, Tag};

const PHASES: [(Phase, u32); 14] = [
    (Phase::Interp, sense::INTERPRETER),
    (Phase::Pre, sense::PRE),
    (Phase::Post, sense::POST),
    (Phase::PreUn, sense::PRE_UN),
    (Phase::PostUn, sense::POST_UN),
    (Phase::PreTrans, sense::PRE_TRANS),
    (Phase::PostTrans, sense::POST_TRANS),
    (Phase::PreUnTrans, sense::PRE_UN_TRANS),
    (Phase::PostUnTrans, sense::POST_UN_TRANS),
    (Phase::Verify, sense::VERIFY),
    (Phase::Meta, sense::META),
    (Phase::Rpmlib, sense::RPMLIB),
    (Phase::Config, sense::CONFIG),
    (Phase::MissingOk, sense::MISSING_OK),
];

/// A kind of dependency in the header: its tags, and its letter in the dictionary of file
/// dependencies.
pub struct Family {
    /// What the dependencies of the family mean.
    pub kind: RelationKind,
    pub(crate) letter: u8,
    name: Tag,
    version: Tag,
    flags: Tag,
}

const fn family(kind: RelationKind, letter: u8, [name, version, flags]: [Tag; 3]) -> Family {
    Family {
        kind,
        letter,
        name,
        version,
        flags,
    }
}

/// Every kind of dependency the format knows.
pub const FAMILIES: [Family; 9] = {
    use tags::*;
    [
        family(
            RelationKind::Provides,
            b'P',
            [PROVIDE_NAME, PROVIDE_VERSION, PROVIDE_FLAGS],
        ),
        family(
            RelationKind::Requires,
            b'R',
            [REQUIRE_NAME, REQUIRE_VERSION, REQUIRE_FLAGS],
        ),
        family(
            RelationKind::Conflicts,
            b'C',
            [CONFLICT_NAME, CONFLICT_VERSION, CONFLICT_FLAGS],
        ),
        family(
            RelationKind::Obsoletes,
            b'O',
            [OBSOLETE_NAME, OBSOLETE_VERSION, OBSOLETE_FLAGS],
        ),
        family(
            RelationKind::Recommends,
            b'r',
            [RECOMMEND_NAME, RECOMMEND_VERSION, RECOMMEND_FLAGS],
        ),
        family(
            RelationKind::Suggests,
            b's',
            [SUGGEST_NAME, SUGGEST_VERSION, SUGGEST_FLAGS],
        ),
        family(
            RelationKind::Supplements,
            b'S',
            [SUPPLEMENT_NAME, SUPPLEMENT_VERSION, SUPPLEMENT_FLAGS],
        ),
        family(
            RelationKind::Enhances,
            b'e',
            [ENHANCE_NAME, ENHANCE_VERSION, ENHANCE_FLAGS],
        ),
        family(
            RelationKind::OrderWithRequires,
            b'o',
            [ORDER_NAME, ORDER_VERSION, ORDER_FLAGS],
        ),
    ]
};

/// A dependency as the header holds it. The order is rpm's: name, version, flags, all by bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Capability {
    /// What is named: a package, a file or anything that packages provide.
    pub name: String,
    /// The version after the comparison, empty if there is none.
    pub version: String,
    /// Bits of [`sense`].
    pub flags: u32,
}

/// The dependencies of a package by kind, each list sorted and without repetitions.
pub type Capabilities = BTreeMap<RelationKind, Vec<Capability>>;

/// Writes all dependencies into the header.
pub(crate) fn lower_into(header: &mut Header, capabilities: &Capabilities) {
    for family in &FAMILIES {
        let list = capabilities
            .get(&family.kind)
            .map_or(&[][..], Vec::as_slice);
        header.set(
            family.name,
            list.iter().map(|it| it.name.clone()).collect::<Vec<_>>(),
        );
        header.set(
            family.version,
            list.iter().map(|it| it.version.clone()).collect::<Vec<_>>(),
        );
        header.set(
            family.flags,
            list.iter().map(|it| it.flags).collect::<Vec<u32>>(),
        );
    }
}

/// All of a package's dependencies: those of its relations, itself, the interpreters of its scriptlets,
/// and the `features` of rpm that its file needs.
pub fn capabilities(package: &Package, features: &[Capability]) -> Capabilities {
    let mut all = Capabilities::new();
    for family in &FAMILIES {
        let written = package.relations(family.kind).iter();
        all.insert(
            family.kind,
            written.map(|it| capability(it, family.kind)).collect(),
        );
    }
    let requires = all.entry(RelationKind::Requires).or_default();
    requires.extend(features.iter().cloned());
    requires.extend(interpreters(package));
    if !package.is_source() {
        all.entry(RelationKind::Provides)
            .or_default()
            .push(itself(package));
    }
    for (kind, list) in &mut all {
        // A source package lists what it builds in the order of the spec.
        if !(package.is_source() && *kind == RelationKind::Provides) {
            list.sort();
        }
        list.dedup();
    }
    all
}

/// A dependency of some kind in the header's terms.
pub(crate) fn capability(dependency: &Dependency, kind: RelationKind) -> Capability {
    let phases = phase_bits(dependency.when) | found_bit(dependency.when, kind);
    let (comparison, version) = match dependency.version() {
        Some((comparison, version)) => (comparison_bits(comparison), version.to_owned()),
        None => (0, String::new()),
    };
    let flags = comparison | (phases & allowed_bits(kind));
    Capability {
        name: dependency.name().into_owned(),
        version,
        flags,
    }
}

/// A trigger's condition in the header's terms.
pub(crate) fn condition(dependency: &Dependency, kind: TriggerKind) -> Capability {
    let plain = capability(dependency, RelationKind::Obsoletes);
    Capability {
        flags: plain.flags | trigger_bit(kind),
        ..plain
    }
}

fn comparison_bits(comparison: Comparison) -> u32 {
    match comparison {
        Comparison::Less => sense::LESS,
        Comparison::LessEqual => sense::LESS | sense::EQUAL,
        Comparison::Equal => sense::EQUAL,
        Comparison::GreaterEqual => sense::GREATER | sense::EQUAL,
        Comparison::Greater => sense::GREATER,
    }
}

fn phase_bits(phases: Phases) -> u32 {
    let set = PHASES.iter().filter(|(phase, _)| phases.has(*phase));
    set.fold(0, |bits, (_, bit)| bits | bit)
}

fn found_bit(phases: Phases, kind: RelationKind) -> u32 {
    match (phases.has(Phase::Generated), kind) {
        (false, _) => 0,
        (true, RelationKind::Provides) => sense::FOUND_PROVISION,
        (true, _) => sense::FOUND_REQUIREMENT,
    }
}

/// The bits, besides the comparison, that a kind of dependency may carry: what `rpmSanitizeDSFlags` of
/// rpm's `lib/rpmds.cc` leaves, and what marks any that a generator found.
fn allowed_bits(kind: RelationKind) -> u32 {
    match kind {
        RelationKind::Provides => sense::FOUND_PROVISION | sense::CONFIG,
        RelationKind::Obsoletes => sense::FOUND_REQUIREMENT,
        _ => u32::MAX,
    }
}

fn trigger_bit(kind: TriggerKind) -> u32 {
    match kind {
        TriggerKind::PackagePreIn => sense::TRIGGER_PRE_IN,
        TriggerKind::PackageIn | TriggerKind::FileIn | TriggerKind::TransFileIn => {
            sense::TRIGGER_IN
        }
        TriggerKind::PackageUn | TriggerKind::FileUn | TriggerKind::TransFileUn => {
            sense::TRIGGER_UN
        }
        TriggerKind::PackagePostUn | TriggerKind::FilePostUn | TriggerKind::TransFilePostUn => {
            sense::TRIGGER_POST_UN
        }
    }
}

/// `name = [epoch:]version-release`.
fn itself(package: &Package) -> Capability {
    let (name, version) = (package.name.clone(), package.evr.to_string());
    Capability {
        name,
        version,
        flags: sense::EQUAL,
    }
}

/// The programs that run scriptlets and triggers.
fn interpreters(package: &Package) -> Vec<Capability> {
    let scriptlets = package.scriptlets.iter();
    let slots = scriptlets.map(|(slot, it)| (slot_bit(*slot), &it.interpreter));
    let triggers = package
        .triggers
        .iter()
        .map(|it| (0, &it.scriptlet.interpreter));
    slots
        .chain(triggers)
        .filter_map(|(bit, it)| interpreter(bit, it))
        .collect()
}

fn interpreter(bit: u32, interpreter: &Interpreter) -> Option<Capability> {
    let Interpreter::Program(words) = interpreter else {
        return None;
    };
    let flags = bit | sense::INTERPRETER;
    Some(Capability {
        name: words.first()?.clone(),
        version: String::new(),
        flags,
    })
}

fn slot_bit(slot: Slot) -> u32 {
    match slot {
        Slot::Pre => sense::PRE,
        Slot::Post => sense::POST,
        Slot::PreUn => sense::PRE_UN,
        Slot::PostUn => sense::POST_UN,
        Slot::PreTrans => sense::PRE_TRANS,
        Slot::PostTrans => sense::POST_TRANS,
        Slot::PreUnTrans => sense::PRE_UN_TRANS,
        Slot::PostUnTrans => sense::POST_UN_TRANS,
        Slot::Verify => sense::VERIFY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_marked_whatever_its_kind() {
        let found = [Phase::Generated].into_iter().collect();
        let old = Dependency::versioned("old", Comparison::Less, "2").at(found);
        let flags = |kind| capability(&old, kind).flags;
        assert_eq!(flags(RelationKind::Obsoletes), 0x4002);
        assert_eq!(flags(RelationKind::Conflicts), 0x4002);
        assert_eq!(flags(RelationKind::Provides), 0x8002);
    }
}
