//! Faults of the world, and of builds.

use std::path::PathBuf;

/// Why a build ended.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The spec is at fault; the findings say how.
    #[error(transparent)]
    Reported(#[from] source::Reported),
    /// A file can't be read.
    #[error("cannot read {what} {path}")]
    Read {
        /// The kind of file, for the message.
        what: &'static str,
        /// Path of the file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A tar archive can't be opened or read. The wording is rpm's.
    #[error("File {path}")]
    NoArchive {
        /// Path of the file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A file is too short to be an archive. The wording is rpm's.
    #[error("File {0} is smaller than 13 bytes")]
    ShortArchive(PathBuf),
    /// A tar archive holds no spec. The wording is rpm's.
    #[error("Failed to read spec file from {0}")]
    NoSpecInside(PathBuf),
    /// A tar archive holds several specs. The wording is rpm's.
    #[error("Found more than one spec file in {0}")]
    ManySpecsInside(PathBuf),
    /// A file can't be opened. The wording is rpm's.
    #[error("cannot open {path}")]
    Open {
        /// Path of the file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A source package can't be read or unpacked. The wording is rpm's.
    #[error("{path} cannot be installed")]
    SourcePackage {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: rpmfile::ReadError,
    },
    /// An rpmrc file that was asked for can't be read. The wording is rpm's.
    #[error("Unable to open {path} for reading")]
    RcFile {
        /// Path of the file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// What the command line says of macros is wrong. The wording is rpm's.
    #[error("{0}")]
    Setting(String),
    /// Definitions in a macro file are bad, as reported. The wording is rpm's.
    #[error("failed to load macro file {0}")]
    MacroFile(PathBuf),
    /// A package or another file was given where a spec belongs. The wording is rpm's.
    #[error("File {0} does not appear to be a specfile.")]
    NoSpec(PathBuf),
    /// A spec in which there is nothing.
    #[error("spec {0} is empty")]
    EmptySpec(PathBuf),
    /// A file or directory can't be made.
    #[error("cannot write {path}")]
    Write {
        /// Path of the file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A directory that the build will write to can't be written to.
    #[error("cannot write to {path}")]
    Unwritable {
        /// The directory.
        path: PathBuf,
        /// The way out.
        help: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Two builds of a run would write the same file.
    #[error("the builds for {builds} would both write {path}")]
    TwoOfOneName {
        /// The file.
        path: PathBuf,
        /// Their targets or specs.
        builds: String,
    },
    /// An earlier build of this run has written another file of that name.
    #[error("an earlier build of this run has written {0}")]
    WrittenBefore(PathBuf),
    /// A temporary file can't be written.
    #[error("cannot write a temporary file in {dir}")]
    Temporary {
        /// The directory.
        dir: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A directory that a macro names can't be made. The wording is rpm's.
    #[error("failed to create directory %{{{name}}}: {path}")]
    Directory {
        /// The macro.
        name: &'static str,
        /// The path that the macro stands for.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The spec can't be found. The wording is rpm's.
    #[error("failed to stat {path}")]
    NoFile {
        /// Where it was sought.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The spec is a directory or a pipe. The wording is rpm's.
    #[error("File {0} is not a regular file.")]
    NoRegularFile(PathBuf),
    /// A file can't be removed.
    #[error("cannot remove {path}")]
    Remove {
        /// Path of the file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A program can't be started.
    #[error("cannot run {program}")]
    Run {
        /// The program as it was called.
        program: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The target can't be had.
    #[error(transparent)]
    Target(#[from] target::Error),
    /// Files can't be gathered from the build root.
    #[error(transparent)]
    Collect(collect::CollectError),
    /// The origins of shared libraries can't be found.
    #[error(transparent)]
    Libraries(#[from] debfile::shlibs::ShlibsError),
    /// A package can't be written.
    #[error("cannot write package {path}")]
    Package {
        /// Path of the file.
        path: PathBuf,
        /// What cannot be read, lowered or written.
        #[source]
        source: package::WriteError,
    },
    /// Nothing can be signed, or a key cannot be had.
    #[error(transparent)]
    Sign(#[from] sign::SignError),
    /// No key to sign with is named. The wording is rpm's.
    #[error("You must set \"%_openpgp_sign_id\" in your macro file")]
    NoSigningKey,
    /// Standard output takes no more.
    #[error("Error writing to stdout")]
    Print(#[source] std::io::Error),
    /// Build requirements are missing; a build root installs them and tries again.
    #[error("build requirements are missing")]
    MissingBuildRequires,
    /// A signal asked the build to end.
    #[error("interrupted by {}", signal_name(*.0))]
    Interrupted(i32),
}

impl BuildError {
    /// The way out, where there is a usual one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unwritable { help, .. } => Some(help.clone()),
            Self::Temporary { .. } => {
                Some("the variable TMPDIR and the macro `%_tmppath` name other directories".into())
            }
            Self::TwoOfOneName { .. } | Self::WrittenBefore(_) => {
                Some("a directory for each keeps all of them: `--output 'out%{?dist}'`".into())
            }
            _ => None,
        }
    }

    /// The exit status: 11 if a build root should install something and try again, 128 and the signal
    /// after an interruption, else 1.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::MissingBuildRequires => 11,
            Self::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(1),
            _ => 1,
        }
    }
}

/// The name of a signal that asks a program to end.
fn signal_name(signal: i32) -> String {
    match signal {
        1 => "SIGHUP".to_owned(),
        2 => "SIGINT".to_owned(),
        15 => "SIGTERM".to_owned(),
        other => format!("signal {other}"),
    }
}

impl From<collect::CollectError> for BuildError {
    fn from(error: collect::CollectError) -> Self {
        match error {
            collect::CollectError::Reported(reported) => Self::Reported(reported),
            error => Self::Collect(error),
        }
    }
}

/// Why the system refuses, without Rust's number for it.
pub fn reason_of(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}
