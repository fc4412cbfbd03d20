//! Which embedded macro files each profile loads, in order, so that a run has nothing to look for.

use indexmap::IndexMap;

use crate::layout::{PLATFORM, Source, Variants};
use crate::profiles::Profile;

/// The layers of the profile `name` and of those it starts from, written as Rust.
///
/// `files` are the paths of the embedded macro files below `macros/`, sorted.
pub(crate) fn steps(
    profiles: &IndexMap<String, Profile>,
    name: &str,
    files: &[&str],
    known_variants: &[&str],
) -> Result<String, String> {
    let chain = chain(profiles, name)?;
    let variants = chain.iter().flat_map(|(_, it)| &it.macros.variants);
    let chosen: Vec<&str> = variants.map(String::as_str).collect();
    if let Some(variant) = chosen.iter().find(|it| !known_variants.contains(it)) {
        return Err(format!("index.toml does not list the variant `{variant}`"));
    }
    let variants = Variants {
        known: known_variants,
        chosen: &chosen,
    };
    let mut steps = String::new();
    for (name, profile) in chain {
        let libraries = profile
            .macros
            .libraries
            .iter()
            .map(|it| Source::Library(it));
        let layers = profile.macros.layers.iter().map(|it| Source::Layer(it));
        for source in libraries.chain(layers) {
            if source == Source::Layer(PLATFORM) {
                steps += &format!("Step::Platform({:?}), ", format!("profiles/{name}.toml"));
                continue;
            }
            let found = source.files(files, variants);
            if found.is_empty() {
                return Err(format!("there is no macro file for `{}`", source.path()));
            }
            steps.extend(found.iter().map(|number| format!("Step::File({number}), ")));
        }
    }
    Ok(steps)
}

/// A profile and those it starts from, the furthest first.
fn chain<'p>(
    profiles: &'p IndexMap<String, Profile>,
    name: &'p str,
) -> Result<Vec<(&'p str, &'p Profile)>, String> {
    let mut chain = Vec::new();
    let mut next = Some(name);
    while let Some(name) = next {
        let profile = profiles.get(name);
        let profile = profile.ok_or_else(|| format!("there is no profile `{name}`"))?;
        if chain.iter().any(|(it, _)| *it == name) {
            return Err(format!("profile `{name}` inherits itself"));
        }
        chain.push((name, profile));
        next = profile.inherits.as_deref();
    }
    chain.reverse();
    Ok(chain)
}
