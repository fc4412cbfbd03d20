//! The kinds of dependencies that generators find, and what macros call them.
//!
//! Source: rpm-dependency-generators(7), "SYNOPSIS".

use package::{DependencyRules, RelationKind};

/// The kinds in the order in which rpm looks for them.
pub(crate) const KINDS: [(RelationKind, &str); 9] = [
    (RelationKind::Provides, "provides"),
    (RelationKind::Requires, "requires"),
    (RelationKind::Recommends, "recommends"),
    (RelationKind::Suggests, "suggests"),
    (RelationKind::Supplements, "supplements"),
    (RelationKind::Enhances, "enhances"),
    (RelationKind::Conflicts, "conflicts"),
    (RelationKind::Obsoletes, "obsoletes"),
    (RelationKind::OrderWithRequires, "orderwithrequires"),
];

/// What dependencies of a kind may look like.
pub(crate) fn rules(kind: RelationKind) -> DependencyRules {
    match kind {
        RelationKind::Provides | RelationKind::OrderWithRequires => DependencyRules::PROVIDES,
        RelationKind::Obsoletes => DependencyRules::OBSOLETES,
        RelationKind::Conflicts | RelationKind::Supplements | RelationKind::Enhances => {
            DependencyRules::CONFLICTS
        }
        _ => DependencyRules::REQUIRES,
    }
}
