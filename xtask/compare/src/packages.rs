//! `compare rpm`: the same build roots, packaged by the real rpmbuild and by ours.
//!
//! Each tag of each package must have the same values in the same order, headers must be laid out the
//! same way, and payloads must hold the same entries. What may differ is in `allowed`, with reasons.

mod allowed;
mod compared;
mod header;
mod listing;
mod pair;
mod payload;
mod peer;
mod places;
mod report;
mod tools;
mod tree;

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::{our_program, version_of};
use crate::subjects::{self, Subject, Wanted};
use common::shell::{Failure, Outcome, target_dir};
use compared::Compared;
use peer::Peer;
use tools::{Refusal, Setting};

/// Which packages to compare, and with what.
#[derive(Args)]
pub struct Packages {
    #[command(flatten)]
    wanted: Wanted,
    /// The real rpmbuild; `rpm` and `rpm2cpio` are those beside it, else those of the path
    #[arg(long, value_name = "PROGRAM", default_value = "rpmbuild")]
    peer: PathBuf,
    /// A macro for both, as for rpmbuild: `_rpmformat 4`
    #[arg(long, value_name = "MACRO EXPR")]
    define: Vec<String>,
    /// Our rpmbuild, if it is built already
    #[arg(long)]
    ours: Option<PathBuf>,
    /// How many differences of a package to show
    #[arg(long, default_value_t = 10)]
    show: usize,
    /// Write the results into a page
    #[arg(long, value_name = "PAGE", num_args = 0..=1, default_missing_value = "docs/evidence/COMPARE.md")]
    write: Option<PathBuf>,
}

/// What came of one subject.
pub(crate) enum Verdict {
    /// It can't be built here.
    NotBuilt(String),
    /// It is not compared, for this reason.
    Excused(&'static str),
    /// Neither makes packages of it, for the same reasons in the same words.
    Refused(String),
    Compared(Compared),
}

pub(crate) fn run(options: &Packages) -> Outcome {
    let version = version_of(&options.peer)?;
    println!("the peer is {version}");
    let ours = our_program(options.ours.as_ref(), "rpmbuild")?;
    let dir = target_dir().join("compare");
    let peer = Peer::find(&options.peer)?;
    let setting = Setting::new(peer, &ours, &dir, &options.define)?;
    let mut results = Vec::new();
    for subject in subjects::all(&options.wanted)? {
        let verdict = compare(&setting, &subject)?;
        report::show(&subject.name, &verdict, options.show);
        results.push((subject.name, verdict));
    }
    report::summarise(&results);
    if let Some(page) = &options.write {
        report::write(page, &results, &report::title(&version, &options.define))?;
    }
    match results.iter().filter(|(name, it)| it.is_bad(name)).count() {
        0 => Ok(()),
        count => Err(Failure(format!(
            "{count} subjects differ or could not be compared"
        ))),
    }
}

fn compare(setting: &Setting, subject: &Subject) -> Outcome<Verdict> {
    if subject.lacks_sources() {
        return Ok(Verdict::Excused(
            "the tests found no sources of it on this machine, and left it out too",
        ));
    }
    if let Some(why) = setting.prepare(subject)? {
        return Ok(Verdict::NotBuilt(why));
    }
    let spec = fs::read_to_string(&subject.spec).unwrap_or_default();
    if let Some(reason) = allowed::subject(&setting.peer, &subject.name, &spec) {
        return Ok(Verdict::Excused(reason));
    }
    let theirs = setting.package(&setting.theirs, subject)?;
    let ours = setting.package(&setting.ours, subject)?;
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => {
            let mut compared = Compared::default();
            compared.compare_names(&ours, &theirs);
            for name in ours.iter().filter(|it| theirs.contains(it)) {
                pair::compare(setting, subject, name, &mut compared)?;
            }
            Ok(Verdict::Compared(compared))
        }
        (Err(ours), Err(theirs)) => {
            let refused = Verdict::Refused(without_places(&theirs.first));
            let errors = allowed::refusals(&setting.peer, ours.errors, theirs.errors);
            Ok(errors.map_or(refused, |(ours, theirs)| differs("errors", ours, theirs)))
        }
        (ours, theirs) => {
            let told = |side: Result<_, Refusal>| {
                side.map_or_else(|it| it.first, |_| "makes packages".to_owned())
            };
            Ok(differs("build", told(ours), told(theirs)))
        }
    }
}

/// The verdict on a subject that differs as a whole.
fn differs(place: &str, ours: String, theirs: String) -> Verdict {
    let mut compared = Compared::default();
    compared.differs("", place, ours, theirs);
    Verdict::Compared(compared)
}

impl Verdict {
    /// Whether there are differences or nothing to compare, or it is an example, which builds everywhere,
    /// and was not compared.
    fn is_bad(&self, name: &str) -> bool {
        match self {
            Self::Compared(compared) => !compared.differences.is_empty(),
            Self::NotBuilt(_) => true,
            Self::Excused(_) | Self::Refused(_) => name.starts_with("examples/"),
        }
    }
}

/// A message with only the last parts of its paths.
fn without_places(message: &str) -> String {
    let short = |word: &str| match word.rsplit_once('/') {
        Some((dir, name)) if dir.starts_with('/') => name.to_owned(),
        _ => word.to_owned(),
    };
    message.split(' ').map(short).collect::<Vec<_>>().join(" ")
}
