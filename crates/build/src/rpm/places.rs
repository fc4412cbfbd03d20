//! Directories of a run, taken out of the spec text that a source package carries.
//!
//! The text has its macros expanded, so it names the directories it was built in. A package must not
//! depend on them: the macros are put back in their place.

use expand::Engine;

use crate::BuildError;

/// Macros whose values differ from run to run, inner directories before those around them.
const PLACES: [&str; 7] = [
    "buildroot",
    "builddir",
    "_builddir",
    "_sourcedir",
    "_topdir",
    "_specbuilddir",
    "__specbuild",
];

/// The text with the macro in place of each directory of this run.
pub(crate) fn with_macros_for_places(
    text: &str,
    engine: &mut Engine,
) -> Result<String, BuildError> {
    let mut text = text.to_owned();
    for name in PLACES {
        let place = engine.expand_str(&format!("%{{?{name}}}"))?;
        if place.len() > 1 && place.starts_with('/') {
            text = replace_path(&text, &place, &format!("%{{{name}}}"));
        }
    }
    Ok(text)
}

/// Replaces a path where it stands whole or is the beginning of a longer path.
fn replace_path(text: &str, path: &str, with: &str) -> String {
    let mut parts = text.split(path);
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let goes_on = part
            .starts_with(|next: char| next.is_alphanumeric() || matches!(next, '-' | '_' | '.'));
        made.push_str(if goes_on { path } else { with });
        made.push_str(part);
    }
    made
}

#[cfg(test)]
mod tests {
    use crate::rpm::places::replace_path;

    #[test]
    fn only_whole_parts_of_a_path_are_replaced() {
        let text = "cd '/b/pkg'; cp /b/pkg/x /b/pkg-2/x /b/pkg";
        let made = replace_path(text, "/b/pkg", "%{_sourcedir}");
        assert_eq!(
            made,
            "cd '%{_sourcedir}'; cp %{_sourcedir}/x /b/pkg-2/x %{_sourcedir}"
        );
    }
}
