//! The cases in `testdata/collect`: a spec, the trees it is applied to, and the packages that come.
//!
//! A case is a folder with `case.spec`, `root.txt` (what `%install` has made) and perhaps
//! `source.txt` (what `%prep` and `%build` have left). Each line of a tree is one file:
//!
//! ```text
//! dir PATH [MODE]             file PATH [MODE] [TEXT]      \n and \xHH stand for bytes
//! link PATH TARGET            hard PATH EARLIER-PATH
//! ```

#![allow(clippy::unwrap_used, clippy::panic)] // This is a test.

mod show;
mod trees;

use std::path::{Path, PathBuf};

use expand::{Engine, MemoryHost};
use package::BuildFacts;
use source::{Style, render};
use spec::{Outcome, ParseRequest};
use specbuild_collect::{CollectError, Options, Places, packages, source_package};

/// The macros of all cases.
const MACROS: &str = "macros";

fn main() {
    testkit::folders::run(testkit::testdata("collect"), results);
}

fn results(case: &Path) -> Vec<(String, String)> {
    let disk = tempfile::tempdir().unwrap();
    let places = Places {
        build_root: disk.path().join("BUILDROOT"),
        build_dir: disk.path().join("BUILD"),
        source_dir: case.to_owned(),
    };
    trees::make(&case.join("root.txt"), &places.build_root);
    trees::make(&case.join("source.txt"), &places.build_dir);
    let mut engine = Engine::new(Box::new(MemoryHost::default()));
    let macros = std::fs::read_to_string(case.with_file_name(MACROS)).unwrap();
    engine.load_text(MACROS, macros);
    load_attributes(&mut engine);
    let mut results = collected(case, &places, &mut engine);
    let messages: Vec<_> = engine
        .sink
        .take()
        .iter()
        .map(|it| render(it, &engine.sources, Style::Plain) + "\n")
        .collect();
    if !messages.is_empty() {
        results.push(("messages.txt".to_owned(), messages.concat()));
    }
    let stand_ins = [
        (places.build_root.as_path(), "BUILDROOT"),
        (places.build_dir.as_path(), "BUILD"),
        (case, "SOURCES"),
    ];
    for (_, text) in &mut results {
        *text = testkit::redact(text, &stand_ins);
    }
    results
}

/// Loads the file attributes of rpm and of the libraries, as targets do.
fn load_attributes(engine: &mut Engine) {
    let macros = testkit::testdata("../macros");
    let mut found: Vec<PathBuf> = walk(&macros);
    found.retain(|it| it.extension().is_some_and(|it| it == "attr"));
    found.sort();
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        engine.load_text(path.file_name().unwrap().to_str().unwrap(), text);
    }
}

/// The files in a directory and below.
fn walk(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().path());
    let below = entries.map(|it| if it.is_dir() { walk(&it) } else { vec![it] });
    below.flatten().collect()
}

fn collected(case: &Path, places: &Places, engine: &mut Engine) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(case.join("case.spec")).unwrap();
    let request = ParseRequest {
        path: "case.spec".to_owned(),
        text: text.into(),
        ..ParseRequest::default()
    };
    let mut spec = match spec::parse(engine, &request) {
        Ok(Outcome::Parsed(spec)) => spec,
        other => panic!("{other:?}: {:?}", engine.sink.found()),
    };
    let facts = BuildFacts {
        time: 1_700_000_000,
        ..BuildFacts::default()
    };
    let options = Options {
        facts,
        source_date_epoch: Some(1_600_000_000),
        ..Options::default()
    };
    spec.path = case.join("case.spec").display().to_string();
    match all_packages(engine, &spec, places, &options) {
        Ok(packages) => packages
            .iter()
            .map(|package| (file_name(package), show::package(package)))
            .collect(),
        Err(CollectError::Reported(_)) => Vec::new(),
        Err(error) => panic!("{error}: {:?}", std::error::Error::source(&error)),
    }
}

/// The binary packages, and the source package of a case that has sources.
fn all_packages(
    engine: &mut Engine,
    spec: &spec::Spec,
    places: &Places,
    options: &Options,
) -> Result<Vec<package::Package>, CollectError> {
    let mut all = packages(engine, spec, places, options, &mut ())?;
    if !spec.sources.is_empty() {
        all.push(source_package(engine, spec, places, options)?);
    }
    Ok(all)
}

fn file_name(package: &package::Package) -> String {
    let source = if package.is_source() { ".src" } else { "" };
    format!("{}{source}.txt", package.name)
}
