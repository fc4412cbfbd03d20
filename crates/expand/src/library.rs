//! Macro files with an index of what they define.
//!
//! The index of a [`Library`] is a sorted list of plain numbers. Loading such a file reads nothing; a
//! definition is made of its [`Entry`] when its name is first asked for.
//!
//! Not here: making the index, see `index`.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use source::{FileId, Span};

use crate::definition::{Body, Level, Macro};
use crate::name_hash::hash;

/// Macro files and what they define.
#[derive(Debug)]
pub struct Library {
    /// The files: the name that messages show, and the text.
    pub files: &'static [(&'static str, &'static str)],
    /// Their definitions, as [`crate::index_macro_files`] lists them.
    pub entries: &'static [Entry],
}

impl Library {
    /// The names of the files that define a macro.
    pub fn definitions(&self, name: &str) -> Vec<&'static str> {
        let hash = hash(name);
        let start = self.entries.partition_point(|entry| entry.hash < hash);
        let same = self.entries[start..].iter();
        let same = same.take_while(|entry| entry.hash == hash);
        let mut files: Vec<_> = same
            .filter_map(|entry| {
                let (file, text) = self.files.get(usize::from(entry.file))?;
                (entry.name.of(text) == Some(name)).then_some(*file)
            })
            .collect();
        files.dedup();
        files
    }
}

/// Bytes of a text, by their offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteRange {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl ByteRange {
    /// The bytes themselves; `None` if the text does not have them.
    fn of(self, text: &str) -> Option<&str> {
        text.get(self.start as usize..self.end as usize)
    }
}

/// One definition in a file of a [`Library`]. Ranges are those of the text of that file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Hash of the name.
    pub hash: u32,
    /// Number of the file.
    pub file: u16,
    /// Where the name stands.
    pub name: ByteRange,
    /// Where the option string of a parametric macro stands.
    pub options: Option<ByteRange>,
    /// Where the body stands.
    pub body: ByteRange,
    /// `<l>`: the body is not expanded.
    pub is_literal: bool,
    /// `<o>`: the first expansion is kept.
    pub is_one_shot: bool,
}

/// Files of a library that an engine has loaded.
pub(crate) struct Layer {
    pub(crate) library: &'static Library,
    /// For each file of the library its number in the source map, if it was loaded.
    pub(crate) ids: Vec<Option<FileId>>,
    /// Only names that nothing below defines have their definitions from here.
    pub(crate) is_fallback: bool,
}

impl Layer {
    /// Whether the files define a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).next().is_some()
    }

    /// Every name that the files define, some more than once.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        let loaded = self.library.entries.iter();
        loaded
            .filter(|entry| self.id(entry).is_some())
            .map(|entry| self.slice(entry, entry.name))
    }

    /// Puts the definitions of a name on a stack, in the order in which the files were loaded.
    pub(crate) fn stack_on(&self, name: &Arc<str>, stack: &mut Vec<Rc<Macro>>) {
        let below = stack.len();
        if self.is_fallback && below > 0 {
            return;
        }
        stack.extend(self.find(name).map(|(entry, id)| {
            let options = entry.options.map(|it| self.slice(entry, it).into());
            Rc::new(definition(name.clone(), options, entry, id))
        }));
        stack[below..].sort_by_key(|definition| definition.defined);
    }

    fn find(&self, name: &str) -> impl Iterator<Item = (&'static Entry, FileId)> {
        let hash = hash(name);
        let entries = self.library.entries;
        let start = entries.partition_point(|entry| entry.hash < hash);
        let same = entries[start..]
            .iter()
            .take_while(move |it| it.hash == hash);
        same.filter(move |entry| self.slice(entry, entry.name) == name)
            .filter_map(|entry| Some((entry, self.id(entry)?)))
    }

    fn id(&self, entry: &Entry) -> Option<FileId> {
        *self.ids.get(usize::from(entry.file))?
    }

    fn slice(&self, entry: &Entry, range: ByteRange) -> &'static str {
        let file = self.library.files.get(usize::from(entry.file));
        file.and_then(|(_, text)| range.of(text))
            .unwrap_or_default()
    }
}

fn definition(name: Arc<str>, options: Option<Arc<str>>, entry: &Entry, file: FileId) -> Macro {
    let ByteRange { start, end } = entry.body;
    let body = Span { file, start, end };
    Macro {
        name,
        options,
        body: Body::Unread(body),
        level: Level::MACRO_FILES,
        is_literal: entry.is_literal,
        is_one_shot: entry.is_one_shot,
        is_quoted: false,
        is_used: Cell::new(false),
        defined: Some(body),
    }
}
