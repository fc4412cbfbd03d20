//! One spec built for one target: built once, looked at by many trials.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use testkit::golden;

use crate::bench::{Bench, workspace};

/// A spec with its sources, to be built for one target.
#[derive(Debug)]
pub(crate) struct Project {
    /// Name of the case, and of its directory below `testdata/build/`.
    pub(crate) name: &'static str,
    pub(crate) target: &'static str,
    /// The spec; its sources lie beside it.
    pub(crate) spec: PathBuf,
    /// Further arguments.
    pub(crate) args: Vec<&'static str>,
    built: OnceLock<Result<Built, String>>,
}

/// A finished build.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) bench: Bench,
    /// What was printed.
    pub(crate) log: String,
    /// The packages, in the order written.
    pub(crate) packages: Vec<PathBuf>,
    /// Everything that was written, in that order: the packages, and what comes with them.
    pub(crate) files: Vec<PathBuf>,
}

impl Built {
    /// The packages with this ending and none of the others' debug files.
    pub(crate) fn main_packages(&self) -> Vec<&Path> {
        let packages = self.packages.iter().map(PathBuf::as_path);
        packages.filter(|path| !is_debug(path)).collect()
    }

    /// The one file with this ending.
    pub(crate) fn file(&self, ending: &str) -> &Path {
        let found = self
            .files
            .iter()
            .find(|path| file_name(path).ends_with(ending));
        found.unwrap_or_else(|| panic!("no {ending} in {:?}", self.files))
    }

    /// The packages that are installed: neither sources nor debug files.
    pub(crate) fn installable(&self) -> Vec<&Path> {
        let mut packages = self.main_packages();
        packages.retain(|path| !file_name(path).ends_with(".src.rpm"));
        packages
    }
}

fn is_debug(path: &Path) -> bool {
    let name = file_name(path);
    let marks = ["-debuginfo-", "-debugsource-", "-dbgsym_"];
    marks.iter().any(|it| name.contains(it))
}

/// The last part of a path.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

impl Project {
    pub(crate) fn new(
        name: &'static str,
        target: &'static str,
        spec: PathBuf,
        args: &[&'static str],
    ) -> Arc<Self> {
        Arc::new(Self {
            name,
            target,
            spec,
            args: args.to_vec(),
            built: OnceLock::new(),
        })
    }

    /// The build; the first caller does it, the others wait.
    pub(crate) fn built(&self) -> &Built {
        let built = self.built.get_or_init(|| self.build());
        built.as_ref().unwrap_or_else(|fault| panic!("{fault}"))
    }

    fn build(&self) -> Result<Built, String> {
        let bench = Bench::new();
        let mut args = vec!["-ba".into(), self.spec.clone().into_os_string()];
        args.extend(["--target", self.target].map(Into::into));
        args.extend(self.args.iter().map(Into::into));
        let ran = bench.build(args);
        let log = format!("{}{}", ran.stdout, ran.stderr);
        if ran.status != Some(0) {
            let lines: Vec<&str> = log.lines().collect();
            let end = lines[lines.len().saturating_sub(60)..].join("\n");
            return Err(format!("{} for {}:\n{end}", self.name, self.target));
        }
        let written = ran
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix("Wrote: "));
        let files: Vec<PathBuf> = written.map(PathBuf::from).collect();
        let is_package = |path: &&PathBuf| {
            path.extension()
                .is_some_and(|it| it == "deb" || it == "rpm")
        };
        Ok(Built {
            packages: files.iter().filter(is_package).cloned().collect(),
            files,
            log,
            bench,
        })
    }

    /// Compares what is in the packages with `testdata/build/NAME/TARGET.txt`.
    ///
    /// `list` prints the files of a package. Left out: debug files and links from build ids, whose
    /// paths are chosen by the compiler's host, and what python's installers note of themselves.
    pub(crate) fn check_contents(&self, list: impl Fn(&Path) -> String) {
        let mut text = String::new();
        for package in self.built().main_packages() {
            text += &format!("{}\n", file_name(package));
            let files = list(package);
            let is_hosts =
                |line: &&str| line.contains(".dist-info/") || line.contains("/.build-id");
            let lines = files.lines().filter(|line| !is_hosts(line));
            text.extend(lines.map(|line| format!("    {line}\n")));
        }
        let path = workspace("testdata/build")
            .join(self.name)
            .join(format!("{}.txt", self.target));
        golden::compare(&path, &text).unwrap_or_else(|message| panic!("{message}"));
    }
}

/// How an installed package shows that it works: what is run in the root it is installed in.
///
/// The arguments are the root and the directory of libraries in it.
pub(crate) type Proof = fn(root: &Path, libraries: &Path);

/// A command that finds the libraries of a root.
pub(crate) fn command_in(root: &Path, libraries: &Path, program: &str) -> Command {
    let mut command = Command::new(root.join(program));
    command.env("LD_LIBRARY_PATH", libraries);
    command
}
