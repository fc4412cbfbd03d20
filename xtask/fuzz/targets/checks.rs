//! What holds of an engine whatever the input was: asserted by every target.
#![allow(dead_code, reason = "each target uses what it needs")]

use expand::{Engine, Level, Limits, MemoryHost};
use source::{Severity, Style, Text, render};

/// Far below the real ones: an input that takes seconds teaches nothing.
pub const LIMITS: Limits = Limits {
    depth: 32,
    calls: 20_000,
    bytes: 1 << 20,
};

/// An engine without a world.
pub fn engine() -> Engine {
    let mut engine = Engine::new(Box::new(MemoryHost::default()));
    engine.limits = LIMITS;
    engine
}

/// A text as if read from a file.
pub fn text(engine: &mut Engine, name: &str, text: &str) -> Text {
    let file = engine.sources.add(name, text);
    Text::from_origin(text, engine.sources.whole(file).into())
}

/// Expands a text: a failure has been reported, and a result knows where it comes from.
pub fn expand(engine: &mut Engine, given: &Text) -> Option<Text> {
    let Ok(expanded) = engine.expand(given) else {
        assert!(engine.sink.errors() > 0, "failed without a word");
        return None;
    };
    check_pieces(engine, &expanded);
    // What a call makes is only counted when the next one starts.
    assert!(expanded.len() <= 16 * LIMITS.bytes, "grew past its limit");
    if !given.contains('%') {
        assert_eq!(&expanded, given, "text without a call has changed");
    }
    Some(expanded)
}

/// Pieces are sorted and cover the text, and each lies in a text that was read.
pub fn check_pieces(engine: &Engine, text: &Text) {
    let starts: Vec<_> = text.pieces().iter().map(|piece| piece.start).collect();
    assert_eq!(starts.first().copied(), (!text.is_empty()).then_some(0));
    assert!(starts.is_sorted_by(|a, b| a < b), "pieces out of order");
    assert!(starts.iter().all(|start| (*start as usize) < text.len()));
    for origin in text.pieces().iter().filter_map(|piece| piece.origin) {
        let file = engine.sources.text(origin.span.file);
        assert!(origin.span.start <= origin.span.end);
        assert!(
            origin.span.end as usize <= file.len(),
            "outside of its file"
        );
        assert!(engine.sources.chain(origin).count() <= LIMITS.depth);
    }
}

/// Text with each `%` doubled expands to itself.
pub fn check_escapes(engine: &mut Engine, plain: &str) {
    let doubled = text(engine, "doubled", &plain.replace('%', "%%"));
    let expanded = expand(engine, &doubled).expect("there is no call in it");
    assert_eq!(expanded.as_str(), plain);
}

/// A definition that is taken away again leaves the table as it was.
pub fn check_definition(engine: &mut Engine, definition: &str) {
    let before = engine.dump();
    if engine.define_line(definition, Level::GLOBAL).is_ok() {
        let definition = definition.strip_prefix('%').unwrap_or(definition);
        let name = definition.trim_start_matches([' ', '\t']);
        let is_named = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = name.split(|c| !is_named(c)).next().unwrap_or(name);
        assert!(engine.is_defined(name), "{name} is not defined");
        engine.undefine(name);
    }
    assert_eq!(engine.dump(), before, "the table has changed");
}

/// Every finding says something, and can be drawn.
pub fn check_findings(engine: &mut Engine) {
    for diagnostic in engine.sink.take() {
        let drawn = render(&diagnostic, &engine.sources, Style::Plain);
        let word = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        assert!(drawn.starts_with(word), "drawn as {drawn}");
    }
}

/// No call is open: neither counted, nor in sight, nor in the level of a definition.
pub fn check_rest(engine: &mut Engine) {
    assert!(engine.args().is_none(), "arguments without a call");
    // What the input has used up of all expansions' limit is no matter here.
    (engine.limits.calls, engine.limits.bytes) = (usize::MAX, usize::MAX);
    let nested = "%{span:".repeat(LIMITS.depth / 2 - 1) + &"}".repeat(LIMITS.depth / 2 - 1);
    assert!(
        engine.expand_str(&nested).is_ok(),
        "calls are still counted"
    );
    assert!(engine.expand_str("%define fuzz_probe 1\n").is_ok());
    let level = engine.table().stack("fuzz_probe").last().map(|probe| probe.level);
    assert_eq!(level, Some(Level::GLOBAL), "a scope is still open");
    engine.undefine("fuzz_probe");
}
