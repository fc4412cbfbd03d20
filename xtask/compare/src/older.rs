//! `compare older`: what an older binary and this one build of the same specs, byte by byte. For changes
//! that must not change packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use common::shell::{Failure, Outcome, failed, output, target_dir};

use crate::our_program;
use crate::subjects::{self, Content, Subject, Wanted};

/// Which packages to build, with what and for what.
#[derive(Args)]
pub struct Older {
    #[command(flatten)]
    wanted: Wanted,
    /// The older `specbuild`
    #[arg(long, value_name = "PROGRAM")]
    older: PathBuf,
    /// Our `specbuild`, if it is built already
    #[arg(long, value_name = "PROGRAM")]
    ours: Option<PathBuf>,
    /// What to build for
    #[arg(
        long,
        value_name = "TARGET",
        value_delimiter = ',',
        default_value = "fedora-42,debian-12"
    )]
    target: Vec<String>,
}

/// The name of each file that was written, with a checksum of its bytes.
type Files = BTreeMap<String, String>;

pub(crate) fn run(options: &Older) -> Outcome {
    let ours = our_program(options.ours.as_ref(), "specbuild")?;
    let (mut same, mut different, mut not_built) = (0, 0, Vec::new());
    for subject in subjects::all(&options.wanted)? {
        if !matches!(subject.content, Content::Built) || subject.lacks_sources() {
            continue;
        }
        for target in &options.target {
            let older = build(&options.older, &subject, target)?;
            let newer = build(&ours, &subject, target)?;
            let name = format!("{} for {target}", subject.name);
            match (older, newer) {
                (Some(older), Some(newer)) => {
                    let names = differing(&older, &newer);
                    same +=
                        newer.len() - names.iter().filter(|it| newer.contains_key(**it)).count();
                    different += names.len();
                    for file in names {
                        println!("different: {name}: {file}");
                    }
                }
                (None, None) => not_built.push(name),
                (older, _) => {
                    different += 1;
                    let who = if older.is_some() { "the older" } else { "ours" };
                    println!("different: {name}: only {who} builds it");
                }
            }
        }
    }
    println!("{same} files are the same, {different} differ");
    if !not_built.is_empty() {
        println!("built by neither: {}", not_built.join("; "));
    }
    match different {
        0 if same > 0 => Ok(()),
        0 => Err(Failure("nothing was compared".to_owned())),
        count => Err(Failure(format!("{count} files differ"))),
    }
}

/// Builds everything of a spec; `None` if that fails. The place is the same for both, since what
/// programs leave in packages may depend on it.
fn build(program: &Path, subject: &Subject, target: &str) -> Outcome<Option<Files>> {
    let dir = target_dir().join("compare/older");
    if dir.exists() {
        fs::remove_dir_all(&dir).map_err(failed("remove", &dir))?;
    }
    let out = dir.join("out");
    fs::create_dir_all(&out).map_err(failed("make", &out))?;
    let define = |name: &str, path: &Path| format!("{name} {}", path.display());
    let status = Command::new(program)
        .args(["-ba", "--nodeps", "--target", target, "--output"])
        .arg(&out)
        .args(["--define", &define("_topdir", &dir.join("top"))])
        .args(["--define", &define("_sourcedir", &subject.sources)])
        .arg(&subject.spec)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(failed("run", program))?;
    if !status.success() {
        return Ok(None);
    }
    let mut sums = Files::new();
    for entry in fs::read_dir(&out).map_err(failed("read", &out))?.flatten() {
        let sum = output(Command::new("sha256sum").arg("--zero").arg(entry.path()))?;
        let sum = sum.split(' ').next().unwrap_or_default().to_owned();
        sums.insert(entry.file_name().to_string_lossy().into_owned(), sum);
    }
    Ok(Some(sums))
}

/// The names of files that only one side has, or that have other bytes.
fn differing<'a>(older: &'a Files, newer: &'a Files) -> Vec<&'a String> {
    let mut names: Vec<&String> = older.keys().chain(newer.keys()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| older.get(*name) != newer.get(*name));
    names
}

#[cfg(test)]
mod tests {
    use super::{Files, differing};

    #[test]
    fn other_bytes_and_missing_files_are_differences() {
        let files = |list: &[(&str, &str)]| -> Files {
            let own = list
                .iter()
                .map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned()));
            own.collect()
        };
        let older = files(&[("a.deb", "1"), ("b.deb", "2"), ("c.deb", "3")]);
        let newer = files(&[("a.deb", "1"), ("b.deb", "4"), ("d.deb", "5")]);
        assert_eq!(differing(&older, &newer), ["b.deb", "c.deb", "d.deb"]);
    }
}
