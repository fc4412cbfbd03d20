//! `tidy`: the rules of this project that no other tool knows. Each rule is a module; this one
//! gathers the files and prints what the rules found.

mod absences;
mod circles;
mod docs;
mod examples;
mod floors;
mod functions;
mod imports;
mod lengths;
mod libraries;
mod macros;
mod paths;
mod reads;
mod rust;
mod words;

use std::fmt;
use std::process::Command;

use common::shell::{self, Failure, Outcome};

/// Something that breaks a rule.
pub(crate) struct Finding {
    /// Path from the root of the workspace.
    path: String,
    /// From 1; 0 if it is the whole file.
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        let (path, message) = (path.to_owned(), message.into());
        Self {
            path,
            line,
            message,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// A text file of the project: path from the root, and content.
pub(crate) struct TextFile {
    path: String,
    text: String,
}

pub(crate) fn run(report: bool) -> Outcome {
    let files = project_files()?;
    let rust = rust::read_all(&files);
    if report {
        lengths::report(&rust);
        functions::report(&rust);
        circles::report(&rust);
    }
    let mut findings = Vec::new();
    findings.extend(lengths::check(&rust));
    findings.extend(rust.iter().filter_map(docs::check));
    findings.extend(rust.iter().flat_map(absences::check));
    findings.extend(rust.iter().flat_map(reads::check));
    findings.extend(rust.iter().flat_map(words::check));
    findings.extend(files.iter().filter_map(macros::check));
    findings.extend(libraries::check(&files));
    findings.extend(paths::check(&files));
    findings.extend(circles::check(&rust)?);
    findings.extend(floors::check()?);
    findings.extend(examples::check()?);
    if findings.is_empty() {
        println!(
            "tidy: {} files, {} of them Rust: all rules hold",
            files.len(),
            rust.len()
        );
        return Ok(());
    }
    for finding in &findings {
        println!("{finding}");
    }
    Err(Failure(format!("tidy: {} findings", findings.len())))
}

/// What git knows or would add, sorted; binary files and what has been deleted are left out.
fn project_files() -> Outcome<Vec<TextFile>> {
    let arguments = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
    ];
    let listing = shell::output(
        Command::new("git")
            .args(arguments)
            .current_dir(shell::root()),
    )?;
    let mut files: Vec<TextFile> = listing
        .split_terminator('\0')
        .filter_map(|path| {
            let text = std::fs::read_to_string(shell::root().join(path)).ok()?;
            Some(TextFile {
                path: path.to_owned(),
                text,
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The crate a file belongs to: `expand` for `crates/expand/…`, `xtask` for `xtask/…`.
fn crate_of(path: &str) -> &str {
    let path = path.strip_prefix("crates/").unwrap_or(path);
    path.split('/').next().unwrap_or_default()
}
