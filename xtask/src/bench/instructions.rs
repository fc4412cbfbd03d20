//! `bench instructions`: how many instructions a few runs take, by valgrind's callgrind.
//!
//! Unlike times, these figures hardly depend on the machine and on what else it does. So the ones in
//! `xtask/instructions.toml` say when a change makes this tool slower. They count the dynamic loader
//! and the C library too, and depend on the compiler, which is what the tolerance is for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::install;
use common::shell::{Failure, Outcome, failed, output, root, target_dir};

const FIGURES: &str = "xtask/instructions.toml";
const HEAD: &str = "\
# Instructions that runs of this tool take: `cargo xtask bench instructions` compares with these,
# `--write` replaces them.

";

/// How far a figure may be off, in percent.
const TOLERANCE: u64 = 8;

/// A run: its name, the name of the program, and its arguments.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: [Case; 5] = [
    (
        "start-up, fedora-42",
        "rpm",
        &["--target", "fedora-42", "--eval", "%{_bindir}"],
    ),
    (
        "libgreet.spec, fedora-42",
        "rpmspec",
        &[
            "--target",
            "fedora-42",
            "-P",
            "examples/libgreet/libgreet.spec",
        ],
    ),
    (
        "python-shout.spec, fedora-42",
        "rpmspec",
        &[
            "--target",
            "fedora-42",
            "-P",
            "examples/python-shout/python-shout.spec",
        ],
    ),
    (
        "tickd.spec, debian-13",
        "rpmspec",
        &["--target", "debian-13", "-P", "examples/tickd/tickd.spec"],
    ),
    ("4096 nested calls", "rpm", NESTED),
];

/// Six macros, each of which calls the next four times; the last takes options and arguments.
const NESTED: &[&str] = &[
    "--target",
    "upstream",
    "--define",
    "leaf(x:) %{-x*}%{?1:%{1}}%{!?none:.}",
    "--define",
    "e %{leaf -x 1 a}%{leaf b}%{leaf -x 2}%{leaf}",
    "--define",
    "d %{e}%{?e}%e%{e}",
    "--define",
    "c %{d}%{?d}%d%{d}",
    "--define",
    "b %{c}%{?c}%c%{c}",
    "--define",
    "a %{b}%{?b}%b%{b}",
    "--eval",
    "%{a}%{?a}%a%{a}",
];

pub(crate) fn run(write: bool) -> Outcome {
    let is_there = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_there {
        let message = "instructions are counted by valgrind, which is not installed";
        return Err(Failure(message.to_owned()));
    }
    let bin = target_dir().join("bench/bin");
    install::run(&bin)?;
    let mut counts = Vec::new();
    for case in &CASES {
        counts.push((case.0, count(&bin, case)?));
    }
    let path = root().join(FIGURES);
    if write {
        return write_figures(&path, &counts);
    }
    let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
    compare(&counts, &text)
}

/// Runs a case in an environment of its own, once to have the helper files in place, once to count.
fn count(bin: &Path, (_, program, args): &Case) -> Outcome<u64> {
    let desk = target_dir().join("bench/desk");
    fs::create_dir_all(&desk).map_err(failed("make", &desk))?;
    let program = bin.join(program);
    let counted = desk.join("callgrind.out");
    let set_up = |command: &mut Command| {
        command.args(*args).current_dir(root());
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command.env("HOME", &desk).env("LC_ALL", "C.UTF-8");
    };
    let mut plain = Command::new(&program);
    set_up(&mut plain);
    output(&mut plain)?;
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet"]);
    command.arg(format!("--callgrind-out-file={}", counted.display()));
    command.arg(&program);
    set_up(&mut command);
    output(&mut command)?;
    total(&counted)
}

/// The sum in a file that callgrind wrote.
fn total(path: &PathBuf) -> Outcome<u64> {
    let text = fs::read_to_string(path).map_err(failed("read", path))?;
    let sum = text.lines().find_map(|line| {
        let sum = line
            .strip_prefix("summary:")
            .or(line.strip_prefix("totals:"))?;
        sum.trim().parse().ok()
    });
    sum.ok_or_else(|| Failure(format!("{} has no sum", path.display())))
}

fn write_figures(path: &Path, counts: &[(&str, u64)]) -> Outcome {
    let rows = counts
        .iter()
        .map(|(name, count)| format!("{name:?} = {count}\n"));
    let text = HEAD.to_owned() + &rows.collect::<String>();
    print!("{text}");
    fs::write(path, text).map_err(failed("write", path))
}

/// Shows each figure beside the kept one. One that is much higher is a failure, and so is one that
/// is much lower: the kept ones would let the gain be lost again.
fn compare(counts: &[(&str, u64)], kept: &str) -> Outcome {
    let mut is_off = false;
    for (name, count) in counts {
        let before =
            figure(kept, name).ok_or_else(|| Failure(format!("{FIGURES} lacks {name:?}")))?;
        let change = (*count as f64 / before as f64 - 1.0) * 100.0;
        println!("{name:<30} {before:>12} {count:>12} {change:>+6.1} %");
        is_off |= count.abs_diff(before) * 100 > before * TOLERANCE;
    }
    if is_off {
        let message = format!(
            "more than {TOLERANCE} % off {FIGURES}; if that is meant, \
             run `cargo xtask bench instructions --write`"
        );
        return Err(Failure(message));
    }
    Ok(())
}

fn figure(text: &str, name: &str) -> Option<u64> {
    let key = format!("{name:?}");
    text.lines().find_map(|line| {
        let value = line.strip_prefix(&key)?.trim().strip_prefix('=')?;
        value.trim().parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn figures_may_be_off_a_little() {
        let kept = "# x\n\"a b\" = 1000\n";
        assert!(compare(&[("a b", 1080)], kept).is_ok());
        assert!(compare(&[("a b", 1081)], kept).is_err());
        assert!(compare(&[("a b", 900)], kept).is_err());
        assert!(compare(&[("c", 1)], kept).is_err());
    }
}
