//! No text hangs the engine, fills the memory or overflows the stack, which is small in tests.
//!
//! Not here: what such messages look like, see `testdata/expand/faults.md`.

use specbuild_expand::{Engine, Level, Limits, MemoryHost};

fn engine() -> Engine {
    let mut engine = Engine::new(Box::new(MemoryHost::default()));
    engine.limits = Limits {
        calls: 20_000,
        bytes: 4 << 20,
        ..Limits::default()
    };
    engine
}

/// The first message of a text that fails.
fn message(engine: &mut Engine, text: &str) -> String {
    let file = engine.sources.add("case", text);
    let text = source::Text::from_origin(text, engine.sources.whole(file).into());
    assert!(engine.expand(&text).is_err(), "expands");
    let found = engine.sink.take();
    let mut errors = found
        .iter()
        .filter(|it| it.severity == source::Severity::Error);
    errors.next().expect("it failed").message.clone()
}

#[track_caller]
fn fails(text: &str, with: &str) {
    let found = message(&mut engine(), text);
    assert!(found.contains(with), "{found}");
}

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    open.repeat(times) + inner + &close.repeat(times)
}

#[test]
fn calls_within_calls_end() {
    let recursion = "Too many levels of recursion";
    fails(&nested("%{expand:", "x", "}", 10_000), recursion);
    fails(&nested("%{!?none:", "x", "}", 10_000), recursion);
    fails(&nested("%{quote:", "x", "}", 10_000), recursion);
    fails("%define a() %{a %*} %{a %*}\n%{a x}", recursion);
    fails("%define a %{expand:%%a}\n%a", recursion);
    fails("%define a %[\"%a\" == \"%a\"]\n%a", recursion);
}

#[test]
fn expressions_within_expressions_end() {
    let deep = "nests too deeply";
    fails(&format!("%[{}]", nested("(", "1", ")", 100_000)), deep);
    fails(&format!("%[{}1]", "!".repeat(100_000)), deep);
    fails(&format!("%[{}]", nested("1?", "1", ":1", 100_000)), deep);
    fails(&format!("%[{}", "lua:f(".repeat(100_000)), "Unterminated");
    let again = nested("(", "%again", ")", 90);
    fails(&format!("%define again %[{again}]\n%again"), deep);
}

#[test]
fn text_that_doubles_ends() {
    let doubling =
        |number: usize| format!("%global a{} %{{a{number}}}%{{a{number}}}\n", number + 1);
    let lines: String = (0..64).map(doubling).collect();
    fails(&format!("%define a0 text\n{lines}"), "grows too large");
}

#[test]
fn words_and_dumps_end() {
    let double = "%define p() %{**} %{**}\n";
    let calls = nested("%{p ", "x", "}", 30);
    fails(&format!("{double}{calls}"), "grows too large");
    fails(&"%{dump}".repeat(10_000), "grows too large");
}

#[test]
fn brackets_of_plain_text_end() {
    fails(&nested("%{none ", "x", "}", 20_000), "grows too large");
    fails(&nested("%{ ", "x", "}", 20_000), "grows too large");
}

#[test]
fn all_lines_together_end() {
    let mut engine = engine();
    let long = "x".repeat(3 << 20);
    engine
        .define_line(&format!("long {long}"), Level::GLOBAL)
        .unwrap();
    let kept = (0..100).take_while(|number| {
        let text = format!("%global kept{number} %long");
        engine.expand_str(&text).is_ok()
    });
    assert!(kept.count() < 12);
    let message = engine.sink.take().pop().unwrap().message;
    assert!(message.contains("grows too large"), "{message}");
}

#[test]
fn warnings_beyond_thousands_are_counted_and_no_error() {
    let mut engine = engine();
    let text = "%{warn:x}".repeat(18_000);
    engine.expand_str(&text).unwrap();
    let found = engine.sink.take();
    assert_eq!(found.len(), source::MOST_FINDINGS + 1);
    let last = &found[source::MOST_FINDINGS].message;
    assert!(last.starts_with("8000 more warnings"), "{last}");
}

#[test]
fn files_loaded_again_and_again_end() {
    let host = MemoryHost {
        files: [("a.macros".into(), format!("%a {}", "x".repeat(1 << 20)))].into(),
        ..MemoryHost::default()
    };
    let mut engine = Engine::new(Box::new(host));
    engine.limits.bytes = 4 << 20;
    let found = message(&mut engine, &"%{load:a.macros}".repeat(100));
    assert_eq!(found, "failed to load macro file a.macros");
}
