//! `compare shlibs`: the packages that the libraries of programs come from, by the real
//! dpkg-shlibdeps and by ours.
//!
//! Each ELF file is asked about on its own, and the relations must be the same. What may differ is in
//! [`UNLISTED`], with the reason.

mod rebuilt;
mod relations;
mod subjects;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;

use super::{our_program, version_of};
use common::marked;
use common::shell::{Failure, Outcome, failed, root, target_dir};
use relations::{Relations, parse};
use subjects::Subject;

/// Which files to compare, and with what.
#[derive(Args)]
pub struct Shlibs {
    /// ELF files; without them, some of every installed package
    files: Vec<PathBuf>,
    /// How many files of a package, the first by name
    #[arg(long, default_value_t = 2)]
    each: usize,
    /// How many files in all
    #[arg(long, default_value_t = 10_000)]
    count: usize,
    /// The real dpkg-shlibdeps
    #[arg(long, default_value = "dpkg-shlibdeps")]
    peer: PathBuf,
    /// Our specbuild, if it is built already
    #[arg(long)]
    ours: Option<PathBuf>,
    /// Only build the examples, and the specs that lie in this folder with their sources, and compare
    /// the `Depends` of their packages
    #[arg(long, value_name = "SPECS", num_args = 0..=1, default_missing_value = "examples")]
    rebuilt: Option<PathBuf>,
    /// Write the results into docs/evidence/SHLIBS.md
    #[arg(long)]
    write: bool,
}

/// Both answers for one file.
struct Answer {
    subject: Subject,
    ours: Relations,
    theirs: Relations,
}

/// Why ours may say more than the peer does.
const UNLISTED: &str = "the library's package has neither symbols nor shlibs for it: ours requires the package by name, \
     the peer leaves it out (only under `--ignore-missing-info` if the library has a version)";

pub(crate) fn run(options: &Shlibs) -> Outcome {
    let version = version_of(&options.peer)?;
    let version = version.lines().next().unwrap_or_default();
    println!("the peer is {version}");
    let ours = our_program(options.ours.as_ref(), "specbuild")?;
    let dir = target_dir().join("compare");
    if let Some(folder) = &options.rebuilt {
        return compare_rebuilt(options, folder, &ours, &dir.join("rebuilt"));
    }
    let pair = Pair::new(options.peer.clone(), ours, dir.join("shlibs"))?;
    let subjects = match &options.files[..] {
        [] => subjects::installed(options.each, options.count)?,
        files => files.iter().cloned().map(Subject::lone).collect(),
    };
    let tally = Tally::of(&pair.ask_all(&subjects)?);
    print!("{}", tally.text());
    if options.write {
        tally.write(version)?;
    }
    match tally.different.len() {
        0 => Ok(()),
        count => Err(Failure(format!("{count} files differ"))),
    }
}

/// The packages of the examples and of further specs.
fn compare_rebuilt(options: &Shlibs, folder: &Path, ours: &Path, dir: &Path) -> Outcome {
    let ours = std::path::absolute(ours).map_err(failed("find", ours))?;
    let examples = ["libgreet", "tickd"];
    let mut specs: Vec<PathBuf> = examples
        .iter()
        .map(|it| root().join(format!("examples/{it}/{it}.spec")))
        .collect();
    if folder != Path::new("examples") {
        let entries = fs::read_dir(folder).map_err(failed("read", folder))?;
        let paths = entries.flatten().map(|it| it.path());
        specs.extend(paths.filter(|it| it.extension().is_some_and(|it| it == "spec")));
    }
    let mut packages = Vec::new();
    for spec in &specs {
        packages.extend(rebuilt::compare(spec, &ours, &options.peer, dir)?);
    }
    let (table, different) = rebuilt::table(&packages);
    print!("{table}");
    if !different.is_empty() {
        return Err(Failure(different.join("\n")));
    }
    if options.write {
        marked::put_into(&root().join("docs/evidence/SHLIBS.md"), "rebuilt", &table)?;
    }
    Ok(())
}

/// The two sides, and a folder that the peer takes for a source package.
struct Pair {
    peer: PathBuf,
    ours: PathBuf,
    dir: PathBuf,
}

