//! Versions that Cargo asks for, in rpm's words.
//!
//! Source: The Cargo Book, "Version requirement syntax".

/// A dependency on a capability, by a requirement such as `^1.2`, `>=1, <3` or `*`.
pub(crate) fn requirement(capability: &str, written: &str) -> String {
    let bounds: Vec<String> = written
        .split(',')
        .flat_map(bounds)
        .map(|(sign, version)| format!("{capability} {sign} {version}"))
        .collect();
    match bounds.as_slice() {
        [] => capability.to_owned(),
        [only] => only.clone(),
        all => format!("({})", all.join(" with ")),
    }
}

/// `1.2.0-rc.1+meta` is `1.2.0~rc.1`.
pub(crate) fn rpm_version(version: &str) -> String {
    let version = version.split('+').next().unwrap_or_default();
    version.replacen('-', "~", 1).replace('-', "_")
}

type Bound = (&'static str, String);

fn bounds(written: &str) -> Vec<Bound> {
    const SIGNS: [&str; 7] = [">=", "<=", ">", "<", "=", "^", "~"];
    let written = written.trim();
    let sign = SIGNS.into_iter().find(|sign| written.starts_with(sign));
    let version = written[sign.map_or(0, str::len)..].trim();
    let parts = parts(version);
    if parts.is_empty() {
        return Vec::new();
    }
    let low = whole(version, &parts);
    let is_wild = version.ends_with('*');
    match sign {
        Some(sign @ (">=" | "<" | "<=")) if sign != "<=" || parts.len() == 3 => vec![(sign, low)],
        Some("<=") => vec![("<", after(&parts, parts.len() - 1))],
        Some(">") if parts.len() == 3 => vec![(">", low)],
        Some(">") => vec![(">=", after(&parts, parts.len() - 1).replace('~', ""))],
        Some("=") if parts.len() == 3 => vec![("=", low)],
        Some("=") => vec![(">=", low), ("<", after(&parts, parts.len() - 1))],
        Some("~") => vec![(">=", low), ("<", after(&parts, (parts.len() - 1).min(1)))],
        _ if is_wild => vec![(">=", low), ("<", after(&parts, parts.len() - 1))],
        _ => {
            let first = parts.iter().position(|part| *part > 0);
            let at = first.unwrap_or(parts.len() - 1);
            vec![(">=", low), ("<", after(&parts, at))]
        }
    }
}

/// The numbers of a version, up to what is none.
fn parts(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    let numbers = release.split('.').map(|part| part.trim().parse().ok());
    numbers.map_while(|it| it).take(3).collect()
}

/// The version with all three numbers.
fn whole(version: &str, parts: &[u64]) -> String {
    let part = |at: usize| parts.get(at).copied().unwrap_or(0);
    let release = format!("{}.{}.{}", part(0), part(1), part(2));
    match version.split('+').next().and_then(|it| it.split_once('-')) {
        Some((_, early)) => format!("{release}~{}", early.replace('-', "_")),
        None => release,
    }
}

/// The first version whose number at a place is higher; its early versions do not count either.
fn after(parts: &[u64], at: usize) -> String {
    let part = |place: usize| match place.cmp(&at) {
        std::cmp::Ordering::Less => parts[place],
        std::cmp::Ordering::Equal => parts[place].saturating_add(1),
        std::cmp::Ordering::Greater => 0,
    };
    format!("{}.{}.{}~", part(0), part(1), part(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_become_bounds() {
        let cases = [
            ("1.2.3", "(c >= 1.2.3 with c < 2.0.0~)"),
            ("^0.2.3", "(c >= 0.2.3 with c < 0.3.0~)"),
            ("0.0.3", "(c >= 0.0.3 with c < 0.0.4~)"),
            ("0", "(c >= 0.0.0 with c < 1.0.0~)"),
            ("0.0", "(c >= 0.0.0 with c < 0.1.0~)"),
            ("~1.2.3", "(c >= 1.2.3 with c < 1.3.0~)"),
            ("~1", "(c >= 1.0.0 with c < 2.0.0~)"),
            ("=1.2.3", "c = 1.2.3"),
            ("=1.2", "(c >= 1.2.0 with c < 1.3.0~)"),
            (">=1.2, <3", "(c >= 1.2.0 with c < 3.0.0)"),
            ("1.2.*", "(c >= 1.2.0 with c < 1.3.0~)"),
            ("*", "c"),
            ("1.0.0-rc.1", "(c >= 1.0.0~rc.1 with c < 2.0.0~)"),
        ];
        for (written, expected) in cases {
            assert_eq!(requirement("c", written), expected, "{written}");
        }
    }
}
