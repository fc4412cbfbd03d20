//! The `symbols` member: what the spec put there, and which package programs are built with.
//!
//! Source: deb-symbols(5), `Build-Depends-Package`; Debian Policy 8.6.3.

use package::{FileKind, Package};

use super::draft::Deb;
use super::libraries::without_revision;
use super::names::package_name;
use crate::context::Context;

/// How the fields begin that say it already; one name, or several.
const FIELD: &str = "* Build-Depends-Package";

/// Completes the `symbols` member that the spec has made.
pub(crate) fn lower_symbols(deb: &mut Deb<'_>, package: &Package) {
    if let Some(symbols) = deb.members.get_mut("symbols") {
        *symbols = completed(symbols, &deb.version, package, deb.context);
    }
}

/// The member with the package that programs are built with.
///
/// A library whose link for the linker is in another package of the spec names that one, unless the
/// text has named one itself: who builds with a newer one of it depends on a newer library.
fn completed(symbols: &[u8], version: &str, package: &Package, context: &Context<'_>) -> Vec<u8> {
    let symbols = without_revision(symbols, version);
    let text = String::from_utf8_lossy(&symbols);
    let mut lowered = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        lowered.push_str(line);
        lowered.push('\n');
        let Some(soname) = header(line) else {
            continue;
        };
        while let Some(more) = lines.next_if(|it| it.starts_with("| ")) {
            lowered.push_str(more);
            lowered.push('\n');
        }
        let fields: Vec<&str> =
            std::iter::from_fn(|| lines.next_if(|it| it.starts_with("* "))).collect();
        let is_named = fields.iter().any(|it| it.starts_with(FIELD));
        if let Some(name) = build_package(soname, package, context).filter(|_| !is_named) {
            lowered.push_str(&format!("{FIELD}: {name}\n"));
        }
        fields.iter().for_each(|it| {
            lowered.push_str(it);
            lowered.push('\n');
        });
    }
    lowered.into_bytes()
}

/// The soname in the first line on a library: `libx.so.1 libx1 #MINVER#`.
fn header(line: &str) -> Option<&str> {
    let is_other = line.starts_with([' ', '#', '*', '|']);
    line.split_once(' ')
        .map(|(soname, _)| soname)
        .filter(|_| !is_other)
}

/// The package of the spec, other than the library's, that links `libx.so` to the library.
fn build_package(soname: &str, package: &Package, context: &Context<'_>) -> Option<String> {
    let is_library = |name: &str| {
        let carried = package.files.entries().iter();
        let mut names = carried.map(|it| base(&it.path));
        name.strip_prefix(soname)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            && names.any(|it| it == name)
    };
    let links = |it: &&Package| {
        it.files.entries().iter().any(|entry| match &entry.kind {
            FileKind::Symlink { target } => entry.path.ends_with(".so") && is_library(base(target)),
            _ => false,
        })
    };
    let mut others = context.packages.iter().filter(|it| it.name != package.name);
    others.find(links).map(|it| package_name(it, context))
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
