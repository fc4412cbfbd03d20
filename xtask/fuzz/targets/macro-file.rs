//! Fuzz target: macro files. Every macro that a file defines is called, with arguments and without,
//! and shown; reading a body for the first time changes nothing about it.
#![no_main]

mod checks;

use expand::Engine;
use libfuzzer_sys::fuzz_target;

/// Macros of one input that are called; more only make a run slow.
const MOST: usize = 64;

fuzz_target!(|input: &str| {
    let mut engine = checks::engine();
    let builtins = engine.table().sorted().len();
    engine.load_text("fuzz.macros", input);
    let names: Vec<_> = loaded(&mut engine);
    assert!(names.len() + builtins >= engine.table().sorted().len());
    check_bodies(&mut engine, &names);
    for name in names.iter().take(MOST) {
        for call in [
            format!("%{name}"),
            format!("%{{{name}:a b}}"),
            format!("%{{?{name}}}%{name} -x y -- z"),
        ] {
            let call = checks::text(&mut engine, "fuzz.spec", &call);
            checks::expand(&mut engine, &call);
        }
    }
    engine.dump();
    checks::check_findings(&mut engine);
    checks::check_rest(&mut engine);
    engine.load_text("again.macros", input);
    for name in &names {
        engine.undefine(name);
    }
    checks::check_findings(&mut engine);
});

/// Names of all macros but the builtins.
fn loaded(engine: &mut Engine) -> Vec<String> {
    let all = engine.table().sorted();
    let loaded = all.iter().filter(|it| it.level.0 == -13);
    loaded.map(|it| it.name.to_string()).collect()
}

/// What is shown of a body does not depend on whether it has been read.
fn check_bodies(engine: &mut Engine, names: &[String]) {
    let as_unused = |dump: String| dump.replace("-13= ", "-13: ");
    let before = as_unused(engine.dump());
    for name in names {
        let body = engine.body(name).expect("it was just defined");
        checks::check_pieces(engine, &body);
        assert!(!body.contains('\u{0}') || before.contains('\u{0}'));
    }
    assert_eq!(as_unused(engine.dump()), before, "reading bodies matters");
}
