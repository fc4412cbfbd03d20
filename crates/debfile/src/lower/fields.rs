//! The relation fields of a control file, and what stands in them.
//!
//! Source: Debian Policy 7.1 to 7.6.

use std::collections::BTreeMap;

use crate::deb822::Paragraph;
use crate::relation::{Clause, Clauses, parse_clauses};

/// A control field of relations, in the order in which control files have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    PreDepends,
    Depends,
    Recommends,
    Suggests,
    Enhances,
    Breaks,
    Conflicts,
    Replaces,
    Provides,
}

impl Field {
    const NAMES: [(Self, &'static str); 9] = [
        (Self::PreDepends, "Pre-Depends"),
        (Self::Depends, "Depends"),
        (Self::Recommends, "Recommends"),
        (Self::Suggests, "Suggests"),
        (Self::Enhances, "Enhances"),
        (Self::Breaks, "Breaks"),
        (Self::Conflicts, "Conflicts"),
        (Self::Replaces, "Replaces"),
        (Self::Provides, "Provides"),
    ];
}

/// All relation fields of a package.
#[derive(Debug, Default)]
pub(crate) struct Relations(BTreeMap<Field, Clauses>);

impl Relations {
    /// Adds a clause to a field.
    pub(crate) fn add(&mut self, field: Field, clause: Clause) {
        self.0.entry(field).or_default().add(clause);
    }

    /// Adds relations as a control file has them, `a | b, c (>= 1)`.
    pub(crate) fn add_text(&mut self, field: Field, text: &str) {
        parse_clauses(text)
            .into_iter()
            .for_each(|clause| self.add(field, clause));
    }

    /// The clauses of a field, each as it is written.
    pub(crate) fn clauses(&self, field: Field) -> Vec<String> {
        self.0.get(&field).map_or_else(Vec::new, Clauses::to_texts)
    }

    /// Writes the fields, without what a stronger one says already.
    pub(crate) fn write(&self, control: &mut Paragraph) {
        let mut fields = self.0.clone();
        const STRENGTH: [Field; 4] = [
            Field::PreDepends,
            Field::Depends,
            Field::Recommends,
            Field::Suggests,
        ];
        for (index, weak) in STRENGTH.iter().enumerate() {
            for strong in &STRENGTH[..index] {
                let stronger = fields.get(strong).cloned().unwrap_or_default();
                fields
                    .entry(*weak)
                    .or_default()
                    .remove_implied_by(&stronger);
            }
        }
        for (field, name) in Field::NAMES {
            control.set(
                name,
                fields
                    .get(&field)
                    .map_or_else(String::new, Clauses::to_field),
            );
        }
    }
}
