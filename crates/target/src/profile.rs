//! The shape of a profile, and a chain of them merged into one.
//!
//! A profile names its parent in `inherits`. Lists of the child follow those of the
//! parent, tables are merged key by key, single values are replaced. The build script reads
//! the TOML, so that a run does not have to.

use indexmap::IndexMap;

use crate::embedded;
use crate::error::Error;
use crate::layout::Source;
use crate::release::{Compression, Format, Policies, Release};
use crate::step::Step;

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
    pub(crate) vendor: &'static str,
    /// The layers of embedded files, of the profile and its parents.
    pub(crate) steps: &'static [Step],
    pub(crate) installed: Vec<&'static str>,
    pub(crate) defines: IndexMap<&'static str, &'static str>,
    pub(crate) as_debbuild: IndexMap<&'static str, &'static str>,
    pub(crate) as_specbuild: IndexMap<&'static str, &'static str>,
    pub(crate) compression: Option<Compression>,
    pub(crate) archs: IndexMap<&'static str, &'static str>,
    pub(crate) build_as: IndexMap<&'static str, &'static str>,
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) policies: Policies,
}

impl Merged {
    /// Takes `id` and everything it inherits.
    pub(crate) fn load(id: &str) -> Result<Self, Error> {
        let mut merged = Self::default();
        for (file, profile) in chain(id)?.into_iter().rev() {
            merged.take(&file, profile);
        }
        Ok(merged)
    }

    fn take(&mut self, file: &str, profile: &'static Profile) {
        self.format = profile.format.or(self.format);
        self.vendor = profile.vendor.unwrap_or(self.vendor);
        self.compression = profile.compression.or(self.compression);
        if let Some([distribution, name, version]) = profile.release {
            self.release = Release {
                distribution: distribution.to_owned(),
                name: name.to_owned(),
                version: version.to_owned(),
            };
        }
        let named = |name: &&'static str| (*name, file.to_owned());
        self.steps = profile.steps;
        self.tables.extend(profile.tables.iter().map(named));
        self.installed.extend(profile.installed);
        self.defines.extend(profile.define.iter().copied());
        self.as_debbuild.extend(profile.as_debbuild.iter().copied());
        self.as_specbuild
            .extend(profile.as_specbuild.iter().copied());
        self.archs.extend(profile.arch.iter().copied());
        self.build_as.extend(profile.build_as.iter().copied());
        let policies = &mut self.policies;
        for (given, value) in [
            (profile.ships_bytecode, &mut policies.ships_bytecode),
            (
                profile.ships_libtool_archives,
                &mut policies.ships_libtool_archives,
            ),
            (profile.library_trigger, &mut policies.library_trigger),
        ] {
            *value = given.unwrap_or(*value);
        }
    }
}

/// What the profile `id` and its parents load macros from, each with the profile that names it, and the
/// variants of macro libraries that it chooses.
pub(crate) fn sources(id: &str) -> Result<(NamedSources, Vec<&'static str>), Error> {
    let (mut sources, mut variants) = (Vec::new(), Vec::new());
    for (file, profile) in chain(id)?.into_iter().rev() {
        let libraries = profile.libraries.iter().map(|it| Source::Library(it));
        let layers = profile.layers.iter().map(|it| Source::Layer(it));
        sources.extend(libraries.chain(layers).map(|it| (it, file.clone())));
        variants.extend(profile.variants);
    }
    Ok((sources, variants))
}

