//! Lives of packages: installed, upgraded, removed and purged by rpm and dpkg in roots of their own,
//! where scriptlets run. The cases are folders below `testdata/life/`.
//!
//! Both families' packages come from the same spec. What there is to see after each step is kept for
//! each, and where they differ is kept too, so that nobody has to look for it.

mod base;
mod root;
mod steps;

use std::path::{Path, PathBuf};

use testkit::{Trial, golden};

use crate::bench::{Bench, workspace};
use crate::machine::{Machine, Need};
use root::{Family, Packages, Root};
use steps::{Built, Step};

/// What the tests run themselves; a root needs [`base::PROGRAMS`] too.
const NEEDS: [Need; 4] = [
    Need::Root,
    Need::Program("chroot"),
    Need::Program("ldd"),
    Need::Program("rpm"),
];

/// The rpm whose behaviour is followed: what dpkg's packages do is compared with what it does.
const FOLLOWED: &str = "rpm-6.1.txt";

/// One trial for each case.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(workspace("testdata/life"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("steps.txt").is_file())
        .collect();
    folders.sort();
    let programs = base::PROGRAMS.map(Need::Program);
    let needs = [&NEEDS[..], &programs].concat();
    let trial = |folder: PathBuf| {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        machine.trial(format!("life/{name}"), &needs, move || live(&name, &folder))
    };
    folders.into_iter().map(trial).collect()
}

/// Takes the steps in both roots and compares what is seen with what is kept.
fn live(name: &str, folder: &Path) {
    let steps = steps::load(&folder.join("steps.txt"));
    let [deb, rpm] = [Family::Deb, Family::Rpm].map(|family| {
        let bench = Bench::new();
        let packages = build(family, folder, &steps, &bench);
        let base = (family == Family::Rpm).then(|| build_base(&bench));
        let root = Root::new(family, name, packages, base.as_deref());
        steps
            .iter()
            .map(|step| root.take(&step.action))
            .collect::<Vec<_>>()
    });
    let text = |lives: &[Vec<String>]| {
        let each = steps.iter().zip(lives);
        each.map(|(step, lines)| told(step, lines))
            .collect::<String>()
    };
    let expected = folder.join("expected");
    let mut faults = Vec::new();
    let mut compare = |file: &str, text: &str| {
        faults.extend(golden::compare(&expected.join(file), text).err());
    };
    compare("deb.txt", &text(&deb));
    let kept = format!("rpm-{}.txt", rpm_version());
    if kept == FOLLOWED || expected.join(&kept).exists() {
        compare(&kept, &text(&rpm));
    }
    compare(
        "differences.txt",
        &differences(&steps, &kept_steps(&expected), &deb),
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The first two numbers of the version of rpm here.
fn rpm_version() -> String {
    let said = crate::bench::run(std::process::Command::new("rpm").arg("--version"));
    let version = said.trim().trim_start_matches("RPM version ");
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// What is kept of the rpm that is followed, step by step.
fn kept_steps(expected: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(expected.join(FOLLOWED)).unwrap();
    let mut steps = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("    ") {
            None => steps.push(Vec::new()),
            Some(seen) => steps.last_mut().unwrap().push(seen.to_owned()),
        }
    }
    steps
}

fn told(step: &Step, lines: &[String]) -> String {
    let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("{}\n{lines}", step.line)
}

/// For each step: the lines that only one of them has, or that the order is another.
fn differences(steps: &[Step], rpm: &[Vec<String>], deb: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (step, (rpm, deb)) in steps.iter().zip(rpm.iter().zip(deb)) {
        let mut lines = only(rpm, deb, "only rpm: ");
        lines.extend(only(deb, rpm, "only dpkg: "));
        if lines.is_empty() && rpm != deb {
            lines.push("another order".to_owned());
        }
        if !lines.is_empty() {
            text += &told(step, &lines);
        }
    }
    text
}

/// The lines that are not among the others, each as often as it is missing there.
fn only(lines: &[String], others: &[String], sign: &str) -> Vec<String> {
    let mut others = others.to_vec();
    let mut found = Vec::new();
    for line in lines {
        match others.iter().position(|other| other == line) {
            Some(at) => drop(others.remove(at)),
            None => found.push(format!("{sign}{line}")),
        }
    }
    found
}

/// Builds each spec of a case with each build number.
fn build(family: Family, folder: &Path, steps: &[Step], bench: &Bench) -> Packages {
    let mut specs: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "spec"))
        .collect();
    specs.sort();
    let mut packages = Packages::new();
    for spec in &specs {
        for number in 1..=steps::last_build(steps) {
            let files = build_one(family, spec, &format!("round {number}"), bench);
            let named = files.into_iter().map(|file| {
                let (name, _) = family.identity(&file);
                (Built { name, number }, file)
            });
            packages.extend(named);
        }
    }
    packages
}

fn build_one(family: Family, spec: &Path, definition: &str, bench: &Bench) -> Vec<PathBuf> {
    let mut args = vec!["-bb".into(), spec.as_os_str().to_owned()];
    args.extend(["--target", family.target(), "-D", definition].map(Into::into));
    let ran = bench.build(args).ok();
    let written = ran
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("Wrote: "));
    written.map(PathBuf::from).collect()
}

/// The package that provides what the programs of a root are.
fn build_base(bench: &Bench) -> PathBuf {
    let spec = workspace("testdata/life").join("base.spec");
    build_one(Family::Rpm, &spec, "round 1", bench).remove(0)
}
