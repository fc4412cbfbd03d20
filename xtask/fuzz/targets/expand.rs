//! Fuzz target: macro files and text for the macro engine. Nothing may panic, run away, or lose
//! track of where a byte comes from; every message can be drawn.
//!
//! An input is a macro file, a line `---`, and lines to expand. Without that line there is no file.
#![no_main]

use expand::{Engine, Limits, MemoryHost};
use libfuzzer_sys::fuzz_target;
use source::{Style, Text, render};

/// Far below the real ones: an input that takes seconds teaches nothing.
const LIMITS: Limits = Limits {
    depth: 32,
    calls: 20_000,
    bytes: 1 << 20,
};

fuzz_target!(|input: &str| {
    let mut engine = Engine::new(Box::new(MemoryHost::default()));
    engine.limits = LIMITS;
    let (macros, lines) = input.split_once("\n---\n").unwrap_or(("", input));
    engine.load_text("fuzz.macros", macros);
    let file = engine.sources.add("fuzz.spec", lines);
    let text = Text::from_origin(lines, engine.sources.whole(file).into());
    for line in text.lines() {
        if let Ok(expanded) = engine.expand(&line) {
            assert!(expanded.is_empty() || expanded.pieces()[0].start == 0);
        }
        let _ = engine.evaluate(&line);
    }
    for diagnostic in engine.sink.take() {
        let _ = render(&diagnostic, &engine.sources, Style::Plain);
    }
});
