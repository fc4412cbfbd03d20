//! `RemovePathPostfixes:`: files built side by side under names that differ in their endings.
//!
//! Source: rpm-spec(5), "RemovePathPostfixes".

use crate::record::Record;

/// Takes each ending off the paths that have it. The files stay where they are in the build root.
pub(crate) fn remove(records: &mut [Record], postfixes: &[String]) {
    for record in records {
        for postfix in postfixes.iter().filter(|it| !it.is_empty()) {
            if let Some(shorter) = record.path.strip_suffix(postfix.as_str()) {
                let shorter = shorter.strip_suffix('/').unwrap_or(shorter);
                let shorter = shorter.to_owned();
                let longer = std::mem::replace(&mut record.path, shorter);
                record.renamed_from.get_or_insert(longer);
            }
        }
    }
}
