//! Directories and files that a package has made at boot: they have to be there at once.
//!
//! Where specs come from, a file trigger of systemd does this; dpkg's systemd has none.
//!
//! Source: tmpfiles.d(5); Debian Policy 9.3.

use std::collections::BTreeMap;

use package::{FileEntry, Package};

use super::files::Tree;
use super::names::package_name;
use super::places::{TMPFILES, current, tmpfiles_lines, volatile_directories};
use super::script_text::{Case, Scripts, quote};
use crate::context::Context;
use crate::deb::Script;

/// Adds a file for the directories of the package that are gone after a reboot, and has postinst make
/// what this and the package's own `tmpfiles.d` files ask for.
pub(crate) fn lower_tmpfiles(
    package: &Package,
    context: &Context<'_>,
    tree: &mut Tree,
    scripts: &mut Scripts,
) {
    let entries = package
        .files
        .entries()
        .iter()
        .filter(|entry| entry.has_content());
    let names = entries.filter_map(|entry| entry.path.strip_prefix(TMPFILES));
    let mut names: Vec<String> = names
        .filter(|it| it.ends_with(".conf"))
        .map(quote)
        .collect();
    let directories = volatile_directories(package, context);
    let lines = tmpfiles_lines(package, &directories, context);
    if !lines.is_empty() {
        let name = free_name(&package_name(package, context), tree);
        tree.add_text(format!("{TMPFILES}{name}"), lines.into_bytes());
        names.push(quote(&name));
        remove_with_package(&directories, scripts);
    }
    if names.is_empty() {
        return;
    }
    let command = format!(
        "if command -v systemd-tmpfiles >/dev/null; then\n\
         \tsystemd-tmpfiles ${{DPKG_ROOT:+--root=\"$DPKG_ROOT\"}} --create {} || true\nfi",
        names.join(" ")
    );
    scripts.of(Script::Postinst).add(Case::Configure, command);
}

/// A name that no file of the package has.
fn free_name(package: &str, tree: &Tree) -> String {
    let name = format!("{package}.conf");
    if tree.has(&format!("{TMPFILES}{name}")) {
        return format!("{package}-directories.conf");
    }
    name
}

/// dpkg removes only what the archive has.
fn remove_with_package(directories: &BTreeMap<&str, &FileEntry>, scripts: &mut Scripts) {
    let postrm = scripts.of(Script::Postrm);
    for path in directories.keys().rev() {
        let path = quote(&current(path));
        postrm.add(Case::Remove, format!("rmdir {path} 2>/dev/null || true"));
    }
}
