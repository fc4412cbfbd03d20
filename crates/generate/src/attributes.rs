//! The file attributes of a run: their names, their rules and what finds their dependencies.
//!
//! Names are those of macro files called `NAME.attr`, and of `%_local_file_attrs`; which files an
//! attribute takes is said there alone. Where `%_native_generators` is `core`, as with the macros of an
//! rpm that is installed, the generators that they name are run, but for rpm's own of ELF files and
//! scripts, which have said the same for a decade; else functions of this program stand in for them.
//!
//! Source: rpm-dependency-generators(7).

use std::collections::BTreeSet;

use expand::{Engine, Macro};
use package::RelationKind;

use crate::command;
use crate::native;
use crate::selector::Selector;
use crate::settings::{only_core, value};
use crate::stand_ins::{self, StandIn};

/// How a generator is told its files, and tells its dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// One file at a time.
    SingleFile,
    /// All files at once; a line `;PATH` stands before what belongs to a file.
    MultiFile,
    /// No protocol that is known.
    Unknown(String),
}

/// One file attribute.
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) selector: Selector,
    pub(crate) protocol: Protocol,
    /// `X` of `X(NAME)`, which names become.
    pub(crate) namespace: String,
}

/// What finds dependencies.
#[derive(Clone, Debug)]
pub(crate) enum Means {
    /// What this program finds by itself.
    StandIn(StandIn),
    /// A program and its arguments.
    Program(Vec<String>),
    /// A parametric macro, with what comes before the paths.
    Macro(String, Vec<String>),
}

/// All attributes, by name.
pub(crate) fn load(engine: &mut Engine) -> Vec<Attribute> {
    let names = names(engine);
    names.into_iter().map(|name| read(name, engine)).collect()
}

fn names(engine: &mut Engine) -> BTreeSet<String> {
    let loaded = engine.sources.names().filter_map(attribute_of_file);
    let mut names: BTreeSet<String> = loaded.map(str::to_owned).collect();
    let dir = value(engine, "_fileattrsdir");
    if !dir.is_empty() {
        let installed = engine.host.glob(&format!("{dir}/*.attr"));
        let installed = installed.iter().filter_map(|it| it.to_str());
        names.extend(installed.filter_map(attribute_of_file).map(str::to_owned));
    }
    let local = value(engine, "_local_file_attrs");
    names.extend(local.split(':').map(str::to_owned));
    names.retain(|name| !name.is_empty());
    names
}

/// `elf` of `…/elf.attr`.
fn attribute_of_file(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.strip_suffix(".attr")
}

fn read(name: String, engine: &mut Engine) -> Attribute {
    let protocol = match value(engine, &format!("__{name}_protocol")).as_str() {
        "" | "singlefile" => Protocol::SingleFile,
        "multifile" => Protocol::MultiFile,
        unknown => Protocol::Unknown(unknown.to_owned()),
    };
    Attribute {
        selector: Selector::read(&name, engine),
        protocol,
        namespace: value(engine, &format!("__{name}_namespace")),
        name,
    }
}

impl Attribute {
    /// What finds its dependencies of one kind; `None` if nothing does.
    pub(crate) fn means(
        &self,
        kind: RelationKind,
        word: &str,
        engine: &mut Engine,
    ) -> Option<Means> {
        let name = format!("__{}_{word}", self.name);
        let definition = engine.definition(&name).cloned()?;
        let native = native::find(&self.name, kind);
        if let (Some(native), true) = (native, self.is_own(&definition, engine))
            && !only_core(engine)
        {
            return Some(Means::StandIn(StandIn::Native(native)));
        }
        let options = value(engine, &format!("{name}_opts"));
        if definition.is_parametric() {
            let options = Some(options).filter(|it| !it.is_empty());
            return Some(Means::Macro(name, options.into_iter().collect()));
        }
        let words = command::words(&format!("{} {options}", value(engine, &name)));
        let stand_in = stand_ins::stands_in(&words, native, engine).map(Means::StandIn);
        stand_in.or_else(|| Some(Means::Program(words)).filter(|it| !it.is_empty()))
    }

    /// Whether a macro is the one of the file that brings the attribute, and no packager's.
    fn is_own(&self, definition: &Macro, engine: &Engine) -> bool {
        let file = definition
            .defined
            .map(|span| engine.sources.name(span.file));
        definition.is_parametric()
            && file.is_some_and(|file| attribute_of_file(file) == Some(self.name.as_str()))
    }
}

impl Means {
    /// Whether there is nothing to run.
    fn is_empty(&self) -> bool {
        matches!(self, Self::Program(words) if words.is_empty())
    }
}
