//! Rule: nothing of the machine it was written on gets into the project: no home folders, no
//! path of this checkout, no other registry than crates.io, no sources fetched from elsewhere.

use super::{Finding, TextFile};
use common::shell;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(crate) fn check(files: &[TextFile]) -> Vec<Finding> {
    let places = machine_paths();
    files
        .iter()
        .flat_map(|file| check_file(file, &places))
        .collect()
}

/// Folders of every machine, below which a checkout may lie.
const EVERYWHERE: [&str; 8] = [
    "/home", "/media", "/mnt", "/opt", "/srv", "/tmp", "/usr", "/var",
];

/// Paths that exist here and nowhere else, each with a slash at its end.
fn machine_paths() -> Vec<String> {
    let root = shell::root();
    let around = root
        .ancestors()
        .take(2)
        .map(|path| path.display().to_string());
    let home = std::env::var("HOME").ok();
    let paths = around.chain(home);
    paths
        .filter(|path| path.len() > 1 && !EVERYWHERE.contains(&path.as_str()))
        .map(|path| format!("{}/", path.trim_end_matches('/')))
        .collect()
}

fn check_file(file: &TextFile, places: &[String]) -> Vec<Finding> {
    let is_lock = file.path.ends_with("Cargo.lock");
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let message = if let Some(place) = places.iter().find(|place| names(line, place)) {
            format!("the path `{place}` exists on this machine only")
        } else if is_lock && line.starts_with("source = ") && !line.contains(REGISTRY) {
            "a dependency from elsewhere than crates.io".to_owned()
        } else {
            continue;
        };
        findings.push(Finding::new(&file.path, index + 1, message));
    }
    findings
}

/// True if the line holds the place as a path of its own, not as the end of a longer one.
fn names(line: &str, place: &str) -> bool {
    let continues = |it: char| it.is_alphanumeric() || "}._-/)~*".contains(it);
    line.match_indices(place)
        .any(|(at, _)| !line[..at].ends_with(continues))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_path_is_found_but_not_inside_another() {
        assert!(names("see /srv/x/file", "/srv/x/"));
        assert!(!names("%{buildroot}/srv/x/file", "/srv/x/"));
    }
}
