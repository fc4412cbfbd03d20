//! The `control` member: everything about a package but its files.
//!
//! Source: Debian Policy 5.3 and 5.6; deb-control(5).

use package::{Package, Tag};
use source::{Diagnostic, Sink};

use super::version::deb_version;
use super::{
    Parts, arch, changelog, debug_symbols, description, files, package_name, section, source_name,
};
use crate::codes;
use crate::context::Context;
use crate::deb822::Paragraph;
use crate::words;

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
    check_maintainer(package, context, sink);
    control.set("Maintainer", maintainer(package, context));
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
            control.set("Homepage", homepage(package));
            control.set("Description", described(package));
        }
    }
    control.set("Build-Ids", debug_symbols::build_ids(package));
    control
}

fn described(package: &Package) -> String {
    description::description(package.tag(Tag::Summary), package.tag(Tag::Description))
}

pub(crate) fn homepage(package: &Package) -> &str {
    let url = package.tag(Tag::Url).trim();
    let is_one = url.contains("://") && !url.contains(char::is_whitespace);
    if is_one { url } else { "" }
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

/// `Packager:`, else who wrote the newest changelog entry, else the configured one.
fn named_maintainer(package: &Package, context: &Context<'_>) -> Option<String> {
    let newest = package.changelog.first();
    changelog::author(package.tag(Tag::Packager))
        .or_else(|| newest.and_then(|entry| changelog::author(&entry.author)))
        .or_else(|| changelog::author(&context.distribution.maintainer))
}

/// The maintainer, or somebody in his place: the field must be there.
pub(crate) fn maintainer(package: &Package, context: &Context<'_>) -> String {
    named_maintainer(package, context).unwrap_or_else(|| words::NOBODY.to_owned())
}

fn check_maintainer(package: &Package, context: &Context<'_>, sink: &mut Sink) {
    if named_maintainer(package, context).is_none() {
        let message = "neither the spec nor the configuration names a maintainer";
        let finding = Diagnostic::warning(codes::NO_MAINTAINER, message).at(package.origin);
        sink.push(finding.help("say who it is with `Packager: Name <address>`"));
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