impl Pair {
    fn new(peer: PathBuf, ours: PathBuf, dir: PathBuf) -> Outcome<Self> {
        let debian = dir.join("debian");
        fs::create_dir_all(&debian).map_err(failed("make", &debian))?;
        let control = debian.join("control");
        fs::write(
            &control,
            "Source: probe\n\nPackage: probe\nArchitecture: any\n",
        )
        .map_err(failed("write", &control))?;
        Ok(Self { peer, ours, dir })
    }

    /// Each thread takes the next subject until none is left.
    fn ask_all(&self, subjects: &[Subject]) -> Outcome<Vec<Answer>> {
        let next = AtomicUsize::new(0);
        let answers = Mutex::new(Vec::new());
        let worker = || -> Outcome {
            while let Some(subject) = subjects.get(next.fetch_add(1, Ordering::Relaxed)) {
                let answer = self.ask(subject)?;
                answers.lock().expect("no thread panics").push(answer);
            }
            Ok(())
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
            workers
                .into_iter()
                .try_for_each(|it| it.join().expect("a worker does not panic"))
        })?;
        let mut answers = answers.into_inner().expect("no thread panics");
        answers.sort_by(|a, b| a.subject.cmp(&b.subject));
        Ok(answers)
    }

    fn ask(&self, subject: &Subject) -> Outcome<Answer> {
        let mut peer = Command::new(&self.peer);
        peer.args(["-O", "--ignore-missing-info"]);
        let mut ours = Command::new(&self.ours);
        ours.args(["helper", "shlibdeps"]);
        Ok(Answer {
            subject: subject.clone(),
            ours: self.relations(&mut ours, &subject.file)?,
            theirs: self.relations(&mut peer, &subject.file)?,
        })
    }

    /// What a side prints for a file; a fault is taken for a relation, so that it makes a difference
    /// unless both have one.
    fn relations(&self, command: &mut Command, file: &Path) -> Outcome<Relations> {
        let program = PathBuf::from(command.get_program());
        let output = command
            .arg(file)
            .current_dir(&self.dir)
            .env("LC_ALL", "C.UTF-8")
            .output()
            .map_err(failed("run", &program))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(if output.status.success() {
            parse(&text)
        } else {
            Relations::from(["(a fault)".to_owned()])
        })
    }
}

/// What came of all files.
#[derive(Default)]
struct Tally {
    files: usize,
    packages: usize,
    relations: usize,
    /// By reason, how many relations it excuses.
    excused: BTreeMap<&'static str, usize>,
    /// A line for each file that differs.
    different: Vec<String>,
}

impl Tally {
    fn of(answers: &[Answer]) -> Self {
        let mut tally = Self {
            files: answers.len(),
            ..Self::default()
        };
        let mut packages: Vec<&str> = answers.iter().map(|it| &*it.subject.package).collect();
        packages.dedup();
        tally.packages = packages.len();
        for answer in answers {
            tally.add(answer);
        }
        tally
    }

    fn add(&mut self, answer: &Answer) {
        self.relations += answer.theirs.len();
        let more: Vec<&String> = answer.ours.difference(&answer.theirs).collect();
        let less: Vec<&String> = answer.theirs.difference(&answer.ours).collect();
        let (excused, more): (Vec<_>, Vec<_>) =
            more.into_iter().partition(|it| subjects::is_unlisted(it));
        if !excused.is_empty() {
            *self.excused.entry(UNLISTED).or_default() += excused.len();
        }
        if !(more.is_empty() && less.is_empty()) {
            let file = answer.subject.file.display();
            self.different.push(format!(
                "{file}: only ours {more:?}, only the peer's {less:?}"
            ));
        }
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{} files of {} packages, {} relations: {} files differ\n",
            self.files,
            self.packages,
            self.relations,
            self.different.len()
        );
        for (reason, count) in &self.excused {
            text.push_str(&format!("- {count} relations: {reason}\n"));
        }
        for line in &self.different {
            text.push_str(&format!("- {line}\n"));
        }
        text
    }

    fn write(&self, version: &str) -> Outcome {
        let text = format!("The peer: {version}\n\n{}", self.text());
        marked::put_into(&root().join("docs/evidence/SHLIBS.md"), "shlibs", &text)
    }
}
