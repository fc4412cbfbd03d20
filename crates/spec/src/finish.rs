//! What needs the whole spec: tags that packages inherit, and tags that are missing.

use package::{RpmFormat, Tag};
use source::{Diagnostic, Reported};

use crate::ast::Spec;
use crate::codes;
use crate::context::{Context, Stage};
use crate::preamble::sources;

/// Tags that sub-packages take from the main package where they have none of their own. Source:
/// rpm's `copyInheritedTags`.
const INHERITED: [Tag; 14] = [
    Tag::License,
    Tag::Packager,
    Tag::Distribution,
    Tag::DistUrl,
    Tag::Vendor,
    Tag::Url,
    Tag::Vcs,
    Tag::DistTag,
    Tag::BugUrl,
    Tag::TranslationUrl,
    Tag::UpstreamReleases,
    Tag::Group,
    Tag::ModularityLabel,
    Tag::CopyrightData,
];

/// Tags of the main package that a macro gives where the spec does not.
const FROM_MACROS: [(Tag, &str); 9] = [
    (Tag::Vendor, "%{?vendor}"),
    (Tag::Packager, "%{?packager}"),
    (Tag::Distribution, "%{?distribution}"),
    (Tag::DistUrl, "%{?disturl}"),
    (Tag::DistTag, "%{?disttag}"),
    (Tag::BugUrl, "%{?bugurl}"),
    (Tag::TranslationUrl, "%{?translationurl}"),
    (Tag::UpstreamReleases, "%{?upstreamreleases}"),
    (Tag::ModularityLabel, "%{?modularitylabel}"),
];

/// Completes the packages and reports what they lack.
pub(crate) fn finish(context: &mut Context<'_>) -> Result<(), Reported> {
    let expanded = context.reader.take_expanded();
    context.spec.expanded.push_str(&expanded);
    context.spec.build_subdir = context.engine.expand_str("%{?buildsubdir}")?;
    context.spec.arch = context.engine.expand_str("%{_target_cpu}")?;
    context.spec.os = context.engine.expand_str("%{_target_os}")?;
    context.spec.isa = context.engine.expand_str("%{?_isa}")?;
    context.spec.format = format(context);
    sources::expand_again(context)?;
    fill_main(context)?;
    inherit(&mut context.spec);
    // After other faults, what seems to be missing may only have been misspelt.
    let mut is_complete = context.check().is_ok() && !context.request.is_partial;
    // What a lenient reader passes over was reported before the build.
    is_complete &= !(context.request.is_lenient && context.stage == Stage::Generated);
    for index in 0..context.spec.packages.len() {
        if is_complete {
            check_package(context, index);
        }
        report_duplicates(context, index);
    }
    Ok(())
}

/// Reports second tags of a package, all at once.
fn report_duplicates(context: &mut Context<'_>, index: usize) {
    context.sink().begin_step();
    let noted = std::mem::take(&mut context.duplicates);
    let (here, others) = noted.into_iter().partition(|(of, _)| *of == index);
    context.duplicates = others;
    let here: Vec<(usize, Diagnostic)> = here;
    for (_, diagnostic) in here {
        context.refuse(diagnostic);
    }
}

/// `%_rpmformat`; 4 by default.
fn format(context: &mut Context<'_>) -> RpmFormat {
    if !context.engine.is_defined("_rpmformat") {
        return RpmFormat::default();
    }
    let wanted = context.engine.expand_number("%{_rpmformat}");
    RpmFormat::from_number(wanted).unwrap_or_else(|| {
        let message = format!("invalid rpm format {wanted} requested, using 4");
        let diagnostic = Diagnostic::warning(codes::BAD_FORMAT, message);
        let help = "`%_rpmformat` may be 4 or 6";
        context.sink().push(diagnostic.help(help));
        RpmFormat::V4
    })
}

fn fill_main(context: &mut Context<'_>) -> Result<(), Reported> {
    for (tag, call) in FROM_MACROS {
        if context.package(0).tags.get(tag).is_none() {
            let value = context.engine.expand_str(call)?;
            if !value.is_empty() {
                context.package(0).tags.set(tag, value);
            }
        }
    }
    let tags = &mut context.package(0).tags;
    if tags.get(Tag::Group).is_none() {
        tags.set(Tag::Group, "Unspecified");
    }
    Ok(())
}

fn inherit(spec: &mut Spec) {
    let main = spec.main().clone();
    for (_, package) in spec.packages.iter_mut().skip(1) {
        for tag in INHERITED {
            if let (None, Some(value)) = (package.tags.get(tag), main.tags.localized(tag)) {
                package.tags.inherit(tag, value);
            }
        }
        if package.prefixes.is_empty() {
            package.prefixes.clone_from(&main.prefixes);
        }
        if package.icon.is_none() {
            package.icon.clone_from(&main.icon);
        }
    }
}

fn check_package(context: &mut Context<'_>, index: usize) {
    let package = &context.spec.packages[index];
    let (name, origin) = (package.name.clone(), package.origin);
    let is_missing = |tag| package.tags.get(tag).is_none();
    let is_given = |name| context.given.contains_key(&(index, name));
    let mut missing = Vec::new();
    if is_missing(Tag::Summary) && !is_given("Summary") {
        missing.push("Summary");
    }
    if index == 0 && is_missing(Tag::License) && !is_given("License") {
        missing.push("License");
    }
    let lacks_description = is_missing(Tag::Description);
    context.sink().begin_step();
    for tag in missing {
        let message = format!("{tag} field must be present in package: {name}");
        let diagnostic = Diagnostic::error(codes::MISSING_TAG, message)
            .label(origin, format!("this package has no `{tag}:`"))
            .help(format!("add a line `{tag}: …` to its preamble"));
        context.refuse(diagnostic);
    }
    context.sink().begin_step();
    if lacks_description {
        let section = match index {
            0 => "%description".to_owned(),
            _ => format!("%description -n {name}"),
        };
        let message = format!("Package has no %description: {name}");
        let diagnostic = Diagnostic::error(codes::MISSING_DESCRIPTION, message)
            .label(origin, "this package has no description")
            .help(format!("add a section `{section}`"));
        context.refuse(diagnostic);
    }
}
