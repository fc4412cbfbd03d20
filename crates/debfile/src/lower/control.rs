//! The `control` member: everything about a package but its files.
//!
//! Source: Debian Policy 5.3 and 5.6; deb-control(5).

use package::{Package, Tag};
use source::{Diagnostic, Sink};

use super::draft::Deb;
use super::names::{package_name, plain_name};
use super::version::deb_version;
use super::{debug_symbols, description, maintainer, section, tags};
use crate::codes;
use crate::context::Context;

/// Sets the control fields, in the order in which dpkg's own tools write them.
pub(super) fn lower_control(deb: &mut Deb<'_>, package: &Package) {
    let context = deb.context;
    let arch = checked_arch(package, context, deb.sink);
    let owner = debug_symbols::owner(package, context);
    if owner.is_none() {
        tags::check_tags(package, context, deb.sink);
    }
    maintainer::check_maintainer(package, context, deb.sink);
    let source = source_field(package, deb);
    let section = match owner {
        Some(_) => debug_symbols::SECTION.to_owned(),
        None => section::section(package, &deb.name, deb.has_library),
    };
    let control = &mut deb.control;
    control.set("Package", deb.name.as_str());
    control.set("Source", source);
    control.set("Version", deb.version.as_str());
    if owner.is_some() {
        control.set("Auto-Built-Package", "debug-symbols");
    }
    control.set("Architecture", arch);
    control.set("Origin", tags::written(package, Tag::Vendor));
    control.set("Bugs", tags::written(package, Tag::BugUrl));
    control.set("Maintainer", maintainer::maintainer(package, context));
    control.set("Installed-Size", deb.tree.installed_size().to_string());
    deb.relations.write(control);
    control.set("Section", section);
    control.set("Priority", "optional");
    control.set("Multi-Arch", deb.multi_arch.unwrap_or(""));
    match owner {
        Some(owner) => {
            let owner = package_name(owner, context);
            control.set("Description", debug_symbols::description(&owner));
        }
        None => {
            control.set("Homepage", tags::homepage(package));
            control.set("Description", described(package, &deb.name));
        }
    }
    control.set("Build-Ids", debug_symbols::build_ids(package));
}

fn described(package: &Package, name: &str) -> String {
    let (summary, body) = (package.tag(Tag::Summary), package.tag(Tag::Description));
    description::description(name, summary, body)
}

/// `name (version)` of the source package where it differs.
fn source_field(package: &Package, deb: &Deb<'_>) -> String {
    let source = plain_name(&package.build.source_name);
    let source_version = deb_version(&package.build.source_evr).unwrap_or_default();
    let differs = !source_version.is_empty() && source_version != deb.version;
    match (source == deb.name || source.is_empty(), differs) {
        (true, false) => String::new(),
        (false, false) => source,
        (_, true) => format!("{source} ({source_version})"),
    }
}

fn checked_arch(package: &Package, context: &Context<'_>, sink: &mut Sink) -> String {
    if let Some(arch) = arch(package, context) {
        return arch.to_owned();
    }
    let message = format!("the target has no architecture `{}`", package.arch);
    sink.push(Diagnostic::error(codes::UNKNOWN_ARCH, message).at(package.origin));
    package.arch.clone()
}

/// dpkg's word for the architecture of a package.
pub(super) fn arch<'c>(package: &Package, context: &'c Context<'_>) -> Option<&'c str> {
    let found = context.distribution.archs.get(&package.arch);
    found.map(String::as_str)
}
