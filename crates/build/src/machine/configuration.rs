//! What `rpm --showrc` prints: architecture, system, features, macros.

use expand::Engine;
use target::Target;

/// The configuration of a target in the layout of `rpm --showrc`: architectures and systems, the
/// layers that macros come from, and all macros.
pub fn configuration(target: &Target, engine: &mut Engine) -> String {
    let mut text = "ARCHITECTURE AND OS:\n".to_owned();
    rows(&mut text, &machine(target));
    text.push_str("\nBACKEND:\n");
    rows(
        &mut text,
        &DATABASES.map(|(key, value)| (key, value.to_owned())),
    );
    text.push_str("\nRPMRC VALUES:\n");
    let installs = target.install_arch();
    let optflags = target.rpmrc().optflags(installs.name);
    let optflags = optflags.unwrap_or(installs.optflags).to_owned();
    let color = installs.bits / 32;
    rows(
        &mut text,
        &[("archcolor", color.to_string()), ("optflags", optflags)],
    );
    text.push_str("\nFeatures supported by rpmlib:\n");
    for (name, version) in FEATURES {
        text.push_str(&format!("    rpmlib({name}) = {version}\n"));
    }
    let places = macro_places(target, engine);
    text.push_str(&format!("\nMacro path: {}\n", places.join(":")));
    let id = &target.id;
    text.push_str(&format!("\nTARGET: {id}\n\nMACROS ARE READ FROM:\n"));
    places
        .iter()
        .for_each(|place| text.push_str(&format!("{place}\n")));
    if target.installed_macros.is_some() {
        text.push_str("\nWHAT NONE OF THEM DEFINES, FROM:\n");
        text.push_str(&format!("{}\n", layers(target).join("\n")));
    }
    text.push('\n');
    text.push_str(&engine.dump());
    text
}

/// Where macros come from, the last to win: layers, or files of an installed rpm, and those of site and
/// user. Below an installed rpm's, the layers serve only for what is defined nowhere else.
fn macro_places(target: &Target, engine: &mut Engine) -> Vec<String> {
    let installed = target.installed_macros.as_deref();
    let first = installed.map_or_else(|| layers(target).join(":"), str::to_owned);
    let mut paths = String::new();
    for list in [&*first, "%{?_user_macro_files}"] {
        paths += &engine.expand_str(list).unwrap_or_default();
        paths.push(':');
    }
    let paths = paths.split(':').filter(|path| !path.is_empty());
    paths.map(str::to_owned).collect()
}

/// The macro files of this program, as they lie in its source.
fn layers(target: &Target) -> Vec<&str> {
    target.macro_layers.iter().map(|it| &*it.origin).collect()
}

/// What packages may require of rpm by `rpmlib(…)`, and the version that brought it.
/// Source: what rpm 6.1 prints here.
const FEATURES: [(&str, &str); 21] = [
    ("BuiltinLuaScripts", "4.2.2-1"),
    ("CaretInVersions", "4.15.0-1"),
    ("CompressedFileNames", "3.0.4-1"),
    ("ConcurrentAccess", "4.1-1"),
    ("DynamicBuildRequires", "4.15.0-1"),
    ("ExplicitPackageProvide", "4.0-1"),
    ("FileCaps", "4.6.1-1"),
    ("FileDigests", "4.6.0-1"),
    ("HeaderLoadSortsTags", "4.0.1-1"),
    ("LargeFiles", "4.12.0-1"),
    ("PartialHardlinkSets", "4.0.4-1"),
    ("PayloadFilesHavePrefix", "4.0-1"),
    ("PayloadIsBzip2", "3.0.5-1"),
    ("PayloadIsLzma", "4.4.2-1"),
    ("PayloadIsXz", "5.2-1"),
    ("PayloadIsZstd", "5.4.18-1"),
    ("RichDependencies", "4.12.0-1"),
    ("ScriptletExpansion", "4.9.0-1"),
    ("ScriptletInterpreterArgs", "4.0.3-1"),
    ("TildeInVersions", "4.10.0-1"),
    ("VersionedDependencies", "3.0.3-1"),
];

/// Whether there is such a feature of rpm, in whatever version.
pub(crate) fn has_feature(name: &str) -> bool {
    FEATURES.iter().any(|(known, _)| *known == name)
}

/// Package databases: this program has none of its own and asks those of the machine.
const DATABASES: [(&str, &str); 2] = [
    ("default backend", "that of the machine"),
    ("available backends", "rpm dpkg"),
];

/// What the machine builds for and what it installs.
fn machine(target: &Target) -> [(&'static str, String); 8] {
    let system = system_name(&target.os);
    [
        ("build arch", target.host_arch().name.to_owned()),
        ("compatible build archs", target.builds_for().join(" ")),
        ("build os", system.clone()),
        ("compatible build os's", system.clone()),
        ("install arch", target.install_arch().name.to_owned()),
        ("install os", system.clone()),
        ("compatible archs", target.installs().join(" ")),
        ("compatible os's", system),
    ]
}

/// rpm's name for a system: `Linux`.
fn system_name(os: &str) -> String {
    let mut letters = os.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn rows(text: &mut String, rows: &[(&str, String)]) {
    for (key, value) in rows {
        text.push_str(&format!("{key:<22}: {value}\n"));
    }
}
