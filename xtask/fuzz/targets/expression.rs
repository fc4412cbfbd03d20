//! Fuzz target: expressions, with macros expanded term by term and without. Both ways agree where
//! there are no macros; brackets around a whole expression change nothing.
#![no_main]

mod checks;

use expand::{Engine, Level};
use libfuzzer_sys::fuzz_target;

/// Macros for terms: a number, a word, a sum, nothing, an expression, one that never ends.
const MACROS: [&str; 6] = [
    "one 1",
    "word foo",
    "sum 1 + 2",
    "nothing %{nil}",
    "inner %[%one + 1]",
    "loop %[%loop]",
];

fuzz_target!(|input: &str| {
    let mut engine = checks::engine();
    for definition in MACROS {
        let defined = engine.define_line(definition, Level::GLOBAL);
        defined.expect("these are well formed");
    }
    let text = checks::text(&mut engine, "fuzz.spec", input);
    let holds = engine.evaluate(&text).ok();
    let value = plain_value(&mut engine, input);
    if !input.contains('%') {
        assert_eq!(holds.is_some(), value.is_some(), "expanding matters");
        assert!(holds != Some(true) || value.as_deref() != Some(""));
    }
    if let Some(value) = value {
        check_brackets(&mut engine, input, &value);
    }
    let call = checks::text(&mut engine, "fuzz.spec", &format!("%[{input}]"));
    checks::expand(&mut engine, &call);
    checks::check_findings(&mut engine);
    checks::check_rest(&mut engine);
});

/// The value of an expression whose macros are not expanded.
fn plain_value(engine: &mut Engine, expression: &str) -> Option<String> {
    engine.call("expr", &[expression.to_owned()]).ok().flatten()
}

fn check_brackets(engine: &mut Engine, expression: &str, value: &str) {
    checks::check_findings(engine);
    let bracketed = plain_value(engine, &format!("({expression})"));
    let is_too_deep = |message: &str| message.contains("nests too deeply");
    let found = engine.sink.found();
    if !found.iter().any(|it| is_too_deep(&it.message)) {
        assert_eq!(bracketed.as_deref(), Some(value), "brackets matter");
    }
}