type NamedSources = Vec<(Source<'static>, String)>;

/// The merged profile `id` for people: each value with the file it came from.
pub(crate) fn settings(id: &str) -> Result<Vec<Setting>, Error> {
    let mut settings = Settings::default();
    for (file, profile) in chain(id)?.into_iter().rev() {
        settings.take(&file, profile);
    }
    Ok(settings.all.into_values().collect())
}

#[derive(Default)]
struct Settings {
    all: IndexMap<String, Setting>,
    /// How many values each list has.
    lengths: IndexMap<&'static str, usize>,
}

impl Settings {
    fn take(&mut self, file: &str, profile: &Profile) {
        if let Some(format) = profile.format {
            self.note("format", &format!("{format:?}").to_lowercase(), file);
        }
        if let Some([distribution, name, version]) = profile.release {
            self.note(
                "release",
                format!("{distribution} {version} {name}").trim(),
                file,
            );
        }
        if let Some(vendor) = profile.vendor {
            self.note("platform.vendor", vendor, file);
        }
        if let Some(Compression { method, level }) = profile.compression {
            let value = format!("{method:?} {level}").to_lowercase();
            self.note("package.compression", &value, file);
        }
        self.take_lists(file, profile);
        let maps = [
            ("macros.define", profile.define),
            ("macros.as-debbuild", profile.as_debbuild),
            ("macros.as-specbuild", profile.as_specbuild),
            ("arch", profile.arch),
            ("build-as", profile.build_as),
        ];
        for (area, map) in maps {
            for (key, value) in map {
                self.note(&format!("{area}.{key}"), value, file);
            }
        }
        self.take_policy(file, profile);
    }

    fn take_lists(&mut self, file: &str, profile: &Profile) {
        let lists = [
            ("macros.libraries", profile.libraries),
            ("macros.variants", profile.variants),
            ("macros.layers", profile.layers),
            ("macros.installed", profile.installed),
            ("translate.tables", profile.tables),
        ];
        for (key, values) in lists {
            for value in values {
                let length = self.lengths.entry(key).or_default();
                let position = *length;
                *length += 1;
                self.note(&format!("{key}.{position}"), value, file);
            }
        }
    }

    fn take_policy(&mut self, file: &str, profile: &Profile) {
        let switches = [
            ("ships-bytecode", profile.ships_bytecode),
            ("ships-libtool-archives", profile.ships_libtool_archives),
            ("library-trigger", profile.library_trigger),
        ];
        for (key, given) in switches {
            if let Some(given) = given {
                self.note(&format!("policy.{key}"), &given.to_string(), file);
            }
        }
    }

    fn note(&mut self, key: &str, value: &str, file: &str) {
        let setting = Setting {
            key: key.to_owned(),
            value: value.to_owned(),
            file: file.to_owned(),
        };
        self.all.insert(key.to_owned(), setting);
    }
}

/// Names and values, in the order written.
type Pairs = &'static [(&'static str, &'static str)];

/// One profile, as the build script has read it.
pub(crate) struct Profile {
    pub(crate) inherits: Option<&'static str>,
    pub(crate) format: Option<Format>,
    /// Distribution, name and version.
    pub(crate) release: Option<[&'static str; 3]>,
    pub(crate) vendor: Option<&'static str>,
    /// Macro libraries, loaded before the layers.
    pub(crate) libraries: &'static [&'static str],
    /// The variants of macro libraries that are the profile's.
    pub(crate) variants: &'static [&'static str],
    pub(crate) layers: &'static [&'static str],
    /// The embedded files that all of this comes to, with those of the profile's parents.
    pub(crate) steps: &'static [Step],
    /// Patterns of macro files, in the macro language.
    pub(crate) installed: &'static [&'static str],
    pub(crate) define: Pairs,
    pub(crate) as_debbuild: Pairs,
    pub(crate) as_specbuild: Pairs,
    pub(crate) compression: Option<Compression>,
    pub(crate) arch: Pairs,
    pub(crate) build_as: Pairs,
    pub(crate) tables: &'static [&'static str],
    pub(crate) ships_bytecode: Option<bool>,
    pub(crate) ships_libtool_archives: Option<bool>,
    pub(crate) library_trigger: Option<bool>,
}

/// The profile `id` and its ancestors, child first, each with its file.
fn chain(id: &str) -> Result<Vec<(String, &'static Profile)>, Error> {
    let mut chain: Vec<(String, &Profile)> = Vec::new();
    let mut next = Some(id);
    while let Some(name) = next {
        let file = format!("profiles/{name}.toml");
        let name = name.to_owned();
        if chain.iter().any(|(it, _)| *it == file) {
            return Err(Error::InheritanceLoop { name });
        }
        let profile = embedded::profile(&name).ok_or(Error::MissingProfile { name })?;
        next = profile.inherits;
        chain.push((file, profile));
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: Profile = Profile {
        inherits: None,
        format: None,
        release: None,
        vendor: None,
        libraries: &[],
        variants: &[],
        layers: &[],
        steps: &[],
        installed: &[],
        define: &[],
        as_debbuild: &[],
        as_specbuild: &[],
        compression: None,
        arch: &[],
        build_as: &[],
        tables: &[],
        ships_bytecode: None,
        ships_libtool_archives: None,
        library_trigger: None,
    };
    static PARENT: Profile = Profile {
        format: Some(Format::Rpm),
        layers: &["a"],
        tables: &["a"],
        define: &[("x", "1"), ("y", "2")],
        ..EMPTY
    };
    static CHILD: Profile = Profile {
        layers: &["b"],
        tables: &["b"],
        define: &[("x", "3")],
        library_trigger: Some(true),
        ..EMPTY
    };

    #[test]
    fn a_child_replaces_values_and_extends_lists() {
        let mut merged = Merged::default();
        merged.take("p", &PARENT);
        merged.take("c", &CHILD);
        let tables: Vec<_> = merged.tables.iter().map(|(it, _)| *it).collect();
        assert_eq!(tables, ["a", "b"]);
        assert_eq!((merged.defines["x"], merged.defines["y"]), ("3", "2"));
        assert_eq!(merged.format, Some(Format::Rpm));
        assert!(merged.policies.library_trigger);
    }

    #[test]
    fn a_setting_knows_the_file_it_is_from() {
        let mut settings = Settings::default();
        settings.take("p", &PARENT);
        settings.take("c", &CHILD);
        let file = |key: &str| settings.all[key].file.as_str();
        assert_eq!(file("macros.define.x"), "c");
        assert_eq!(file("macros.define.y"), "p");
        assert_eq!(file("macros.layers.1"), "c");
    }
}
