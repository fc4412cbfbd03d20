//! `%autosetup -S`: what each version control system is left with after two patches. What is
//! expected here is what rpm's own back ends leave.

use std::fs;
use std::process::Command;

use testkit::Trial;

use crate::bench::{Bench, files_below, run};
use crate::machine::{Machine, Need};

/// One trial per system; `patch` and `tar` are needed by all.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let checks: [(&str, &str, fn()); 6] = [
        ("patch", "patch", || {
            assert_eq!(files(&prepare("patch")), ["f", "g"]);
        }),
        ("gendiff", "patch", || {
            assert_eq!(files(&prepare("gendiff")), ["f", "f.1", "f.2", "g"]);
        }),
        ("git", "git", commits_by_git),
        ("git_am", "git", commits_mails_by_git),
        ("quilt", "quilt", keeps_a_series),
        ("hg", "hg", commits_by_mercurial),
    ];
    let trial = |(name, program, check): (&str, &'static str, fn())| {
        let needs = ["bash", "tar", "patch", "gzip", program].map(Need::Program);
        machine.trial(format!("scm: {name}"), &needs, check)
    };
    checks.into_iter().map(trial).collect()
}

const SPEC: &str = "\
Name: p
Version: 1
Release: 1
Summary: A package
License: MIT
BuildArch: noarch
Source0: p-1.tar.gz
Patch1: 1.patch
Patch2: 2.patch.gz

%description
A package.

%prep
%autosetup -p1 -S %{system}
";

/// A mail that changes the second line of `f`.
fn patch(day: u32, subject: &str, from: &str, to: &str) -> String {
    format!(
        "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n\
         From: Some One <some@example.org>\nDate: Tue, {day} Mar 2024 10:00:00 +0200\n\
         Subject: [PATCH] {subject}\n\n---\n f | 2 +-\n\n\
         diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-{from}\n+{to}\n c\n-- \n2.40\n\n"
    )
}

/// Prepares sources with a system.
fn prepare(system: &str) -> Bench {
    let bench = Bench::new();
    let desk = bench.join("desk");
    fs::create_dir(desk.join("p-1")).unwrap();
    fs::write(desk.join("p-1/f"), "a\nb\nc\n").unwrap();
    fs::write(desk.join("p-1/g"), "x\n").unwrap();
    fs::write(desk.join("1.patch"), patch(5, "First change", "b", "B")).unwrap();
    fs::write(desk.join("2.patch"), patch(6, "Second change", "B", "BB")).unwrap();
    fs::write(desk.join("p.spec"), SPEC).unwrap();
    let pack = "tar czf p-1.tar.gz p-1 && gzip 2.patch";
    run(Command::new("sh").args(["-c", pack]).current_dir(&desk));
    let mut build = bench.command("rpmbuild");
    build
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .args(["-D", &format!("_topdir {}", bench.join("top").display())])
        .args(["-D", &format!("_sourcedir {}", desk.display())])
        .args(["-D", &format!("system {system}"), "-bp", "p.spec"]);
    run(&mut build);
    let text = fs::read_to_string(bench.join(SOURCES).join("f")).unwrap();
    assert_eq!(text, "a\nBB\nc\n");
    bench
}

const SOURCES: &str = "top/BUILD/p-1-build/p-1";

fn files(bench: &Bench) -> Vec<String> {
    files_below(&bench.join(SOURCES))
}

/// What a program says in the sources.
fn say(bench: &Bench, words: &[&str]) -> String {
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .env("HOME", bench.join("home"))
        .current_dir(bench.join(SOURCES));
    run(&mut command)
}

const LOG: [&str; 4] = ["git", "log", "--date=iso", "--format=%an %ad %cn %ct %s"];

fn commits_by_git() {
    let bench = prepare("git");
    let line = "rpm-build 2023-11-14 22:13:20 +0000 rpm-build 1700000000";
    let expected = format!("{line} 2.patch.gz\n{line} 1.patch\n{line} p-1 base\n");
    assert_eq!(say(&bench, &LOG), expected);
    assert_eq!(say(&bench, &["git", "status", "--short"]), "");
    let branch = say(&bench, &["git", "rev-parse", "--abbrev-ref", "HEAD"]);
    assert_eq!(branch, "rpm-build\n");
}

fn commits_mails_by_git() {
    let expected = "\
        Some One 2024-03-06 10:00:00 +0200 rpm-build 1700000000 Second change\n\
        Some One 2024-03-05 10:00:00 +0200 rpm-build 1700000000 First change\n\
        rpm-build 2023-11-14 22:13:20 +0000 rpm-build 1700000000 p-1 base\n";
    assert_eq!(say(&prepare("git_am"), &LOG), expected);
}

fn keeps_a_series() {
    let bench = prepare("quilt");
    let series = fs::read_to_string(bench.join(SOURCES).join("patches/series"));
    assert_eq!(series.unwrap(), "1.patch -p1\n2.patch.gz -p1\n");
    let applied = say(&bench, &["quilt", "applied"]);
    assert_eq!(applied.lines().count(), 2);
}

fn commits_by_mercurial() {
    let log = ["hg", "log", "--template", "{author} {desc}\n"];
    let line = "rpm-build <rpm-build>";
    let expected = format!("{line} 2.patch.gz\n{line} 1.patch\n{line} p-1 base\n");
    assert_eq!(say(&prepare("hg"), &log), expected);
}
