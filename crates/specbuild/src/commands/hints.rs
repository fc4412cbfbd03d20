//! What to write instead, where what stands for a spec is something else.

use std::path::Path;

use super::COMMANDS;

/// Words that other programs have as commands, and what does the same here.
const HABITS: [(&str, &str); 8] = [
    ("build", "-ba"),
    ("compile", "-bc"),
    ("install", "-bi"),
    ("package", "-bb"),
    ("prep", "-bp"),
    ("rebuild", "--rebuild"),
    ("srpm", "-bs"),
    ("source", "-bs"),
];

/// Ends of file names, what such files are, and what takes them.
const KINDS: [(&str, &str, &str); 9] = [
    (".src.rpm", "a source package", "--rebuild"),
    (".nosrc.rpm", "a source package", "--rebuild"),
    (".dsc", "a source package", "--rebuild"),
    (".rpm", "a package", "query"),
    (".deb", "a package", "query"),
    (".tar.gz", "an archive", "-tb"),
    (".tar.xz", "an archive", "-tb"),
    (".tar.bz2", "an archive", "-tb"),
    (".tar.zst", "an archive", "-tb"),
];

/// The error about the first of the specs that is none, if it looks like something else.
pub(super) fn about(specs: &[impl AsRef<Path>]) -> Option<String> {
    let rest = specs.get(1).map(|spec| spec.as_ref().display().to_string());
    let specs = specs.iter().map(AsRef::as_ref);
    let mut errors = specs.filter_map(|spec| about_one(spec, rest.as_deref()));
    errors.next()
}

/// What to do with a .deb or .dsc file that a command for .rpm files was given.
pub(super) fn of_unsigned(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()? {
        "deb" => {
            Some("a .deb has no signature of its own: a repository's `Release` file is signed")
        }
        "dsc" => Some("`gpg --clearsign` signs a .dsc, and `dscverify` checks it and its files"),
        _ => None,
    }
}

fn about_one(spec: &Path, rest: Option<&str>) -> Option<String> {
    let shown = spec.display().to_string();
    let mut kinds = KINDS.iter().filter(|(end, ..)| shown.ends_with(end));
    if let Some((_, kind, instead)) = kinds.next() {
        let help = format!("`specbuild {instead} {shown}`");
        return Some(format!(
            "error: {shown} is {kind}, not a spec; write {help}"
        ));
    }
    if spec.is_dir() {
        return Some(about_directory(spec, &shown));
    }
    let is_word = shown
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || it == b'-');
    if spec.exists() || !is_word || shown.starts_with('-') {
        return None;
    }
    let instead = match HABITS.iter().find(|(word, _)| *word == shown) {
        Some((_, instead)) => *instead,
        None => source::closest(&shown, COMMANDS.iter().map(|own| own.name))?,
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
        specs => format!(
            "error: {shown} is a directory; did you mean `specbuild {}`?",
            specs.join(" ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[&str]) -> String {
        about(words).unwrap_or_default()
    }

    #[test]
    fn packages_of_unsigned_have_no_rpm_signatures() {
        let told = |name: &str| of_unsigned(Path::new(name)).unwrap_or_default();
        assert!(told("a_1_all.deb").contains("`Release`"));
        assert!(told("a_1.dsc").contains("`dscverify`"));
        assert_eq!(told("a.rpm"), "");
    }

    #[test]
    fn what_is_no_spec_is_told_with_what_was_meant() {
        assert!(said(&["build", "a.spec"]).ends_with("did you mean `specbuild -ba a.spec`?"));
        assert!(said(&["qurey", "a.rpm"]).contains("did you mean `specbuild query a.rpm`?"));
        assert!(said(&["dir/a.src.rpm"]).contains("`specbuild --rebuild dir/a.src.rpm`"));
        assert!(said(&["a.spec", "b_1-1.dsc"]).contains("`specbuild --rebuild b_1-1.dsc`"));
        assert!(said(&["a.deb"]).contains("`specbuild query a.deb`"));
        assert_eq!(said(&["nowhere.spec"]), "");
        assert_eq!(said(&["somethingelse"]), "");
    }
}
