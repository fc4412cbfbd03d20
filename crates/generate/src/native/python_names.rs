//! Names and versions of Python distributions, as rpm writes them.
//!
//! Source: PEP 503 and PEP 440; the versions are those of rpm's Python generators.

use pep440_rs::Version;

/// A name as PEP 503 writes it: lower case, runs of `-`, `_` and `.` as one hyphen.
pub(crate) fn normalized(name: &str) -> String {
    with_dots(&name.replace('.', "-"))
}

/// The same, but dots stay.
pub(crate) fn with_dots(name: &str) -> String {
    let parts = name.split(['-', '_']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

/// A version of PEP 440 as rpm orders it: `1.0rc1` becomes `1~rc1`, `1.0.dev2` `1~~dev2`,
/// `1.0.post3` `1^post3`. `None` for what is not such a version.
pub(crate) fn rpm_version(version: &str) -> Option<String> {
    Some(in_rpms_form(&version.parse().ok()?))
}

/// The first version that no longer begins as `version` without its last `drop` parts.
pub(crate) fn after(version: &str, drop: usize) -> Option<String> {
    let version: Version = version.parse().ok()?;
    let mut release = version.release().to_vec();
    release.truncate(release.len().saturating_sub(drop).max(1));
    let last = release.last_mut()?;
    *last = last.checked_add(1)?;
    let after = Version::new(release).with_epoch(version.epoch());
    Some(in_rpms_form(&after))
}

/// The local part of a version is left out.
fn in_rpms_form(version: &Version) -> String {
    let mut release = version.release();
    while let [rest @ .., 0] = release
        && !rest.is_empty()
    {
        release = rest;
    }
    let numbers: Vec<String> = release.iter().map(u64::to_string).collect();
    let epoch = Some(version.epoch()).filter(|it| *it > 0);
    let parts = [
        epoch.map(|it| format!("{it}:")),
        Some(numbers.join(".")),
        version.pre().map(|it| format!("~{it}")),
        version.dev().map(|it| format!("~~dev{it}")),
        version.post().map(|it| format!("^post{it}")),
    ];
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized() {
        assert_eq!(normalized("Demo_Pkg.x"), "demo-pkg-x");
        assert_eq!(with_dots("Demo_Pkg.x"), "demo-pkg.x");
    }

    #[test]
    fn versions_are_in_rpms_order() {
        let cases = [
            ("1.0.0", Some("1")),
            ("v2.1-rc.3", Some("2.1~rc3")),
            ("1.0.dev2", Some("1~~dev2")),
            ("1.0-3", Some("1^post3")),
            ("1!2.0+local", Some("1:2")),
            ("2004d", None),
        ];
        for (written, expected) in cases {
            assert_eq!(rpm_version(written).as_deref(), expected, "{written}");
        }
        assert_eq!(after("1!1.4.2", 1).as_deref(), Some("1:1.5"));
        assert_eq!(after(&u64::MAX.to_string(), 0), None);
    }
}
