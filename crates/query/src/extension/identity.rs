//! Names made of name, epoch, version, release and architecture.

use crate::formats::base64;
use crate::unless_empty::texts;
use crate::{Tags, Value};

fn text(tags: &dyn Tags, tag: &str) -> Option<String> {
    Some(tags.get(tag)?.text_at(0)?.to_owned())
}

/// `N`, `E`, `V`, `R` and `A`, those that `letters` asks for and that are there.
pub(super) fn joined(tags: &dyn Tags, letters: &str) -> Option<Value> {
    let mut joined = String::new();
    for letter in letters.chars() {
        match letter {
            'N' => push(&mut joined, text(tags, "NAME"), "", "-"),
            'E' => {
                let epoch = tags.get("EPOCH").and_then(|it| it.number_at(0));
                push(&mut joined, epoch.map(|it| it.to_string()), "", ":");
            }
            'V' => push(&mut joined, text(tags, "VERSION"), "", "-"),
            'R' => push(&mut joined, text(tags, "RELEASE"), "", ""),
            _ => push(&mut joined, text(tags, "ARCH"), ".", ""),
        }
    }
    Some(Value::Text(joined))
}

fn push(joined: &mut String, word: Option<String>, before: &str, after: &str) {
    if let Some(word) = word {
        joined.push_str(before);
        joined.push_str(&word);
        joined.push_str(after);
    }
}

/// `.ARCH`; `.src` or `.nosrc` for source packages.
pub(super) fn arch_suffix(tags: &dyn Tags) -> Option<Value> {
    let is_source = tags.get("SOURCEPACKAGE").is_some();
    let is_partial = tags
        .get("NOSOURCE")
        .or_else(|| tags.get("NOPATCH"))
        .is_some();
    let arch = match (is_source, is_partial) {
        (true, true) => Some("nosrc".to_owned()),
        (true, false) => Some("src".to_owned()),
        (false, _) => text(tags, "ARCH"),
    };
    Some(Value::Text(
        arch.map_or(String::new(), |arch| format!(".{arch}")),
    ))
}

/// The epoch, 0 if there is none.
pub(super) fn epoch_number(tags: &dyn Tags) -> Option<Value> {
    tags.get("EPOCH").or(Some(Value::number(0_u32)))
}

/// The signatures, in base64.
pub(super) fn signatures(tags: &dyn Tags) -> Option<Value> {
    let older = ["RSAHEADER", "DSAHEADER", "SIGPGP", "SIGGPG"]
        .iter()
        .filter_map(|tag| match tags.get(tag)? {
            Value::Bytes(bytes) => Some(base64(&bytes)),
            _ => None,
        });
    tags.get("OPENPGP").or_else(|| texts(older.collect()))
}

/// The version of the package format; 4 if the header does not say, but has what came with it.
pub(super) fn package_format(tags: &dyn Tags) -> Option<Value> {
    let is_v4 = tags.get("HEADERIMMUTABLE").is_some();
    tags.get("RPMFORMAT")
        .or(Some(Value::number(if is_v4 { 4_u32 } else { 3 })))
}
