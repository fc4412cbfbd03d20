//! Versions in Debian's spelling.
//!
//! Not here: their order, see [`crate::deb_order`].
//!
//! Source: Debian Policy 5.6.12 for what a version may hold; rpm-version(7) for what it means.

use package::{Evr, Package};
use source::{Diagnostic, Sink};

use crate::codes;

/// dpkg reads epochs into a signed number of 32 bits. Source: deb-version(7).
const EPOCH_LIMIT: u32 = i32::MAX as u32;

/// `[E:]V[-R]` in Debian's spelling.
///
/// `^` becomes `+`, `_` becomes `.`, and a version that does not begin with a digit gets `0.` before
/// it. `Err` holds the first character that has no counterpart.
pub fn deb_version(evr: &Evr) -> Result<String, char> {
    let version = file_version(evr)?;
    Ok(match evr.epoch {
        None | Some(0) => version,
        Some(epoch) => format!("{epoch}:{version}"),
    })
}

/// The same without the epoch, as file names have it.
pub fn file_version(evr: &Evr) -> Result<String, char> {
    let mut version = upstream_version(&evr.version)?;
    if !evr.release.is_empty() {
        version.push('-');
        version.push_str(&spell(&evr.release)?);
    }
    Ok(version)
}

/// Reports a version that Debian's spelling has no room for.
pub(crate) fn check_version(package: &Package, sink: &mut Sink) {
    let evr = &package.evr;
    if let Some(epoch) = evr.epoch.filter(|it| *it > EPOCH_LIMIT) {
        let message = format!("the epoch {epoch} is larger than dpkg takes, {EPOCH_LIMIT}");
        sink.push(Diagnostic::error(codes::OUT_OF_RANGE, message).at(package.origin));
    }
    if let Err(bad) = deb_version(evr) {
        let message = format!("the version `{evr}` of a .deb package cannot have `{bad}` in it");
        sink.push(Diagnostic::error(codes::BAD_VERSION, message).at(package.origin));
    }
}

/// The part between epoch and release.
pub(crate) fn upstream_version(version: &str) -> Result<String, char> {
    let spelled = spell(version)?;
    if spelled.starts_with(|first: char| first.is_ascii_digit()) {
        Ok(spelled)
    } else {
        Ok(format!("0.{spelled}"))
    }
}

/// The version of a capability as its package has it. That of Perl may be one number in a spec, with three
/// digits for each part behind the point: `5.008001` is `5.8.1`. All others stay.
///
/// Source: perl's version(3pm), "Decimal Versions".
pub fn upstream_form(capability: &str, version: &str) -> String {
    let is_perl = capability.starts_with("perl(:") || capability == "perl";
    let number = version.rsplit(':').next().unwrap_or(version);
    let Some(("5", decimals)) = number.split_once('.').filter(|_| is_perl) else {
        return version.to_owned();
    };
    if decimals.len() < 3 || decimals.bytes().any(|b| !b.is_ascii_digit()) {
        return version.to_owned();
    }
    let width = decimals.len().div_ceil(3) * 3;
    let padded = format!("{decimals:0<width$}");
    let mut parts = vec!["5".to_owned()];
    let groups = padded.as_bytes().chunks(3).map(String::from_utf8_lossy);
    parts.extend(groups.map(|it| it.trim_start_matches('0').to_owned()));
    let parts = parts.iter().map(|it| if it.is_empty() { "0" } else { it });
    let prefix = &version[..version.len() - number.len()];
    format!("{prefix}{}", parts.collect::<Vec<_>>().join("."))
}

fn spell(part: &str) -> Result<String, char> {
    part.chars()
        .map(|character| match character {
            '^' => Ok('+'),
            '_' => Ok('.'),
            // Specs have a `-` only where they are read as debbuild reads them; the last one ends the version.
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '+' | '~' | '-' => Ok(character),
            other => Err(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> Result<String, char> {
        deb_version(&Evr::parse(text).unwrap())
    }

    #[test]
    fn versions_are_spelled_as_policy_allows() {
        assert_eq!(spelled("1.0~rc1-1").unwrap(), "1.0~rc1-1");
        assert_eq!(spelled("2:1.0^git5-1.deb13").unwrap(), "2:1.0+git5-1.deb13");
        assert_eq!(spelled("0:1_2-1").unwrap(), "1.2-1");
        assert_eq!(spelled("r52-1").unwrap(), "0.r52-1");
        assert_eq!(spelled("1%2-1"), Err('%'));
        assert_eq!(spelled("1:1-2-1").unwrap(), "1:1-2-1");
    }

    #[test]
    fn versions_of_perl_have_parts() {
        for (version, form) in [
            ("5.008001", "5.8.1"),
            ("5.006", "5.6"),
            ("5.00503", "5.5.30"),
            ("5.010000", "5.10.0"),
            ("4:5.008", "4:5.8"),
            ("5.36", "5.36"),
            ("5.8.1", "5.8.1"),
            ("6.001", "6.001"),
        ] {
            assert_eq!(upstream_form("perl(:VERSION)", version), form);
            assert_eq!(upstream_form("perl(Foo)", version), version);
        }
    }
}
