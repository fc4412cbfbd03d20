//! The list of configuration files.
//!
//! Source: Debian Policy 10.7 and appendix E; deb-conffiles(5).

use package::{FileEntry, FileKind, Package};
use source::Diagnostic;

use super::draft::Deb;
use crate::codes;

/// Adds the `conffiles` member, if there are any.
///
/// Policy 10.7.2 wants the administrator's changes below `/etc` kept, so that every regular file
/// there is one, whether or not the spec says `%config`. Outside, `%config` counts, except below
/// `/usr`, which nobody is to edit (Policy 10.7.1). To dpkg every conffile is one that may be missing.
pub(crate) fn lower_conffiles(deb: &mut Deb<'_>, package: &Package) {
    let shipped = package
        .files
        .entries()
        .iter()
        .filter(|entry| !entry.flags.ghost);
    let mut list = String::new();
    for entry in shipped {
        if is_conffile(entry) {
            let path = deb.paths.place(&entry.path);
            if deb.tree.has(&path) {
                list.push_str(&path);
                list.push('\n');
            }
        } else if entry.flags.config {
            deb.sink.push(why_not(entry));
        }
    }
    deb.add_to_member("conffiles", &list);
}

/// Whether dpkg is to treat a file as a configuration file.
pub(crate) fn is_conffile(entry: &FileEntry) -> bool {
    let regular = matches!(entry.kind, FileKind::Regular { .. });
    let marked = entry.flags.config && !entry.path.starts_with("/usr/");
    regular && (marked || entry.path.starts_with("/etc/"))
}

fn why_not(entry: &FileEntry) -> Diagnostic {
    let why = match entry.kind {
        FileKind::Regular { .. } => "dpkg leaves nothing below /usr to the administrator",
        _ => "only regular files can be conffiles",
    };
    let message = format!("`%config` has no effect in a .deb on `{}`", entry.path);
    Diagnostic::warning(codes::NO_CONFFILE, message)
        .at(entry.origin)
        .note(why)
}
