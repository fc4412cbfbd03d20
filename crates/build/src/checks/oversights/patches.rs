//! Patches that no script applies.

use source::Diagnostic;
use spec::{Source, SourceKind};

use crate::codes::UNAPPLIED_PATCH;
use crate::project::Project;

/// A warning for each patch that is in no script.
pub(super) fn unapplied(project: &Project) -> Vec<Diagnostic> {
    let spec = &project.spec;
    // What a macro would have done that is not defined here, nobody knows.
    if spec.scripts.values().any(|it| !it.undefined.is_empty()) {
        return Vec::new();
    }
    let bodies = || spec.scripts.values().map(|it| it.body.as_str());
    if bodies().any(takes_patches_by_pattern) {
        return Vec::new();
    }
    let is_in_script = |patch: &&Source| {
        bodies().any(|body| body.contains(&patch.path) || body.contains(&patch.file_name))
    };
    let patches = spec
        .sources
        .iter()
        .filter(|it| it.kind == SourceKind::Patch);
    let unapplied = patches.filter(|it| !is_in_script(it) && !mentions(&project.text, it));
    unapplied.map(warning).collect()
}

fn warning(patch: &Source) -> Diagnostic {
    let message = format!(
        "patch {} is never applied: {}",
        patch.number, patch.file_name
    );
    Diagnostic::warning(UNAPPLIED_PATCH, message)
        .at(patch.origin)
        .help(format!(
            "`%patch -P {}` in %prep applies it, `%autosetup -p1` or `%autopatch -p1` all patches",
            patch.number
        ))
}

/// Whether a script finds patches on disk: by a pattern, or by a list as quilt(1) has it.
fn takes_patches_by_pattern(body: &str) -> bool {
    let mut words = body.split_ascii_whitespace();
    words.any(|word| {
        let is_pattern =
            word.contains('*') && [".patch", ".diff"].iter().any(|it| word.contains(it));
        is_pattern || word.ends_with("/series") || word == "quilt"
    })
}

/// Whether any line of a spec's text applies a patch, in whichever branch it stands.
fn mentions(text: &str, patch: &Source) -> bool {
    let lines = text.lines().map(str::trim_start);
    let mut lines = lines.filter(|line| !line.starts_with('#') && !is_tag(line));
    lines.any(|line| {
        line.contains(&patch.file_name) || applies_all(line) || names_number(line, patch.number)
    })
}

/// Whether a line declares a patch.
fn is_tag(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let digits = name.get(5..).filter(|_| {
        name.get(..5)
            .is_some_and(|it| it.eq_ignore_ascii_case("patch"))
    });
    digits.is_some_and(|it| it.trim_end().bytes().all(|it| it.is_ascii_digit()))
        && line.contains(':')
}

/// Whether a line takes all patches there are.
fn applies_all(line: &str) -> bool {
    let has = |word: &str| line.split_ascii_whitespace().any(|it| it == word);
    let is_limited = line.contains("-m") || line.contains("-M");
    (line.contains("autosetup") && !has("-N"))
        || (line.contains("autopatch") && !is_limited)
        || line.contains("%{patches}")
        || line.contains("%patches")
        || line.contains("patches)")
}

/// Whether a line names the patch of a number: `%{PATCH1}`, `%{P:1}`, `%patch -P 1`, `%patch 1`.
fn names_number(line: &str, number: u32) -> bool {
    let digits = number.to_string();
    let is_followed = |mark: &str| {
        line.match_indices(mark).any(|(at, _)| {
            let rest = &line[at + mark.len()..];
            let end = rest
                .find(|it: char| !it.is_ascii_digit())
                .unwrap_or(rest.len());
            rest[..end] == digits
        })
    };
    if ["PATCH", "P:", "%patch", "%{patch"]
        .into_iter()
        .any(is_followed)
    {
        return true;
    }
    let marks = ["%patch ", "%{patch "].into_iter();
    let calls = marks.filter_map(|mark| line.split_once(mark).map(|(_, rest)| rest));
    let mut words =
        calls.flat_map(|rest| rest.split(|it: char| it.is_ascii_whitespace() || it == '}'));
    words.any(|word| {
        let word = word.strip_prefix("-P").unwrap_or(word);
        word == digits || word.contains("%{") || word.starts_with('%')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_mentioned(line: &str) -> bool {
        let patch = Source {
            kind: SourceKind::Patch,
            number: 12,
            value: source::Text::detached("fix.patch"),
            file_name: "fix.patch".to_owned(),
            path: "/s/fix.patch".to_owned(),
            is_left_out: false,
            origin: None,
        };
        mentions(line, &patch)
    }

    #[test]
    fn lines_name_patches_in_many_ways() {
        for line in [
            "%patch -P 12 -p1",
            "%patch -P12",
            "  %patch 12 -p1",
            "%{patch -p1 -P 12}",
            "%patch12 -p1",
            "patch -p1 < %{PATCH12}",
            "git am %{P:12}",
            "%autosetup -p1",
            "%autosetup -S git_am -n x",
            "%autopatch -p1",
            "git am %{patches}",
            "for p in fix.patch; do",
            "%patch -P %{n}",
        ] {
            assert!(is_mentioned(line), "{line}");
        }
        for line in [
            "Patch12: fix.patch",
            "patch12 : fix.patch",
            "#%patch -P 12",
            "%patch -P 1 -p2",
            "%patch -P 121",
            "%{PATCH1} %{PATCH120}",
            "%autosetup -N -n x",
            "%autopatch -M 10",
            "patch -p1 < %{PATCH1}",
        ] {
            assert!(!is_mentioned(line), "{line}");
        }
    }

    #[test]
    fn scripts_find_patches_by_patterns() {
        assert!(takes_patches_by_pattern("for it in /s/*.patch; do"));
        assert!(takes_patches_by_pattern("quilt push -a"));
        assert!(!takes_patches_by_pattern("cp *.c /s/fix.patch"));
    }
}
