//! Files of the build root that no package has.
//!
//! Source: rpmbuild-config(5), `%_unpackaged_files_terminate_build` and `%__check_files`.

use std::collections::HashSet;

use source::{Diagnostic, Severity, Sink};

use crate::{CollectError, Tree, codes};

/// Reports files and links of the build root that are not among `packaged`.
///
/// Directories and special files are never missed, and excluded files count as packaged; so does all
/// below the directories `set_aside`. The wording is rpm's: tools look for it.
pub(crate) fn check(
    root: &Tree,
    packaged: &HashSet<String>,
    set_aside: &[String],
    severity: Severity,
    sink: &mut Sink,
) -> Result<(), CollectError> {
    let mut missed = Vec::new();
    gather(root, "", packaged, &mut missed)?;
    missed.retain(|path| !set_aside.iter().any(|dir| is_below(path, dir)));
    if missed.is_empty() {
        return Ok(());
    }
    missed.sort();
    let list: String = missed.iter().map(|path| format!("\n   {path}")).collect();
    let message = format!("Installed (but unpackaged) file(s) found:{list}");
    let finding = match severity {
        Severity::Error => Diagnostic::error(codes::UNPACKAGED, message),
        Severity::Warning => Diagnostic::warning(codes::UNPACKAGED, message),
    };
    let help = "list them in a %files section, mark them with %exclude, or remove them in %install";
    sink.push(finding.help(help));
    Ok(())
}

fn is_below(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn gather(
    root: &Tree,
    dir: &str,
    packaged: &HashSet<String>,
    missed: &mut Vec<String>,
) -> Result<(), CollectError> {
    for node in root.list(dir)?.iter() {
        let path = format!("{dir}/{}", node.name);
        if node.meta.is_dir() {
            gather(root, &path, packaged, missed)?;
        } else if (node.meta.is_file() || node.meta.is_symlink()) && !packaged.contains(&path) {
            missed.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_links_are_missed_but_directories_are_not() {
        let disk = testkit::Tree::new()
            .file("usr/bin/kept", "")
            .file("usr/bin/lost", "")
            .file("aside/DEBIAN/symbols", "")
            .link("usr/bin/gone", "kept")
            .dir("usr/empty");
        let mut sink = Sink::new();
        let packaged = HashSet::from(["/usr/bin/kept".to_owned()]);
        check(
            &Tree::new(disk.path()),
            &packaged,
            &["/aside/DEBIAN".to_owned()],
            Severity::Error,
            &mut sink,
        )
        .unwrap();
        let message = &sink.found()[0].message;
        assert_eq!(
            message,
            "Installed (but unpackaged) file(s) found:\n   /usr/bin/gone\n   /usr/bin/lost"
        );
    }
}
