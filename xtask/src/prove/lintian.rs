//! `prove lintian`: builds what this repository has of specs, as source and binary packages for
//! Debian, and has lintian look at everything that would be uploaded.
//!
//! `testdata/build/LINTIAN.md` is page and data: what lintian says must have a reason in its table, and
//! each reason must be needed. What was looked at is written into it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use super::lay_out;
use common::marked;
use common::shell::{Failure, Outcome, build_release, failed, output, root, target_dir};

#[derive(Args)]
pub(crate) struct Lintian {
    /// The binary to prove, instead of a fresh release build
    #[arg(long)]
    specbuild: Option<PathBuf>,
    /// A checkout of the public repository `datto/dattobd`
    #[arg(long)]
    checkout: Option<PathBuf>,
    /// A folder with the upstream archives that the specs in testdata/build name
    #[arg(long)]
    sources: Option<PathBuf>,
}

/// The page with the reasons.
const PAGE: &str = "testdata/build/LINTIAN.md";

/// What builds are for.
const TARGET: &str = "debian-12";

pub(crate) fn run(asked: &Lintian) -> Outcome {
    let specbuild = match &asked.specbuild {
        Some(given) => given.clone(),
        None => build_release()?,
    };
    let page = root().join(PAGE);
    let text = fs::read_to_string(&page).map_err(failed("read", &page))?;
    let mut reasons = Reasons::parse(&text);
    let work = target_dir().join("prove/lintian");
    let mut table = String::from("| spec | packages | errors and warnings |\n|---|---|---|\n");
    let mut unexplained = Vec::new();
    for subject in subjects(asked, &work)? {
        println!("--- {}", subject.name);
        let (packages, changes) = subject.build(&specbuild, &work)?;
        let found = Tags::of(&changes)?;
        let _ = writeln!(
            table,
            "| {} | {packages} | {} |",
            subject.name,
            found.counts()
        );
        unexplained.extend(reasons.without(&subject.name, &found));
    }
    if !unexplained.is_empty() {
        return Err(Failure(format!(
            "no reason is given in {PAGE} for:\n{}",
            unexplained.join("\n")
        )));
    }
    if asked.checkout.is_some() && asked.sources.is_some() {
        reasons.check_all_used()?;
        marked::put_into(&page, "lintian", &table)?;
    }
    Ok(())
}

/// A spec to build.
struct Subject {
    name: String,
    spec: PathBuf,
    args: Vec<String>,
}

impl Subject {
    fn new(name: &str, spec: PathBuf) -> Self {
        Self {
            name: name.to_owned(),
            spec,
            args: Vec::new(),
        }
    }

    /// Builds everything; the number of binary packages, and the `.changes` file.
    fn build(&self, specbuild: &Path, work: &Path) -> Outcome<(usize, PathBuf)> {
        let place = work.join(self.name.replace('/', "-"));
        let _ = fs::remove_dir_all(place.join("out"));
        let mut build = Command::new(specbuild);
        build.args(["-ba", "--nodeps", "--quiet", "--target", TARGET]);
        build
            .arg("-D")
            .arg(format!("_topdir {}", place.join("top").display()));
        if let Some(folder) = self.spec.parent().filter(|_| self.name != DATTOBD) {
            build
                .arg("-D")
                .arg(format!("_sourcedir {}", folder.display()));
        } else {
            let sources = work.join("top/SOURCES");
            build
                .arg("-D")
                .arg(format!("_sourcedir {}", sources.display()));
        }
        build
            .args(&self.args)
            .arg("--output")
            .arg(place.join("out"));
        output(build.arg(&self.spec))?;
        let out = place.join("out");
        let entries = fs::read_dir(&out).map_err(failed("read", &out))?;
        let files: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
        let ending = |ending: &str| {
            let ending = ending.to_owned();
            move |path: &&PathBuf| path.extension().is_some_and(|it| it == &*ending)
        };
        let packages = files.iter().filter(ending("deb")).count();
        let changes = files.iter().find(ending("changes"));
        let lacking = || Failure(format!("{}: no .changes file was written", self.name));
        Ok((packages, changes.ok_or_else(lacking)?.clone()))
    }
}

const DATTOBD: &str = "dattobd";
/// What a packager would say to lintian of upstream's archive; it lies beside the spec.
const OVERRIDES: &str = "dattobd.source.lintian-overrides";

/// All specs there are, in the order of their names.
fn subjects(asked: &Lintian, work: &Path) -> Outcome<Vec<Subject>> {
    let mut subjects = Vec::new();
    for (folder, prefix) in [("examples", ""), ("testdata/life", "life/")] {
        for spec in specs(&root().join(folder))? {
            let folder = spec.parent().and_then(Path::file_name).unwrap_or_default();
            let name = format!("{prefix}{}", folder.to_string_lossy());
            let stem = spec.file_stem().unwrap_or_default().to_string_lossy();
            let name = match prefix {
                "" => name,
                _ => format!("{name}/{stem}"),
            };
            let mut subject = Subject::new(&name, spec);
            subject.args = vec!["-D".to_owned(), "round 1".to_owned()];
            subjects.push(subject);
        }
    }
    let kinds = root().join("testdata/system/kinds.spec");
    subjects.push(Subject::new("system/kinds", kinds));
    if let Some(sources) = &asked.sources {
        for name in ["hello", "cjson"] {
            let spec = root().join(format!("testdata/build/{name}/{name}.spec"));
            let copy = sources.join(format!("{name}.spec"));
            fs::copy(&spec, &copy).map_err(failed("copy", &spec))?;
            subjects.push(Subject::new(name, copy));
        }
    }
    if let Some(checkout) = &asked.checkout {
        let mut subject = Subject::new(DATTOBD, lay_out(checkout, work)?);
        let overrides = subject.spec.with_file_name(OVERRIDES);
        let own = root().join("testdata/build/dattobd").join(OVERRIDES);
        fs::copy(&own, &overrides).map_err(failed("copy", &own))?;
        subject.args = ["--with", "devmode"].map(str::to_owned).to_vec();
        subjects.push(subject);
    }
    Ok(subjects)
}

