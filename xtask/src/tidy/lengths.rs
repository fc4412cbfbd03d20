//! Rule: a file tells one story. Above 500 lines a file is reported, above 800 it is a fault.

use super::Finding;
use super::rust::RustFile;

const NOTABLE: usize = 500;
const TOO_LONG: usize = 800;

pub(crate) fn check(files: &[RustFile]) -> Vec<Finding> {
    for file in files
        .iter()
        .filter(|file| (NOTABLE + 1..=TOO_LONG).contains(&file.code.len()))
    {
        println!(
            "{}: {} lines; look for the second story",
            file.path,
            file.code.len()
        );
    }
    let long = files.iter().filter(|file| file.code.len() > TOO_LONG);
    long.map(|file| {
        let message = format!("{} lines, more than {TOO_LONG}", file.code.len());
        Finding::new(&file.path, 0, message)
    })
    .collect()
}

/// Prints the longest files and how long files are in general.
pub(crate) fn report(files: &[RustFile]) {
    let mut files: Vec<&RustFile> = files.iter().collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.code.len()));
    for file in files.iter().take(12) {
        println!("{:>5}  {}", file.code.len(), file.path);
    }
    let lines: usize = files.iter().map(|file| file.code.len()).sum();
    let short = files
        .iter()
        .filter(|file| file.code.len() <= NOTABLE)
        .count();
    let median = files.get(files.len() / 2).map_or(0, |file| file.code.len());
    println!(
        "{} files, {lines} lines, median {median}, {} % of the files up to {NOTABLE} lines",
        files.len(),
        100 * short / files.len().max(1)
    );
}
