//! Suggestions for words of a file list that are not paths.

use source::closest;

use super::directives::{BRACKETED, WORDS};
use crate::{dpkg, section};

/// Directories at the root of a system that packages have files in.
const TOP_DIRECTORIES: [&str; 11] = [
    "bin", "boot", "etc", "lib", "lib64", "opt", "run", "sbin", "srv", "usr", "var",
];

/// How scripts call the build root.
const BUILD_ROOTS: [&str; 2] = ["$RPM_BUILD_ROOT", "${RPM_BUILD_ROOT}"];

/// Whether the first word of a line looks like that of a section, and like no directive.
pub(crate) fn is_misspelt_section(line: &str) -> bool {
    let word = line.split_ascii_whitespace().next().unwrap_or_default();
    let directive = word.split('(').next().unwrap_or(word);
    let is_directive = closest(directive, WORDS.into_iter().chain(BRACKETED)).is_some();
    let name = word.strip_prefix('%');
    let help = name.and_then(section::help_for_section);
    help.is_some() && (!is_directive || name.and_then(dpkg::help_for_section).is_some())
}

/// What was meant by a word that is neither a directive nor an absolute path.
pub(super) fn on_path(word: &str) -> Option<String> {
    if !word.starts_with('%') {
        return Some(absolute_path(word));
    }
    let name = word.split('(').next().unwrap_or(word);
    if let Some(help) = dpkg::help_for_section(&name[1..]) {
        return Some(help);
    }
    if let Some((directive, arguments)) = word.split_once('(')
        && WORDS.contains(&directive)
    {
        let arguments = arguments.trim_end_matches(')');
        return Some(format!(
            "`{directive}` takes no brackets: write `{directive} {arguments}`"
        ));
    }
    if let Some(near) = closest(name, WORDS.into_iter().chain(BRACKETED)) {
        return Some(format!("did you mean `{near}`?"));
    }
    if let Some(help) = section::help_for_section(&word[1..]) {
        return Some(help);
    }
    let name = word[1..].trim_start_matches(['{', '?']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let name = &name[..end.unwrap_or(name.len())];
    (!name.is_empty()).then(|| format!("no macro `%{name}` is defined"))
}

/// What was meant by a path that is not absolute.
fn absolute_path(word: &str) -> String {
    let in_root = BUILD_ROOTS.iter().find_map(|it| word.strip_prefix(it));
    if let Some(path) = in_root {
        let way = "paths are those of the installed package, without the build root";
        return match path.starts_with('/') {
            true => format!("{way}: did you mean `{path}`?"),
            false => way.to_owned(),
        };
    }
    if word.starts_with('$') {
        return "the shell does not read this line; macros such as `%{_bindir}` name directories"
            .to_owned();
    }
    let path = word.trim_start_matches("./");
    let first = path.split('/').next().unwrap_or_default();
    match TOP_DIRECTORIES.contains(&first) && path.len() > first.len() {
        true => format!("paths are absolute: did you mean `/{path}`?"),
        false => "paths are absolute; only `%doc` and `%license` take relative ones".to_owned(),
    }
}
