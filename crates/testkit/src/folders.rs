//! Runs cases that are folders, one test per folder: inputs, and results in `expected/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};

use crate::golden;

/// Runs each folder in `dir` as a case and ends the process.
///
/// `results` gives names and texts; each is compared with the file `expected/NAME`.
/// Panics if there is no case.
pub fn run(
    dir: impl AsRef<Path>,
    results: impl Fn(&Path) -> Vec<(String, String)> + Send + Sync + 'static,
) -> ! {
    crate::run(trials(dir, results))
}

/// One trial per folder in `dir`.
///
/// A file in `expected/` that is not among the results fails the case; with `UPDATE=1` it goes.
pub fn trials(
    dir: impl AsRef<Path>,
    results: impl Fn(&Path) -> Vec<(String, String)> + Send + Sync + 'static,
) -> Vec<Trial> {
    let results = Arc::new(results);
    let cases = golden::entries(dir.as_ref())
        .into_iter()
        .filter(|path| path.is_dir());
    let trials: Vec<_> = cases
        .map(|case| {
            let results = Arc::clone(&results);
            let name = case
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            Trial::test(name, move || check(&case, &results(&case)))
        })
        .collect();
    assert!(!trials.is_empty(), "no cases in {}", dir.as_ref().display());
    trials
}

fn check(case: &Path, results: &[(String, String)]) -> Result<(), Failed> {
    let expected = case.join("expected");
    let mut faults: Vec<String> = results
        .iter()
        .filter_map(|(name, text)| golden::compare(&expected.join(name), text).err())
        .collect();
    let named: Vec<PathBuf> = results
        .iter()
        .map(|(name, _)| expected.join(name))
        .collect();
    for stale in files_below(&expected)
        .into_iter()
        .filter(|path| !named.contains(path))
    {
        if crate::is_update() {
            fs::remove_file(&stale)?;
        } else {
            faults.push(format!("{} is expected, but did not come", stale.display()));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(faults.join("\n").into())
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    if !dir.is_dir() {
        return Vec::new();
    }
    let (dirs, mut files): (Vec<_>, Vec<_>) = golden::entries(dir)
        .into_iter()
        .partition(|path| path.is_dir());
    files.extend(dirs.iter().flat_map(|dir| files_below(dir)));
    files
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::Tree;

    fn results(name: &str, text: &str) -> [(String, String); 1] {
        [(name.to_owned(), text.to_owned())]
    }

    #[test]
    fn the_right_result_passes_and_a_wrong_one_fails() {
        let case = Tree::new().file("expected/out.txt", "right\n");
        assert!(check(case.path(), &results("out.txt", "right\n")).is_ok());
        assert!(check(case.path(), &results("out.txt", "wrong\n")).is_err());
    }

    #[test]
    fn a_result_that_does_not_come_fails() {
        let case = Tree::new().file("expected/a/out.txt", "right\n");
        assert!(check(case.path(), &[]).is_err());
    }
}
