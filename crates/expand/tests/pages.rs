//! Runs the pages of `testdata/expand`: each block is a text to expand.
//!
//! `file NAME` blocks are macro files that are loaded first, or files at the macros' hand.

use source::{Code, Style, render};
use specbuild_expand::{CODES, Engine, MemoryHost};
use testkit::{Answer, Case};

fn main() {
    let dir = testkit::testdata("expand");
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
            .map(|(name, text)| (name.into(), text.clone()))
            .collect(),
        commands: [("echo hello".to_owned(), "hello\n\n".to_owned())].into(),
        env: [("HOME".to_owned(), "/home/user".to_owned())].into(),
        ..MemoryHost::default()
    };
    let (printed, logged) = (host.printed.clone(), host.logged.clone());
    let mut engine = Engine::new(Box::new(host));
    engine.limits.calls = 10_000;
    for (name, text) in case
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".macros"))
    {
        engine.load_text(name.as_str(), text.as_str());
    }
    let file = engine.sources.add("case", case.input.as_str());
    let text = source::Text::from_origin(case.input.as_str(), engine.sources.whole(file).into());
    let made = engine
        .expand(&text)
        .map(source::Text::into_string)
        .unwrap_or_default();
    let findings = engine.sink.take();
    let drawn = findings
        .iter()
        .map(|it| render(it, &engine.sources, Style::Plain) + "\n");
    let answer = Answer {
        text: printed.borrow().clone() + &made,
        error: logged.borrow().clone() + &drawn.collect::<String>(),
    };
    (answer, findings.iter().map(|it| it.code).collect())
}
