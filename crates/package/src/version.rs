//! Epoch, version and release, and rpm's order of versions.
//!
//! Not here: Debian's order, which `debfile` owns.

use std::cmp::Ordering;

/// `[epoch:]version[-release]`.
///
/// A missing epoch stays `None`, which is not the same as 0: rpm prints them differently and
/// compares them as equal. Release is empty where none was given. Source: rpm-version(7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Evr {
    /// Epoch.
    pub epoch: Option<u32>,
    /// Version.
    pub version: String,
    /// Release, or empty.
    pub release: String,
}

/// Why a text is no `[epoch:]version[-release]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEvr {
    /// What stands before the colon is no number that fits 32 bits.
    #[error("the epoch must be a number from 0 to 4294967295")]
    Epoch,
    /// There is no version.
    #[error("the version is missing")]
    NoVersion,
}

impl Evr {
    /// Splits a text at its first `:` and its last `-`.
    ///
    /// Characters are not judged here: what is allowed depends on where the version stands.
    pub fn parse(text: &str) -> Result<Self, BadEvr> {
        let (epoch, rest) = match text.split_once(':') {
            Some(("", rest)) => (Some(0), rest),
            Some((epoch, rest)) => (Some(epoch.parse().map_err(|_| BadEvr::Epoch)?), rest),
            None => (None, text),
        };
        let (version, release) = rest.rsplit_once('-').unwrap_or((rest, ""));
        if version.is_empty() {
            return Err(BadEvr::NoVersion);
        }
        Ok(Self {
            epoch,
            version: version.to_owned(),
            release: release.to_owned(),
        })
    }

    /// rpm's order: epoch, then version, then release; a missing release equals any.
    pub fn compare(&self, other: &Self) -> Ordering {
        let epochs = self.epoch.unwrap_or(0).cmp(&other.epoch.unwrap_or(0));
        epochs
            .then_with(|| compare_versions(&self.version, &other.version))
            .then_with(|| {
                if self.release.is_empty() || other.release.is_empty() {
                    Ordering::Equal
                } else {
                    compare_versions(&self.release, &other.release)
                }
            })
    }
}

impl std::fmt::Display for Evr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(epoch) = self.epoch {
            write!(f, "{epoch}:")?;
        }
        f.write_str(&self.version)?;
        if self.release.is_empty() {
            Ok(())
        } else {
            write!(f, "-{}", self.release)
        }
    }
}

/// rpm's order of two version (or release) strings. Source: rpm-version(7), "Version comparison".
///
/// Runs of digits compare as numbers, runs of letters as text, a number beats letters; `~` sorts
/// before everything, even the end, and `^` after the end but before anything else. All other
/// characters only separate.
pub fn compare_versions(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        (a, b) = (skip_separators(a), skip_separators(b));
        if let Some(order) = compare_marks(&mut a, &mut b) {
            if order != Ordering::Equal {
                return order;
            }
            continue;
        }
        if a.is_empty() || b.is_empty() {
            return a.len().cmp(&b.len());
        }
        let order = compare_segment(&mut a, &mut b);
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn skip_separators(text: &[u8]) -> &[u8] {
    let is_separator = |b: &u8| !b.is_ascii_alphanumeric() && !matches!(b, b'~' | b'^');
    &text[text.iter().take_while(|b| is_separator(b)).count()..]
}

/// Compares a `~` or `^` at the front of either side; `None` if neither has one.
fn compare_marks(a: &mut &[u8], b: &mut &[u8]) -> Option<Ordering> {
    let order = match (a.first(), b.first()) {
        (Some(b'~'), Some(b'~')) | (Some(b'^'), Some(b'^')) => {
            (*a, *b) = (&a[1..], &b[1..]);
            Ordering::Equal
        }
        (Some(b'~'), _) => Ordering::Less,
        (_, Some(b'~')) => Ordering::Greater,
        (Some(b'^'), None) => Ordering::Greater,
        (None, Some(b'^')) => Ordering::Less,
        (Some(b'^'), _) => Ordering::Less,
        (_, Some(b'^')) => Ordering::Greater,
        _ => return None,
    };
    Some(order)
}

/// Takes a run of digits or letters off both sides, as the first one begins, and compares them.
fn compare_segment(a: &mut &[u8], b: &mut &[u8]) -> Ordering {
    let numeric = a[0].is_ascii_digit();
    let belongs = |byte: &u8| {
        if numeric {
            byte.is_ascii_digit()
        } else {
            byte.is_ascii_alphabetic()
        }
    };
    let (left, right) = (take_run(a, belongs), take_run(b, belongs));
    if right.is_empty() {
        return if numeric {
            Ordering::Greater
        } else {
            Ordering::Less
        };
    }
    if !numeric {
        return left.cmp(right);
    }
    let (left, right) = (without_zeros(left), without_zeros(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

fn take_run<'a>(text: &mut &'a [u8], belongs: impl Fn(&u8) -> bool) -> &'a [u8] {
    let (run, rest) = text.split_at(text.iter().take_while(|b| belongs(b)).count());
    *text = rest;
    run
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    &digits[digits.iter().take_while(|&&b| b == b'0').count()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_as_rpm_orders_them() {
        let ascending = [
            ("1.0~rc1", "1.0"),
            ("1.0", "1.0^git1"),
            ("1.0^git1", "1.0.1"),
            ("1.9", "1.10"),
            ("1.0~rc1^git1", "1.0"),
            ("1.0a", "1.0.1"),
            ("a", "1"),
            ("1.0", "1.0a"),
        ];
        for (low, high) in ascending {
            assert_eq!(
                compare_versions(low, high),
                Ordering::Less,
                "{low} < {high}"
            );
            assert_eq!(
                compare_versions(high, low),
                Ordering::Greater,
                "{high} > {low}"
            );
        }
        assert_eq!(compare_versions("1.05", "1_5"), Ordering::Equal);
    }

    #[test]
    fn an_evr_splits_and_prints_back() {
        for text in ["1:2.0-3", "2.0", "0:1-1", "2.0-3"] {
            assert_eq!(Evr::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Evr::parse("x:1"), Err(BadEvr::Epoch));
        assert_eq!(Evr::parse("1:-2"), Err(BadEvr::NoVersion));
    }
}
