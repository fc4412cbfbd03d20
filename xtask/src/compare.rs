//! `compare macros`: random programs in the macro language, run by the real rpm and by ours.
//!
//! What they print, how they end and what they say must be the same. Each program comes from its
//! own seed, so a difference can be had again by `--seed N --count 1`. A program that makes a
//! difference is shrunk before it is shown. What is new in the language since the peer's version is
//! not generated; what changed its meaning is in `changes`.

mod changes;
mod dice;
mod grammar;
mod libraries;
mod messages;
mod packages;
mod program;
mod rpm;
mod shrink;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use clap::{Args, Subcommand};

use crate::install;
use crate::shell::{Failure, Outcome, failed, target_dir};
use changes::Change;
use program::Program;
use rpm::{Rpm, Run};

/// What to compare.
#[derive(Subcommand)]
pub(crate) enum Compare {
    /// The macro language, by random programs
    Macros(Macros),
    /// Packages, tag by tag, from the same build roots
    Rpm(packages::Packages),
    /// Library dependencies of ELF files, by dpkg-shlibdeps and by ours
    Shlibs(libraries::Libraries),
}

/// How to compare the macro language.
#[derive(Args)]
pub(crate) struct Macros {
    /// The seed of the first program; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many programs
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// The real rpm
    #[arg(long, default_value = "rpm")]
    peer: PathBuf,
    /// Ours, if it is built already
    #[arg(long)]
    ours: Option<PathBuf>,
    /// How many differences to shrink and show
    #[arg(long, default_value_t = 10)]
    show: usize,
    /// Show each program and what came of it, even where there is no difference
    #[arg(long)]
    all: bool,
}

/// What came of one program.
#[derive(Clone, Copy)]
enum Verdict {
    Same,
    /// Different, for the reason that a change of the language gives.
    Changed(&'static Change),
    Different,
    /// The peer crashed or was too slow, so that there is nothing to compare with.
    Unfit,
}

/// What came of all programs.
#[derive(Default)]
struct Tally {
    same: u64,
    /// By name, how often a change of the language is the reason, and what it says.
    changed: BTreeMap<&'static str, (u64, &'static str)>,
    unfit: u64,
    /// Seeds of the programs that differ.
    different: Vec<u64>,
}

/// The two sides, and where they run.
struct Pair {
    ours: Rpm,
    peer: Rpm,
}

pub(crate) fn run(compare: &Compare) -> Outcome {
    match compare {
        Compare::Macros(options) => compare_macros(options),
        Compare::Rpm(options) => packages::run(options),
        Compare::Shlibs(options) => libraries::run(options),
    }
}

/// What the real program says to `--version`. Where it is missing, nothing is compared: a failure.
fn version_of(peer: &Path) -> Outcome<String> {
    let output = Command::new(peer).arg("--version").output();
    let output = output.map_err(failed("run", peer))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Our program under one of its names; without a path it is built.
fn our_program(built: Option<&PathBuf>, name: &str) -> Outcome<PathBuf> {
    if let Some(built) = built {
        return Ok(built.clone());
    }
    let dir = target_dir().join("compare/bin");
    install::run(&dir)?;
    Ok(dir.join(name))
}

fn compare_macros(options: &Macros) -> Outcome {
    let peer = Rpm::find(&options.peer)?;
    let dir = target_dir().join("compare");
    let ours = our_program(options.ours.as_ref(), "rpm")?;
    let ours = Rpm::ours(&ours);
    println!("the peer is {peer}");
    let pair = Pair { ours, peer };
    let tally = compare_all(options, &pair, &dir)?;
    print_tally(&tally);
    show(options, &pair, &dir, &tally.different)?;
    match tally.different.len() {
        0 => Ok(()),
        count => Err(Failure(format!("{count} programs differ"))),
    }
}

/// Each thread takes the next seed until none is left.
fn compare_all(options: &Macros, pair: &Pair, dir: &Path) -> Outcome<Tally> {
    let next = AtomicU64::new(0);
    let worker = |number: usize| {
        let place = dir.join(format!("work{number}"));
        let mut tally = Tally::default();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= options.count {
                return Ok(tally);
            }
            let seed = options.seed + index;
            let program = grammar::program(seed, pair.peer.version);
            if options.all {
                println!("seed {seed}\n{program}{}", pair.peer.run(&program, &place)?);
            }
            tally.add(seed, pair.verdict(&program, &place)?);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|number| scope.spawn(move || worker(number)))
            .collect();
        let mut total = Tally::default();
        for worker in workers {
            total.merge(worker.join().expect("a worker does not panic")?);
        }
        total.different.sort_unstable();
        Ok(total)
    })
}

