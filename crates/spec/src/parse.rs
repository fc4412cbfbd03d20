//! The loop over sections.
//!
//! Not here: the sections themselves, each of which has its module.

use expand::{Engine, Level, Macro};
use source::{Diagnostic, Reported, Text, in_stage};

use crate::ast::{BuildSection, Spec};
use crate::context::{Context, Stage};
use crate::encoding;
use crate::line::{Line, Strip};
use crate::look_alikes;
use crate::reader::Leniency;
use crate::request::{Outcome, ParseRequest, SpecPart};
use crate::section::{Next, SectionKind};
use crate::{
    buildsystem, changelog, codes, description, files_section, finish, policies, preamble,
    scriptlets, scripts,
};

/// Reads a spec.
///
/// The engine holds the macros of the target; it keeps what the spec defines. Faults are put into the
/// engine's sink, at most a thousand; if there are any, the result is `Err`.
///
/// Source: rpm-spec(5).
pub fn parse(engine: &mut Engine, request: &ParseRequest) -> Result<Outcome, Reported> {
    let found_before = engine.sink.found().len();
    let read = |engine: &mut Engine| {
        let outcome = parse_all(engine, request);
        look_alikes::explain(engine, found_before);
        outcome
    };
    in_stage(engine, |engine| &mut engine.sink, read)
}

fn parse_all(engine: &mut Engine, request: &ParseRequest) -> Result<Outcome, Reported> {
    let found_before = engine.sink.found().len();
    prepare(engine)?;
    let spec = Spec {
        path: request.path.clone(),
        is_lenient: request.is_lenient,
        ..Spec::default()
    };
    let mut context = Context::new(engine, request, spec);
    let leniency = request.is_lenient.then(|| Leniency {
        other_arch: request.other_arch.clone(),
    });
    context.reader.set_lenient(leniency);
    context.reader.push(
        context.engine,
        request.path.as_str().into(),
        request.text.clone(),
    );
    let end = read_sections(&mut context);
    context.reader.close(context.engine);
    look_alikes::check_line_ends(context.engine, &request.path);
    match end? {
        Next::Reparse(archs) => {
            engine.sink.mark_repeated(found_before);
            Ok(Outcome::Reparse(archs))
        }
        _ => {
            read_build_system(&mut context)?;
            scripts::join_extra(&mut context);
            finish::finish(&mut context)?;
            encoding::check(&mut context);
            context.check()?;
            Ok(Outcome::Parsed(Box::new(context.spec)))
        }
    }
}

/// Reads parts of a spec in the order given, and adds them to the spec.
///
/// Source: rpm's manual, "Dynamic spec generation".
pub fn parse_parts(
    engine: &mut Engine,
    parts: &[SpecPart],
    spec: &mut Spec,
) -> Result<(), Reported> {
    let request = ParseRequest {
        is_reparse: true,
        any_arch: true,
        is_lenient: spec.is_lenient,
        ..ParseRequest::default()
    };
    let read = |engine: &mut Engine| {
        let mut context = Context::new(engine, &request, std::mem::take(spec));
        context.stage = Stage::Generated;
        let result = read_parts(&mut context, parts);
        *spec = context.spec;
        result
    };
    in_stage(engine, |engine| &mut engine.sink, read)
}

fn read_parts(context: &mut Context<'_>, parts: &[SpecPart]) -> Result<(), Reported> {
    for part in parts {
        read_part(context, &part.path, &part.text)?;
    }
    finish::finish(context)?;
    context.check()
}

/// Reads the sections that `BuildSystem:` supplies.
fn read_build_system(context: &mut Context<'_>) -> Result<(), Reported> {
    let Some(text) = buildsystem::supplied_sections(context)? else {
        return Ok(());
    };
    let stage = std::mem::replace(&mut context.stage, Stage::BuildSystem);
    let result = read_part(context, "<buildsystem>", &text);
    context.stage = stage;
    result
}

/// Reads a text as a part of the spec.
fn read_part(context: &mut Context<'_>, name: &str, text: &str) -> Result<(), Reported> {
    context
        .reader
        .push(context.engine, name.into(), text.into());
    let end = read_sections(context);
    context.reader.close(context.engine);
    end.map(|_| ())
}

