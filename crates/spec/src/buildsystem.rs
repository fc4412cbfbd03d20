//! Declarative builds: `BuildSystem:` supplies the sections that a spec does not write itself.
//!
//! Source: rpm's manual, "Declarative builds".

use expand::Engine;
use source::{Diagnostic, Reported, Text, closest};

use crate::ast::BuildSection;
use crate::codes;
use crate::context::Context;
use crate::line::Line;

/// The order in which sections are supplied.
const ORDER: [BuildSection; 7] = [
    BuildSection::Prep,
    BuildSection::Conf,
    BuildSection::GenerateBuildRequires,
    BuildSection::Build,
    BuildSection::Install,
    BuildSection::Check,
    BuildSection::Clean,
];

/// Sections that every build system has to have.
const REQUIRED: [BuildSection; 2] = [BuildSection::Build, BuildSection::Install];

fn macro_name(system: &str, section: BuildSection) -> String {
    format!("buildsystem_{system}_{}", section.name())
}

fn is_parametric(engine: &mut Engine, name: &str) -> bool {
    engine
        .definition(name)
        .is_some_and(expand::Macro::is_parametric)
}

/// Checks that a build system is there, whole.
pub(crate) fn check(context: &mut Context<'_>, line: &Line, name: &Text) -> Result<(), Reported> {
    let mut has = |section| is_parametric(context.engine, &macro_name(name, section));
    let is_known = ORDER.into_iter().any(&mut has);
    let missing = REQUIRED.into_iter().find(|section| !has(*section));
    let number = line.number;
    let diagnostic = match missing {
        None => return Ok(()),
        Some(_) if !is_known => {
            let message = format!("line {number}: Unknown buildsystem: {name}");
            let known = known_systems(context.engine);
            let near = closest(name, known.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "no macro file defines a build system".to_owned(),
                None => format!("known build systems: {}", known.join(", ")),
            };
            Diagnostic::error(codes::BAD_BUILD_SYSTEM, message).help(help)
        }
        Some(section) => {
            let wanted = macro_name(name, section);
            let message = format!(
                "line {number}: Required parametric macro %{wanted} not defined for buildsystem {name}"
            );
            Diagnostic::error(codes::BAD_BUILD_SYSTEM, message)
        }
    };
    Err(context.sink().report(diagnostic.at(name.whole())))
}

fn known_systems(engine: &mut Engine) -> Vec<String> {
    let names = engine
        .table()
        .sorted()
        .into_iter()
        .filter(|known| known.is_parametric());
    let systems = names.filter_map(|known| {
        let rest = known.name.strip_prefix("buildsystem_")?;
        let system = rest.strip_suffix("_build")?;
        (system != "default").then(|| system.to_owned())
    });
    systems.collect()
}

/// The text of the sections that the build system, or else the default, supplies; `None` if the spec
/// names no build system.
pub(crate) fn supplied_sections(context: &mut Context<'_>) -> Result<Option<String>, Reported> {
    let system = context.engine.expand_str("%{?buildsystem}")?;
    if system.is_empty() {
        return Ok(None);
    }
    let mut text = String::new();
    for section in ORDER {
        if context.spec.scripts.contains_key(&section) {
            continue;
        }
        let candidates = [system.as_str(), "default"];
        let mut names = candidates.iter().map(|system| macro_name(system, section));
        if let Some(name) = names.find(|name| is_parametric(context.engine, name)) {
            let options = options_of(context, section);
            text += &format!("%{}\n%{name} {options}\n", section.name());
        }
    }
    Ok(Some(text))
}

fn options_of(context: &Context<'_>, section: BuildSection) -> String {
    match context.build_options.get(&section) {
        None => String::new(),
        Some(options) => {
            let options: Vec<_> = options.iter().map(Text::as_str).collect();
            format!("-- {}", options.join(" "))
        }
    }
}
