//! Conditions of the command line that the spec has not: `--with`, `--without` and what they define.

use std::collections::BTreeSet;

use source::{Diagnostic, closest};

use crate::codes::UNKNOWN_CONDITION;
use crate::project::Project;
use crate::request::Request;
use crate::request::settings::Setting;

/// A warning for each condition that no text has which was read for the spec.
pub(super) fn unknown(request: &Request, project: &Project) -> Vec<Diagnostic> {
    let given = request.settings.given.iter().filter_map(condition);
    let given: Vec<(String, String)> = given.collect();
    if given.is_empty() {
        return Vec::new();
    }
    let words = words(project);
    let unknown = given
        .into_iter()
        .filter(|(_, name)| !words.contains(name.as_str()));
    unknown
        .map(|(option, name)| {
            let message = format!("`{option}` changes nothing: the spec has no condition `{name}`");
            let near = closest(&name, known(project));
            Diagnostic::warning(UNKNOWN_CONDITION, message)
                .help_if(near.map(|near| format!("did you mean `{near}`?")))
        })
        .collect()
}

/// The option, and the condition that it is about.
fn condition(setting: &Setting) -> Option<(String, String)> {
    let (option, name) = match setting {
        Setting::With(name) => (format!("--with {name}"), name.as_str()),
        Setting::Without(name) => (format!("--without {name}"), name.as_str()),
        Setting::Define(definition) => {
            let (name, _) = definition.split_once([' ', '\t'])?;
            let choice = name
                .strip_prefix("_with_")
                .or_else(|| name.strip_prefix("_without_"))?;
            (format!("--define '{definition}'"), choice)
        }
        _ => return None,
    };
    let name = name.split('=').next().unwrap_or(name);
    Some((option, name.to_owned()))
}

/// The words of the spec and of the files that it has read; those this program carries say nothing of
/// single specs. A condition may be a part of one, as in `%{?_with_x}`.
fn words(project: &Project) -> BTreeSet<&str> {
    let sources = &project.engine.sources;
    // What was given on the command line is a text of its own, in brackets.
    let is_of_spec = |name: &&str| !name.starts_with("macros/") && !name.starts_with('<');
    let files = sources.names().filter(is_of_spec);
    let texts = files
        .filter_map(|name| sources.id_of(name))
        .map(|id| -> &str { sources.text(id) });
    let all = std::iter::once(project.text.as_str()).chain(texts);
    let is_end = |it: char| !it.is_alphanumeric() && !"_-+.".contains(it);
    let whole = all.flat_map(move |text| text.split(is_end));
    whole.flat_map(|word| [word, choice_in(word)]).collect()
}

/// What follows `_with_`, `_without_`, `with_` or `without_` in a word.
fn choice_in(word: &str) -> &str {
    let starts = ["_with_", "_without_", "with_", "without_"];
    starts
        .iter()
        .find_map(|start| word.strip_prefix(start))
        .unwrap_or(word)
}

/// The conditions that the spec has: the names behind `%bcond` and its kin.
fn known(project: &Project) -> impl Iterator<Item = &str> {
    let lines = project.text.lines().map(str::trim_start);
    let calls = lines.filter_map(|line| line.strip_prefix("%bcond"));
    calls.filter_map(|rest| {
        rest.split_ascii_whitespace()
            .find(|word| !word.starts_with('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_name_conditions() {
        let name = |setting: &Setting| condition(setting).map(|(_, name)| name);
        assert_eq!(name(&Setting::With("x=1".to_owned())).as_deref(), Some("x"));
        let define = |text: &str| name(&Setting::Define(text.to_owned()));
        assert_eq!(define("_without_tests 1").as_deref(), Some("tests"));
        assert_eq!(define("dist .x"), None);
        assert_eq!(choice_in("_with_x"), "x");
    }
}
