//! What is packaged: the examples, the packages and file lists of the tests, and packages of others.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use common::shell::{Failure, Outcome, failed, root, target_dir};

/// Which packages to take.
#[derive(Args)]
pub(crate) struct Wanted {
    /// Only subjects whose names begin so; all if none is named
    pub(crate) names: Vec<String>,
    /// A folder of specs by name, for those of others
    #[arg(long, value_name = "DIR", requires = "sources")]
    pub(crate) specs: Option<PathBuf>,
    /// A folder with a folder of sources for each of these specs
    #[arg(long, value_name = "DIR", requires = "specs")]
    pub(crate) sources: Option<PathBuf>,
}

/// A spec, and what there is for it.
pub(crate) struct Subject {
    /// `examples/tickd`.
    pub(crate) name: String,
    pub(crate) spec: PathBuf,
    pub(crate) sources: PathBuf,
    pub(crate) content: Content,
}

impl Subject {
    /// Whether the tests have kept no sources of it, as of packages that no archive of this machine has.
    pub(crate) fn lacks_sources(&self) -> bool {
        let is_source =
            |entry: fs::DirEntry| entry.path().extension().is_none_or(|it| it != "spec");
        let mut kept = fs::read_dir(&self.sources).into_iter().flatten().flatten();
        self.name.starts_with("testdata/build/") && !kept.any(is_source)
    }
}

/// Where the build root comes from.
pub(crate) enum Content {
    /// The spec builds it.
    Built,
    /// Descriptions say what is in build root and build directory, see `tree`.
    Described { root: PathBuf, build: PathBuf },
}

/// Everything asked for, by name.
pub(crate) fn all(wanted: &Wanted) -> Outcome<Vec<Subject>> {
    let mut subjects = own()?;
    if let (Some(specs), Some(sources)) = (&wanted.specs, &wanted.sources) {
        for name in folders(sources)? {
            subjects.push(Subject {
                spec: specs.join(format!("{name}.spec")),
                sources: sources.join(&name),
                name,
                content: Content::Built,
            });
        }
    }
    let names = &wanted.names;
    let fits = |name: &String, subject: &Subject| subject.name.starts_with(name.as_str());
    let is_known = |name: &&String| subjects.iter().any(|it| fits(name, it));
    if let Some(name) = names.iter().find(|it| !is_known(it)) {
        return Err(Failure(format!("no subject is called `{name}`")));
    }
    subjects.retain(|it| names.is_empty() || names.iter().any(|name| fits(name, it)));
    Ok(subjects)
}

/// Those of this project.
fn own() -> Outcome<Vec<Subject>> {
    let mut subjects = Vec::new();
    for name in folders(&root().join("examples"))? {
        let dir = root().join("examples").join(&name);
        subjects.extend(built(format!("examples/{name}"), &dir, &dir));
    }
    for name in folders(&root().join("testdata/build"))? {
        let dir = root().join("testdata/build").join(&name);
        // The tests keep there what they fetch.
        let sources = target_dir().join("tmp").join(&name);
        subjects.extend(built(format!("testdata/build/{name}"), &dir, &sources));
    }
    for name in folders(&root().join("testdata/collect"))? {
        let dir = root().join("testdata/collect").join(&name);
        subjects.push(Subject {
            name: format!("testdata/collect/{name}"),
            spec: dir.join("case.spec"),
            sources: dir.clone(),
            content: Content::Described {
                root: dir.join("root.txt"),
                build: dir.join("source.txt"),
            },
        });
    }
    subjects.retain(|subject| subject.spec.exists());
    Ok(subjects)
}

/// The spec of a folder that is named after it; with the sources, a copy of it may be kept that fits
/// them better.
fn built(name: String, dir: &Path, sources: &Path) -> Option<Subject> {
    let file = format!("{}.spec", dir.file_name()?.to_str()?);
    let places = [sources.join(&file), dir.join(&file)];
    Some(Subject {
        spec: places.into_iter().find(|it| it.exists())?,
        sources: sources.to_owned(),
        name,
        content: Content::Built,
    })
}

/// The names of the folders in a folder, sorted.
fn folders(dir: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(dir).map_err(failed("read", dir))?.flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}
