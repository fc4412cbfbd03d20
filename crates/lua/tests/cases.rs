//! The pages of testdata/lua: each block is expanded by a macro engine with Lua and no world but
//! the files of the page.

use std::path::PathBuf;

use expand::{Engine, MemoryHost};
use source::{Style, Text, render};
use specbuild_lua::{Config, LuaEngine};
use testkit::{Answer, Case};

fn main() {
    testkit::markdown::run(testkit::testdata("lua"), answer)
}

fn answer(case: &Case) -> Answer {
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
    engine.set_script_engine(LuaEngine::new(Config {
        is_confined: true,
        ..Config::default()
    }));
    let file = engine.sources.add("case", case.input.as_str());
    let text = Text::from_origin(case.input.as_str(), engine.sources.whole(file).into());
    let expanded = engine
        .expand(&text)
        .map(Text::into_string)
        .unwrap_or_default();
    let found = engine.sink.take();
    let shown = found
        .iter()
        .map(|it| render(it, &engine.sources, Style::Plain) + "\n");
    let text = printed.borrow().clone() + &without_blank_lines(&expanded);
    Answer {
        text,
        error: shown.collect(),
    }
}

/// Definitions leave empty lines behind, which say nothing here.
fn without_blank_lines(text: &str) -> String {
    text.lines()
        .filter(|line| !line.is_empty())
        .flat_map(|line| [line, "\n"])
        .collect()
}
