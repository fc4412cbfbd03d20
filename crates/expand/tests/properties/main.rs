//! What holds of the macro engine for any input, tried on random ones.
//!
//! Not here: what single macros do, see the pages of `testdata/expand`.

mod arithmetic;
mod definitions;
mod provenance;
mod reading;
mod words;

use source::Text;
use specbuild_expand::{Engine, MemoryHost};

/// An engine without a world, whose macros come from a file.
fn engine(macros: &str) -> Engine {
    let mut engine = Engine::new(Box::new(MemoryHost::default()));
    engine.limits.calls = 10_000;
    engine.load_text("lib.macros", macros);
    engine
}

/// A text as if read from a spec.
fn written(engine: &mut Engine, text: &str) -> Text {
    let file = engine.sources.add("case", text);
    Text::from_origin(text, engine.sources.whole(file).into())
}

/// The table without marks of use.
fn table(engine: &mut Engine) -> Vec<String> {
    let dump = engine.dump();
    let is_entry = |line: &&str| !line.starts_with("====");
    dump.lines()
        .filter(is_entry)
        .map(|line| line.replacen("= ", ": ", 1))
        .collect()
}
