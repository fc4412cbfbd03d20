//! Random trials: what a seed makes is run by the real program and by ours.
//!
//! What they print, how they end and what they say must be the same. Each trial comes from its own
//! seed, so a difference can be had again by `--seed N --count 1`. A trial that makes a difference
//! is shrunk before it is shown. What is new since the peer's version is not generated; what else
//! may differ is in the kind's list of changes.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use clap::Args;

use super::rpm::{Rpm, Run, Version};
use super::{our_program, shrink};
use common::shell::{Failure, Outcome, target_dir};

/// How to compare by random trials.
#[derive(Args)]
pub struct Options {
    /// The seed of the first trial; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many trials
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// The real program, instead of the one that is installed
    #[arg(long)]
    peer: Option<PathBuf>,
    /// Ours, if it is built already
    #[arg(long)]
    ours: Option<PathBuf>,
    /// How many differences to shrink and show
    #[arg(long, default_value_t = 10)]
    show: usize,
    /// Show each trial and what came of it, even where there is no difference
    #[arg(long)]
    all: bool,
    /// Show the trials that this reason excuses; may be repeated
    #[arg(long, value_name = "NAME")]
    excused: Vec<String>,
}

/// What a seed makes: something to run.
pub(super) trait Trial: Clone + PartialEq + fmt::Display + Sized + 'static {
    /// The name that both programs go by.
    const PROGRAM: &'static str;

    /// The first version that can be a peer.
    const OLDEST: Version;

    /// What may differ, and why.
    const CHANGES: &'static [Change<Self>];

    /// The trial of a seed, in the language as that version has it.
    fn of_seed(seed: u64, peer: Version) -> Self;

    /// Runs it by a program, in a folder of its own.
    fn run(&self, rpm: &Rpm, place: &Path) -> Outcome<Run>;

    /// Everything it becomes when one whole part of it is left out.
    fn without_parts(&self) -> Vec<Self>;

    /// All texts in it, for whoever wants to change them.
    fn texts(&self) -> Vec<&String>;

    /// The text of that number in [`Trial::texts`].
    fn text_mut(&mut self, number: usize) -> Option<&mut String>;
}

/// A reason to differ, the first version that has none, and what it excuses.
pub(super) struct Change<T> {
    pub(super) name: &'static str,
    /// What changed, for whoever reads the list.
    pub(super) reason: &'static str,
    pub(super) since: Version,
    /// Whether it explains what ours and the peer made of the trial, in this order.
    pub(super) excuses: fn(&T, &Run, &Run) -> bool,
}

/// No version has it yet.
pub(super) const NEVER: Version = (u32::MAX, 0);

/// What came of one trial.
enum Verdict<T: 'static> {
    Same,
    /// Different, for the reason that a change gives.
    Changed(&'static Change<T>),
    Different,
    /// The peer crashed or was too slow, so that there is nothing to compare with.
    Unfit,
}

/// What came of all trials.
#[derive(Default)]
struct Tally {
    same: u64,
    /// By name, how often a change is the reason, and what it says.
    changed: BTreeMap<&'static str, (u64, &'static str)>,
    unfit: u64,
    /// Seeds of the trials that differ.
    different: Vec<u64>,
}

/// The two sides.
struct Pair {
    ours: Rpm,
    peer: Rpm,
}

/// Compares as many trials as are asked for; fails where one differs.
pub(super) fn compare<T: Trial>(options: &Options) -> Outcome {
    let installed = PathBuf::from(T::PROGRAM);
    let peer = Rpm::find(options.peer.as_ref().unwrap_or(&installed))?;
    if peer.version < T::OLDEST {
        let (major, minor) = T::OLDEST;
        return Err(Failure(format!(
            "{peer}, where {major}.{minor} is the oldest to compare with"
        )));
    }
    let dir = target_dir().join("compare");
    let ours = Rpm::ours(&our_program(options.ours.as_ref(), T::PROGRAM)?, &peer);
    println!("the peer is {peer}");
    let pair = Pair { ours, peer };
    let tally = compare_all::<T>(options, &pair, &dir)?;
    print_tally(&tally);
    show::<T>(options, &pair, &dir, &tally.different)?;
    match tally.different.len() {
        0 => Ok(()),
        count => Err(Failure(format!("{count} trials differ"))),
    }
}

/// Each thread takes the next seed until none is left.
fn compare_all<T: Trial>(options: &Options, pair: &Pair, dir: &Path) -> Outcome<Tally> {
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
            let trial = T::of_seed(seed, pair.peer.version);
            if options.all {
                println!("seed {seed}\n{trial}{}", trial.run(&pair.peer, &place)?);
            }
            let verdict = pair.verdict(&trial, &place)?;
            if matches!(&verdict, Verdict::Changed(it) if options.excused.iter().any(|name| name == it.name))
            {
                let [peer, ours] = [&pair.peer, &pair.ours].map(|it| trial.run(it, &place));
                println!("seed {seed}\n{trial}peer: {}ours: {}", peer?, ours?);
            }
            tally.add(seed, &verdict);
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
    /// Compares twice before it calls a trial different: a machine at work can make it too slow.
    fn verdict<T: Trial>(&self, trial: &T, place: &Path) -> Outcome<Verdict<T>> {
        match self.verdict_at_once(trial, place)? {
            Verdict::Different => self.verdict_at_once(trial, place),
            verdict => Ok(verdict),
        }
    }

    fn verdict_at_once<T: Trial>(&self, trial: &T, place: &Path) -> Outcome<Verdict<T>> {
        let peer = trial.run(&self.peer, place)?;
        if !peer.is_fit() {
            return Ok(Verdict::Unfit);
        }
        let ours = trial.run(&self.ours, place)?;
        if ours == peer {
            return Ok(Verdict::Same);
        }
        let change = T::CHANGES
            .iter()
            .filter(|change| self.peer.version < change.since)
            .find(|change| (change.excuses)(trial, &ours, &peer));
        Ok(change.map_or(Verdict::Different, Verdict::Changed))
    }

    fn differs<T: Trial>(&self, trial: &T, place: &Path) -> Outcome<bool> {
        let verdict = self.verdict_at_once(trial, place)?;
        Ok(matches!(verdict, Verdict::Different))
    }
}

impl Tally {
    fn add<T: Trial>(&mut self, seed: u64, verdict: &Verdict<T>) {
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
    println!("{} trials: the same", tally.same);
    for (name, (count, reason)) in &tally.changed {
        println!("{count} trials: different by `{name}`: {reason}");
    }
    if tally.unfit > 0 {
        println!("{} trials: the peer crashed or took too long", tally.unfit);
    }
    println!("{} trials: different", tally.different.len());
}

/// Shrinks the first trials that differ, and shows them with what came of each.
fn show<T: Trial>(options: &Options, pair: &Pair, dir: &Path, seeds: &[u64]) -> Outcome {
    let place = dir.join("work0");
    for seed in seeds.iter().take(options.show) {
        let mut trial = T::of_seed(*seed, pair.peer.version);
        shrink::shrink(&mut trial, |smaller| pair.differs(smaller, &place))?;
        let peer = trial.run(&pair.peer, &place)?;
        let ours = trial.run(&pair.ours, &place)?;
        println!("\nseed {seed}\n{trial}peer: {peer}ours: {ours}");
    }
    let left = seeds.iter().skip(options.show);
    let left: Vec<String> = left.map(u64::to_string).collect();
    if !left.is_empty() {
        println!("\n{} more: {}", left.len(), left.join(" "));
    }
    Ok(())
}
