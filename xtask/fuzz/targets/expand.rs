//! Fuzz target: macro files and text for the macro engine. Nothing may panic, run away, or lose
//! track of where a byte comes from; every message can be drawn.
//!
//! An input is a macro file, a line `---`, and lines to expand. Without that line there is no file.
#![no_main]

mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let mut engine = checks::engine();
    let (macros, lines) = input.split_once("\n---\n").unwrap_or(("", input));
    engine.load_text("fuzz.macros", macros);
    let text = checks::text(&mut engine, "fuzz.spec", lines);
    for line in text.lines() {
        checks::expand(&mut engine, &line);
        let _ = engine.evaluate(&line);
    }
    checks::expand(&mut engine, &text);
    checks::check_findings(&mut engine);
    checks::check_rest(&mut engine);
    checks::check_escapes(&mut engine, lines);
    if let Some(line) = lines.lines().next() {
        checks::check_definition(&mut engine, line);
    }
    checks::check_findings(&mut engine);
});