/// The specs one level below a folder.
fn specs(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let list = |dir: &Path| -> Outcome<Vec<PathBuf>> {
        let entries = fs::read_dir(dir).map_err(failed("read", dir))?;
        Ok(entries.flatten().map(|it| it.path()).collect())
    };
    let mut found = Vec::new();
    for path in list(folder)?.iter().filter(|it| it.is_dir()) {
        let specs = list(path)?.into_iter();
        found.extend(specs.filter(|it| it.extension().is_some_and(|it| it == "spec")));
    }
    found.sort();
    Ok(found)
}

/// What lintian said, by tag.
struct Tags(BTreeMap<String, Vec<String>>);

impl Tags {
    fn of(changes: &Path) -> Outcome<Self> {
        let mut lintian = Command::new("lintian");
        lintian.args([
            "--allow-root",
            "--fail-on",
            "none",
            "--tag-display-limit",
            "0",
        ]);
        let said = output(lintian.arg(changes))?;
        Ok(Self::parse(&said))
    }

    /// Lines such as `W: hello source: timewarp-standards-version (2014-11-16 < 2022-12-17)`.
    fn parse(said: &str) -> Self {
        let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in said
            .lines()
            .filter(|it| it.starts_with("E: ") || it.starts_with("W: "))
        {
            let tag = line.split(": ").nth(2).and_then(|it| it.split(' ').next());
            let tag = tag.unwrap_or(line).to_owned();
            tags.entry(tag).or_default().push(line.to_owned());
        }
        Self(tags)
    }

    fn counts(&self) -> String {
        let count = |(tag, lines): (&String, &Vec<String>)| match lines.len() {
            1 => format!("`{tag}`"),
            several => format!("`{tag}` ({several})"),
        };
        let counts: Vec<String> = self.0.iter().map(count).collect();
        if counts.is_empty() {
            "none".to_owned()
        } else {
            counts.join(", ")
        }
    }
}

/// The table of reasons: tags, and the specs that each holds for.
struct Reasons {
    given: BTreeMap<String, Vec<String>>,
    used: BTreeSet<String>,
}

impl Reasons {
    /// Reads the rows ``| `tag`, `tag` | spec, folder/ | why |``.
    fn parse(page: &str) -> Self {
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in page.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, tags, places, why, _] = cells.as_slice() else {
                continue;
            };
            if why.is_empty() {
                continue;
            }
            let places: Vec<String> = places.split(", ").map(str::to_owned).collect();
            for tag in tags.split(", ") {
                let places = places.iter().cloned();
                given
                    .entry(tag.trim_matches('`').to_owned())
                    .or_default()
                    .extend(places);
            }
        }
        Self {
            given,
            used: BTreeSet::new(),
        }
    }

    /// The lines on a spec that no reason is given for.
    fn without(&mut self, subject: &str, found: &Tags) -> Vec<String> {
        let mut lines = Vec::new();
        for (tag, said) in &found.0 {
            let places = self.given.get(tag).into_iter().flatten();
            let mut places = places.filter(|place| holds(place, subject));
            match places.next() {
                Some(place) => drop(self.used.insert(format!("`{tag}` for {place}"))),
                None => lines.extend(said.iter().map(|line| format!("{subject}: {line}"))),
            }
        }
        lines
    }

    /// A reason that nothing needs any more goes.
    fn check_all_used(&self) -> Outcome {
        let given = self.given.iter();
        let given = given
            .flat_map(|(tag, places)| places.iter().map(move |it| format!("`{tag}` for {it}")));
        let idle: Vec<String> = given.filter(|it| !self.used.contains(it)).collect();
        if idle.is_empty() {
            return Ok(());
        }
        Err(Failure(format!(
            "{PAGE} explains what lintian does not say: {}",
            idle.join(", ")
        )))
    }
}

/// Whether a place of the table, `all` or a folder with a slash at its end, holds a spec.
fn holds(place: &str, subject: &str) -> bool {
    place == "all" || place == subject || place.ends_with('/') && subject.starts_with(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_needs_a_reason_that_fits() {
        let page = "| `a-tag`, `b-tag` | life/, hello | because |\n| `c-tag` | all |  |\n";
        let mut reasons = Reasons::parse(page);
        let found = Tags::parse("W: x: a-tag [here]\nE: x source: c-tag\nN: said\nW: x: a-tag\n");
        assert_eq!(found.counts(), "`a-tag` (2), `c-tag`");
        assert_eq!(
            reasons.without("life/x", &found),
            ["life/x: E: x source: c-tag"]
        );
        assert_eq!(reasons.without("tickd", &found).len(), 3);
        let idle = reasons.check_all_used().expect_err("three are not used").0;
        assert!(
            idle.contains("`b-tag` for hello") && !idle.contains("`a-tag` for life/"),
            "{idle}"
        );
    }
}
