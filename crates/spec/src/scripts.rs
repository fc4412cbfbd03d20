//! The sections whose scripts make up the build.

use source::{Diagnostic, Reported};

use crate::ast::{BuildScript, BuildSection};
use crate::codes;
use crate::context::{Context, ExtraScript, join};
use crate::header::header_options;
use crate::line::{Line, Strip};
use crate::look_alikes;
use crate::near_headers;
use crate::prep::patch;
use crate::section::{Next, section_names};
use crate::unexpanded::{self, Place};
use crate::words::Options;

/// Reads a build section. `-a` and `-p` make it an addition to the section of that name.
pub(crate) fn read(
    context: &mut Context<'_>,
    section: BuildSection,
    header: &Line,
) -> Result<Next, Reported> {
    let options = header_options(context, header, "ap");
    let options = options.and_then(|options| check_kind(context, section, header, options));
    let (lines, next) = context.lines(Strip::NOTHING)?;
    let Ok(options) = options else {
        return Ok(next);
    };
    if section == BuildSection::Prep {
        patch::check_obsolete(context, &lines);
    }
    let origin = header.origin();
    let body = join(&lines, Strip::NOTHING);
    for line in lines.iter().filter(|line| !is_comment(&line.text)) {
        look_alikes::check(context, &line.text);
    }
    let mut undefined = near_headers::check_script(context.sink(), &body, &section_names());
    // A section in braces is not a macro that lacks a definition.
    let reported = undefined.iter().map(|call| call.name.clone());
    context.reported_macros.extend(reported);
    undefined.extend(unexpanded::check(context, &body, Place::Script));
    let script = BuildScript {
        body,
        origin,
        undefined,
    };
    let is_second = context.spec.scripts.contains_key(&section);
    match (options.has('p'), options.has('a') || is_second) {
        (false, false) => {
            let is_none = lines.is_empty() && matches!(next, Next::End);
            let script = (!is_none).then_some(script);
            context
                .spec
                .scripts
                .extend(script.map(|script| (section, script)));
        }
        (is_prepended, _) => {
            context.extra_scripts.push(ExtraScript {
                section,
                is_prepended,
                script,
            });
        }
    }
    Ok(next)
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Refuses a second section, and both `-a` and `-p`.
fn check_kind(
    context: &mut Context<'_>,
    section: BuildSection,
    header: &Line,
    options: Options,
) -> Result<Options, Reported> {
    let is_addition = options.has('a') || options.has('p');
    let first = context.spec.scripts.get(&section);
    if let Some(first) = first.filter(|_| !is_addition) {
        let message = format!("line {}: second {}", header.number, section.name());
        let diagnostic = Diagnostic::error(codes::SECOND_SECTION, message)
            .at(header.origin())
            .label(first.origin, "the first one is here")
            .help("add to a section with `-a` (append) or `-p` (prepend)");
        let reported = context.refuse(diagnostic);
        // debbuild puts one after the other.
        return match context.request.is_lenient {
            true => Ok(options),
            false => Err(reported),
        };
    }
    if options.has('a') && options.has('p') {
        return Err(context.report_line(header, "append and prepend specified"));
    }
    Ok(options)
}

/// Joins what `-a` and `-p` add to its sections; a section that has only additions comes into being.
pub(crate) fn join_extra(context: &mut Context<'_>) {
    for extra in std::mem::take(&mut context.extra_scripts) {
        let added = extra.script;
        let script = context
            .spec
            .scripts
            .entry(extra.section)
            .or_insert_with(|| BuildScript {
                origin: added.origin,
                ..BuildScript::default()
            });
        script.undefined.extend(added.undefined);
        if extra.is_prepended {
            let mut body = added.body;
            body.push_text(&script.body);
            script.body = body;
        } else {
            script.body.push_text(&added.body);
        }
    }
}
