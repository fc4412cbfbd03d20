//! Extensions of PHP: their settings under the name that phpenmod(8) knows them by, switched on when
//! the package is installed and off before it goes.
//!
//! Elsewhere an extension is loaded because `/etc/php.d/40-NAME.ini` is there, in the order of the
//! numbers. Here the settings are in `mods-available/NAME.ini`, which says `priority=40` itself, and
//! the administrator has the last word on whether they count.
//!
//! Source: dh_php(1), phpenmod(8), phpquery(8); the comments of php-common's maintainer script helper.

use std::collections::BTreeSet;

use package::Package;

use super::draft::Deb;
use super::fields::Field;
use super::script_text::{Case, Scripts, quote};
use super::tree::Tree;
use crate::deb::Script;

/// Where php-common has the functions for maintainer scripts.
const HELPER: &str = "/usr/lib/php/php-maintscript-helper";

/// The settings of an extension, from their path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Module<'a> {
    /// Everything before the file's name.
    directory: &'a str,
    /// The release of PHP, such as `8.2`.
    version: &'a str,
    name: &'a str,
    /// The number before the name, if there is one.
    priority: Option<&'a str>,
}

/// Has settings lie in the package without the numbers before their names.
pub(crate) fn rename_settings(deb: &mut Deb<'_>, package: &Package) {
    if is_left_to_spec(package) {
        return;
    }
    let paths = package.files.entries().iter().map(|it| &it.path);
    let places = paths.filter_map(|path| Some((path.clone(), place(path)?)));
    deb.paths.renamed.extend(places);
}

/// Where a file of settings lies in the package: without the number before its name.
fn place(path: &str) -> Option<String> {
    let module = module(path)?;
    Some(format!("{}/{}.ini", module.directory, module.name))
}

/// Whether a file has the settings of an extension.
pub(crate) fn is_module_file(path: &str) -> bool {
    module(path).is_some()
}

/// Whether the spec's own scriptlets switch extensions on, so that nothing has to be done for it.
fn is_left_to_spec(package: &Package) -> bool {
    let mut bodies = package
        .scriptlets
        .values()
        .filter_map(|it| it.body.as_ref());
    bodies.any(|body| body.contains("phpenmod") || body.contains("php_invoke"))
}

/// Writes priorities into the settings and has the scripts switch the extensions. Asks for what that
/// needs, and what the shared objects do.
pub(crate) fn lower_php(deb: &mut Deb<'_>, package: &Package) {
    let shipped = package.files.entries().iter().filter(|it| !it.flags.ghost);
    let paths: Vec<&str> = shipped.map(|it| it.path.as_str()).collect();
    let apis: BTreeSet<&str> = paths.iter().filter_map(|it| api(it)).collect();
    for api in apis {
        deb.relations
            .add_text(Field::Depends, &format!("phpapi-{api}"));
    }
    let modules: BTreeSet<Module<'_>> = paths.iter().filter_map(|it| module(it)).collect();
    if modules.is_empty() || is_left_to_spec(package) {
        return;
    }
    for path in paths {
        if let (Some(module), Some(text)) = (module(path), deb.context.texts.get(path)) {
            write_priority(module, text, &mut deb.tree);
        }
    }
    switch(&modules, &mut deb.scripts);
    deb.relations.add_text(Field::Depends, "php-common");
}

/// `/etc/php/VERSION/mods-available/[PRIORITY-]NAME.ini`.
fn module(path: &str) -> Option<Module<'_>> {
    let (directory, file) = path.rsplit_once('/')?;
    let version = directory
        .strip_prefix("/etc/php/")?
        .strip_suffix("/mods-available")?;
    let stem = file.strip_suffix(".ini").filter(|it| !it.is_empty())?;
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
    let (priority, name) = match stem.split_once('-') {
        Some((number, name)) if is_number(number) && !name.is_empty() => (Some(number), name),
        _ => (None, stem),
    };
    (!version.contains('/')).then_some(Module {
        directory,
        version,
        name,
        priority,
    })
}

