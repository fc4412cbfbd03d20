//! The pages of testdata/parse: each block is a spec, read with a handful of macros and no world but
//! the files of the page.

mod dump;

use std::path::PathBuf;

use expand::{Engine, Level, MemoryHost};
use source::{Reported, Style, render};
use specbuild_spec::{Outcome, ParseRequest, Spec, SpecPart, parse, parse_parts};
use testkit::{Answer, Case};

fn main() {
    testkit::markdown::run(testkit::testdata("parse"), answer)
}

fn answer(case: &Case) -> Answer {
    let mut engine = engine(case);
    let mut result = read(&mut engine, case, false);
    if let Ok(Outcome::Reparse(archs)) = &result {
        set_arch(&mut engine, &archs[0]);
        result = read(&mut engine, case, true);
    }
    let text = match result {
        Ok(Outcome::Parsed(spec)) => show(&mut engine, case, *spec),
        Ok(Outcome::Reparse(archs)) => format!("reparse again: {}\n", archs.join(" ")),
        Err(_) => String::new(),
    };
    let mut found = engine.sink.take();
    found.retain(|it| !it.rpm.is_repeat);
    let shown = found
        .iter()
        .map(|it| render(it, &engine.sources, Style::Plain) + "\n");
    Answer {
        text,
        error: shown.collect(),
    }
}

fn engine(case: &Case) -> Engine {
    let files = case
        .files
        .iter()
        .map(|(name, text)| (PathBuf::from(name), text.clone()));
    let host = MemoryHost {
        files: files.collect(),
        ..MemoryHost::default()
    };
    let mut engine = Engine::new(Box::new(host));
    let macros = std::fs::read_to_string(testkit::testdata("parse").join("macros"));
    engine.load_text("macros", macros.expect("the test data holds a macro file"));
    for (name, text) in case
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".macros"))
    {
        engine.load_text(name.as_str(), text.as_str());
    }
    if let Some(arch) = case.option("arch") {
        set_arch(&mut engine, arch);
    }
    engine
}

fn set_arch(engine: &mut Engine, arch: &str) {
    engine
        .define_line(&format!("_target_cpu {arch}"), Level::RPMRC)
        .expect("it is a word");
}

fn read(engine: &mut Engine, case: &Case, is_reparse: bool) -> Result<Outcome, Reported> {
    let request = ParseRequest {
        path: "hello.spec".to_owned(),
        text: case.input.as_str().into(),
        buildable_archs: ["x86_64", "i686"].map(str::to_owned).to_vec(),
        is_reparse,
        any_arch: case.option("any-arch").is_some(),
        ..ParseRequest::default()
    };
    parse(engine, &request)
}

/// Shows what the case asks for with `show=`: `expanded`, or else the spec as a whole.
fn show(engine: &mut Engine, case: &Case, mut spec: Spec) -> String {
    let files = case.files.iter().cloned();
    let parts = files.map(|(path, text)| SpecPart { path, text });
    let parts: Vec<_> = parts.filter(|it| it.path.ends_with(".specpart")).collect();
    if !parts.is_empty() && parse_parts(engine, &parts, &mut spec).is_err() {
        return String::new();
    }
    match case.option("show") {
        Some("expanded") => spec.expanded,
        Some("source") => dump::source(&spec),
        _ => dump::spec(&spec, &mut engine.sink),
    }
}
