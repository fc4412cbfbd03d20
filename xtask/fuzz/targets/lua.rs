//! Fuzz target: Lua chunks in a confined state. Nothing may panic, hang, grow past its limits or
//! reach the world, and the next chunk finds the interpreter in order.
//!
//! An input is a chunk; a `%{lua:` at its front and the brace at its end are taken off.
#![no_main]

mod checks;

use std::time::{Duration, Instant};

use expand::{Engine, Script, ScriptEngine};
use libfuzzer_sys::fuzz_target;
use lua::{Config, Limits, LuaEngine};

const LIMITS: Limits = Limits {
    instructions: 200_000,
    memory: 16 << 20,
    output: 1 << 20,
    time: Duration::from_secs(2),
    is_for_all: false,
};

fuzz_target!(|input: &str| {
    let mut engine = checks::engine();
    let scripts = LuaEngine::new(Config {
        limits: LIMITS,
        is_confined: true,
        ..Config::default()
    });
    engine.set_script_engine(scripts.clone());
    let code = input.strip_prefix("%{lua:").unwrap_or(input);
    let code = code.trim_end().strip_suffix('}').unwrap_or(code);
    let world = "return io.open == nil and os.execute == nil and rpm.open == nil and \
                 rpm.execute == nil and posix.mkdir == nil and loadfile == nil";
    assert_eq!(run(&scripts, &mut engine, world).as_deref(), Some("true"));
    let start = Instant::now();
    if let Some(printed) = run(&scripts, &mut engine, code) {
        assert!(printed.len() <= 4 * LIMITS.output, "printed past its limit");
    }
    assert!(start.elapsed() < Duration::from_secs(5), "took too long");
    checks::check_findings(&mut engine);
    checks::check_rest(&mut engine);
    let _ = run(&scripts, &mut engine, "return 1");
});

fn run(scripts: &LuaEngine, engine: &mut Engine, code: &str) -> Option<String> {
    let script = Script {
        code,
        name: "<lua>",
        options: None,
        args: &[],
    };
    scripts.run(engine, &script).ok()
}
