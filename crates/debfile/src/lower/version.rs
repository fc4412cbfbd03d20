//! Versions in Debian's spelling.
//!
//! Not here: their order, see [`crate::deb_order`].
//!
//! Source: Debian Policy 5.6.12 for what a version may hold; rpm-version(7) for what it means.

use package::Evr;

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

/// The part between epoch and release.
pub(crate) fn upstream_version(version: &str) -> Result<String, char> {
    let spelled = spell(version)?;
    if spelled.starts_with(|first: char| first.is_ascii_digit()) {
        Ok(spelled)
    } else {
        Ok(format!("0.{spelled}"))
    }
}

fn spell(part: &str) -> Result<String, char> {
    part.chars()
        .map(|character| match character {
            '^' => Ok('+'),
            '_' => Ok('.'),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '+' | '~' => Ok(character),
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
    }
}
