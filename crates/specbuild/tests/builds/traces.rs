//! The steps of expansions as people see them: `testdata/trace/`.

use std::fs;

use testkit::{Answer, Case, Trial, markdown, testdata};

use crate::bench::{Bench, Ran};

/// One trial per case of the pages.
pub(crate) fn trials() -> Vec<Trial> {
    markdown::trials(testdata("trace"), shown)
}

/// What is shown of a text or a spec, and what is said if it fails.
fn shown(case: &Case) -> Answer {
    let bench = Bench::new();
    for (name, text) in &case.files {
        fs::write(bench.join("desk").join(name), text).unwrap();
    }
    let mut what = case.input.trim_end().to_owned();
    if case.option("as") == Some("spec") {
        fs::write(bench.join("desk/pkg.spec"), &case.input).unwrap();
        what = "pkg.spec".to_owned();
    }
    let mut command = bench.command("specbuild");
    command.args(["expand", "--trace", "--macros", "macros", "--", &what]);
    let ran = Ran::from(command.output().unwrap());
    let stand_ins = [(bench.path(), "")];
    Answer {
        text: testkit::redact(&ran.stdout, &stand_ins),
        error: testkit::redact(&ran.stderr, &stand_ins),
    }
}
