//! Which macros a text calls, and which a spec defines for itself. As plain text: what is called in
//! branches that are not taken counts too.

use std::collections::BTreeSet;

/// The part of a spec that is looked at: all before its changelog, without comments.
pub(crate) fn body(spec: &str) -> String {
    let is_end = |line: &&str| !line.starts_with("%changelog");
    let lines = spec.lines().take_while(is_end);
    let lines = lines.filter(|line| !line.trim_start().starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

/// What a spec expands to without its sources and patches: their names are expanded once more when the files
/// are opened, so that they may call what is defined further down.
pub(crate) fn without_sources(expanded: &str) -> String {
    let is_file = |line: &&str| line.starts_with("Source") || line.starts_with("Patch");
    let lines = expanded.lines().filter(|line| !is_file(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The macros that are called as `%name` or `%{name…}`, without those that have a `?`: whoever asks whether
/// a macro is there can do without it.
pub(crate) fn called(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            rest = after;
            continue;
        }
        let call = rest.strip_prefix('{').unwrap_or(rest);
        let call = call.trim_start_matches('!');
        let name = &call[..name_length(call)];
        if name.len() > 2 {
            names.insert(name);
        }
    }
    names
}

/// The macros that a text asks for by `%{?name…}` or `%{!?name…}`.
pub(crate) fn asked(text: &str) -> BTreeSet<&str> {
    let calls = text.split("%{").skip(1);
    let asking = calls.filter_map(|it| it.trim_start_matches('!').strip_prefix('?'));
    let names = asking.map(|it| it.trim_start_matches(['?', '!']));
    names.map(|it| &it[..name_length(it)]).collect()
}

/// The macros that a spec defines, wherever it does.
pub(crate) fn defined(text: &str) -> BTreeSet<&str> {
    let after = ["%define", "%global"].into_iter().flat_map(|keyword| {
        let parts = text.split(keyword).skip(1);
        parts.filter_map(|it| it.strip_prefix([' ', '\t']))
    });
    let names = after.map(str::trim_start);
    names.map(|it| &it[..name_length(it)]).collect()
}

fn name_length(text: &str) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match text.starts_with(|c: char| c.is_ascii_digit()) {
        true => 0,
        false => text.find(|c| !is_part(c)).unwrap_or(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{asked, body, called, defined};

    #[test]
    fn calls_are_names_behind_a_percent_sign() {
        let text = "%cargo_prep -v %{gem_dir}/x %{!no:a} 10%% %%literal %{?maybe} %{!?other:%within} %1 %-z";
        let found: Vec<_> = called(text).into_iter().collect();
        assert_eq!(found, ["cargo_prep", "gem_dir", "within"]);
    }

    #[test]
    fn a_spec_asks_for_macros() {
        let found = asked("%{?_a:%{_a} %{b}} %{!?c:x} %{d}");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["_a", "c"]);
    }

    #[test]
    fn a_spec_defines_macros() {
        let found = defined("%global  a_b 1\n%{!?x:%define\tc() 2}\n%defined no\n");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a_b", "c"]);
    }

    #[test]
    fn comments_and_the_changelog_do_not_count() {
        assert_eq!(body("a\n # %x\nb\n%changelog\n- %y\n"), "a\nb");
    }
}