fn is_of_files(definition: &Macro) -> bool {
    definition.level == Level::MACRO_FILES
}

/// Sets up the macros that exist while a spec is read.
fn prepare(engine: &mut Engine) -> Result<(), Reported> {
    if !engine.is_defined("_top_builddir") {
        let top = engine.expand_str("%{_builddir}")?;
        engine.define_literal("_top_builddir", Text::detached(top), Level::GLOBAL);
    }
    while engine.is_defined("_builddir") {
        engine.undefine("_builddir");
    }
    // Macro files of an older rpm put the build root elsewhere. It is known when the name is.
    for name in ["buildroot", "_buildrootdir"] {
        while engine.definition(name).is_some_and(is_of_files) {
            engine.undefine(name);
        }
    }
    engine.define("_docdir", Text::detached("%{_defaultdocdir}"), Level::SPEC);
    engine.define(
        "_licensedir",
        Text::detached("%{_defaultlicensedir}"),
        Level::SPEC,
    );
    if let Some(scripts) = engine.scripts() {
        for name in ["sources", "patches", "source_nums", "patch_nums"] {
            scripts.clear_list(name);
        }
    }
    Ok(())
}

/// Reads sections until the text ends or a reading for another architecture is asked for.
fn read_sections(context: &mut Context<'_>) -> Result<Next, Reported> {
    let mut next = preamble::read_main(context)?;
    let mut was_end = false;
    loop {
        let Next::Section(kind, header) = next else {
            return Ok(next);
        };
        context.sink().begin_step();
        check_stage(context, kind, &header);
        next = match kind {
            SectionKind::End => read_end(context, &header, was_end)?,
            _ => read_section(context, kind, &header)?,
        };
        was_end = kind == SectionKind::End;
    }
}

fn read_section(
    context: &mut Context<'_>,
    kind: SectionKind,
    header: &Line,
) -> Result<Next, Reported> {
    match kind {
        SectionKind::Package => preamble::read_package(context, header),
        SectionKind::Description => description::read(context, header),
        SectionKind::Build(BuildSection::Prep) => crate::prep::read(context, header),
        SectionKind::Build(section) => scripts::read(context, section, header),
        SectionKind::Scriptlet(slot) => scriptlets::read_scriptlet(context, slot, header),
        SectionKind::Trigger(kind) => scriptlets::read_trigger(context, kind, header),
        SectionKind::Files => files_section::read(context, header),
        SectionKind::Changelog => changelog::read(context, header),
        SectionKind::Policies => policies::read(context, header),
        SectionKind::SourceList | SectionKind::PatchList => {
            preamble::read_list(context, kind == SectionKind::PatchList)
        }
        SectionKind::CopyrightData => description::read_copyright(context, header),
        SectionKind::End => Ok(Next::End),
    }
}

/// Refuses sections that come too late.
fn check_stage(context: &mut Context<'_>, kind: SectionKind, header: &Line) {
    if context.stage == Stage::Generated && kind.is_before_build() {
        let message = format!(
            "Section {} is not allowed after build is done!",
            kind.name()
        );
        let diagnostic = Diagnostic::error(codes::TOO_LATE, message).at(header.origin());
        context.sink().report(diagnostic);
    }
}

/// `%end`: nothing but blank lines until the next section.
fn read_end(context: &mut Context<'_>, header: &Line, follows_end: bool) -> Result<Next, Reported> {
    if follows_end {
        let what = "%end not expected here, no section to close";
        context.report_line(header, what);
    }
    let (lines, next) = context.lines(Strip::ALL)?;
    if let Some(line) = lines.iter().find(|line| !line.text.trim().is_empty()) {
        let message = format!(
            "line {} doesn't belong to any section: {}",
            line.number,
            line.shown()
        );
        let diagnostic = Diagnostic::error(codes::STRAY_LINE, message)
            .at(line.origin())
            .label(header.origin(), "the section was closed here");
        context.sink().report(diagnostic);
    }
    Ok(next)
}
