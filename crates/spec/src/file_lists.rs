//! Faults in lines of `%files` that do not depend on the content of the build root, so that they can
//! be reported before the build.
//!
//! Not here: the lists that `-f` names, which the build makes, and what is in the build root.

use expand::Engine;
use source::{Diagnostic, Origin, Reported, Text};

use crate::ast::{FilesSection, Spec};
use crate::codes;
use crate::files::{DefaultAttributes, FileRule, is_misspelt_section, parse_file_line};
use crate::unexpanded;

/// Names what would define a macro.
type MacroOwner = fn(&str) -> Option<String>;

/// Reports lines at which packaging is bound to fail. All other findings are left to packaging.
pub fn check_file_lists(
    engine: &mut Engine,
    spec: &Spec,
    owner: MacroOwner,
) -> Result<(), Reported> {
    let mut result = Ok(());
    let checker = Checker { spec, owner };
    for section in spec.packages.values().filter_map(|it| it.files.as_ref()) {
        let keep = engine.sink.found().len();
        match checker.check_section(engine, section) {
            Ok(()) => engine.sink.truncate(keep),
            Err(reported) => result = Err(reported),
        }
    }
    result
}

/// What the lines of a spec's file lists are checked with.
struct Checker<'a> {
    spec: &'a Spec,
    owner: MacroOwner,
}

impl Checker<'_> {
    fn check_section(&self, engine: &mut Engine, section: &FilesSection) -> Result<(), Reported> {
        let mut defaults = DefaultAttributes::default();
        let mut result = Ok(());
        for line in &section.lines {
            if let Err(reported) = self.check_line(engine, line, &mut defaults) {
                result = Err(reported);
                // What follows belongs to the section that was meant.
                if is_misspelt_section(line) {
                    return result;
                }
            }
        }
        result
    }

    fn check_line(
        &self,
        engine: &mut Engine,
        line: &Text,
        defaults: &mut DefaultAttributes,
    ) -> Result<(), Reported> {
        let keep = engine.sink.found().len();
        let parsed = parse_file_line(line, defaults, &mut engine.sink);
        if parsed.is_err() {
            name_macros(engine, line, keep, self.owner);
            drop_warnings(engine, line);
        }
        let Some(mut rule) = parsed? else {
            return Ok(());
        };
        let further = std::mem::take(&mut rule.further);
        let mut result = Ok(());
        for finding in further {
            result = Err(engine.sink.report(finding));
        }
        // What is excluded, or made by packaging itself, need not exist.
        let may_lack =
            rule.is_exclude || rule.flags.ghost || rule.flags.doc || rule.device.is_some();
        let terminates = "%{!?_missing_files_terminate_build:1}%{?_missing_files_terminate_build}";
        if !may_lack && engine.expand_number(terminates) > 0 {
            check_macros(engine, &rule, self.owner)?;
            check_build_root(engine, self.spec, &rule)?;
        }
        result
    }
}

/// Adds which macro was meant where a path begins with one that is not defined.
fn name_macros(engine: &mut Engine, line: &Text, keep: usize, owner: MacroOwner) {
    let undefined = unexpanded::braced(engine, line);
    let Some((name, _)) = undefined.first() else {
        return;
    };
    let Some(advice) = unexpanded::advice(engine, name, Some(owner)) else {
        return;
    };
    let start = format!("%{{{name}");
    engine.sink.amend(keep, |finding| {
        if finding.message.contains(&start) {
            finding.notes.push(format!("no macro `%{name}` is defined"));
            finding.help = Some(advice.clone());
        }
    });
}

/// A file whose name has a macro that is not defined.
fn check_macros(engine: &mut Engine, rule: &FileRule, owner: MacroOwner) -> Result<(), Reported> {
    let mut result = Ok(());
    let paths = rule.patterns.iter();
    let undefined: Vec<_> = paths
        .flat_map(|it| unexpanded::braced(engine, it))
        .collect();
    if !undefined.is_empty() {
        rule.patterns
            .iter()
            .for_each(|path| drop_warnings(engine, path));
    }
    for (name, place) in undefined {
        let advice = unexpanded::advice(engine, &name, Some(owner));
        let message = format!("macro `%{name}` is not defined");
        let finding = Diagnostic::error(codes::UNEXPANDED_MACRO, message)
            .at(place)
            .note("it stays in the path as it is; `%%` stands for a percent sign")
            .help_if(advice);
        result = Err(engine.sink.report(finding));
    }
    result
}

/// Takes back the warnings about macros that a line calls: an error about the line takes their place.
fn drop_warnings(engine: &mut Engine, line: &Text) {
    let names = unexpanded::names(line);
    let is_about = |message: &str, name: &&str| {
        let rest = message.strip_prefix("macro `%");
        rest.and_then(|it| it.strip_prefix(name))
            .is_some_and(|it| it.starts_with("` is not defined, and"))
    };
    for finding in engine.sink.take() {
        let is_warning = finding.code == codes::UNEXPANDED_MACRO;
        if !is_warning || !names.iter().any(|name| is_about(&finding.message, name)) {
            engine.sink.push(finding);
        }
    }
}

/// A path with the build root in front, which is put there once more.
fn check_build_root(engine: &mut Engine, spec: &Spec, rule: &FileRule) -> Result<(), Reported> {
    let root = spec.build_root.trim_end_matches('/');
    let inside = |path: &Text| {
        let rest = path.strip_prefix(root).filter(|_| !root.is_empty())?;
        (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_owned())
    };
    let mut result = Ok(());
    for path in &rule.patterns {
        let Some(rest) = inside(path) else { continue };
        let instead = if rest.is_empty() { "/" } else { &rest };
        let message = format!("File not found: {root}{}", path.as_str());
        let finding = Diagnostic::error(codes::BAD_FILE_LINE, message)
            .label(
                whole_word(engine, path).or(rule.origin),
                "this begins with the build root",
            )
            .note("paths are those of the installed package; the build root is put before them")
            .help(format!("did you mean `{instead}`?"));
        result = Err(engine.sink.report(finding));
    }
    result
}

/// A path as it is written: from the start of its word, where a macro without a place has brought that in.
fn whole_word(engine: &Engine, path: &Text) -> Option<Origin> {
    let known = path.whole()?;
    let span = engine.sources.written(known);
    let text: &str = engine.sources.text(span.file);
    let (start, end) = (span.start as usize, span.start as usize + span.len());
    let before = text.get(..start)?;
    let start = before
        .rfind(|it: char| it.is_ascii_whitespace())
        .map_or(0, |at| at + 1);
    Some(
        engine
            .sources
            .whole(span.file)
            .slice(start, end - start)
            .into(),
    )
}
