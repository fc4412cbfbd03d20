//! Macro files marked out once: those that a program carries, when it was built, and those that all
//! specs of a run share, when the first of them is read.
//!
//! What a file of a [`Library`] defines is in a sorted list of plain numbers. Loading such a file
//! looks at nothing; a definition is made of its [`Entry`] when its name is first asked for.

use std::cell::Cell;
use std::hash::Hasher;
use std::rc::Rc;
use std::sync::Arc;

use source::{FileId, Shared, Span};

use crate::Engine;
use crate::load::{definitions, name_fault, with_plain_ends};
use crate::table::{Body, Level, Macro, NameHasher};

/// Macro files and what they define.
#[derive(Debug)]
pub struct Library {
    /// The files: the name that messages show, and the text.
    pub files: &'static [(&'static str, &'static str)],
    /// Their definitions, as [`mark_out`] lists them.
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
                let (from, to) = entry.name;
                (text.get(from as usize..to as usize) == Some(name)).then_some(*file)
            })
            .collect();
        files.dedup();
        files
    }
}

/// One definition in a file of a [`Library`]. Ranges are offsets in the text of that file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Hash of the name.
    pub hash: u32,
    /// Number of the file.
    pub file: u16,
    /// Where the name stands.
    pub name: (u32, u32),
    /// Where the option string of a parametric macro stands.
    pub options: Option<(u32, u32)>,
    /// Where the body stands.
    pub body: (u32, u32),
    /// `<l>`: the body is not expanded.
    pub is_literal: bool,
    /// `<o>`: the first expansion is kept.
    pub is_one_shot: bool,
}

/// Lists what macro files, given as name and text, define: sorted by hash of the name, then by place.
///
/// # Errors
/// A message, if one of them has a fault or anything else that loading it would tell; files that a
/// program carries have none.
pub fn mark_out(files: &[(&str, &str)]) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for (number, (file, text)) in files.iter().enumerate() {
        let number = u16::try_from(number).map_err(|_| "there are too many files".to_owned())?;
        for (_, marked) in definitions(text) {
            let marked = marked.map_err(|fault| format!("{file}: {}", fault.message))?;
            let head = &marked.head;
            let is_builtin = crate::BUILTINS.iter().any(|it| it.name == head.name);
            if let Some(fault) = name_fault(head.name, is_builtin, "%define") {
                return Err(format!("{file}: {fault}"));
            }
            let name = head.name;
            let told = |what: &str| format!("{file}: Macro %{name} {what}");
            if let Some(what) = marked.fault() {
                return Err(told(what));
            }
            if !head.is_separated {
                return Err(told("needs whitespace before body"));
            }
            let modifiers = head.parse_modifiers();
            let (is_literal, is_one_shot) =
                modifiers.map_err(|fault| format!("{file}: {}", fault.message))?;
            entries.push(Entry {
                hash: hash(head.name),
                file: number,
                name: range(text, head.name),
                options: head.options.map(|options| range(text, options)),
                body: range(text, marked.body),
                is_literal,
                is_one_shot,
            });
        }
    }
    entries.sort();
    Ok(entries)
}

/// Where a part of a text stands in it.
fn range(text: &str, part: &str) -> (u32, u32) {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    (clamp(start), clamp(start + part.len()))
}

