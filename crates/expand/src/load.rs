//! Loading macro files and libraries. Bodies are read when they are first used.
//!
//! Source: rpm-macrofile(5).

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};

use source::{Diagnostic, Origin, Shared, Span};

use crate::args::Outcome;
use crate::buffer::Site;
use crate::codes;
use crate::define::body_fault;
use crate::definition::{Body, Level, Macro};
use crate::engine::Engine;
use crate::library::{Layer, Library};
use crate::macro_file::{EMPTY, FileDefinition, Loading, OPEN, definitions, with_plain_ends};

/// Whether a file name is that of a backup, which rpm skips among macro files: `.rpmnew`, `.rpmsave`
/// and `.rpmorig`, and names that do not end in a letter or digit.
pub fn is_backup_name(name: &str) -> bool {
    [".rpmnew", ".rpmsave", ".rpmorig"]
        .iter()
        .any(|suffix| name.ends_with(suffix))
        || !name.ends_with(|c: char| c.is_ascii_alphanumeric())
}

impl Engine {
    /// Loads a text in the format of macro files; `name` is what messages call it.
    pub fn load_text(&mut self, name: impl Into<Shared>, text: impl Into<Shared>) {
        self.load_definitions(name.into(), &text.into());
    }

    /// Loads a macro file; how many of its definitions were bad.
    ///
    /// Its bytes count as text made, since macros can load files again and again.
    pub fn load_file(&mut self, path: &Path) -> io::Result<usize> {
        let text = self.host.read_file(path)?;
        self.spent.bytes = self.spent.bytes.saturating_add(text.len());
        if self.is_spent() {
            return Err(io::Error::other("too many macro files"));
        }
        Ok(self.load_definitions(path.to_string_lossy().into(), &text.into()))
    }

    fn load_definitions(&mut self, name: Shared, text: &Shared) -> usize {
        let text = with_plain_ends(text.clone());
        let file = self.sources.add(name, text.clone());
        self.table.reserve(text.len() / 100);
        let span = |start: usize, len: usize| Span {
            file,
            start: offset(start),
            end: offset(start + len),
        };
        let mut bad = 0;
        let outer = self.loading;
        for (end, found) in definitions(&text) {
            self.loading = Some(Loading { file, end });
            let loaded = match found {
                Err(fault) => {
                    let place = Origin::from(span(fault.start, fault.len));
                    Err(self.report_in_file(fault.into_diagnostic(Some(place))))
                }
                Ok(definition) => {
                    let name = span(definition.at, definition.head.name.len());
                    let start = definition.body.as_ptr() as usize - text.as_ptr() as usize;
                    self.load_definition(&definition, name, span(start, definition.body.len()))
                }
            };
            bad += usize::from(loaded.is_err());
        }
        self.loading = outer;
        bad
    }

    /// Loads a macro file for `%{load:…}`.
    pub(crate) fn load_for_macro(&mut self, path: &str, at: Site) -> Outcome {
        let note = match self.load_file(Path::new(path)) {
            Ok(0) => return Ok(()),
            Ok(bad) => format!("it has {bad} bad definitions"),
            Err(error) => error.to_string(),
        };
        let message = format!("failed to load macro file {path}");
        let diagnostic = Diagnostic::error(codes::LOAD, message).note(note);
        Err(self.report_in_file(diagnostic.at(at.origin)))
    }

    /// Loads every file that a colon-separated list of patterns names, backups left out. Files that
    /// are not there or can't be read are passed over, as in rpm.
    pub fn load_path(&mut self, patterns: &str) {
        for path in self.macro_files(patterns) {
            self.load_file(&path).ok();
        }
    }

    /// The paths that a colon-separated list of patterns names, backups left out.
    pub(crate) fn macro_files(&mut self, patterns: &str) -> Vec<PathBuf> {
        let patterns = patterns.split(':').filter(|pattern| !pattern.is_empty());
        let found = patterns.flat_map(|pattern| self.host.glob(pattern));
        found
            .filter(|path| !is_backup_name(&path.to_string_lossy()))
            .collect()
    }

    fn load_definition(
        &mut self,
        definition: &FileDefinition<'_>,
        name: Span,
        body: Span,
    ) -> Outcome {
        let (head, place) = (&definition.head, Some(Origin::from(name)));
        let fail = |engine: &mut Self, what: &str| {
            Err(engine.report_in_file(body_fault(head.name, what).at(place)))
        };
        if definition.is_open {
            return fail(self, OPEN);
        }
        if !self.may_define(head.name, "%define", place) {
            return self.sink.check();
        }
        if definition.is_empty {
            return fail(self, EMPTY);
        }
        self.check_separated(head, place);
        let modifiers = head.parse_modifiers();
        let (is_literal, is_one_shot) =
            modifiers.map_err(|fault| self.report_in_file(fault.into_diagnostic(place)))?;
        self.table.push(Macro {
            name: head.name.into(),
            options: head.options.map(Into::into),
            body: Body::Unread(body),
            level: Level::MACRO_FILES,
            is_literal,
            is_one_shot,
            is_quoted: false,
            is_used: Cell::new(false),
            defined: Some(body),
        });
        Ok(())
    }
    /// Loads files of a library, given by their numbers, each once, in order.
    pub fn load_library(
        &mut self,
        library: &'static Library,
        files: impl IntoIterator<Item = usize>,
    ) {
        self.add_layer(library, files, false);
    }

    /// Loads files of a library in the same way, but only for names that nothing defines yet: existing
    /// definitions are not put on top of theirs, so that `%undefine` of those leaves nothing.
    pub fn load_library_as_fallback(
        &mut self,
        library: &'static Library,
        files: impl IntoIterator<Item = usize>,
    ) {
        self.add_layer(library, files, true);
    }

    fn add_layer(
        &mut self,
        library: &'static Library,
        files: impl IntoIterator<Item = usize>,
        is_fallback: bool,
    ) {
        let mut ids = vec![None; library.files.len()];
        for number in files {
            if let Some((name, text)) = library.files.get(number) {
                let text = Shared::Static(text);
                ids[number] = Some(self.sources.add(Shared::Static(name), text));
            }
        }
        if ids.iter().any(Option::is_some) {
            self.table.add(Layer {
                library,
                ids,
                is_fallback,
            });
        }
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::{Engine, MemoryHost};

    #[test]
    fn carriage_returns_end_lines_and_bodies() {
        let mut engine = Engine::new(Box::new(MemoryHost::default()));
        engine.load_text("crlf", "%name one \\\r\n two\r\n%braced %{?name:\r\n}\r\n");
        assert_eq!(engine.expand_str("%name").unwrap(), "one \n two");
        assert_eq!(engine.expand_str("<%braced>").unwrap(), "<\n>");
        assert!(engine.sink.take().is_empty());
        engine.load_text("cr", "%lone\rbody\n");
        assert_eq!(engine.sink.errors(), 1);
    }
}
