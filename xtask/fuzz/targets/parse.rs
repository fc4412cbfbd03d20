//! Fuzz target: specs for the spec reader, with a few of the macros that every target has. Nothing
//! may panic or run away, and every message can be drawn.
//!
//! There is no world and no Lua: an input must not be able to do anything here but be read.
#![no_main]

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use expand::{Engine, Level, Limits, MemoryHost};
use libfuzzer_sys::fuzz_target;
use source::{Style, render};
use spec::{Outcome, ParseRequest};

const LIMITS: Limits = Limits {
    depth: 32,
    calls: 20_000,
    bytes: 1 << 20,
};

/// What specs lean on most; all files would make a run many times slower.
const MACRO_FILES: [&str; 3] = ["archs", "conditions", "paths"];

/// Paths and texts of those files.
static MACROS: LazyLock<Vec<(String, Arc<str>)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../macros/rpm");
    let read = MACRO_FILES.iter().map(|name| {
        let path = folder.join(name).with_extension("macros");
        let text = fs::read_to_string(&path).expect("the project has this macro file");
        (path.display().to_string(), text.into())
    });
    read.collect()
});

fuzz_target!(|input: &str| {
    let mut engine = Engine::new(Box::new(MemoryHost::default()));
    for (path, text) in MACROS.iter() {
        engine.load_text(path.as_str(), Arc::clone(text));
    }
    for definition in ["_target_cpu x86_64", "_target_os linux", "_topdir /build"] {
        let _ = engine.define_line(definition, Level::CONFIG);
    }
    engine.limits = LIMITS;
    let mut request = ParseRequest {
        path: "fuzz.spec".to_owned(),
        text: input.into(),
        buildable_archs: vec!["x86_64".to_owned(), "noarch".to_owned()],
        ..ParseRequest::default()
    };
    if let Ok(Outcome::Reparse(_)) = spec::parse(&mut engine, &request) {
        request.is_reparse = true;
        let again = spec::parse(&mut engine, &request);
        assert!(
            !matches!(again, Ok(Outcome::Reparse(_))),
            "asked to read again twice"
        );
    }
    for diagnostic in engine.sink.take() {
        let _ = render(&diagnostic, &engine.sources, Style::Plain);
    }
});
