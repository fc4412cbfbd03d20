//! Icon, OpenPGP keys and SELinux policies.
//!
//! Source: rpm `build/policies.cc`, `build/files.cc` and `build/parsePreamble.cc`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use package::{Extras, Policy};

use crate::structure::{Header, Value};
use crate::tags;

/// What a GIF picture begins with; other icons are XPM.
const GIF: &[u8] = b"GIF";

/// Characters of base64 on a line.
const LINE: usize = 64;

/// The flag of a base module.
const BASE: u32 = 1;

pub(crate) fn lower_into(header: &mut Header, extras: &Extras) {
    if let Some(icon) = &extras.icon {
        let is_gif = icon.starts_with(GIF);
        let tag = if is_gif { tags::GIF } else { tags::XPM };
        header.set(tag, Value::Binary(icon.clone()));
    }
    header.set(tags::PUB_KEYS, extras.public_keys.clone());
    lower_policies(header, &extras.policies);
}

fn lower_policies(header: &mut Header, policies: &[Policy]) {
    let texts: Vec<String> = policies.iter().map(|it| in_lines(&it.content)).collect();
    let names: Vec<String> = policies.iter().map(|it| it.name.clone()).collect();
    let flags: Vec<u32> = policies
        .iter()
        .map(|it| if it.is_base { BASE } else { 0 })
        .collect();
    let of_types = |(index, policy): (u32, &Policy)| vec![index; policy.types.len()];
    let indexes: Vec<u32> = (0..).zip(policies).flat_map(of_types).collect();
    let types: Vec<String> = policies.iter().flat_map(|it| it.types.clone()).collect();
    header.set(tags::POLICIES, texts);
    header.set(tags::POLICY_NAMES, names);
    header.set(tags::POLICY_TYPES, types);
    header.set(tags::POLICY_TYPES_INDEXES, indexes);
    header.set(tags::POLICY_FLAGS, flags);
}

/// Base64 in lines, each with its end.
fn in_lines(content: &[u8]) -> String {
    let text = STANDARD.encode(content);
    let lines = text.as_bytes().chunks(LINE).map(String::from_utf8_lossy);
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::in_lines;

    #[test]
    fn base64_comes_in_lines() {
        assert_eq!(in_lines(b"1\n"), "MQo=\n");
        let long = in_lines(&[b'x'; 60]);
        let lengths: Vec<usize> = long.lines().map(str::len).collect();
        assert_eq!(lengths, [64, 16]);
    }
}
