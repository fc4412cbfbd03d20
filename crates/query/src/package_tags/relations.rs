//! Dependencies.

use std::collections::BTreeSet;

use package::{Comparison, Dependency, Package, Phase, RelationKind};

use crate::unless_empty::{numbers, texts};
use crate::{Value, sense};

/// How the tags of each kind of dependency begin.
const PREFIXES: [(&str, RelationKind); 9] = [
    ("REQUIRE", RelationKind::Requires),
    ("PROVIDE", RelationKind::Provides),
    ("CONFLICT", RelationKind::Conflicts),
    ("OBSOLETE", RelationKind::Obsoletes),
    ("RECOMMEND", RelationKind::Recommends),
    ("SUGGEST", RelationKind::Suggests),
    ("SUPPLEMENT", RelationKind::Supplements),
    ("ENHANCE", RelationKind::Enhances),
    ("ORDER", RelationKind::OrderWithRequires),
];

const PHASE_BITS: [(Phase, u32); 14] = [
    (Phase::Interp, sense::INTERP),
    (Phase::Pre, sense::PRE),
    (Phase::Post, sense::POST),
    (Phase::PreUn, sense::PREUN),
    (Phase::PostUn, sense::POSTUN),
    (Phase::PreTrans, sense::PRETRANS),
    (Phase::PostTrans, sense::POSTTRANS),
    (Phase::PreUnTrans, sense::PREUNTRANS),
    (Phase::PostUnTrans, sense::POSTUNTRANS),
    (Phase::Verify, sense::VERIFY),
    (Phase::Meta, sense::META),
    (Phase::Rpmlib, sense::RPMLIB),
    (Phase::Config, sense::CONFIG),
    (Phase::MissingOk, sense::MISSINGOK),
];

/// A dependency as a header holds it. rpm sorts them by these parts, in this order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) flags: u64,
}

impl Part {
    /// `generated` is the bit for what a generator found.
    pub(super) fn of(dependency: &Dependency, generated: u32) -> Self {
        let version = dependency.version();
        let mut flags = version.map_or(0, |(comparison, _)| comparison_bits(comparison));
        for (phase, bit) in PHASE_BITS.iter().chain(&[(Phase::Generated, generated)]) {
            flags |= u64::from(dependency.when.has(*phase)) << bit;
        }
        let version = version.map_or(String::new(), |(_, version)| version.to_owned());
        Self {
            name: dependency.name().into_owned(),
            version,
            flags,
        }
    }
}

fn comparison_bits(comparison: Comparison) -> u64 {
    match comparison {
        Comparison::Less => 1 << sense::LESS,
        Comparison::LessEqual => 1 << sense::LESS | 1 << sense::EQUAL,
        Comparison::Equal => 1 << sense::EQUAL,
        Comparison::GreaterEqual => 1 << sense::GREATER | 1 << sense::EQUAL,
        Comparison::Greater => 1 << sense::GREATER,
    }
}

/// The tags of dependencies.
pub(super) fn get(package: &Package, tag: &str) -> Option<Value> {
    let (prefix, kind) = PREFIXES
        .iter()
        .find(|(prefix, _)| tag.starts_with(prefix))?;
    let provides = *kind == RelationKind::Provides;
    let generated = if provides {
        sense::FIND_PROVIDES
    } else {
        sense::FIND_REQUIRES
    };
    let parts = package.relations(*kind).iter();
    let parts = parts.map(|it| Part::of(it, generated));
    // A source package lists what it builds in the order of the spec.
    let sorted: Vec<Part> = if provides && package.is_source() {
        parts.collect()
    } else {
        parts.collect::<BTreeSet<_>>().into_iter().collect()
    };
    match &tag[prefix.len()..] {
        "NAME" => texts(sorted.into_iter().map(|it| it.name).collect()),
        "VERSION" => texts(sorted.into_iter().map(|it| it.version).collect()),
        "FLAGS" => numbers(sorted.into_iter().map(|it| it.flags).collect()),
        _ => None,
    }
}
