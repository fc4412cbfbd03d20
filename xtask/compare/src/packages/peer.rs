//! The real rpmbuild: its version, its macro files, and the programs that come with it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::rpm::{Rpm, Version};
use common::shell::{Failure, Outcome, output};

/// A real rpmbuild and what belongs to it.
pub(super) struct Peer {
    pub(super) program: PathBuf,
    /// Reads packages.
    pub(super) rpm: PathBuf,
    /// Unpacks payloads.
    pub(super) rpm2cpio: PathBuf,
    /// Unpacks sources, if it is a program for all.
    pub(super) rpmuncompress: Option<PathBuf>,
    /// `%_target`.
    pub(super) target: String,
    /// `%getconfdir`.
    pub(super) config_dir: String,
    /// Its macro files but those of the user.
    pub(super) macro_files: Vec<String>,
    version: Version,
}

/// The version whose language and formats ours follows.
const FOLLOWED: Version = (6, 1);

impl Peer {
    /// Asks the program.
    pub(super) fn find(program: &Path) -> Outcome<Self> {
        let shown = output(Command::new(program).arg("--showrc"))?;
        let path = shown
            .lines()
            .find_map(|line| line.strip_prefix("Macro path: "));
        let path =
            path.ok_or_else(|| Failure("rpmbuild --showrc tells no macro path".to_owned()))?;
        let value = |name: &str| output(Command::new(program).args(["--eval", name]));
        let files = path.split(':').filter(|it| !it.starts_with('~'));
        Ok(Self {
            rpm: beside(program, "rpm").unwrap_or_else(|| "rpm".into()),
            rpm2cpio: beside(program, "rpm2cpio").unwrap_or_else(|| "rpm2cpio".into()),
            rpmuncompress: beside(program, "rpmuncompress"),
            target: value("%_target")?.trim().to_owned(),
            config_dir: value("%getconfdir")?.trim().to_owned(),
            macro_files: files.map(str::to_owned).collect(),
            version: Rpm::find(program)?.version,
            program: program.to_owned(),
        })
    }

    /// Whether it is older than what ours follows.
    pub(super) fn is_old(&self) -> bool {
        self.version < FOLLOWED
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = self.version;
        write!(f, "rpm-{major}.{minor}")
    }
}

/// The program of that name in the folder of another one.
fn beside(program: &Path, name: &str) -> Option<PathBuf> {
    let twin = program.with_file_name(name);
    twin.exists().then_some(twin)
}
