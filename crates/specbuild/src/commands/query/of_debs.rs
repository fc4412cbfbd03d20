//! What is asked of .deb files: what they have no answer to, and what has to be found out.

use std::io;
use std::path::Path;

use clap::ArgMatches;
use debfile::{DebFile, FileClass, StoredEntry};
use query::Tags;

use crate::terminal::{self, chain};

/// Options for what a .deb file does not say, what that is, and what there is instead.
const UNKNOWN: [(&str, &str, &str); 2] = [
    ("fileprovide", "what each file provides", "--provides"),
    ("filerequire", "what each file requires", "--requires"),
];

/// Words in query formats for which files have to be looked into.
const CLASSES: [&str; 4] = ["class", "mime", "filecolors", "headercolor"];

/// Opens a .deb file for a query format; otherwise the error.
pub(super) fn open(path: &Path, matches: &ArgMatches, format: &str) -> Result<DebFile, String> {
    let name = path.display();
    let mut unknown = UNKNOWN.iter();
    if let Some((_, what, instead)) = unknown.find(|(option, ..)| matches.get_count(option) > 0) {
        return Err(format!(
            "error: {name} is a .deb package, which does not say {what}; `{instead}` shows it of the package"
        ));
    }
    let format = format.to_ascii_lowercase();
    let opened = match CLASSES.iter().any(|word| format.contains(word)) {
        true => open_with_classes(path),
        false => DebFile::open(path).map_err(|error| chain(&error)),
    };
    opened.map_err(|reason| format!("error: {name}: {reason}"))
}

fn open_with_classes(path: &Path) -> Result<DebFile, String> {
    let dir = tempfile::tempdir().map_err(|error| chain(&error))?;
    let mut classes = Vec::new();
    let mut classify = |file: &StoredEntry, content: &mut dyn io::Read| {
        let mode = file.mode;
        let found = generate::classify_content(dir.path(), &file.path, mode, content)?;
        let class = FileClass {
            class: found.class,
            media_type: found.media_type,
            color: found.color,
        };
        classes.push((file.path.clone(), class));
        Ok(())
    };
    let mut package = DebFile::open_with(path, &mut classify).map_err(|error| chain(&error))?;
    package.classes = classes.into_iter().collect();
    Ok(package)
}

/// Reports that a package has no changelog, if that is asked for: many share that of another package.
pub(super) fn check_changelog(path: &Path, package: &dyn Tags, matches: &ArgMatches) {
    let is_asked = ["changelog", "changes"].map(|option| matches.get_count(option) > 0);
    if is_asked.contains(&true) && package.get("CHANGELOGTIME").is_none() {
        let path = path.display();
        terminal::print_error(&format!(
            "warning: {path} has no changelog; it may be in another package of the same source"
        ));
    }
}
