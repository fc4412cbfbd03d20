//! What all sections share while a spec is read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use expand::Engine;
use package::{Dependency, RelationKind, TriggerKind};
use source::{Diagnostic, Origin, Reported, Sink, Text};

use crate::ast::{BuildScript, BuildSection, SourceKind, Spec, SubPackage};
use crate::codes;
use crate::line::{Line, Strip};
use crate::places::{KnownDependencies, ListKey, Places};
use crate::reader::Reader;
use crate::request::ParseRequest;
use crate::section::{Next, SectionKind};

/// The origin of the text that is read: not every section is allowed in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The spec itself.
    Spec,
    /// Sections that a build system supplies.
    BuildSystem,
    /// Parts that the build has written.
    Generated,
}

/// A `-a` or `-p` part of a build section.
#[derive(Debug)]
pub(crate) struct ExtraScript {
    pub(crate) section: BuildSection,
    pub(crate) is_prepended: bool,
    pub(crate) script: BuildScript,
}

/// After so many errors the rest of a spec is not read. Callers show fewer of them.
const MOST_ERRORS: usize = 1000;

/// Everything a section may need.
pub(crate) struct Context<'e> {
    pub(crate) engine: &'e mut Engine,
    pub(crate) reader: Reader,
    pub(crate) spec: Spec,
    pub(crate) request: &'e ParseRequest,
    pub(crate) stage: Stage,
    /// Tags given so far, by package and tag; `None` where the place is not known.
    pub(crate) given: BTreeMap<(usize, &'static str), Option<Origin>>,
    /// Findings about second tags of a package, which are reported at the end.
    pub(crate) duplicates: Vec<(usize, Diagnostic)>,
    /// Sub-packages that could not be made; no further faults of theirs are reported.
    pub(crate) broken: BTreeMap<String, Reported>,
    /// Macros that are reported as not defined.
    pub(crate) reported_macros: BTreeSet<String>,
    /// `-a` and `-p` parts of build sections, in the order written.
    pub(crate) extra_scripts: Vec<ExtraScript>,
    /// `BuildOption:` by section.
    pub(crate) build_options: BTreeMap<BuildSection, Vec<Text>>,
    /// The places of sources and patches in their list, by number.
    pub(crate) sources_by_number: Places<(SourceKind, u32)>,
    /// The dependencies in each list.
    pub(crate) known_dependencies: KnownDependencies,
    /// Conditions of triggers so far, by package, kind and name.
    pub(crate) trigger_conditions: HashMap<(usize, TriggerKind, String), Vec<Dependency>>,
    /// Numbers given last to sources and patches.
    pub(crate) last_source: Option<u32>,
    pub(crate) last_patch: Option<u32>,
    /// Errors in the sink when the reading began.
    errors_before: usize,
}

impl<'e> Context<'e> {
    pub(crate) fn new(engine: &'e mut Engine, request: &'e ParseRequest, spec: Spec) -> Self {
        let errors_before = engine.sink.errors();
        Self {
            engine,
            reader: Reader::default(),
            spec,
            request,
            stage: Stage::Spec,
            given: BTreeMap::new(),
            duplicates: Vec::new(),
            broken: BTreeMap::new(),
            reported_macros: BTreeSet::new(),
            extra_scripts: Vec::new(),
            build_options: BTreeMap::new(),
            sources_by_number: Places::default(),
            known_dependencies: KnownDependencies::default(),
            trigger_conditions: HashMap::new(),
            last_source: None,
            last_patch: None,
            errors_before,
        }
    }

    pub(crate) fn sink(&mut self) -> &mut Sink {
        &mut self.engine.sink
    }

    /// Reports what rpm refuses; a warning where the spec is read as debbuild reads it.
    pub(crate) fn refuse(&mut self, diagnostic: Diagnostic) -> Reported {
        match self.request.is_lenient {
            true => self.engine.sink.pass_over(diagnostic),
            false => self.engine.sink.report(diagnostic),
        }
    }

