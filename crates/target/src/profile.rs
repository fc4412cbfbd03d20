//! The shape of a profile, and a chain of them merged into one.
//!
//! A profile names its parent in `inherits`. Lists of the child follow those of the
//! parent, tables are merged key by key, single values are replaced.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::embedded;
use crate::error::Error;

/// Which kind of package a target makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `.rpm`
    Rpm,
    /// `.deb`
    Deb,
}

/// A compression method of package payloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Not compressed.
    None,
    /// RFC 1952.
    Gzip,
    /// The xz format.
    Xz,
    /// RFC 8878.
    Zstd,
}

/// How the payload is compressed unless the spec says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compression {
    /// The method.
    pub method: Method,
    /// The level, in the method's own numbers.
    pub level: u8,
}

/// What is said about a release.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Release {
    /// The distribution, as in os-release; empty without one.
    pub distribution: String,
    /// The release's name, such as a code name; empty without one.
    pub name: String,
    /// The release's number; empty without one.
    pub version: String,
}

/// What the target wants done with files on their way into a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policies {
    /// Byte-compiled Python is shipped, and not made at installation.
    pub ships_bytecode: bool,
    /// `*.la` files are shipped.
    pub ships_libtool_archives: bool,
    /// Shared libraries are announced by a package trigger, and not by scriptlets.
    pub library_trigger: bool,
}

/// One merged value and the file it came from, for showing a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key as it would be written in TOML: `package.compression.method`.
    pub key: String,
    /// The value as text.
    pub value: String,
    /// The profile, below the crate's data folders.
    pub file: String,
}

/// Several profiles merged, parents first.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) format: Option<Format>,
    pub(crate) release: Release,
    pub(crate) vendor: String,
    pub(crate) layers: Vec<(String, String)>,
    pub(crate) defines: IndexMap<String, String>,
    pub(crate) as_debbuild: IndexMap<String, String>,
    pub(crate) compression: Option<Compression>,
    pub(crate) archs: IndexMap<String, String>,
    pub(crate) build_as: IndexMap<String, String>,
    pub(crate) tables: Vec<(String, String)>,
    pub(crate) policies: Policies,
    pub(crate) settings: IndexMap<String, Setting>,
}

impl Merged {
    /// Reads `id` and everything it inherits.
    pub(crate) fn load(id: &str) -> Result<Self, Error> {
        let mut merged = Self::default();
        for (file, profile) in chain(id)?.into_iter().rev() {
            merged.take(&file, profile);
        }
        Ok(merged)
    }

    fn take(&mut self, file: &str, profile: Profile) {
        if let Some(format) = profile.format {
            self.format = Some(format);
            self.note("format", format!("{format:?}").to_lowercase(), file);
        }
        self.take_release(file, profile.release);
        if let Some(vendor) = profile.platform.vendor {
            self.note("platform.vendor", vendor.clone(), file);
            self.vendor = vendor;
        }
        if let Some(compression) = profile.package.compression {
            self.compression = Some(compression);
            let Compression { method, level } = compression;
            self.note(
                "package.compression",
                format!("{method:?} {level}").to_lowercase(),
                file,
            );
        }
        self.take_tables(file, &profile.macros, &profile.translate);
        let MacrosTable {
            define,
            as_debbuild,
            ..
        } = profile.macros;
        self.take_maps(file, [define, as_debbuild, profile.arch, profile.build_as]);
        self.take_policy(file, &profile.policy);
    }

    fn take_release(&mut self, file: &str, release: Option<Release>) {
        let Some(release) = release else { return };
        let Release {
            distribution,
            name,
            version,
        } = &release;
        self.note(
            "release",
            format!("{distribution} {version} {name}").trim().to_owned(),
            file,
        );
        self.release = release;
    }

    fn take_tables(&mut self, file: &str, macros: &MacrosTable, translate: &TranslateTable) {
        for layer in &macros.layers {
            self.note(
                &format!("macros.layers.{}", self.layers.len()),
                layer.clone(),
                file,
            );
            self.layers.push((layer.clone(), file.to_owned()));
        }
        for table in &translate.tables {
            self.note(
                &format!("translate.tables.{}", self.tables.len()),
                table.clone(),
                file,
            );
            self.tables.push((table.clone(), file.to_owned()));
        }
    }

