//! Specs at fault, and builds that fail: `testdata/errors/`.
//!
//! Each case is a spec and the whole of what is said on standard error. Options of a case: `args=A,B`
//! for further arguments, `status=N` for an exit status that is not 1, `encoding=latin1`, `crlf` or `bom` for a
//! spec that is written so. Its ` ```file NAME ` blocks lie beside the spec.

use std::fs;

use testkit::page::Case;
use testkit::{Trial, markdown, testdata};

use crate::bench::{Bench, Ran, files_below};

/// One trial per case of the pages.
pub(crate) fn trials() -> Vec<Trial> {
    markdown::trials(testdata("errors"), said)
}

/// What is said of a spec. Ends the trial unless the run failed as it should.
fn said(case: &Case) -> Result<String, String> {
    let bench = Bench::new();
    for (name, text) in &case.files {
        fs::write(bench.join("desk").join(name), text).unwrap();
    }
    fs::write(bench.join("desk/pkg.spec"), encoded(case)).unwrap();
    let mut args = vec!["-ba", "pkg.spec", "--target", "fedora-42", "--quiet"];
    args.extend(
        case.option("args")
            .into_iter()
            .flat_map(|args| args.split(',')),
    );
    let ran = bench.build(args);
    let status = case.option("status").map_or(1, |it| it.parse().unwrap());
    assert_eq!(ran.status, Some(status), "exit status; {}", ran.stderr);
    leaves_nothing(&bench, &ran);
    let stand_ins = [(bench.path(), "")];
    let text = testkit::redact(&ran.stderr, &stand_ins);
    Err(without_chance(&text))
}

/// The spec's bytes.
fn encoded(case: &Case) -> Vec<u8> {
    match case.option("encoding") {
        Some("latin1") => case.input.chars().map(|it| it as u8).collect(),
        Some("crlf") => case.input.replace('\n', "\r\n").into_bytes(),
        Some("bom") => format!("\u{feff}{}", case.input).into_bytes(),
        _ => case.input.clone().into_bytes(),
    }
}

/// No package, no part of one, no temporary file but the script that failed.
fn leaves_nothing(bench: &Bench, ran: &Ran) {
    assert!(!ran.stdout.contains("Wrote:"), "{}", ran.stdout);
    assert_eq!(
        files_below(&bench.out()),
        Vec::<String>::new(),
        "left in --output"
    );
    let kept: Vec<String> = files_below(&bench.join("desk"))
        .into_iter()
        .filter(|name| name.contains("tmp") && !ran.stderr.contains(name.as_str()))
        .collect();
    assert_eq!(kept, Vec::<String>::new(), "left in %_tmppath");
}

/// Replaces the part of temporary names that is left to chance.
fn without_chance(text: &str) -> String {
    let mut parts = text.split("rpm-tmp.");
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let chance = part
            .find(|it: char| !it.is_ascii_alphanumeric())
            .unwrap_or(part.len());
        made += &format!("rpm-tmp.XXXXXX{}", &part[chance..]);
    }
    made
}
