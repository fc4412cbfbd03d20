//! What a spec or a command line has and nothing makes use of: patches that nobody applies, sub-packages
//! without files, conditions that no spec asks for. rpm says nothing of it, so only our own name does.
//!
//! What a false branch of the spec makes use of is left alone: another target may take that branch.

mod conditions;
mod patches;

use source::{Diagnostic, Reported};
use spec::SubPackage;

use crate::codes::PACKAGE_WITHOUT_FILES;
use crate::project::Project;
use crate::request::Request;

/// Warns of all of it. Fails if a warning was asked to be an error.
pub(crate) fn check(request: &Request, project: &mut Project) -> Result<(), Reported> {
    let errors = project.engine.sink.errors();
    let mut findings = patches::unapplied(project);
    findings.extend(packages_without_files(project));
    findings.extend(conditions::unknown(request, project));
    for finding in findings {
        project.engine.sink.push(finding);
    }
    match project.engine.sink.errors() > errors {
        true => project.engine.sink.check(),
        false => Ok(()),
    }
}

/// Sub-packages that are described and never made.
fn packages_without_files(project: &mut Project) -> Vec<Diagnostic> {
    let main = project.spec.main().name.clone();
    let is_bare = |it: &&SubPackage| it.files.is_none() && it.name != main;
    let bare = project.spec.packages.values().filter(is_bare);
    let bare: Vec<SubPackage> = bare.cloned().collect();
    // A macro that is not defined here may have brought in the lists.
    if bare.is_empty() || has_unknown_call(project) {
        return Vec::new();
    }
    let listed = packages_with_lists(project, &main);
    let forgotten = bare.into_iter().filter(|it| !listed.contains(&it.name));
    forgotten
        .map(|package| {
            let name = &package.name;
            let section = match name.strip_prefix(&format!("{main}-")) {
                Some(rest) => format!("%files {rest}"),
                None => format!("%files -n {name}"),
            };
            let message = format!("package `{name}` has no %files, and is not made");
            Diagnostic::warning(PACKAGE_WITHOUT_FILES, message)
                .at(package.origin)
                .help(format!(
                    "add a section `{section}`; without lines it makes a package without files"
                ))
        })
        .collect()
}

/// Whether a line of the text begins with a macro that is not defined.
fn has_unknown_call(project: &mut Project) -> bool {
    // These two are defined only while %prep is read.
    let is_of_prep = |name: &str| name.starts_with("setup") || name.starts_with("patch");
    let text = project.text.clone();
    let mut calls = text.lines().filter(|line| line.starts_with('%'));
    calls.any(|line| {
        let rest = line[1..].trim_start_matches('{');
        let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let name = &rest[..rest.find(|it| !is_name(it)).unwrap_or(rest.len())];
        !name.is_empty()
            && !is_of_prep(name)
            && !spec::is_keyword(&format!("%{name}"))
            && !project.engine.is_defined(name)
    })
}

/// The packages for which the text has a `%files` anywhere, in false branches too.
fn packages_with_lists(project: &mut Project, main: &str) -> Vec<String> {
    let text = project.text.clone();
    let headers = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("%files"));
    let headers = headers.filter(|rest| rest.starts_with([' ', '\t']));
    let mut listed = Vec::new();
    for header in headers {
        let keep = project.engine.sink.found().len();
        let expanded = project.engine.expand_str(header).unwrap_or_default();
        project.engine.sink.truncate(keep);
        let mut words = expanded.split_ascii_whitespace();
        while let Some(word) = words.next() {
            match word {
                "-f" => drop(words.next()),
                "-n" => listed.extend(words.next().map(str::to_owned)),
                _ if word.starts_with('-') => {}
                _ => listed.push(format!("{main}-{word}")),
            }
        }
    }
    listed
}
