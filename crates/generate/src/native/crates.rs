//! Crates of Rust, by the manifests in the registry that packages make up.
//!
//! The package of a crate has what is always needed; each feature is a package of its own, which its
//! name tells.
//!
//! Source: The Cargo Book, "Specifying Dependencies", "Features" and "The Manifest Format"; Fedora's
//! packaging guidelines, "Rust".

use std::io;
use std::path::Path;

use package::{Comparison, Dependency, DependencyRules, Phases, parse_dependencies};
use semver::VersionReq;
use source::Text;
use toml::{Table, Value};

use super::crate_version;

/// What is asked of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crate {
    /// Whether needs are asked for, and not what is offered.
    pub(crate) wants_requires: bool,
    /// The feature whose package it is.
    pub(crate) feature: Option<String>,
}

impl Crate {
    /// The feature that `rust-NAME+FEATURE-devel` is the package of.
    pub(crate) fn feature_of(package: &str) -> Option<String> {
        let (_, feature) = package.strip_suffix("-devel")?.split_once('+')?;
        Some(feature.to_owned())
    }

    /// What a manifest says.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<Dependency>> {
        let text = limits::read_text(path, limits::METADATA)?;
        let manifest: Table = text.parse().map_err(io::Error::other)?;
        if self.wants_requires {
            check_versions(&manifest)?;
        }
        let Some(own) = Own::of(&manifest) else {
            return Ok(Vec::new());
        };
        Ok(match (&self.feature, self.wants_requires) {
            (feature, false) => vec![own.capability(feature.as_deref())],
            (None, true) => own.needs(&manifest),
            (Some(feature), true) => own.needs_of_feature(&manifest, feature),
        })
    }
}

/// A crate's name and version.
struct Own<'m> {
    name: &'m str,
    version: String,
    /// The least version of Rust.
    rust: Option<&'m str>,
}

impl<'m> Own<'m> {
    fn of(manifest: &'m Table) -> Option<Self> {
        let package = manifest.get("package")?.as_table()?;
        let text = |key: &str| package.get(key).and_then(Value::as_str);
        Some(Self {
            name: text("name")?,
            version: crate_version::rpm_version(text("version")?),
            rust: text("rust-version"),
        })
    }

    /// `crate(name) = 1.2.3`, `crate(name/feature) = 1.2.3`.
    fn capability(&self, feature: Option<&str>) -> Dependency {
        let name = capability(self.name, feature);
        Dependency::versioned(name, Comparison::Equal, self.version.as_str())
    }

    /// What the crate needs whatever its features.
    fn needs(&self, manifest: &Table) -> Vec<Dependency> {
        let mut found = vec![Dependency::on("cargo")];
        found.extend(
            self.rust
                .map(|version| Dependency::versioned("rust", Comparison::GreaterEqual, version)),
        );
        for (name, value) in needed(manifest) {
            let is_optional = value.get("optional").and_then(Value::as_bool) == Some(true);
            if !is_optional {
                found.extend(dependencies(name, value));
            }
        }
        found
    }

    /// What a feature needs besides the crate itself.
    fn needs_of_feature(&self, manifest: &Table, feature: &str) -> Vec<Dependency> {
        let mut found = vec![Dependency::on("cargo"), self.capability(None)];
        let features = manifest.get("features").and_then(Value::as_table);
        let list = features
            .and_then(|it| it.get(feature))
            .and_then(Value::as_array);
        let members = list.into_iter().flatten().filter_map(Value::as_str);
        for member in members {
            found.extend(self.member(manifest, member));
        }
        if list.is_none() {
            found.extend(optional(manifest, feature));
        }
        found
    }

    /// `dep:x`, `x/feature`, `x?/feature` or another feature.
    fn member(&self, manifest: &Table, member: &str) -> Vec<Dependency> {
        if let Some(name) = member.strip_prefix("dep:") {
            return optional(manifest, name);
        }
        if let Some((name, feature)) = member.split_once('/') {
            let is_weak = name.ends_with('?');
            let name = name.trim_end_matches('?');
            let value = needed(manifest)
                .into_iter()
                .find(|(known, _)| *known == name);
            return match value {
                Some((name, value)) if !is_weak => of_feature(name, value, Some(feature)),
                _ => Vec::new(),
            };
        }
        vec![self.capability(Some(member))]
    }
}

fn capability(name: &str, feature: Option<&str>) -> String {
    match feature {
        Some(feature) => format!("crate({name}/{feature})"),
        None => format!("crate({name})"),
    }
}

/// Dependencies of the build and of what is built, those for other systems left out.
fn needed(manifest: &Table) -> Vec<(&str, &Value)> {
    const KINDS: [&str; 2] = ["dependencies", "build-dependencies"];
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flatten();
    let ours = targets.filter(|(condition, _)| is_ours(condition));
    let tables = ours.filter_map(|(_, value)| value.as_table());
    std::iter::once(manifest)
        .chain(tables)
        .flat_map(|table| {
            KINDS
                .into_iter()
                .filter_map(|kind| table.get(kind)?.as_table())
        })
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
        .collect()
}

