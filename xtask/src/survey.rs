//! `survey DIR`: reads every spec in a folder with the built `rpmspec` and counts how that went.
//!
//! Specs are read in parallel, each with a time limit. Messages are counted without their
//! names and numbers, so that "unknown tag `A`" and "unknown tag `B`" are one kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;

use common::install;
use common::shell::{Failure, Outcome, failed, target_dir};

/// How to run a survey.
#[derive(Args)]
pub(crate) struct Survey {
    /// The folder with the specs
    dir: PathBuf,
    /// Read for this target instead of the upstream profile
    #[arg(long)]
    target: Option<String>,
    /// Read every n-th spec only
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Seconds per spec
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// How many kinds of messages to show
    #[arg(long, default_value_t = 25)]
    show: usize,
    /// Fail if fewer specs than this can be read
    #[arg(long, default_value_t = 0)]
    at_least: usize,
}

/// How reading one spec ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Read,
    Refused,
    TimedOut,
    Crashed,
}

/// One spec's ending, and the kind of its first message if it was not read.
struct Reading {
    spec: String,
    ending: Ending,
    message: String,
}

pub(crate) fn run(survey: &Survey) -> Outcome {
    let bin = target_dir().join("survey-bin");
    install::run(&bin)?;
    let specs = specs_in(&survey.dir, survey.every)?;
    let readings = read_all(survey, &bin.join("rpmspec"), &specs)?;
    print_table(&readings, survey.show);
    let read = readings
        .iter()
        .filter(|it| it.ending == Ending::Read)
        .count();
    if read < survey.at_least {
        return Err(Failure(format!(
            "{read} specs could be read, wanted {}",
            survey.at_least
        )));
    }
    Ok(())
}

fn specs_in(dir: &Path, every: usize) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).map_err(failed("read", dir))?;
    let mut specs: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    specs.retain(|path| path.extension().is_some_and(|it| it == "spec"));
    specs.sort();
    Ok(specs.into_iter().step_by(every.max(1)).collect())
}

/// Each thread takes the next spec until none is left.
fn read_all(survey: &Survey, rpmspec: &Path, specs: &[PathBuf]) -> Outcome<Vec<Reading>> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut readings = Vec::new();
        while let Some(spec) = specs.get(next.fetch_add(1, Ordering::Relaxed)) {
            readings.push(read(survey, rpmspec, spec)?);
        }
        Ok(readings)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let mut readings = Vec::with_capacity(specs.len());
        for worker in workers {
            readings.extend(worker.join().expect("a worker does not panic")?);
        }
        Ok(readings)
    })
}

fn read(survey: &Survey, rpmspec: &Path, spec: &Path) -> Outcome<Reading> {
    let mut command = Command::new("timeout");
    command.arg(survey.seconds.to_string()).arg(rpmspec);
    if let Some(target) = &survey.target {
        command.args(["--target", target]);
    }
    let folder = format!("_sourcedir {}", survey.dir.display());
    command.args(["--define", &folder, "-P"]).arg(spec);
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|error| Failure(format!("cannot run timeout: {error}")))?;
    let ending = ending(&output);
    let message = match ending {
        Ending::Read => String::new(),
        _ => kind_of_message(&String::from_utf8_lossy(&output.stderr)),
    };
    let spec = spec
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Reading {
        spec,
        ending,
        message,
    })
}

fn ending(output: &Output) -> Ending {
    match output.status.code() {
        Some(0) => Ending::Read,
        Some(1) => Ending::Refused,
        Some(124) => Ending::TimedOut,
        _ => Ending::Crashed,
    }
}

/// The first error without what differs from spec to spec.
fn kind_of_message(stderr: &str) -> String {
    let is_error = |line: &&str| line.contains("error") || line.contains("panicked");
    let line = stderr
        .lines()
        .find(is_error)
        .or(stderr.lines().next())
        .unwrap_or("(no message)");
    let mut kind = String::new();
    for (index, part) in line.split('`').enumerate() {
        kind.push_str(if index % 2 == 1 { "`…`" } else { part });
    }
    kind.replace(|it: char| it.is_ascii_digit(), "0")
        .chars()
        .take(110)
        .collect()
}

fn print_table(readings: &[Reading], show: usize) {
    println!("\n| outcome | specs | share |\n|---|---:|---:|");
    let endings = [
        (Ending::Read, "read"),
        (Ending::Refused, "refused"),
        (Ending::TimedOut, "timed out"),
        (Ending::Crashed, "crashed"),
    ];
    for (ending, name) in endings {
        let count = readings.iter().filter(|it| it.ending == ending).count();
        let share = 100.0 * count as f64 / readings.len().max(1) as f64;
        println!("| {name} | {count} | {share:.1} % |");
    }
    let mut kinds: BTreeMap<(Ending, &str), Vec<&str>> = BTreeMap::new();
    for reading in readings.iter().filter(|it| it.ending != Ending::Read) {
        kinds
            .entry((reading.ending, &reading.message))
            .or_default()
            .push(&reading.spec);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, specs)| std::cmp::Reverse(specs.len()));
    println!("\n| specs | first message | for instance |\n|---:|---|---|");
    for ((_, message), specs) in kinds.iter().take(show) {
        let example = specs.iter().min().expect("a kind has a spec");
        println!(
            "| {} | {} | {example} |",
            specs.len(),
            message.replace('|', "\\|")
        );
    }
}

#[cfg(test)]
mod tests {
    use super::kind_of_message;

    #[test]
    fn names_and_numbers_do_not_make_a_kind() {
        let kind = kind_of_message("warning: x\nerror[spec::unknown-tag]: unknown tag `Reqires`\n");
        assert_eq!(kind, "error[spec::unknown-tag]: unknown tag `…`");
    }
}
