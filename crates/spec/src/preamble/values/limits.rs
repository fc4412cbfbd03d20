//! Which architectures and systems a spec builds for.

use source::{Diagnostic, Reported, Text};

use super::super::tags::{Field, TagKind};
use super::list;
use crate::codes;
use crate::context::{Context, Stage, line_fault};
use crate::dpkg;

/// Reads `ExclusiveArch:`, `ExcludeArch:`, `ExclusiveOS:` or `ExcludeOS:`.
pub(super) fn read(context: &mut Context<'_>, field: &Field<'_>) -> Result<(), Reported> {
    let words = list(context, field)?;
    if !context.request.is_lenient {
        let is_arch = matches!(
            field.rule.kind,
            TagKind::ExcludeArch | TagKind::ExclusiveArch
        );
        let found = match is_arch {
            true => dpkg::check_archs(&words),
            false => dpkg::check_systems(&words),
        };
        found.into_iter().for_each(|it| context.sink().push(it));
    }
    let limits = &mut context.spec.limits;
    let names = match field.rule.kind {
        TagKind::ExcludeArch => &mut limits.exclude_arch,
        TagKind::ExclusiveArch => &mut limits.exclusive_arch,
        TagKind::ExcludeOs => &mut limits.exclude_os,
        _ => &mut limits.exclusive_os,
    };
    names.extend(words);
    Ok(())
}

/// The complaint if the target is not among what the spec builds for.
pub(in crate::preamble) fn excluded(context: &mut Context<'_>) -> Option<Diagnostic> {
    let mut arch = context.engine.expand_str("%{_target_cpu}").ok()?;
    if arch == "noarch" {
        arch = context.engine.expand_str("%{_build_cpu}").ok()?;
    }
    let os = context.engine.expand_str("%{_target_os}").ok()?;
    let limits = &context.spec.limits;
    let other = context
        .request
        .other_arch
        .as_ref()
        .filter(|_| context.request.is_lenient);
    let complaints = [
        (
            &limits.exclude_arch,
            true,
            "Architecture is excluded",
            &arch,
        ),
        (
            &limits.exclusive_arch,
            false,
            "Architecture is not included",
            &arch,
        ),
        (&limits.exclude_os, true, "OS is excluded", &os),
        (&limits.exclusive_os, false, "OS is not included", &os),
    ];
    let (names, _, complaint, value) =
        complaints.into_iter().find(|(names, excludes, _, value)| {
            let is_named = names.iter().any(|name| {
                name.eq_ignore_ascii_case(value) || other.is_some_and(|it| it == name.as_str())
            });
            !names.is_empty() && is_named == *excludes
        })?;
    let place = names.first().and_then(Text::whole);
    Some(Diagnostic::error(codes::EXCLUDED, format!("{complaint}: {value}")).at(place))
}

/// Reads `BuildArch:`. In the main package it starts the reading anew; elsewhere it may be `noarch`.
pub(super) fn read_build_arch(
    context: &mut Context<'_>,
    index: usize,
    field: &Field<'_>,
) -> Result<Option<Vec<String>>, Reported> {
    let mut words = split(context, field)?;
    if context.request.is_lenient {
        // debbuild knows Debian's name, too.
        let is_all = |word: &&mut Text| word.as_str() == "all";
        let all = words.iter_mut().filter(is_all);
        all.for_each(|word| *word = Text::detached("noarch"));
    }
    let is_noarch = matches!(words.as_slice(), [only] if only.as_str() == "noarch");
    let is_main = index == 0;
    if is_main && !context.spec.build_archs.is_empty() && context.stage == Stage::Spec {
        let diagnostic = line_fault(field.line, "Duplicate BuildArch entry");
        let reported = context.refuse(diagnostic.at(field.value.whole()));
        return match context.request.is_lenient {
            true => Ok(None),
            false => Err(reported),
        };
    }
    if is_main && context.stage == Stage::Generated && !is_noarch {
        return Err(fault(
            context,
            field,
            "Only noarch is allowed after the build",
        ));
    }
    if !is_main && !is_noarch {
        let what = "Only noarch subpackages are supported";
        let diagnostic = line_fault(field.line, what)
            .at(field.value.whole())
            .help_if(dpkg::help_for_build_arch(&words));
        return Err(context.sink().report(diagnostic));
    }
    if !is_main {
        context.package(index).arch = Some("noarch".to_owned());
        return Ok(None);
    }
    let help = dpkg::help_for_build_arch(&words);
    context.spec.build_archs = words.into_iter().map(Text::into_string).collect();
    if context.request.is_reparse || context.spec.build_archs.is_empty() {
        return Ok(None);
    }
    buildable(context, field, help).map(Some)
}

fn split(context: &mut Context<'_>, field: &Field<'_>) -> Result<Vec<Text>, Reported> {
    crate::words::split_words(&field.value)
        .map_err(|_| fault(context, field, "Bad BuildArchitecture format"))
}

/// The architectures asked for that this machine can build for; `help` is for when there are none.
fn buildable(
    context: &mut Context<'_>,
    field: &Field<'_>,
    help: Option<String>,
) -> Result<Vec<String>, Reported> {
    let known = &context.request.buildable_archs;
    let can_build = |arch: &&String| known.is_empty() || known.contains(arch) || *arch == "noarch";
    let archs: Vec<_> = context
        .spec
        .build_archs
        .iter()
        .filter(can_build)
        .cloned()
        .collect();
    if !archs.is_empty() {
        return Ok(archs);
    }
    let message = "No compatible architectures found for build";
    let diagnostic = Diagnostic::error(codes::EXCLUDED, message)
        .at(field.value.whole())
        .note(format!("this machine builds for {}", known.join(", ")))
        .help_if(help);
    Err(context.sink().report(diagnostic))
}

fn fault(context: &mut Context<'_>, field: &Field<'_>, what: &str) -> Reported {
    let diagnostic = line_fault(field.line, what).at(field.value.whole());
    context.sink().report(diagnostic)
}