/// Whether a condition holds on Linux; what it says of processors is not looked at.
fn is_ours(condition: &str) -> bool {
    let condition = condition.replace([' ', '"', '\''], "");
    let holds = [
        "cfg(unix",
        "not(windows)",
        "target_os=linux",
        "-linux-",
        "(unix,",
    ];
    let fails = ["not(unix)", "not(target_os=linux)"];
    holds.iter().any(|it| condition.contains(it)) && !fails.iter().any(|it| condition.contains(it))
}

fn optional(manifest: &Table, name: &str) -> Vec<Dependency> {
    let found = needed(manifest)
        .into_iter()
        .filter(|(known, _)| *known == name);
    found
        .flat_map(|(name, value)| dependencies(name, value))
        .collect()
}

/// One dependency: its default features unless they are switched off, and those named.
fn dependencies(name: &str, value: &Value) -> Vec<Dependency> {
    let flag = |key: &str| value.get(key).and_then(Value::as_bool);
    let has_default = flag("default-features").or(flag("default_features")) != Some(false);
    let features = value.get("features").and_then(Value::as_array);
    let features = features.into_iter().flatten().filter_map(Value::as_str);
    let first = has_default.then_some("default");
    let mut found = of_feature(name, value, first);
    found.extend(features.flat_map(|feature| of_feature(name, value, Some(feature))));
    found
}

/// The version that a dependency asks for; any where none is written.
fn written_version(value: &Value) -> &str {
    let written = value
        .as_str()
        .or_else(|| value.get("version").and_then(Value::as_str));
    written.unwrap_or("*")
}

/// A version that Cargo would not take is an error that names the dependency.
fn check_versions(manifest: &Table) -> io::Result<()> {
    for (name, value) in needed(manifest) {
        let written = written_version(value);
        if let Err(error) = VersionReq::parse(written) {
            let message = format!("{error} in `{written}`, the version of `{name}`");
            return Err(io::Error::other(message));
        }
    }
    Ok(())
}

fn of_feature(name: &str, value: &Value, feature: Option<&str>) -> Vec<Dependency> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    // What is not a requirement was reported before.
    let written = written_version(value).parse().unwrap_or_default();
    let capability = capability(text("package").unwrap_or(name), feature);
    let text = Text::detached(crate_version::requirement(&capability, &written));
    parse_dependencies(&text, DependencyRules::REQUIRES, Phases::NONE)
        .map(|(found, _)| found)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"greet\"\nversion = \"1.2.0\"\nrust-version = \"1.70\"\n\
        [dependencies]\nlog = \"0.4.1\"\nserde = { version = \"1\", optional = true, default-features = false }\n\
        [dependencies.old]\npackage = \"older\"\nversion = \"~2.1\"\nfeatures = [\"x\"]\n\
        [features]\ndefault = [\"std\"]\nstd = []\nserde1 = [\"dep:serde\", \"log/std\"]\n\
        [target.\"cfg(windows)\".dependencies]\nwinapi = \"0.3\"\n";

    fn found(wants_requires: bool, feature: Option<&str>) -> Vec<String> {
        let disk = testkit::Tree::new().file("Cargo.toml", MANIFEST);
        let feature = feature.map(str::to_owned);
        let asked = Crate {
            wants_requires,
            feature,
        };
        let found = asked.read(&disk.join("Cargo.toml")).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_crate_offers_itself_and_its_features() {
        assert_eq!(found(false, None), ["crate(greet) = 1.2.0"]);
        assert_eq!(found(false, Some("std")), ["crate(greet/std) = 1.2.0"]);
        assert_eq!(
            Crate::feature_of("rust-greet+std-devel").as_deref(),
            Some("std")
        );
        assert_eq!(Crate::feature_of("rust-greet-devel"), None);
    }

    #[test]
    fn a_crate_needs_others() {
        let expected = [
            "cargo",
            "rust >= 1.70",
            "(crate(log/default) >= 0.4.1 with crate(log/default) < 0.5.0~)",
            "(crate(older/default) >= 2.1.0 with crate(older/default) < 2.2.0~)",
            "(crate(older/x) >= 2.1.0 with crate(older/x) < 2.2.0~)",
        ];
        assert_eq!(found(true, None), expected);
    }

    #[test]
    fn a_version_that_cargo_would_not_take_is_named() {
        let manifest =
            "[package]\nname = \"x\"\nversion = \"1.0.0\"\n[dependencies]\nlog = \"one\"\n";
        let disk = testkit::Tree::new().file("Cargo.toml", manifest);
        let asked = Crate {
            wants_requires: true,
            feature: None,
        };
        let error = asked.read(&disk.join("Cargo.toml")).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("in `one`, the version of `log`")
        );
    }

    #[test]
    fn a_feature_needs_its_members() {
        let expected = [
            "cargo",
            "crate(greet) = 1.2.0",
            "(crate(serde) >= 1.0.0 with crate(serde) < 2.0.0~)",
            "(crate(log/std) >= 0.4.1 with crate(log/std) < 0.5.0~)",
        ];
        assert_eq!(found(true, Some("serde1")), expected);
        let expected = ["cargo", "crate(greet) = 1.2.0", "crate(greet/std) = 1.2.0"];
        assert_eq!(found(true, Some("default")), expected);
    }
}
