//! What `rpm --showrc` prints: architecture, system, macros.

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
    let id = &target.id;
    text.push_str(&format!("\nTARGET: {id}\n\nMACROS ARE READ FROM:\n"));
    for layer in &target.macro_layers {
        text.push_str(&format!("{}\n", layer.origin));
    }
    let files = engine.expand_str("%{?_user_macro_files}");
    for files in files.unwrap_or_default().split(':') {
        text.push_str(&format!("{files}\n"));
    }
    text.push('\n');
    text.push_str(&engine.dump());
    text
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
