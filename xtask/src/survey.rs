//! `survey DIR`: reads every spec in a folder with the built `rpmspec`, and counts how that went.
//!
//! A spec is *read* if `rpmspec -P` succeeds, and *clean* if no macro of a known library is left anywhere:
//! not in what it expands to, not in branches that were not taken, and if bash can parse its scripts.
//! `xtask/surveys.toml` keeps the counts of whole corpora for each target; they may only improve.

mod calls;
mod known;
mod reading;
mod record;
mod scripts;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;

use common::install;
use common::shell::{Failure, Outcome, failed, target_dir};

use known::Known;
use reading::{Ending, Reader};
use record::Counts;

/// How to run a survey.
#[derive(Args)]
pub(crate) struct Survey {
    /// The folder with the specs
    dir: PathBuf,
    /// Read for this target instead of rpm with its own macros
    #[arg(long, default_value = "upstream")]
    target: String,
    /// Read every n-th spec only
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Seconds per spec
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// How many rows of each table to show
    #[arg(long, default_value_t = 25)]
    show: usize,
    /// Use this directory of rpm's names instead of building and installing them
    #[arg(long)]
    bin: Option<PathBuf>,
    /// Keep the counts in xtask/surveys.toml
    #[arg(long)]
    write: bool,
}

/// What was seen of a spec.
struct Seen {
    spec: String,
    ending: Ending,
    /// The kind of its first message, if it was not read.
    message: String,
    /// The known macros that are left.
    left: BTreeSet<String>,
    /// The headings of scripts that bash cannot parse.
    broken_scripts: Vec<String>,
}

impl Seen {
    fn is_read(&self) -> bool {
        self.ending == Ending::Read
    }

    fn is_clean(&self) -> bool {
        self.is_read() && self.left.is_empty() && self.broken_scripts.is_empty()
    }
}

pub(crate) fn run(survey: &Survey) -> Outcome {
    let bin = match &survey.bin {
        Some(bin) => bin.clone(),
        None => {
            let bin = target_dir().join("survey-bin");
            install::run(&bin)?;
            bin
        }
    };
    let reader = Reader {
        rpmspec: bin.join("rpmspec"),
        target: survey.target.clone(),
        seconds: survey.seconds,
        dir: survey.dir.clone(),
    };
    let known = Known::find(&reader)?;
    let seen = look_at_all(&reader, &known, &specs_in(&survey.dir, survey.every)?)?;
    let counts = Counts {
        specs: seen.len(),
        read: seen.iter().filter(|it| it.is_read()).count(),
        clean: seen.iter().filter(|it| it.is_clean()).count(),
    };
    table::print(&seen, &known, survey.show);
    println!("\n{}: {counts}", survey.target);
    match survey.every {
        1 => record::settle(&survey.target, counts, survey.write),
        _ => Ok(()),
    }
}

fn specs_in(dir: &Path, every: usize) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).map_err(failed("read", dir))?;
    let mut specs: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    specs.retain(|path| path.extension().is_some_and(|it| it == "spec"));
    specs.sort();
    Ok(specs.into_iter().step_by(every.max(1)).collect())
}

/// Each thread takes the next spec until none is left.
fn look_at_all(reader: &Reader, known: &Known, specs: &[PathBuf]) -> Outcome<Vec<Seen>> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut all = Vec::new();
        while let Some(spec) = specs.get(next.fetch_add(1, Ordering::Relaxed)) {
            all.push(look_at(reader, known, spec)?);
        }
        Ok::<_, Failure>(all)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut seen = Vec::with_capacity(specs.len());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            seen.extend(worker.join().expect("a worker does not panic")?);
        }
        Ok(())
    })?;
    seen.sort_by(|a, b| a.spec.cmp(&b.spec));
    Ok(seen)
}

fn look_at(reader: &Reader, known: &Known, spec: &Path) -> Outcome<Seen> {
    let reading = reader.read(spec)?;
    let text = fs::read(spec).map_err(failed("read", spec))?;
    let name = spec.file_stem().unwrap_or_default();
    Ok(Seen {
        spec: name.to_string_lossy().into_owned(),
        left: known.left_in(&String::from_utf8_lossy(&text), &reading.expanded),
        broken_scripts: scripts::broken(&reading.expanded)?,
        ending: reading.ending,
        message: reading.message,
    })
}