    fn take_maps(&mut self, file: &str, maps: [StringMap; 4]) {
        let areas = ["macros.define", "macros.as-debbuild", "arch", "build-as"];
        for (area, map) in areas.into_iter().zip(&maps) {
            for (key, value) in map {
                self.note(&format!("{area}.{key}"), value.clone(), file);
            }
        }
        let [defines, as_debbuild, archs, build_as] = maps;
        self.defines.extend(defines);
        self.as_debbuild.extend(as_debbuild);
        self.archs.extend(archs);
        self.build_as.extend(build_as);
    }

    fn take_policy(&mut self, file: &str, policy: &PolicyTable) {
        let values = &mut self.policies;
        let switches = [
            (
                "ships-bytecode",
                policy.ships_bytecode,
                &mut values.ships_bytecode,
            ),
            (
                "ships-libtool-archives",
                policy.ships_libtool_archives,
                &mut values.ships_libtool_archives,
            ),
            (
                "library-trigger",
                policy.library_trigger,
                &mut values.library_trigger,
            ),
        ];
        let mut noted = Vec::new();
        for (key, given, value) in switches {
            if let Some(given) = given {
                *value = given;
                noted.push((key, given));
            }
        }
        for (key, given) in noted {
            self.note(&format!("policy.{key}"), given.to_string(), file);
        }
    }

    fn note(&mut self, key: &str, value: String, file: &str) {
        let setting = Setting {
            key: key.to_owned(),
            value,
            file: file.to_owned(),
        };
        self.settings.insert(key.to_owned(), setting);
    }
}

type StringMap = IndexMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Profile {
    inherits: Option<String>,
    format: Option<Format>,
    release: Option<Release>,
    #[serde(default)]
    platform: PlatformTable,
    #[serde(default)]
    macros: MacrosTable,
    #[serde(default)]
    package: PackageTable,
    #[serde(default)]
    arch: StringMap,
    #[serde(default)]
    build_as: StringMap,
    #[serde(default)]
    translate: TranslateTable,
    #[serde(default)]
    policy: PolicyTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlatformTable {
    vendor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct MacrosTable {
    layers: Vec<String>,
    define: StringMap,
    as_debbuild: StringMap,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageTable {
    compression: Option<Compression>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TranslateTable {
    tables: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct PolicyTable {
    ships_bytecode: Option<bool>,
    ships_libtool_archives: Option<bool>,
    library_trigger: Option<bool>,
}

/// The profile `id` and its ancestors, child first.
fn chain(id: &str) -> Result<Vec<(String, Profile)>, Error> {
    let mut chain: Vec<(String, Profile)> = Vec::new();
    let mut next = Some(id.to_owned());
    while let Some(name) = next {
        let file = format!("profiles/{name}.toml");
        if chain.iter().any(|(it, _)| *it == file) {
            return Err(Error::InheritanceLoop { name });
        }
        let text = embedded::profile(&name).ok_or(Error::MissingProfile { name })?;
        let profile = parse(&file, text)?;
        next = profile.inherits.clone();
        chain.push((file, profile));
    }
    Ok(chain)
}

fn parse(file: &str, text: &str) -> Result<Profile, Error> {
    toml::from_str(text).map_err(|fault| Error::Data {
        file: file.to_owned(),
        source: Box::new(fault),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_replaces_values_and_extends_lists() {
        let mut merged = Merged::default();
        let parent = "format = 'rpm'\n[macros]\nlayers = ['a']\ndefine = { x = '1', y = '2' }\n";
        let child =
            "[macros]\nlayers = ['b']\ndefine = { x = '3' }\n[policy]\nlibrary-trigger = true\n";
        merged.take("p", parse("p", parent).unwrap());
        merged.take("c", parse("c", child).unwrap());
        assert_eq!(
            merged
                .layers
                .iter()
                .map(|(it, _)| it.as_str())
                .collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(
            (merged.defines["x"].as_str(), merged.defines["y"].as_str()),
            ("3", "2")
        );
        assert_eq!(merged.settings["macros.define.x"].file, "c");
        assert!(merged.policies.library_trigger);
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(parse("p", "formt = 'rpm'").is_err());
    }
}
