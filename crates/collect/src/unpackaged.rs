//! Files of the build root that no package has.
//!
//! Source: rpmbuild-config(5), `%_unpackaged_files_terminate_build` and `%__check_files`.

use std::collections::HashSet;

use source::{Diagnostic, Severity, Sink};

use crate::{CollectError, Tree, codes};

/// Where files are looked for that no package has.
#[derive(Clone, Copy)]
pub(crate) struct Search<'a> {
    /// The build root.
    pub(crate) root: &'a Tree,
    /// The paths that packages have or exclude.
    pub(crate) packaged: &'a HashSet<String>,
    /// Directories whose files nobody misses.
    pub(crate) set_aside: &'a [String],
}

/// Reports files and links of the build root that no package has.
///
/// Directories and special files are never missed. The wording is rpm's: tools look for it.
pub(crate) fn check(
    search: Search<'_>,
    severity: Severity,
    sink: &mut Sink,
) -> Result<(), CollectError> {
    let mut missed = Vec::new();
    gather(search.root, "", search.packaged, &mut missed)?;
    missed.retain(|path| !search.set_aside.iter().any(|dir| is_below(path, dir)));
    if missed.is_empty() {
        return Ok(());
    }
    missed.sort();
    let (of_debugging, to_list): (Vec<_>, Vec<_>) = missed
        .iter()
        .cloned()
        .partition(|path| is_of_debugging(path));
    let told = if to_list.is_empty() {
        &of_debugging
    } else {
        &to_list
    };
    let mut finding = match severity {
        Severity::Error => Diagnostic::error(codes::UNPACKAGED, message(told)),
        Severity::Warning => Diagnostic::warning(codes::UNPACKAGED, message(told)),
    };
    finding.rpm.message = Some(message(&missed));
    sink.push(finding.help(match to_list.is_empty() {
        true => {
            "packages of debugging symbols have such files, and are made of what other packages \
             have: does a program lack its package?"
        }
        false => {
            "list them in a %files section, mark them with %exclude, or remove them in %install"
        }
    }));
    Ok(())
}

fn message(paths: &[String]) -> String {
    let list: String = paths.iter().map(|path| format!("\n   {path}")).collect();
    format!("Installed (but unpackaged) file(s) found:{list}")
}

/// Whether a file is one that the build makes of others for packages of debugging symbols. Nobody lists
/// those: they follow the programs they are about.
fn is_of_debugging(path: &str) -> bool {
    const DIRECTORIES: [&str; 3] = ["/usr/lib/.build-id", "/usr/lib/debug", "/usr/src/debug"];
    DIRECTORIES.iter().any(|dir| is_below(path, dir))
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
        let search = Search {
            root: &Tree::new(disk.path()),
            packaged: &packaged,
            set_aside: &["/aside/DEBIAN".to_owned()],
        };
        check(search, Severity::Error, &mut sink).unwrap();
        let message = &sink.found()[0].message;
        assert_eq!(
            message,
            "Installed (but unpackaged) file(s) found:\n   /usr/bin/gone\n   /usr/bin/lost"
        );
    }

    #[test]
    fn what_comes_of_other_files_is_listed_where_it_is_all_there_is() {
        let disk = testkit::Tree::new()
            .file("usr/bin/lost", "")
            .file("usr/lib/.build-id/aa/bb", "")
            .file("usr/lib/debug/usr/bin/lost.debug", "")
            .file("usr/lib/debugger", "");
        let told = |packaged: &[&str]| {
            let packaged = packaged.iter().map(|it| (*it).to_owned()).collect();
            let mut sink = Sink::new();
            let tree = Tree::new(disk.path());
            let search = Search {
                root: &tree,
                packaged: &packaged,
                set_aside: &[],
            };
            check(search, Severity::Error, &mut sink).unwrap();
            let finding = sink.take().remove(0);
            (finding.message.clone(), finding.rpm_message())
        };
        let (own, rpm) = told(&[]);
        assert!(own.ends_with("found:\n   /usr/bin/lost\n   /usr/lib/debugger"));
        assert!(rpm.contains("lost.debug") && rpm.contains("/.build-id/aa/bb"));
        let (own, _) = told(&["/usr/bin/lost", "/usr/lib/debugger"]);
        assert!(own.contains("lost.debug") && own.contains("/.build-id/aa/bb"));
    }
}
