//! What `debian/rules` of our source packages asks for: the packages of the spec in an unpacked tree.
//!
//! All work is done below `debian/.specbuild`; packages go beside the tree, and `debian/files` lists
//! them. Source: Debian Policy 4.9; dpkg-buildpackage(1); deb-src-files(5).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use debfile::DebFile;

use crate::files;
use crate::files::write_fault;
use crate::request::{Request, Stage};
use crate::{BuildError, Setting};

/// Where the work is done, from the top of the tree.
pub(crate) const WORK: &str = "debian/.specbuild";
/// The packages that have been made, from the top of the tree.
const FILES: &str = "debian/files";

/// A target of `debian/rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulesTarget {
    /// `build`, `build-arch`, `build-indep`: everything up to `%check`.
    Build,
    /// `binary`: all packages.
    Binary,
    /// `binary-arch`: packages for one architecture.
    BinaryArch,
    /// `binary-indep`: packages for any architecture.
    BinaryIndep,
    /// `clean`: the tree as it was unpacked.
    Clean,
}

impl RulesTarget {
    /// Every target by name.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("build", Self::Build),
        ("build-arch", Self::Build),
        ("build-indep", Self::Build),
        ("binary", Self::Binary),
        ("binary-arch", Self::BinaryArch),
        ("binary-indep", Self::BinaryIndep),
        ("clean", Self::Clean),
    ];

    /// Whether packages of an architecture, in dpkg's words, are asked for.
    fn wants(self, arch: &str) -> bool {
        match self {
            Self::Binary => true,
            Self::BinaryArch => arch != "all",
            Self::BinaryIndep => arch == "all",
            Self::Build | Self::Clean => false,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The target.
    pub target: RulesTarget,
    /// The directory that the upstream archive has around its files.
    pub directory: Option<String>,
    /// `DEB_BUILD_OPTIONS` and `DEB_BUILD_PROFILES`: words, and `NAME=VALUE`.
    pub options: Vec<String>,
}

impl Rules {
    fn has(&self, word: &str) -> bool {
        self.options.iter().any(|option| option == word)
    }

    /// `parallel=N`.
    fn jobs(&self) -> Option<u32> {
        let value = self
            .options
            .iter()
            .find_map(|it| it.strip_prefix("parallel="))?;
        value.parse().ok().filter(|jobs| *jobs > 0)
    }
}

/// Removes what was made here.
pub(crate) fn clean(top: &Path) -> Result<(), BuildError> {
    let work = top.join(WORK);
    match fs::remove_dir_all(&work) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(BuildError::Remove { path: work, source })
        }
        _ => files::remove_file(&top.join(FILES)),
    }
}

/// The request for everything up to `%check`. dpkg-buildpackage has checked the build requirements.
pub(crate) fn settled(rules: &Rules, request: &Request, top: &Path) -> Request {
    let work = top.join(WORK);
    let mut request = Request {
        stage: Stage::Install,
        output: Some(work.join("packages")),
        ..request.clone()
    };
    request.switches.no_deps = true;
    request.switches.no_check |= rules.has("nocheck");
    request.switches.is_quiet |= rules.has("terse");
    let place = |name: &str, dir: &Path| Setting::Define(format!("{name} {}", dir.display()));
    let jobs = rules.jobs().map(|jobs| format!("_smp_build_ncpus {jobs}"));
    let own = [
        place("_topdir", &work),
        place("_sourcedir", &work.join("sources")),
    ];
    let own = own.into_iter().chain(jobs.map(Setting::Define));
    request.settings.given.splice(0..0, own);
    request
}

/// Moves packages beside the tree and lists them in `debian/files`.
pub(crate) fn hand_over(
    target: RulesTarget,
    packages: &[PathBuf],
    top: &Path,
) -> Result<(), BuildError> {
    let list = top.join(FILES);
    let text = limits::read_text(&list, limits::TEXT).unwrap_or_default();
    let name_of = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let mut lines: BTreeMap<String, String> = text
        .lines()
        .map(|line| (name_of(line), line.to_owned()))
        .collect();
    for path in packages {
        let line = list_line(path)?;
        let (name, arch) = (name_of(&line), arch_of(path)?);
        if !target.wants(&arch) {
            continue;
        }
        let to = top.parent().unwrap_or(top).join(&name);
        fs::rename(path, &to).map_err(|source| write_fault(&to, source))?;
        lines.insert(name, line);
    }
    let text: String = lines.values().map(|line| format!("{line}\n")).collect();
    fs::write(&list, text).map_err(|source| write_fault(&list, source))
}

fn control_of(path: &Path) -> Result<debfile::Paragraph, BuildError> {
    let opened = DebFile::open(path).map_err(|error| BuildError::Read {
        what: "package",
        path: path.to_owned(),
        source: std::io::Error::other(error),
    });
    opened.map(|package| package.control)
}

fn arch_of(path: &Path) -> Result<String, BuildError> {
    let control = control_of(path)?;
    Ok(control.get("Architecture").unwrap_or_default().to_owned())
}

/// `NAME SECTION PRIORITY`, with a mark for packages that no control file lists.
fn list_line(path: &Path) -> Result<String, BuildError> {
    let control = control_of(path)?;
    let field = |name: &str| control.get(name).unwrap_or_default().to_owned();
    let mark = match field("Auto-Built-Package").as_str() {
        "" => "",
        _ => " automatic=yes",
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(format!(
        "{name} {} {}{mark}",
        field("Section"),
        field("Priority")
    ))
}