fn hash(name: &str) -> u32 {
    let mut hasher = NameHasher::default();
    hasher.write(name.as_bytes());
    let bytes = hasher.finish().to_le_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Files of a library that an engine has loaded.
pub(crate) struct Stratum {
    library: &'static Library,
    /// For each file of the library its number in the source map, if it was loaded.
    ids: Vec<Option<FileId>>,
    /// Only names that nothing below defines have their definitions from here.
    is_for_the_rest: bool,
}

impl Stratum {
    /// The same, for names that nothing below defines.
    pub(crate) fn for_the_rest(self) -> Self {
        Self {
            is_for_the_rest: true,
            ..self
        }
    }

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
        if self.is_for_the_rest && below > 0 {
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

    fn slice(&self, entry: &Entry, (start, end): (u32, u32)) -> &'static str {
        let file = self.library.files.get(usize::from(entry.file));
        file.and_then(|(_, text)| text.get(start as usize..end as usize))
            .unwrap_or_default()
    }
}

fn definition(name: Arc<str>, options: Option<Arc<str>>, entry: &Entry, file: FileId) -> Macro {
    let (start, end) = entry.body;
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

impl Engine {
    /// The files that a colon-separated list of patterns names, for this engine and others to load.
    /// They stay in memory until the program ends.
    ///
    /// `None` if one of them has something to tell, which [`Engine::load_path`] does.
    pub fn library_of(&mut self, patterns: &str) -> Option<&'static Library> {
        let paths = self.macro_files(patterns);
        let files = paths.into_iter().filter_map(|path| {
            let text = with_plain_ends(self.host.read_file(&path).ok()?.into());
            Some((path.to_string_lossy().into_owned(), text))
        });
        let files: Vec<_> = files.collect();
        let files = files.iter().map(|(path, text)| (&**path, &**text));
        let entries = mark_out(&files.clone().collect::<Vec<_>>()).ok()?;
        let leak = |text: &str| -> &'static str { Box::leak(text.into()) };
        let files: Vec<_> = files.map(|(path, text)| (leak(path), leak(text))).collect();
        Some(Box::leak(Box::new(Library {
            files: files.leak(),
            entries: entries.leak(),
        })))
    }

    /// Loads files of a library, given by their numbers, each once, in order.
    pub fn load_library(
        &mut self,
        library: &'static Library,
        files: impl IntoIterator<Item = usize>,
    ) {
        if let Some(stratum) = self.stratum(library, files) {
            self.table.add(stratum);
        }
    }

    /// Loads files of a library in the same way, but only for names that nothing defines yet: what is
    /// there is not put on top of theirs, so that to undefine it leaves nothing.
    pub fn load_library_for_the_rest(
        &mut self,
        library: &'static Library,
        files: impl IntoIterator<Item = usize>,
    ) {
        if let Some(stratum) = self.stratum(library, files) {
            self.table.add_for_the_rest(stratum);
        }
    }

    fn stratum(
        &mut self,
        library: &'static Library,
        files: impl IntoIterator<Item = usize>,
    ) -> Option<Stratum> {
        let mut ids = vec![None; library.files.len()];
        for number in files {
            if let Some((name, text)) = library.files.get(number) {
                let text = Shared::Static(text);
                ids[number] = Some(self.sources.add(Shared::Static(name), text));
            }
        }
        let has_files = ids.iter().any(Option::is_some);
        has_files.then_some(Stratum {
            library,
            ids,
            is_for_the_rest: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryHost;

    const FILES: &[(&str, &str)] = &[
        (
            "one",
            "%a first\n%b(x:)  %{-x*}\n# no\n%c<o> %{expand:%b}\n%a again\n",
        ),
        ("two", "%a\t%{expand:\n  last}\n%d other\n"),
    ];

    fn engine() -> Engine {
        Engine::new(Box::new(MemoryHost::default()))
    }

    fn marked(order: &[usize]) -> Engine {
        let entries = mark_out(FILES).unwrap().leak();
        let library = Box::leak(Box::new(Library {
            files: FILES,
            entries,
        }));
        let mut engine = engine();
        engine.load_library(library, order.iter().copied());
        engine
    }

    #[test]
    fn a_library_says_what_its_files_say() {
        for order in [[0, 1], [1, 0]] {
            let mut read = engine();
            for number in order {
                let (name, text) = FILES[number];
                read.load_text(name, text);
            }
            let mut marked = marked(&order);
            for call in ["%a", "%{b -x 1}", "%c", "%d", "%{a}%{nosuch}"] {
                let expected = read.expand_str(call).unwrap();
                assert_eq!(marked.expand_str(call).unwrap(), expected, "{call}");
            }
            assert_eq!(marked.dump(), read.dump());
            let places = |engine: &mut Engine| {
                let stack = engine.table().stack("a").to_vec();
                let place = |it: &Rc<Macro>| engine.sources.locate(it.defined.unwrap()).to_string();
                stack.iter().map(place).collect::<Vec<_>>()
            };
            assert_eq!(places(&mut marked), places(&mut read));
        }
    }

    #[test]
    fn what_came_before_lies_below_and_what_comes_after_on_top() {
        let mut engine = engine();
        engine.define_line("a below", Level::GLOBAL).unwrap();
        let entries = mark_out(FILES).unwrap().leak();
        let library = Box::leak(Box::new(Library {
            files: FILES,
            entries,
        }));
        engine.load_library(library, [0]);
        assert_eq!(engine.expand_str("%a").unwrap(), "again");
        engine.define_line("d above", Level::GLOBAL).unwrap();
        engine.load_library(library, [1]);
        assert_eq!(engine.expand_str("%d").unwrap(), "other");
        engine.undefine("d");
        assert_eq!(engine.expand_str("%d").unwrap(), "above");
        engine.undefine("d");
        assert!(!engine.is_defined("d"));
        assert_eq!(engine.table().stack("a").len(), 4);
    }

    #[test]
    fn what_is_for_the_rest_lies_below_nothing() {
        let mut engine = engine();
        engine.define_line("a mine", Level::GLOBAL).unwrap();
        assert_eq!(engine.expand_str("%{?c}%{?d}").unwrap(), "");
        let theirs: &[_] = &[("theirs", "%b theirs\n")];
        let entries = mark_out(theirs).unwrap().leak();
        let files = theirs;
        engine.load_library(Box::leak(Box::new(Library { files, entries })), [0]);
        let entries = mark_out(FILES).unwrap().leak();
        let library = Box::leak(Box::new(Library {
            files: FILES,
            entries,
        }));
        engine.load_library_for_the_rest(library, [0, 1]);
        assert_eq!(engine.expand_str("%a %b %d").unwrap(), "mine theirs other");
        for name in ["a", "b", "d"] {
            engine.undefine(name);
            assert!(!engine.is_defined(name), "{name}");
        }
    }

    #[test]
    fn files_of_a_host_make_a_library_unless_they_have_something_to_tell() {
        let mut host = MemoryHost::default();
        for (name, text) in FILES {
            let path = format!("/m/macros.{name}");
            host.files.insert(path.into(), text.replace('\n', "\r\n"));
        }
        let mut engine = Engine::new(Box::new(host.clone()));
        let library = engine
            .library_of("/m/macros.one:/none:/m/macros.two")
            .unwrap();
        engine.load_library(library, 0..library.files.len());
        let mut loaded = Engine::new(Box::new(host.clone()));
        loaded.load_path("/m/macros.one:/none:/m/macros.two");
        assert_eq!(engine.dump(), loaded.dump());
        assert_eq!(engine.expand_str("%d").unwrap(), "other");
        for told in ["%a(x)b\n", "%a %{b\n", "%define c\n", "%1 d\n", "%e\n"] {
            host.files.insert("/m/macros.three".into(), told.to_owned());
            let mut engine = Engine::new(Box::new(host.clone()));
            assert!(
                engine.library_of("/m/macros.one:/m/macros.three").is_none(),
                "{told}"
            );
        }
    }

    #[test]
    fn a_fault_is_told() {
        let fault = mark_out(&[("x", "%a %{b\n")]).unwrap_err();
        assert!(fault.starts_with("x: Macro %a has"), "{fault}");
        let fault = mark_out(&[("x", "%define y\n")]).unwrap_err();
        assert_eq!(fault, "x: Macro %define is a built-in (%define)");
    }
}