    /// The proof that this reading found errors, if it did.
    pub(crate) fn check(&self) -> Result<(), Reported> {
        if self.engine.sink.errors() > self.errors_before {
            return self.engine.sink.check();
        }
        Ok(())
    }

    /// The next line. Gives up when too many errors have been found; rpm does so at the first.
    pub(crate) fn next_line(&mut self, strip: Strip) -> Result<Option<Line>, Reported> {
        self.sink().begin_step();
        if self.engine.sink.errors() >= self.errors_before + MOST_ERRORS {
            self.check()?;
        }
        self.reader.next_line(self.engine, strip)
    }

    /// The section that a line begins. debbuild's own is one only where `%_debbuild` is defined.
    pub(crate) fn section_of(&self, line: &Line) -> Option<SectionKind> {
        let kind = SectionKind::of(&line.text)?;
        let is_known = kind != SectionKind::CopyrightData || self.engine.is_defined("_debbuild");
        is_known.then_some(kind)
    }

    /// The lines up to the next section.
    pub(crate) fn lines(&mut self, strip: Strip) -> Result<(Vec<Line>, Next), Reported> {
        let mut lines = Vec::new();
        while let Some(line) = self.next_line(strip)? {
            if let Some(kind) = self.section_of(&line) {
                return Ok((lines, Next::Section(kind, line)));
            }
            lines.push(line);
        }
        Ok((lines, Next::End))
    }

    /// A body of lines as one text, without blanks at its end.
    pub(crate) fn body(&mut self, strip: Strip) -> Result<(Text, Next), Reported> {
        let (lines, next) = self.lines(strip)?;
        let mut body = join(&lines, strip);
        body.truncate(body.trim_ascii_end().len());
        Ok((body, next))
    }

    /// The main package's name, or what stands for it while it is not known.
    pub(crate) fn main_name(&self) -> &str {
        self.spec
            .packages
            .first()
            .map_or("", |(_, main)| main.name.as_str())
    }

    /// The full name of a package: as given, or after the main package's.
    pub(crate) fn full_name(&self, written: &str, is_full: bool) -> String {
        if is_full {
            written.to_owned()
        } else {
            format!("{}-{written}", self.main_name())
        }
    }

    /// A package by its index, which comes from [`crate::header::header_package`].
    pub(crate) fn package(&mut self, index: usize) -> &mut SubPackage {
        &mut self.spec.packages[index]
    }

    /// Adds a dependency to a package unless an equal one is there.
    pub(crate) fn relate(&mut self, index: usize, kind: RelationKind, dependency: Dependency) {
        let relations = &mut self.spec.packages[index].relations;
        let list = relations.entry(kind).or_default();
        let key = ListKey {
            owner: Some(index),
            kind,
        };
        self.known_dependencies.add(key, list, dependency);
    }

    /// Reports a fault of a whole line in rpm's form, `line N: WHAT: LINE`.
    pub(crate) fn report_line(&mut self, line: &Line, what: &str) -> Reported {
        let diagnostic = line_fault(line, what).at(line.origin());
        self.sink().report(diagnostic)
    }
}

/// A fault in rpm's form, `line N: WHAT: LINE`, without a place.
pub(crate) fn line_fault(line: &Line, what: &str) -> Diagnostic {
    let message = format!("line {}: {what}: {}", line.number, line.shown());
    Diagnostic::error(codes::BAD_TAG, message)
}

/// Lines as one text, with the newlines they had.
pub(crate) fn join(lines: &[Line], strip: Strip) -> Text {
    let bytes = lines.iter().map(|line| line.text.len() + 1).sum();
    let mut text = Text::with_capacity(bytes);
    for line in lines {
        text.push_text(&line.text);
        if strip.trailing_space {
            text.push_detached("\n");
        }
    }
    text
}
