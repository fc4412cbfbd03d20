//! What becomes of a spec's tags in a `.deb`: `testdata/tags/`.
//!
//! A case is some lines of a preamble. Its text is the control fields they lead to, and what is said on
//! standard error.

use std::fs;

use testkit::page::Case;
use testkit::{Trial, markdown, testdata};

use crate::bench::{Bench, Ran, files_below};

/// The lines that every case has.
const BEFORE: &str = "Name: tool\nVersion: 1\nRelease: 1\nSummary: A tool\nLicense: GPL-2.0-or-later\n\
                      BuildArch: noarch\n";
const AFTER: &str = "\n%description\nIt is a tool for examples.\n\n%files\n\n%changelog\n\
                     * Mon Jan 06 2025 Ann Example <ann@example.org> - 1-1\n- First\n";

/// One trial per case, and one for the tables.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = markdown::trials(testdata("tags"), lowered);
    let tables = Trial::test("tags: the tables have them all", || {
        let page = fs::read_to_string(testdata("tags").join("tags.md")).unwrap();
        let rows: String = page.lines().filter(|it| it.starts_with('|')).collect();
        let missing = spec::tag_names().filter(|name| !rows.contains(&format!("`{name}`")));
        let missing: Vec<&str> = missing.collect();
        assert!(missing.is_empty(), "{missing:?}");
        Ok(())
    });
    trials.push(tables);
    trials
}

/// The fields of the package, then the findings.
fn lowered(case: &Case) -> String {
    let bench = Bench::new();
    let spec = format!("{BEFORE}{}{AFTER}", case.input);
    fs::write(bench.join("desk/tool.spec"), spec).unwrap();
    let ran = bench.build(["-bb", "tool.spec", "--target", "debian-12", "--quiet"]);
    let ran = ran.ok();
    let found = files_below(&bench.out());
    let [package] = found.as_slice() else {
        panic!("{found:?}");
    };
    let told = std::process::Command::new("dpkg-deb")
        .args(["--field"])
        .arg(bench.out().join(package))
        .output();
    let fields = Ran::from(told.unwrap()).ok().stdout;
    testkit::redact(&format!("{fields}\n{}", ran.stderr), &[(bench.path(), "")])
}