/// The date in `/usr/lib/php/DATE/NAME.so`, which stands for PHP's interface to extensions.
fn api(path: &str) -> Option<&str> {
    let (date, file) = path.strip_prefix("/usr/lib/php/")?.split_once('/')?;
    let is_date = date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit());
    (is_date && file.ends_with(".so")).then_some(date)
}

/// Puts the number of the file's name into a file that names no priority.
fn write_priority(module: Module<'_>, text: &str, tree: &mut Tree) {
    let Some(priority) = module.priority.filter(|_| !text.lines().any(is_priority)) else {
        return;
    };
    let path = format!("{}/{}.ini", module.directory, module.name);
    let text = format!("; priority={priority}\n{text}");
    tree.change_text(&path, text.into_bytes());
}

/// `; priority=40`, blanks aside.
fn is_priority(line: &str) -> bool {
    let rest = line.trim().strip_prefix(';').map(str::trim_start);
    let value = rest.and_then(|it| it.strip_prefix("priority"));
    value.is_some_and(|it| it.trim_start().starts_with('='))
}

/// An upgrade switches off and on again, because the priority may be another one. What the
/// administrator has switched off stays off.
fn switch(modules: &BTreeSet<Module<'_>>, scripts: &mut Scripts) {
    let on = invoke("enmod", modules);
    for case in [Case::Configure, Case::Abort] {
        scripts.of(Script::Postinst).add(case, on.as_str());
    }
    let off = invoke("dismod", modules);
    for case in [Case::Upgrade, Case::Remove] {
        scripts.of(Script::Prerm).add(case, off.as_str());
    }
    for module in modules {
        scripts.of(Script::Postrm).add(Case::Purge, forget(*module));
    }
}

fn invoke(command: &str, modules: &BTreeSet<Module<'_>>) -> String {
    let call = |it: &Module<'_>| {
        let (version, name) = (quote(it.version), quote(it.name));
        format!("\tphp_invoke {command} {version} ALL {name} || true\n")
    };
    let calls: String = modules.iter().map(call).collect();
    format!("if [ -e {HELPER} ]; then\n\t. {HELPER}\n{calls}fi")
}

/// What php-common has noted of a module; its links too, where php-common went before the package.
fn forget(module: Module<'_>) -> String {
    let (version, name) = (quote(module.version), quote(module.name));
    let settings = quote(&format!("{}/{}.ini", module.directory, module.name));
    format!(
        "if command -v phpdismod >/dev/null; then\n\
         \tfor sapi in $(phpquery -S -v {version}); do\n\
         \t\tphpdismod -p -q -v {version} -s \"$sapi\" {name} || true\n\
         \tdone\nfi\n\
         for link in /etc/php/{version}/*/conf.d/*; do\n\
         \tif [ \"$(readlink \"$link\")\" = {settings} ]; then rm -f \"$link\"; fi\ndone"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_before_names_are_priorities() {
        let place = |name: &str| place(&format!("/etc/php/8.2/mods-available/{name}"));
        let placed = |name: &str| Some(format!("/etc/php/8.2/mods-available/{name}"));
        assert_eq!(place("40-ds.ini"), placed("ds.ini"));
        assert_eq!(place("ds.ini"), placed("ds.ini"));
        assert_eq!(place("40-.ini"), placed("40-.ini"));
        assert_eq!(place("x-ray.ini"), placed("x-ray.ini"));
        assert_eq!(place("README"), None);
        assert_eq!(super::place("/etc/php.d/40-ds.ini"), None);
    }

    #[test]
    fn a_priority_line_is_one_as_phpenmod_reads_it() {
        for line in ["; priority=40", ";priority = 40 "] {
            assert!(is_priority(line), "{line}");
        }
        assert!(!is_priority("priority=40") && !is_priority("; its priority"));
    }

    #[test]
    fn the_directory_of_a_shared_object_names_the_interface() {
        assert_eq!(api("/usr/lib/php/20220829/ds.so"), Some("20220829"));
        assert_eq!(api("/usr/lib/php/8.2/ds.so"), None);
        assert_eq!(api("/usr/lib/php/20220829/build/x.m4"), None);
    }
}
