//! `case.toml`: how a case in a folder is to be run.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::golden;

/// The settings most cases need; all of them may be absent.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Target profiles or words as after `--target`; the case is run for each.
    pub targets: Vec<String>,
    /// Macros as by `--define`: name to body.
    pub define: BTreeMap<String, String>,
    /// Build conditions as by `--with`.
    pub with: Vec<String>,
    /// Build conditions as by `--without`.
    pub without: Vec<String>,
    /// More arguments of the command.
    pub args: Vec<String>,
    /// The exit status expected of the command.
    pub status: i32,
}

/// Reads `case.toml` of a case; the default if there is none. Panics if it is not valid.
pub fn load(case: &Path) -> Settings {
    load_as(case)
}

/// Reads `case.toml` in a shape of the test's own.
pub fn load_as<T: DeserializeOwned + Default>(case: &Path) -> T {
    let path = case.join("case.toml");
    golden::read(&path).map_or_else(T::default, |text| {
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::{Settings, load};
    use crate::Tree;

    #[test]
    fn settings_are_read_and_may_be_absent() {
        let text = "targets = ['deb', 'rpm']\n[define]\n_smp_mflags = '-j1'\n";
        let settings = load(Tree::new().file("case.toml", text).path());
        assert_eq!(settings.targets, ["deb", "rpm"]);
        assert_eq!(settings.define["_smp_mflags"], "-j1");
        assert_eq!(load(Tree::new().path()), Settings::default());
    }
}
