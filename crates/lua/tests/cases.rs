//! The pages of testdata/lua: each block is expanded by a macro engine with Lua and no world but
//! the files of the page.

use std::path::PathBuf;

use expand::{Engine, MemoryHost, Script};
use source::{Code, Reported, Style, Text, render};
use specbuild_lua::{CODES, Config, Limits, LuaEngine};
use testkit::{Answer, Case};

fn main() {
    let dir = testkit::testdata("lua");
    let mut trials = testkit::markdown::trials(&dir, |case| answer(case).0);
    let codes = CODES.iter().map(|(code, _)| *code).collect();
    trials.push(testkit::markdown::every_code(&dir, codes, |case| {
        answer(case).1
    }));
    testkit::run(trials)
}

/// What comes out of a case, and the codes of what was found.
fn answer(case: &Case) -> (Answer, Vec<Code>) {
    let host = MemoryHost {
        files: case
            .files
            .iter()
            .map(|(name, text)| (PathBuf::from(name), text.clone()))
            .collect(),
        ..MemoryHost::default()
    };
    let printed = host.printed.clone();
    let mut engine = Engine::new(Box::new(host));
    let lua = LuaEngine::new(Config {
        init_file: Some(PathBuf::from("init.lua")),
        is_confined: true,
        limits: Limits {
            instructions: 2_000_000,
            memory: 32 << 20,
            ..Limits::default()
        },
        ..Config::default()
    });
    engine.set_script_engine(lua.clone());
    let file = engine.sources.add("case", case.input.as_str());
    let text = Text::from_origin(case.input.as_str(), engine.sources.whole(file).into());
    let expanded = match case.option("as") {
        Some("program") => run_program(&lua, &mut engine, &case.input),
        _ => engine.expand(&text).map(Text::into_string),
    };
    let expanded = expanded.unwrap_or_default();
    let found = engine.sink.take();
    let shown = found
        .iter()
        .map(|it| render(it, &engine.sources, Style::Plain) + "\n");
    let text = printed.borrow().clone() + &without_blank_lines(&expanded);
    let answer = Answer {
        text,
        error: shown.collect(),
    };
    (answer, found.iter().map(|it| it.code).collect())
}

fn run_program(lua: &LuaEngine, engine: &mut Engine, code: &str) -> Result<String, Reported> {
    let script = Script {
        code,
        name: "tool.lua",
        options: None,
        args: &[],
    };
    lua.run_program(engine, &script).map(|()| String::new())
}

/// Definitions leave empty lines behind, which say nothing here.
fn without_blank_lines(text: &str) -> String {
    text.lines()
        .filter(|line| !line.is_empty())
        .flat_map(|line| [line, "\n"])
        .collect()
}
