//! The relations in what both sides print.

use std::collections::BTreeSet;

/// Relations of a `Depends` field, in no order.
pub(super) type Relations = BTreeSet<String>;

/// Takes the line `shlibs:Depends=…` apart; alternatives stay together.
pub(super) fn parse(text: &str) -> Relations {
    let fields = text
        .lines()
        .filter_map(|it| it.strip_prefix("shlibs:Depends="));
    let relations = fields.flat_map(|field| field.split(','));
    let trimmed = relations.map(|it| it.trim().to_owned());
    trimmed.filter(|it| !it.is_empty()).collect()
}
