//! What `rpm --showrc` prints: architecture, system, macros.

use expand::Engine;
use target::Target;

/// The configuration of a target in the layout of `rpm --showrc`: architectures and systems, the
/// layers that macros come from, and all macros.
pub fn configuration(target: &Target, engine: &mut Engine) -> String {
    let compatible = [
        ("build", target.host_arch().builds_for()),
        ("install", target.host_arch().installs()),
    ];
    let mut text = "ARCHITECTURE AND OS:\n".to_owned();
    for (purpose, archs) in compatible {
        for (key, value) in [
            (format!("{purpose} arch"), target.arch.name.to_owned()),
            (format!("compatible {purpose} archs"), archs.join(" ")),
            (format!("{purpose} os"), target.os.clone()),
            (format!("compatible {purpose} os's"), target.os.clone()),
        ] {
            text.push_str(&format!("{key:<22}: {value}\n"));
        }
    }
    text.push_str("\nRPMRC VALUES:\n");
    let optflags = engine.expand_str("%{?optflags}").unwrap_or_default();
    text.push_str(&format!("{:<22}: {optflags}\n", "optflags"));
    text.push_str(&format!(
        "\nTARGET: {}\n\nMACROS ARE READ FROM:\n",
        target.id
    ));
    for layer in &target.macro_layers {
        text.push_str(&format!("{}\n", layer.origin));
    }
    text.push('\n');
    text.push_str(&engine.dump());
    text
}
