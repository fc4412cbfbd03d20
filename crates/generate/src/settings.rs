//! Macros that say how dependencies are generated.
//!
//! Source: rpm-dependency-generators(7).

use expand::Engine;

/// Whether file attributes and their generators are those of an installed rpm, `%_native_generators`
/// being `core`.
pub fn only_core(engine: &mut Engine) -> bool {
    value(engine, "_native_generators") == "core"
}

/// A macro's value, or nothing if it is not defined or can't be expanded.
pub(crate) fn value(engine: &mut Engine, name: &str) -> String {
    engine
        .expand_str(&format!("%{{?{name}}}"))
        .unwrap_or_default()
}
