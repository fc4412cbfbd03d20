//! Package names in Debian's spelling.
//!
//! Source: Debian Policy 5.6.1 for what a name may hold.

use package::Package;
use source::{Diagnostic, Origin, Sink};

use super::debug_symbols;
use crate::codes;
use crate::context::{Context, Distribution};

/// A package name in Debian's spelling: lower case, `_` becomes `-`, the suffix rules applied.
///
/// Pure spelling: the result is a legal name only if [`is_legal`] says so.
pub(crate) fn deb_name(name: &str, distribution: &Distribution, aware: bool) -> String {
    let plain = plain_name(name);
    if aware {
        return plain;
    }
    let renamed = distribution.suffixes.iter().find_map(|rule| {
        let stem = plain
            .strip_suffix(&rule.rpm)
            .filter(|stem| !stem.is_empty())?;
        Some(format!("{stem}{}", rule.deb))
    });
    renamed.unwrap_or(plain)
}

/// The same without the suffix rules, as source packages are named.
pub(crate) fn plain_name(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Whether a name is one that Policy allows: two characters or more of `[a-z0-9+.-]`, the first a
/// letter or digit.
pub(crate) fn is_legal(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+.-".contains(c);
    name.len() >= 2
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(allowed)
}

/// The name of a package of this spec.
pub(crate) fn package_name(package: &Package, context: &Context<'_>) -> String {
    if let Some(name) = debug_symbols::name(package, context) {
        return name;
    }
    deb_name(&package.name, &context.distribution, context.debbuild_aware)
}

/// Reports a name that Policy does not allow.
pub(crate) fn check_name(name: &str, origin: Option<Origin>, sink: &mut Sink) {
    if is_legal(name) {
        return;
    }
    let message = format!("`{name}` is not a legal name of a .deb package");
    sink.push(
        Diagnostic::error(codes::BAD_NAME, message)
            .at(origin)
            .note("names have two or more characters out of a-z, 0-9, `+`, `-` and `.`")
            .help("name the package with `%package -n NAME`"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::SuffixRule;

    #[test]
    fn names_are_spelled_as_policy_allows() {
        let rule = |rpm: &str, deb: &str| SuffixRule {
            rpm: rpm.into(),
            deb: deb.into(),
        };
        let rules = Distribution {
            suffixes: vec![rule("-devel", "-dev"), rule("-debuginfo", "-dbgsym")],
            ..Distribution::default()
        };
        assert_eq!(deb_name("Foo_Bar-devel", &rules, false), "foo-bar-dev");
        assert_eq!(deb_name("foo-devel", &rules, true), "foo-devel");
        assert_eq!(deb_name("-devel", &rules, false), "-devel");
        assert!(is_legal("libstdc++6") && !is_legal("a") && !is_legal("a:b") && !is_legal("-a"));
    }
}
