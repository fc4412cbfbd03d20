//! Directories and files that a package has made at boot: they have to be there at once.
//!
//! Where specs come from, a file trigger of systemd does this; dpkg's systemd has none.
//!
//! Source: tmpfiles.d(5); Debian Policy 9.3.

use package::Package;

use super::script_text::{Case, Scripts, quote};
use crate::deb::Script;

/// Where such files lie.
const DIRECTORY: &str = "/usr/lib/tmpfiles.d/";

/// Has postinst make what the package's `tmpfiles.d` files ask for.
pub(crate) fn lower_tmpfiles(package: &Package, scripts: &mut Scripts) {
    let entries = package
        .files
        .entries()
        .iter()
        .filter(|entry| entry.has_content());
    let names = entries.filter_map(|entry| entry.path.strip_prefix(DIRECTORY));
    let names: Vec<String> = names
        .filter(|it| it.ends_with(".conf"))
        .map(quote)
        .collect();
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
