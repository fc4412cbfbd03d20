//! The pages of rpm's macros, of each macro library and of `testdata/macros`: each block is expanded with
//! all macros of the target that stands after `target=`, on a host without a shell. Every layer has to
//! load without a fault.
//!
//! With `SPECBUILD_MACROS` set, pages and macros are those of that folder, so that who writes a library sees
//! what it does without compiling anything.

use std::path::{Path, PathBuf};

use expand::{Engine, Level, MemoryHost};
use source::{Style, Text, render};
use specbuild_target::{HostFacts, LayerContent, Target, TargetRequest, library};
use testkit::{Answer, Case};

fn main() {
    let folders = page_folders().into_iter();
    let trials = folders.flat_map(|folder| testkit::markdown::trials(folder, answer));
    testkit::run(trials.collect())
}

/// The folders `cases` of rpm and the libraries, and what is about several of them.
fn page_folders() -> Vec<PathBuf> {
    let macros = macros_folder().unwrap_or(Path::new(env!("CARGO_MANIFEST_DIR")).join("macros"));
    let libraries = std::fs::read_dir(macros.join("lib")).expect("there are libraries");
    let libraries = libraries.map(|it| it.expect("the folder can be listed").path());
    let mut folders: Vec<PathBuf> = libraries
        .chain([macros.join("rpm")])
        .map(|library| library.join("cases"))
        .filter(|cases| cases.is_dir())
        .collect();
    folders.sort();
    folders.push(match macros_folder() {
        Some(macros) => macros.join("../testdata/macros"),
        None => testkit::testdata("macros"),
    });
    folders
}

/// The folder that stands in for the embedded files.
fn macros_folder() -> Option<PathBuf> {
    std::env::var_os("SPECBUILD_MACROS").map(PathBuf::from)
}

fn answer(case: &Case) -> Answer {
    let mut engine = engine_of(case);
    let faults = findings(&mut engine);
    if !faults.is_empty() {
        return Answer {
            text: String::new(),
            error: faults,
        };
    }
    let file = engine.sources.add("case", case.input.as_str());
    let text = Text::from_origin(case.input.as_str(), engine.sources.whole(file).into());
    let expanded = engine
        .expand(&text)
        .map(Text::into_string)
        .unwrap_or_default();
    Answer {
        text: without_blank_lines(&expanded),
        error: findings(&mut engine),
    }
}

/// An engine with the macros of the case's target; what the workspace would define stands in.
fn engine_of(case: &Case) -> Engine {
    let files = case.files.iter();
    let host = MemoryHost {
        files: files
            .map(|(name, text)| (PathBuf::from(name), text.clone()))
            .collect(),
        env: [("HOME".to_owned(), "/home/user".to_owned())].into(),
        ..MemoryHost::default()
    };
    let mut engine = Engine::new(Box::new(host));
    engine.set_script_engine(lua::LuaEngine::new(lua::Config {
        is_confined: true,
        modules: lua_modules(),
        ..lua::Config::default()
    }));
    load(&mut engine, case.option("target").unwrap_or("upstream"));
    let given = [
        ("__specbuild", "specbuild"),
        ("_specbuilddir", "/data"),
        ("buildroot", "/buildroot"),
        ("_smp_build_ncpus", "4"),
    ];
    for (name, body) in given {
        engine.define(name, Text::detached(body), Level::COMMAND_LINE);
    }
    engine
}

/// The Lua modules of the libraries.
fn lua_modules() -> lua::Modules {
    let Some(macros) = macros_folder() else {
        return lua::Modules::Carried(specbuild_target::lua_module);
    };
    let libraries = std::fs::read_dir(macros.join("lib")).expect("there are libraries");
    lua::Modules::In(
        libraries
            .flatten()
            .map(|it| it.path().join("lua"))
            .collect(),
    )
}

fn load(engine: &mut Engine, word: &str) {
    let folder = macros_folder();
    let request = TargetRequest {
        word: Some(word),
        macros_folder: folder.as_deref(),
        ..TargetRequest::default()
    };
    let facts = HostFacts::new("x86_64", "Linux", None);
    let target = Target::load(&request, &facts).expect("the target of a case is known");
    let define = |engine: &mut Engine, defines: &[(String, String)]| {
        for (name, body) in defines {
            engine.define(name, Text::detached(body.as_str()), Level::MACRO_FILES);
        }
    };
    for layer in &target.macro_layers {
        match &layer.content {
            LayerContent::Embedded(file) => engine.load_library(library(), [*file]),
            LayerContent::Defines(defines) => define(engine, defines),
            LayerContent::File(path) => {
                let text = std::fs::read_to_string(path).expect("macro files are UTF-8");
                engine.load_text(path.to_string_lossy().into_owned(), text);
            }
        }
    }
    define(engine, &target.defines);
}

fn findings(engine: &mut Engine) -> String {
    let found = engine.sink.take();
    let shown = found
        .iter()
        .map(|it| render(it, &engine.sources, Style::Plain) + "\n");
    shown.collect()
}

/// Definitions and line continuations leave blanks behind, which say nothing here.
fn without_blank_lines(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .flat_map(|line| [line, "\n"])
        .collect()
}
