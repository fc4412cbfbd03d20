//! What to write instead, where what stands for a spec is something else.

use std::path::Path;

use super::file_kind::{self, FileKind, Wanted};
use super::own;
use crate::habits;

/// The error about the first of the files that is not what a build starts from, if it is known what it
/// is.
pub(super) fn about(files: &[impl AsRef<Path>], wanted: Wanted) -> Option<String> {
    let rest = files.get(1).map(|file| file.as_ref().display().to_string());
    let mut files = files.iter().map(AsRef::as_ref);
    files.find_map(|file| {
        let refusal = file_kind::refusal(file, wanted);
        refusal.or_else(|| match wanted {
            Wanted::Spec => about_word(file, rest.as_deref()),
            _ => None,
        })
    })
}

/// The error about a target that stands where a spec does.
pub(super) fn about_targets(specs: &[impl AsRef<Path>], targets: &[String]) -> Option<String> {
    let is_target = |spec: &&Path| {
        let word = spec.to_str().unwrap_or_default();
        target::names_distribution(word) && !spec.exists()
    };
    let word = specs.iter().map(AsRef::as_ref).find(is_target)?.display();
    let given = targets.iter().filter(|it| !it.is_empty());
    let all: Vec<String> = given.cloned().chain([word.to_string()]).collect();
    let commas = match targets {
        [] => "",
        _ => ", with commas between targets",
    };
    let all = all.join(",");
    Some(format!(
        "error: there is no spec `{word}`; did you mean the target? Write `--target {all}`{commas}"
    ))
}

/// What to do with a file of Debian's that a command for signatures of .rpm files was given.
pub(super) fn of_unsigned(path: &Path) -> Option<&'static str> {
    match FileKind::of(path)? {
        FileKind::Deb => {
            Some("a .deb has no signature of its own: a repository's `Release` file is signed")
        }
        FileKind::Dsc | FileKind::Changes | FileKind::Buildinfo => Some(
            "`debsign` signs a .changes with its .dsc and .buildinfo, or one of them, and `dscverify` checks \
             it with the files it names; `%_openpgp_autosign_id` has them signed as they are built",
        ),
        _ => None,
    }
}

fn about_word(spec: &Path, rest: Option<&str>) -> Option<String> {
    let shown = spec.display().to_string();
    if spec.is_dir() {
        return Some(about_directory(spec, &shown));
    }
    let is_word = shown
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || it == b'-');
    if spec.exists() || !is_word || shown.starts_with('-') {
        return None;
    }
    if let ("install", Some(file)) = (shown.as_str(), rest)
        && let Some(refusal) = file_kind::refusal(Path::new(file), Wanted::SourcePackage)
    {
        return Some(refusal);
    }
    let instead = match habits::instead_of_word(&shown) {
        Some(instead) => instead,
        None => source::closest(&shown, own::NAMES)?,
    };
    let rest = rest.unwrap_or(match instead.starts_with('-') {
        true => "SPEC",
        false => "…",
    });
    Some(format!(
        "error: there is neither a spec nor a command `{shown}`; did you mean `specbuild {instead} {rest}`?"
    ))
}

fn about_directory(spec: &Path, shown: &str) -> String {
    let entries = std::fs::read_dir(spec).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut specs: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "spec"))
        .map(|path| path.display().to_string())
        .collect();
    specs.sort();
    match specs.as_slice() {
        [] => format!("error: {shown} is a directory, and has no spec"),
        [spec] => format!("error: {shown} is a directory; did you mean the spec {spec}?"),
        specs => format!(
            "error: {shown} is a directory; name a spec in it: {}",
            specs.join(" ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[&str]) -> String {
        about(words, Wanted::Spec).unwrap_or_default()
    }

    #[test]
    fn targets_in_the_place_of_a_spec_are_told() {
        let given = ["deb".to_owned(), String::new()];
        let told = about_targets(&["rpm", "a.spec"], &given).unwrap_or_default();
        assert!(told.contains("`--target deb,rpm`, with commas"), "{told}");
        let told = about_targets(&["a.spec", "debian-12"], &[]).unwrap_or_default();
        assert!(told.ends_with("`--target debian-12`"), "{told}");
        assert_eq!(about_targets(&["a.spec"], &given), None);
    }

    #[test]
    fn packages_of_unsigned_have_no_rpm_signatures() {
        let told = |name: &str| of_unsigned(Path::new(name)).unwrap_or_default();
        assert!(told("a_1_all.deb").contains("`Release`"));
        for name in ["a_1.dsc", "a_1_amd64.changes", "a_1_amd64.buildinfo"] {
            assert!(told(name).contains("`debsign`"), "{name}");
        }
        assert_eq!(told("a.rpm"), "");
    }

    #[test]
    fn what_is_no_spec_is_told_with_what_was_meant() {
        assert!(said(&["build", "a.spec"]).ends_with("did you mean `specbuild -ba a.spec`?"));
        assert!(said(&["lint", "a.spec"]).contains("`specbuild query a.spec`"));
        assert!(said(&["install", "a.deb"]).contains("`apt install ./a.deb`"));
        assert!(said(&["install", "a.spec"]).contains("specbuild -"));
        assert!(said(&["qurey", "a.rpm"]).contains("did you mean `specbuild query a.rpm`?"));
        assert!(said(&["dir/a.src.rpm"]).contains("`specbuild --rebuild dir/a.src.rpm`"));
        assert!(said(&["a.spec", "b_1-1.dsc"]).contains("`specbuild --rebuild b_1-1.dsc`"));
        assert!(said(&["a.deb"]).contains("`specbuild query a.deb`"));
        assert_eq!(said(&["nowhere.spec"]), "");
        assert_eq!(said(&["somethingelse"]), "");
    }
}
