//! The `control` member: everything about a package but its files.
//!
//! Source: Debian Policy 5.3 and 5.6; deb-control(5).

use package::{Package, Tag};
use source::{Diagnostic, Sink};

use super::version::deb_version;
use super::{
    Parts, arch, debug_symbols, description, files, maintainer, package_name, section, source_name,
    tags,
};
use crate::codes;
use crate::context::Context;
use crate::deb822::Paragraph;

/// The control fields, in the order in which dpkg's own tools write them.
pub(super) fn control(
    package: &Package,
    context: &Context<'_>,
    name: &str,
    version: &str,
    parts: &Parts,
    sink: &mut Sink,
) -> Paragraph {
    let arch = checked_arch(package, context, sink);
    let mut control = Paragraph::new();
    control.set("Package", name);
    control.set("Source", source_field(package, name, version));
    control.set("Version", version);
    let owner = debug_symbols::owner(package, context);
    if owner.is_some() {
        control.set("Auto-Built-Package", "debug-symbols");
    }
    control.set("Architecture", arch.as_str());
    if owner.is_none() {
        tags::check_tags(package, context, sink);
    }
    control.set("Origin", tags::written(package, Tag::Vendor));
    control.set("Bugs", tags::written(package, Tag::BugUrl));
    maintainer::check_maintainer(package, context, sink);
    control.set("Maintainer", maintainer::maintainer(package, context));
    control.set(
        "Installed-Size",
        files::installed_size(&parts.entries).to_string(),
    );
    parts.relations.write(&mut control);
    let section = match owner {
        Some(_) => debug_symbols::SECTION.to_owned(),
        None => section::section(package, name, !parts.libraries.is_empty()),
    };
    control.set("Section", section);
    control.set("Priority", "optional");
    let multi_arch = match owner {
        Some(owner) => debug_symbols::multi_arch(owner, &arch, context),
        None => section::multi_arch_of(parts, &arch, context),
    };
    control.set("Multi-Arch", multi_arch.unwrap_or(""));
    match owner {
        Some(owner) => {
            let owner = package_name(owner, context);
            control.set("Description", debug_symbols::description(&owner));
        }
        None => {
            control.set("Homepage", tags::homepage(package));
            control.set("Description", described(package, name));
        }
    }
    control.set("Build-Ids", debug_symbols::build_ids(package));
    control
}

fn described(package: &Package, name: &str) -> String {
    let (summary, body) = (package.tag(Tag::Summary), package.tag(Tag::Description));
    description::description(name, summary, body)
}

/// `name (version)` of the source package where it differs.
fn source_field(package: &Package, name: &str, version: &str) -> String {
    let source = source_name(&package.build.source_name);
    let source_version = deb_version(&package.build.source_evr).unwrap_or_default();
    let differs = !source_version.is_empty() && source_version != version;
    match (source == name || source.is_empty(), differs) {
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
