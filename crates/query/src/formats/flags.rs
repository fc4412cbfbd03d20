//! Bits as words and letters.

use header::sense;

/// Names of the masks that are set.
fn names<'n>(bits: u64, table: &[(u32, &'n str)]) -> Vec<&'n str> {
    table
        .iter()
        .filter(|(mask, _)| bits & u64::from(*mask) != 0)
        .map(|(_, name)| *name)
        .collect()
}

/// `<`, `>`, `=` and what can be made of them.
pub(crate) fn relation(bits: u64) -> String {
    names(
        bits,
        &[
            (sense::LESS, "<"),
            (sense::GREATER, ">"),
            (sense::EQUAL, "="),
        ],
    )
    .concat()
}

/// Where a dependency comes from and when it is needed; `manual` for a plain one.
pub(super) fn dependency_kind(bits: u64) -> String {
    const AUTO: &str = "auto";
    let mut found = names(
        bits,
        &[
            (sense::PRE, "pre"),
            (sense::POST, "post"),
            (sense::PRE_UN, "preun"),
            (sense::POST_UN, "postun"),
            (sense::VERIFY, "verify"),
            (sense::INTERPRETER, "interp"),
            (sense::RPMLIB, "rpmlib"),
            (sense::FOUND_REQUIREMENT, AUTO),
            (sense::FOUND_PROVISION, AUTO),
            (sense::PREREQ, "prereq"),
            (sense::PRE_TRANS, "pretrans"),
            (sense::POST_TRANS, "posttrans"),
            (sense::PRE_UN_TRANS, "preuntrans"),
            (sense::POST_UN_TRANS, "postuntrans"),
            (sense::CONFIG, "config"),
            (sense::MISSING_OK, "missingok"),
            (sense::META, "meta"),
        ],
    );
    found.dedup();
    if found.is_empty() {
        "manual".to_owned()
    } else {
        found.join(",")
    }
}

/// When a trigger runs.
pub(crate) fn trigger_kind(bits: u64) -> &'static str {
    let table = [
        (sense::TRIGGER_PRE_IN, "prein"),
        (sense::TRIGGER_IN, "in"),
        (sense::TRIGGER_UN, "un"),
        (sense::TRIGGER_POST_UN, "postun"),
    ];
    names(bits, &table).first().copied().unwrap_or_default()
}

/// What a file list says of a file, a letter each.
pub(super) fn file(bits: u64) -> String {
    let table = [
        (1 << 1, "d"),
        (1 << 0, "c"),
        (1 << 5, "s"),
        (1 << 3, "m"),
        (1 << 4, "n"),
        (1 << 6, "g"),
        (1 << 7, "l"),
        (1 << 8, "r"),
        (1 << 12, "a"),
    ];
    names(bits, &table).concat()
}

/// What differs, or is compared, a letter each; `pad` stands for what does not.
pub(super) fn verify(bits: u64, pad: &str) -> String {
    const READ_FAILED: u32 = 29;
    const LINK_UNREADABLE: u32 = 28;
    let letter = |bit: u32, letter: &'static str, unread: Option<u32>| {
        if unread.is_some_and(|unread| bits & 1 << unread != 0) {
            "?".to_owned()
        } else if bits & 1 << bit != 0 {
            letter.to_owned()
        } else {
            pad.to_owned()
        }
    };
    [
        letter(1, "S", None),
        letter(6, "M", None),
        letter(0, "5", Some(READ_FAILED)),
        letter(7, "D", None),
        letter(2, "L", Some(LINK_UNREADABLE)),
        letter(3, "U", None),
        letter(4, "G", None),
        letter(5, "T", None),
        letter(8, "P", None),
    ]
    .concat()
}

/// What became of a file of an installed package.
pub(super) fn file_state(state: u64) -> String {
    let word = match state {
        0 => "normal",
        1 => "replaced",
        2 => "not installed",
        3 => "net shared",
        4 => "wrong color",
        0xff | 0xffff_ffff | u64::MAX => "missing",
        _ => "(unknown)",
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{dependency_kind, file, relation, trigger_kind, verify};

    #[test]
    fn bits_are_named() {
        assert_eq!(relation(12), ">=");
        assert_eq!(dependency_kind(0), "manual");
        assert_eq!(dependency_kind(1 << 9 | 1 << 14), "pre,auto");
        assert_eq!(trigger_kind(1 << 18 | 8), "postun");
        assert_eq!(file(0b1_0001), "cn");
        assert_eq!(
            (verify(3, "."), verify(u64::from(u32::MAX), "")),
            ("S.5......".into(), "SM?D?UGTP".into())
        );
    }
}
