//! What other tools do with rpm's and debbuild's programs, replayed: `testdata/replay/`.
//!
//! Each case is a shell script that does what such a tool does, in the tool's own environment, and
//! prints what the tool would look at: exit statuses, lines that its expressions match, files that its
//! patterns find. ` ```file NAME ` blocks lie below the directory it starts in, whose path is left out of
//! what it prints. The script finds our programs first on `PATH`, and functions in `functions.sh`.
//!
//! Where there is a real rpmbuild, it has to say the same to the same script, unless the case is
//! `alone`: there is no such program, or it asks another database of packages. `rpm=6` is for what an
//! older rpm does otherwise: only an rpm from version 6 on has to say the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use testkit::page::Case;
use testkit::{Trial, markdown, rpm_6, testdata};

use crate::bench::{Bench, Ran};
use crate::machine::{Machine, Need};

/// One trial per case, and one more where the real programs are to say the same.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let pages = testdata("replay");
    let mut compared = markdown::cases(&pages);
    compared.retain(|case| case.option("alone").is_none());
    let real = [Need::Program("rpmbuild"), Need::Program("bash")];
    let newest = [Need::Had(rpm_6().map(drop)), Need::Program("bash")];
    let mut trials = markdown::trials(pages, |case| replay(case, Whose::Ours));
    for case in compared {
        let name = &case.name;
        trials.push(match case.option("rpm") {
            Some(_) => {
                let name = format!("{name}: as rpm 6");
                machine.trial(name, &newest, move || compare(&case, Whose::Newest))
            }
            None => {
                let name = format!("{name}: as the real one");
                machine.trial(name, &real, move || compare(&case, Whose::Real))
            }
        });
    }
    trials
}

fn compare(case: &Case, whose: Whose) {
    let (ours, theirs) = (replay(case, Whose::Ours), replay(case, whose));
    assert_eq!(ours, theirs, "left: ours, right: the real one's");
}

/// Whose programs a script finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Ours, under all of their names.
    Ours,
    /// Those of the machine.
    Real,
    /// Those of an rpm from version 6 on.
    Newest,
}

/// The names that scripts call.
const NAMES: [&str; 4] = ["debbuild", "rpm", "rpmbuild", "rpmspec"];

/// What a script prints.
fn replay(case: &Case, whose: Whose) -> String {
    let bench = Bench::new();
    for (name, text) in &case.files {
        let path = bench.join(name);
        fs::create_dir_all(path.parent().unwrap_or(bench.path())).unwrap();
        fs::write(
            path,
            text.replace("@TOP@", &bench.path().display().to_string()),
        )
        .unwrap();
    }
    let ran: Ran = script(case, &bench, whose).output().unwrap().into();
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.status, Some(0), "the script ends well\n{said}");
    testkit::redact(&said, &[(bench.path(), "")])
}

/// The script of a case in a clean environment.
fn script(case: &Case, bench: &Bench, whose: Whose) -> Command {
    let functions = testdata("replay").join("functions.sh");
    let first = match whose {
        Whose::Ours => {
            // Makes the links.
            for name in NAMES {
                bench.command(name);
            }
            bench.join("bin")
        }
        Whose::Real => "/usr/bin".into(),
        Whose::Newest => rpm_6().unwrap(),
    };
    let path = format!("{}:/usr/bin:/bin:/usr/sbin:/sbin", first.display());
    let mut command = Command::new("bash");
    command
        .args(["-euc", &format!(". {}\n{}", shown(&functions), case.input)])
        .env_clear()
        .env("PATH", path)
        .env("HOME", bench.join("home"))
        .env("TOP", bench.path())
        .env("TMPDIR", bench.join("desk"))
        .current_dir(bench.path());
    command
}

fn shown(path: &Path) -> String {
    format!("'{}'", path.display())
}
