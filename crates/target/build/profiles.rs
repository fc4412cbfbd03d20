//! Profiles and their index, read from TOML and written as Rust.
//!
//! What they mean is in `src/profile.rs` and `src/index.rs`, whose types the written text uses.

use indexmap::IndexMap;
use serde::Deserialize;

type StringMap = IndexMap<String, String>;

/// As `crate::release::Format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Rpm,
    Deb,
}

/// As `crate::release::Method`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Method {
    None,
    Gzip,
    Xz,
    Zstd,
}

/// A profile as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    /// The profile it starts from.
    pub(crate) inherits: Option<String>,
    format: Option<Format>,
    release: Option<Release>,
    #[serde(default)]
    platform: Platform,
    #[serde(default)]
    pub(crate) macros: Macros,
    #[serde(default)]
    package: Package,
    #[serde(default)]
    arch: StringMap,
    #[serde(default)]
    build_as: StringMap,
    #[serde(default)]
    translate: Translate,
    #[serde(default)]
    policy: Policy,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Release {
    distribution: String,
    name: String,
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Platform {
    vendor: Option<String>,
}

/// Where a profile has its macros from.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Macros {
    /// Macro libraries, loaded before the layers.
    pub(crate) libraries: Vec<String>,
    /// The variants of macro libraries that are the profile's.
    pub(crate) variants: Vec<String>,
    /// Macro files, and folders of them.
    pub(crate) layers: Vec<String>,
    installed: Vec<String>,
    define: StringMap,
    as_debbuild: StringMap,
    as_specbuild: StringMap,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    compression: Option<Compression>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compression {
    method: Method,
    level: u8,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Translate {
    tables: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Policy {
    ships_bytecode: Option<bool>,
    ships_libtool_archives: Option<bool>,
    library_trigger: Option<bool>,
}

/// Reads the text of a profile.
pub(crate) fn profile(text: &str) -> Result<Profile, toml::de::Error> {
    toml::from_str(text)
}

/// A profile as a Rust expression; `steps` are its layers and those of the profiles it starts from.
pub(crate) fn profile_in_rust(profile: &Profile, steps: &str) -> String {
    let Profile {
        inherits,
        release,
        platform,
        macros,
        policy,
        ..
    } = profile;
    let format = profile.format.map(|it| format!("Format::{it:?}"));
    let release = release
        .as_ref()
        .map(|it| [&it.distribution, &it.name, &it.version]);
    let compression = profile.package.compression.as_ref().map(|it| {
        let Compression { method, level } = it;
        format!("Compression {{ method: Method::{method:?}, level: {level} }}")
    });
    format!(
        "Profile {{ inherits: {inherits:?}, format: {}, release: {release:?}, vendor: {:?}, \
         libraries: &{:?}, variants: &{:?}, layers: &{:?}, steps: &[{steps}], installed: &{:?}, define: {}, as_debbuild: {}, as_specbuild: {}, compression: {}, arch: {}, build_as: {}, \
         tables: &{:?}, ships_bytecode: {:?}, ships_libtool_archives: {:?}, library_trigger: {:?} }}",
        option(format),
        platform.vendor,
        macros.libraries,
        macros.variants,
        macros.layers,
        macros.installed,
        pairs(&macros.define),
        pairs(&macros.as_debbuild),
        pairs(&macros.as_specbuild),
        option(compression),
        pairs(&profile.arch),
        pairs(&profile.build_as),
        profile.translate.tables,
        policy.ships_bytecode,
        policy.ships_libtool_archives,
        policy.library_trigger,
    )
}

fn option(expression: Option<String>) -> String {
    expression.map_or("None".to_owned(), |it| format!("Some({it})"))
}

fn pairs(map: &StringMap) -> String {
    format!("&{:?}", map.iter().collect::<Vec<_>>())
}

/// The index of the targets as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    upstream: String,
    system: String,
    /// The names of all variants of macro libraries.
    pub(crate) variants: Vec<String>,
    family: IndexMap<Format, Family>,
    #[serde(rename = "target")]
    targets: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Family {
    newest: String,
    hosts: Vec<String>,
    has_derivatives: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    id: String,
    family: Format,
    summary: String,
    #[serde(default)]
    hosts: Vec<String>,
    version: Option<String>,
}

/// Reads the text of the index.
pub(crate) fn index(text: &str) -> Result<Index, toml::de::Error> {
    toml::from_str(text)
}

/// The index as a Rust expression.
pub(crate) fn index_in_rust(index: &Index) -> String {
    let Index {
        upstream,
        system,
        variants,
        family,
        targets,
    } = index;
    let families = family.iter().map(|(format, family)| {
        let Family {
            newest,
            hosts,
            has_derivatives,
        } = family;
        format!(
            "(Format::{format:?}, Family {{ newest: {newest:?}, hosts: &{hosts:?}, \
             has_derivatives: {has_derivatives} }}), "
        )
    });
    let targets = targets.iter().map(|target| {
        let Target {
            id,
            family,
            summary,
            hosts,
            version,
        } = target;
        format!(
            "KnownTarget {{ id: {id:?}, family: Format::{family:?}, summary: {summary:?}, \
             hosts: &{hosts:?}, version: {version:?} }}, "
        )
    });
    format!(
        "Index {{ upstream: {upstream:?}, system: {system:?}, variants: &{variants:?}, \
         families: &[{}], targets: &[{}] }}",
        families.collect::<String>(),
        targets.collect::<String>()
    )
}