impl Pair {
    /// Compares twice before it calls a program different: a machine at work can make it too slow.
    fn verdict(&self, program: &Program, place: &Path) -> Outcome<Verdict> {
        match self.verdict_at_once(program, place)? {
            Verdict::Different => self.verdict_at_once(program, place),
            verdict => Ok(verdict),
        }
    }

    fn verdict_at_once(&self, program: &Program, place: &Path) -> Outcome<Verdict> {
        let peer = self.peer.run(program, place)?;
        if !peer.is_fit() {
            return Ok(Verdict::Unfit);
        }
        let ours = self.ours.run(program, place)?;
        if ours == peer {
            return Ok(Verdict::Same);
        }
        let change = changes::find(self.peer.version, program, &ours, &peer);
        Ok(change.map_or(Verdict::Different, Verdict::Changed))
    }

    fn differs(&self, program: &Program, place: &Path) -> Outcome<bool> {
        let verdict = self.verdict_at_once(program, place)?;
        Ok(matches!(verdict, Verdict::Different))
    }
}

impl Tally {
    fn add(&mut self, seed: u64, verdict: Verdict) {
        match verdict {
            Verdict::Same => self.same += 1,
            Verdict::Changed(change) => self.add_changed(change.name, 1, change.reason),
            Verdict::Unfit => self.unfit += 1,
            Verdict::Different => self.different.push(seed),
        }
    }

    fn add_changed(&mut self, name: &'static str, count: u64, reason: &'static str) {
        self.changed.entry(name).or_insert((0, reason)).0 += count;
    }

    fn merge(&mut self, other: Self) {
        self.same += other.same;
        self.unfit += other.unfit;
        self.different.extend(other.different);
        for (name, (count, reason)) in other.changed {
            self.add_changed(name, count, reason);
        }
    }
}

fn print_tally(tally: &Tally) {
    println!("{} programs: the same", tally.same);
    for (name, (count, reason)) in &tally.changed {
        println!("{count} programs: different by `{name}`: {reason}");
    }
    if tally.unfit > 0 {
        println!(
            "{} programs: the peer crashed or took too long",
            tally.unfit
        );
    }
    println!("{} programs: different", tally.different.len());
}

/// Shrinks the first programs that differ, and shows them with what came of each.
fn show(options: &Macros, pair: &Pair, dir: &Path, seeds: &[u64]) -> Outcome {
    let place = dir.join("work0");
    for seed in seeds.iter().take(options.show) {
        let mut program = grammar::program(*seed, pair.peer.version);
        shrink::shrink(&mut program, |smaller| pair.differs(smaller, &place))?;
        let (ours, peer): (Run, Run) = (
            pair.ours.run(&program, &place)?,
            pair.peer.run(&program, &place)?,
        );
        println!("\nseed {seed}\n{program}peer: {peer}ours: {ours}");
    }
    let left = seeds.len().saturating_sub(options.show);
    if left > 0 {
        let seeds: Vec<String> = seeds
            .iter()
            .skip(options.show)
            .map(u64::to_string)
            .collect();
        println!("\n{left} more: {}", seeds.join(" "));
    }
    Ok(())
}
