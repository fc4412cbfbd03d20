//! What people who know dpkg write in specs, and rpm's words for it.
//!
//! They are used in messages only: rpm takes none of these words. Source: deb-control(5),
//! deb-src-control(5), deb-substvars(5), debhelper(7).

mod fields;
mod relation;
mod sections;

use package::rpm_arch_of_dpkg;
use source::{Diagnostic, Text};

use crate::codes;

pub(crate) use fields::{help_for_field, help_for_near_field};
pub(crate) use relation::{doubtful_names, help_for_relation, translate as translate_relation};
pub(crate) use sections::help_for_section;

/// An architecture that rpm knows, too, if as another one.
const SHARED_ARCH: &str = "i386";

/// dpkg's names of systems, which rpm calls `linux`.
const SYSTEMS: [&str; 3] = ["any-linux", "linux-any", "linux-gnu"];

/// Warns of names of architectures that are dpkg's, unless rpm's name stands beside them.
pub(crate) fn check_archs(words: &[Text]) -> Vec<Diagnostic> {
    check_names(words, |word| {
        rpm_arch_of_dpkg(word).filter(|_| word != SHARED_ARCH)
    })
}

/// Warns of names of systems that are dpkg's.
pub(crate) fn check_systems(words: &[Text]) -> Vec<Diagnostic> {
    check_names(words, |word| SYSTEMS.contains(&word).then_some("linux"))
}

fn check_names(
    words: &[Text],
    rpms_name: impl Fn(&str) -> Option<&'static str>,
) -> Vec<Diagnostic> {
    let has = |name: &str| words.iter().any(|word| word.as_str() == name);
    let foreign = words.iter().filter_map(|word| {
        let name = rpms_name(word).filter(|name| !has(name))?;
        let message = format!("`{word}` is dpkg's name, which never matches here");
        let diagnostic = Diagnostic::warning(codes::FOREIGN_ARCH, message)
            .at(word.whole())
            .help(format!("rpm's name is `{name}`"));
        Some(diagnostic.not_in_rpm())
    });
    foreign.collect()
}

/// What to write in `BuildArch:` instead of dpkg's word.
pub(crate) fn help_for_build_arch(words: &[Text]) -> Option<String> {
    words.iter().find_map(|word| match word.as_str() {
        "any" => Some("leave `BuildArch` out to build for the target's architecture".to_owned()),
        "all" => Some("rpm's name for `all` is `noarch`: write `BuildArch: noarch`".to_owned()),
        other => rpm_arch_of_dpkg(other).map(|name| {
            format!(
                "rpm's name for `{other}` is `{name}`; to limit a spec to it, write \
                 `ExclusiveArch: {name}`"
            )
        }),
    })
}
