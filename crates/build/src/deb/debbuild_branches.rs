//! Where a spec has branches for Debian alone: scriptlets there are called with dpkg's own words.
//!
//! The reader takes the branch that is true and forgets its condition, so the text is looked at once more.

use std::ops::Range;

use package::Package;
use source::{FileId, SourceMap, Span};

/// The branches, of the files that scriptlets stand in, whose condition is that debbuild builds.
pub(crate) fn debbuild_branches(packages: &[Package], sources: &SourceMap) -> Vec<Span> {
    let scriptlets = packages.iter().flat_map(|it| it.scriptlets.values());
    let mut files: Vec<FileId> = scriptlets
        .filter_map(|it| Some(it.origin?.span.file))
        .collect();
    files.dedup();
    let branches = files.into_iter().flat_map(|file| {
        let whole = sources.whole(file);
        let ranges = branches(sources.slice(whole));
        ranges
            .into_iter()
            .map(move |it| whole.slice(it.start, it.len()))
    });
    branches.collect()
}

/// An open condition.
struct Condition {
    /// Whether what is being read is for debbuild alone; `None` if the condition has no say in that.
    is_for_debbuild: Option<bool>,
    /// Where what is being read begins.
    start: usize,
}

fn branches(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Vec<Condition> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let word = line.split_whitespace().next().unwrap_or("");
        let is_if = matches!(word, "%if" | "%ifarch" | "%ifnarch" | "%ifos" | "%ifnos");
        if !is_if && !word.starts_with("%el") && word != "%endif" {
            continue;
        }
        let before = if is_if { None } else { open.pop() };
        if let Some(branch) = before
            .as_ref()
            .filter(|it| it.is_for_debbuild == Some(true))
        {
            found.push(branch.start..start);
        }
        let is_for_debbuild = match word {
            "%endif" => continue,
            "%else" => before.and_then(|it| it.is_for_debbuild).map(|it| !it),
            _ => asks_for_debbuild(line),
        };
        open.push(Condition {
            is_for_debbuild,
            start: at,
        });
    }
    found
}

/// For a condition about debbuild, whether it is true with it.
fn asks_for_debbuild(condition: &str) -> Option<bool> {
    const NEGATIONS: [&str; 4] = ["!=", "%{!?", "undefined", "not "];
    if !condition.contains("debbuild") {
        return None;
    }
    let rest = condition
        .trim_start()
        .trim_start_matches("%if")
        .trim_start();
    let is_negated = rest.starts_with('!') || NEGATIONS.iter().any(|it| rest.contains(it));
    Some(!is_negated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_known_by_their_conditions() {
        let text = "%if \"%{_vendor}\" == \"debbuild\"\na\n%if 1\nb\n%endif\n%else\nc\n%endif\n\
            %if ! 0%{?_debbuild}\nd\n%else\ne\n%endif\n%ifarch noarch\nf\n%elif \"%_vendor\" != \"debbuild\"\ng\n%endif\n";
        let texts: Vec<&str> = branches(text).into_iter().map(|it| &text[it]).collect();
        assert_eq!(texts, ["a\n%if 1\nb\n%endif\n", "e\n"]);
        assert!(branches("%endif\n%else\n%if debbuild").is_empty());
    }
}
