//! Versions that Cargo asks for, in rpm's words.
//!
//! Source: The Cargo Book, "Version requirement syntax".

use semver::{Comparator, Op, VersionReq};

/// A dependency on a capability, by a requirement such as `^1.2`, `>=1, <3` or `*`.
pub(crate) fn requirement(capability: &str, written: &VersionReq) -> String {
    let bounds = written.comparators.iter().flat_map(bounds);
    let bounds: Vec<String> = bounds
        .map(|it| format!("{capability} {} {}", it.sign, it.version))
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

/// One side of the range that a requirement allows.
struct Bound {
    sign: &'static str,
    version: String,
}

fn bound(sign: &'static str, version: String) -> Bound {
    Bound { sign, version }
}

fn bounds(written: &Comparator) -> Vec<Bound> {
    let numbers = [Some(written.major), written.minor, written.patch];
    let parts: Vec<u64> = numbers.into_iter().map_while(|it| it).collect();
    let (low, last) = (whole(written, &parts), parts.len() - 1);
    let is_whole = parts.len() == 3;
    match written.op {
        Op::GreaterEq => vec![bound(">=", low)],
        // Early versions of the bound do not count either.
        Op::Less if written.pre.is_empty() => vec![bound("<", low + "~")],
        Op::Less => vec![bound("<", low)],
        Op::LessEq if is_whole => vec![bound("<=", low)],
        Op::LessEq => vec![bound("<", after(&parts, last))],
        Op::Greater if is_whole => vec![bound(">", low)],
        Op::Greater => vec![bound(">=", after(&parts, last).replace('~', ""))],
        Op::Exact if is_whole => vec![bound("=", low)],
        Op::Tilde => vec![bound(">=", low), bound("<", after(&parts, last.min(1)))],
        Op::Exact | Op::Wildcard => vec![bound(">=", low), bound("<", after(&parts, last))],
        _ => {
            let first = parts.iter().position(|part| *part > 0);
            let at = first.unwrap_or(last);
            if at == 2 && written.pre.is_empty() {
                return vec![bound("=", low)];
            }
            vec![bound(">=", low), bound("<", after(&parts, at))]
        }
    }
}

/// The version with all three numbers.
fn whole(written: &Comparator, parts: &[u64]) -> String {
    let part = |at: usize| parts.get(at).copied().unwrap_or(0);
    let release = format!("{}.{}.{}", part(0), part(1), part(2));
    match written.pre.as_str() {
        "" => release,
        early => format!("{release}~{}", early.replace('-', "_")),
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
            ("0.0.3", "c = 0.0.3"),
            ("0.0.0", "c = 0.0.0"),
            ("0.0.3-b", "(c >= 0.0.3~b with c < 0.0.4~)"),
            ("0", "(c >= 0.0.0 with c < 1.0.0~)"),
            ("0.0", "(c >= 0.0.0 with c < 0.1.0~)"),
            ("~1.2.3", "(c >= 1.2.3 with c < 1.3.0~)"),
            ("~1", "(c >= 1.0.0 with c < 2.0.0~)"),
            ("=1.2.3", "c = 1.2.3"),
            ("=1.2", "(c >= 1.2.0 with c < 1.3.0~)"),
            (">=1.2, <3", "(c >= 1.2.0 with c < 3.0.0~)"),
            ("1.2.*", "(c >= 1.2.0 with c < 1.3.0~)"),
            ("*", "c"),
            ("1.*", "(c >= 1.0.0 with c < 2.0.0~)"),
            (">1.2", "c >= 1.3.0"),
            ("<=1.2", "c < 1.3.0~"),
            ("<=1.2.3", "c <= 1.2.3"),
            ("1.0.0-rc.1", "(c >= 1.0.0~rc.1 with c < 2.0.0~)"),
        ];
        for (written, expected) in cases {
            let requirement = requirement("c", &written.parse().unwrap());
            assert_eq!(requirement, expected, "{written}");
        }
    }
}
