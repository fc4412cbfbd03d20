//! `%autorelease` and `%autochangelog`: what they are from the git history beside the spec, and without one.

use std::fs;

use testkit::Trial;

use crate::bench::{Bench, Ran, run};
use crate::machine::{Machine, Need};

pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let git = [Need::Program("git")];
    vec![
        machine.trial("history: commits count and speak", &git, counts_commits),
        machine.trial("history: merges and a changelog file", &git, takes_over),
        machine.trial("history: without a repository", &[], reads_the_file),
        machine.trial("history: nothing of a repository runs", &git, runs_nothing),
    ]
}

/// A package in the directory `desk`, whose spec has this version.
fn write_spec(bench: &Bench, version: &str, options: &str) {
    let spec = format!(
        "Name: demo\nVersion: {version}\nRelease: %autorelease{options}\nSummary: A demo\n\
         License: MIT\nBuildArch: noarch\n%description\nA demo.\n%files\n%changelog\n%autochangelog\n"
    );
    fs::write(bench.join("desk/demo.spec"), spec).unwrap();
}

fn git(bench: &Bench, arguments: &[&str]) {
    let mut git = std::process::Command::new("git");
    git.current_dir(bench.join("desk")).args(arguments);
    for (name, value) in [
        ("GIT_AUTHOR_NAME", "One"),
        ("GIT_AUTHOR_EMAIL", "one@example.org"),
        ("GIT_COMMITTER_NAME", "Two"),
        ("GIT_COMMITTER_EMAIL", "two@example.org"),
        ("GIT_AUTHOR_DATE", "2025-12-31T10:00:00Z"),
        ("GIT_COMMITTER_DATE", "2026-01-05T10:00:00Z"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ] {
        git.env(name, value);
    }
    run(&mut git);
}

fn commit(bench: &Bench, message: &str) {
    git(bench, &["add", "--all"]);
    git(
        bench,
        &["commit", "--quiet", "--allow-empty", "--message", message],
    );
}

/// The release, and the changelog without its times.
fn told(bench: &Bench) -> String {
    let format = "%{RELEASE}\n[%{CHANGELOGTIME:date} %{CHANGELOGNAME}\n%{CHANGELOGTEXT}\n]";
    let arguments = [
        "query",
        "--target",
        "fedora-42",
        "--qf",
        format,
        "demo.spec",
    ];
    let output = bench.command("specbuild").args(arguments).output().unwrap();
    Ran::from(output).ok().stdout.replace(" 12:00:00 2026", "")
}

fn counts_commits() {
    let bench = Bench::new();
    git(&bench, &["init", "--quiet"]);
    write_spec(&bench, "1.0", "");
    commit(&bench, "Import");
    commit(&bench, "Fix 100% of it\n\n... (bug 1)\n- And more");
    write_spec(&bench, "1.1", " -b 3 -e post");
    commit(&bench, "Update to 1.1");
    commit(&bench, "Rebuild\n\n[skip changelog, bump release: 4]");
    let entries = "Mon Jan  5 One <one@example.org> - 1.1-3.post\n- Update to 1.1\n\
                   Mon Jan  5 One <one@example.org> - 1.0-2\n- Fix 100% of it (bug 1)\n- And more\n\
                   Mon Jan  5 One <one@example.org> - 1.0-1\n- Import\n";
    assert_eq!(told(&bench), format!("6.post.fc42\n{entries}"));
    write_spec(&bench, "1.2", "");
    let changed = told(&bench);
    assert!(changed.starts_with("1.fc42\n"), "{changed}");
    assert!(
        changed.contains("- 1.2-1\n- Uncommitted changes\n"),
        "{changed}"
    );
    assert!(changed.ends_with(entries), "{changed}");
}

fn takes_over() {
    let bench = Bench::new();
    git(&bench, &["init", "--quiet", "--initial-branch", "main"]);
    write_spec(&bench, "1.0", "");
    commit(&bench, "Import");
    fs::write(
        bench.join("desk/changelog"),
        "* Thu Jan 01 2026 X <x@example.org> - 0.9-1\n- Old\n",
    )
    .unwrap();
    commit(&bench, "Keep the old changelog");
    git(&bench, &["checkout", "--quiet", "-b", "side"]);
    fs::write(bench.join("desk/other"), "").unwrap();
    commit(&bench, "Work beside");
    git(&bench, &["checkout", "--quiet", "main"]);
    git(
        &bench,
        &["merge", "--quiet", "--no-ff", "--message", "Merge", "side"],
    );
    assert_eq!(
        told(&bench),
        "4.fc42\nMon Jan  5 One <one@example.org> - 1.0-3\n- Work beside\n\
         Thu Jan  1 X <x@example.org> - 0.9-1\n- Old\n"
    );
}

/// Neither the programs of a repository's filters, nor another repository that is above or in the environment.
fn runs_nothing() {
    let bench = Bench::new();
    git(&bench, &["init", "--quiet"]);
    git(&bench, &["config", "filter.evil.clean", "touch RUN; cat"]);
    write_spec(&bench, "1.0", "");
    commit(&bench, "Import");
    commit(&bench, "Again \u{1} with a control character");
    fs::write(
        bench.join("desk/.git/info/attributes"),
        "*.spec filter=evil\n",
    )
    .unwrap();
    write_spec(&bench, "1.0", " ");
    assert!(told(&bench).starts_with("3.fc42\n"));
    assert!(!bench.join("desk/RUN").exists());
    let other = Bench::new();
    write_spec(&other, "1.0", "");
    fs::create_dir(other.join("desk/.git")).unwrap();
    let mut query = other.command("specbuild");
    query.args([
        "query",
        "--target",
        "fedora-42",
        "--qf",
        "%{RELEASE}",
        "demo.spec",
    ]);
    query.env("GIT_DIR", bench.join("desk/.git"));
    let ran = Ran::from(query.output().unwrap()).ok();
    assert_eq!(ran.stdout, "1.fc42");
    assert!(
        ran.stderr
            .contains("the history of the spec cannot be read")
    );
}

fn reads_the_file() {
    let bench = Bench::new();
    write_spec(&bench, "1.1", "");
    assert_eq!(told(&bench), "1.fc42\n");
    let entry = |version| format!("* Mon Jan 05 2026 X <x@example.org> - {version}\n- Old\n");
    fs::write(bench.join("desk/changelog"), entry("1.1-5.fc41")).unwrap();
    assert!(told(&bench).starts_with("5.fc42\nMon Jan  5 X"));
    fs::write(bench.join("desk/changelog"), entry("1.0-5")).unwrap();
    assert!(told(&bench).starts_with("1.fc42\n"));
}
