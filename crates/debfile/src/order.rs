//! Debian's order of versions.
//!
//! Source: deb-version(7), "Sorting algorithm"; Debian Policy 5.6.12.

use std::cmp::Ordering;

/// Compares two versions, `[epoch:]upstream[-revision]`, as `dpkg --compare-versions` does.
///
/// A missing epoch is 0, and a missing revision equals the revision `0`.
pub fn deb_order(a: &str, b: &str) -> Ordering {
    let (a, b) = (split(a), split(b));
    compare_numbers(a.0, b.0)
        .then_with(|| compare_parts(a.1, b.1))
        .then_with(|| compare_parts(a.2, b.2))
}

fn split(version: &str) -> (&str, &str, &str) {
    let (epoch, rest) = version.split_once(':').unwrap_or(("", version));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
    (epoch, upstream, revision)
}

/// Takes turns: a stretch without digits by the order of its characters, then a number.
fn compare_parts(mut a: &str, mut b: &str) -> Ordering {
    while !(a.is_empty() && b.is_empty()) {
        let (left, right) = (take(&mut a, false), take(&mut b, false));
        let order = compare_text(left, right);
        if order != Ordering::Equal {
            return order;
        }
        let (left, right) = (take(&mut a, true), take(&mut b, true));
        let order = compare_numbers(left, right);
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn take<'a>(text: &mut &'a str, digits: bool) -> &'a str {
    let end = text
        .find(|c: char| c.is_ascii_digit() != digits)
        .unwrap_or(text.len());
    let (taken, rest) = text.split_at(end);
    *text = rest;
    taken
}

/// `~` sorts before the end, the end before letters, letters before everything else.
fn compare_text(a: &str, b: &str) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(letter) if letter.is_ascii_alphabetic() => i32::from(*letter),
        Some(other) => i32::from(*other) + 256,
    };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    (0..a.len().max(b.len()))
        .map(|index| weight(a.get(index)).cmp(&weight(b.get(index))))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

/// Compares runs of digits by value, however long they are.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_as_dpkg_orders_them() {
        let ascending = [
            ("1.0~~", "1.0~"),
            ("1.0~rc1", "1.0"),
            ("1.0", "1.0+x"),
            ("1.0+x", "1.0.1"),
            ("1.0a", "1.0+"),
            ("1.9", "1.10"),
            ("9.9", "1:0.1"),
            ("1.0-1", "1.0-1+b1"),
            ("1.0-9", "1.0-10"),
        ];
        for (low, high) in ascending {
            assert_eq!(deb_order(low, high), Ordering::Less, "{low} << {high}");
            assert_eq!(deb_order(high, low), Ordering::Greater, "{high} >> {low}");
        }
        assert_eq!(deb_order("1.0", "1.0-0"), Ordering::Equal);
        assert_eq!(deb_order("0:1.05", "1.5"), Ordering::Equal);
    }
}
