//! Indexing macro files once: those that a program carries, when it is built, and those that all specs
//! of a run share, when the first of them is read.

use crate::builtin::BUILTINS;
use crate::engine::Engine;
use crate::head::name_fault;
use crate::library::{ByteRange, Entry, Library};
use crate::macro_file::{definitions, with_plain_ends};
use crate::name_hash::hash;

/// Lists what macro files, given as name and text, define: sorted by hash of the name, then by place.
///
/// # Errors
/// A message, if one of them has a fault or anything else that loading it would report; files that a
/// program carries have none.
pub fn index_macro_files(files: &[(&str, &str)]) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for (number, (file, text)) in files.iter().enumerate() {
        let number = u16::try_from(number).map_err(|_| "there are too many files".to_owned())?;
        for (_, definition) in definitions(text) {
            let definition = definition.map_err(|fault| format!("{file}: {}", fault.message))?;
            let head = &definition.head;
            let is_builtin = BUILTINS.iter().any(|it| it.name == head.name);
            if let Some(fault) = name_fault(head.name, is_builtin, "%define") {
                return Err(format!("{file}: {fault}"));
            }
            let name = head.name;
            let fault = |what: &str| format!("{file}: Macro %{name} {what}");
            if let Some(what) = definition.fault() {
                return Err(fault(what));
            }
            if !head.is_separated {
                return Err(fault("needs whitespace before body"));
            }
            let modifiers = head.parse_modifiers();
            let (is_literal, is_one_shot) =
                modifiers.map_err(|fault| format!("{file}: {}", fault.message))?;
            entries.push(Entry {
                hash: hash(head.name),
                file: number,
                name: range(text, head.name),
                options: head.options.map(|options| range(text, options)),
                body: range(text, definition.body),
                is_literal,
                is_one_shot,
            });
        }
    }
    entries.sort();
    Ok(entries)
}

/// Where a part of a text stands in it.
fn range(text: &str, part: &str) -> ByteRange {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    ByteRange {
        start: clamp(start),
        end: clamp(start + part.len()),
    }
}

impl Engine {
    /// The files that a colon-separated list of patterns names, for this engine and others to load.
    /// They stay in memory until the program ends.
    ///
    /// `None` if one of them has something to report, which [`Engine::load_path`] does.
    pub fn library_of(&mut self, patterns: &str) -> Option<&'static Library> {
        let paths = self.macro_files(patterns);
        let files = paths.into_iter().filter_map(|path| {
            let text = with_plain_ends(self.host.read_file(&path).ok()?.into());
            Some((path.to_string_lossy().into_owned(), text))
        });
        let files: Vec<_> = files.collect();
        let files = files.iter().map(|(path, text)| (&**path, &**text));
        let entries = index_macro_files(&files.clone().collect::<Vec<_>>()).ok()?;
        let leak = |text: &str| -> &'static str { Box::leak(text.into()) };
        let files: Vec<_> = files.map(|(path, text)| (leak(path), leak(text))).collect();
        Some(Box::leak(Box::new(Library {
            files: files.leak(),
            entries: entries.leak(),
        })))
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::{Level, Macro, MemoryHost};

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

    fn indexed(order: &[usize]) -> Engine {
        let entries = index_macro_files(FILES).unwrap().leak();
        let library = Box::leak(Box::new(Library {
            files: FILES,
            entries,
        }));
        let mut engine = engine();
        engine.load_library(library, order.iter().copied());
        engine
    }

    #[test]
    fn a_library_defines_what_its_files_define() {
        for order in [[0, 1], [1, 0]] {
            let mut read = engine();
            for number in order {
                let (name, text) = FILES[number];
                read.load_text(name, text);
            }
            let mut indexed = indexed(&order);
            for call in ["%a", "%{b -x 1}", "%c", "%d", "%{a}%{nosuch}"] {
                let expected = read.expand_str(call).unwrap();
                assert_eq!(indexed.expand_str(call).unwrap(), expected, "{call}");
            }
            assert_eq!(indexed.dump(), read.dump());
            let places = |engine: &mut Engine| {
                let stack = engine.table().stack("a").to_vec();
                let place = |it: &Rc<Macro>| engine.sources.locate(it.defined.unwrap()).to_string();
                stack.iter().map(place).collect::<Vec<_>>()
            };
            assert_eq!(places(&mut indexed), places(&mut read));
        }
    }

    #[test]
    fn what_came_before_lies_below_and_what_comes_after_on_top() {
        let mut engine = engine();
        engine.define_line("a below", Level::GLOBAL).unwrap();
        let entries = index_macro_files(FILES).unwrap().leak();
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
    fn a_fallback_lies_below_nothing() {
        let mut engine = engine();
        engine.define_line("a mine", Level::GLOBAL).unwrap();
        assert_eq!(engine.expand_str("%{?c}%{?d}").unwrap(), "");
        let theirs: &[_] = &[("theirs", "%b theirs\n")];
        let entries = index_macro_files(theirs).unwrap().leak();
        let files = theirs;
        engine.load_library(Box::leak(Box::new(Library { files, entries })), [0]);
        let entries = index_macro_files(FILES).unwrap().leak();
        let library = Box::leak(Box::new(Library {
            files: FILES,
            entries,
        }));
        engine.load_library_as_fallback(library, [0, 1]);
        assert_eq!(engine.expand_str("%a %b %d").unwrap(), "mine theirs other");
        for name in ["a", "b", "d"] {
            engine.undefine(name);
            assert!(!engine.is_defined(name), "{name}");
        }
    }

    #[test]
    fn files_of_a_host_make_a_library_unless_they_have_something_to_report() {
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
        for reported in ["%a(x)b\n", "%a %{b\n", "%define c\n", "%1 d\n", "%e\n"] {
            host.files
                .insert("/m/macros.three".into(), reported.to_owned());
            let mut engine = Engine::new(Box::new(host.clone()));
            assert!(
                engine.library_of("/m/macros.one:/m/macros.three").is_none(),
                "{reported}"
            );
        }
    }

    #[test]
    fn a_fault_is_reported() {
        let fault = index_macro_files(&[("x", "%a %{b\n")]).unwrap_err();
        assert!(fault.starts_with("x: Macro %a has"), "{fault}");
        let fault = index_macro_files(&[("x", "%define y\n")]).unwrap_err();
        assert_eq!(fault, "x: Macro %define is a built-in (%define)");
    }
}
