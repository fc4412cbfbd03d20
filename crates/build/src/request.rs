//! What is to be built, and how far.

pub(crate) mod chosen_target;
pub(crate) mod settings;
pub(crate) mod shared_macros;
pub(crate) mod work;

use std::path::PathBuf;

use target::Personality;

use crate::{DatabasePlace, RunOutput, Settings};

/// How far a build goes, `-bX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// `-bs`: the source package only.
    Source,
    /// `-br`: the source package with what `%generate_buildrequires` asks for.
    DynamicSource,
    /// `-bd`: the build requirements are checked.
    Requirements,
    /// `-bl`: the file lists are checked, nothing is run.
    List,
    /// `-bp`: unpacked and patched.
    Prep,
    /// `-bf`: configured.
    Conf,
    /// `-bc`: compiled.
    Compile,
    /// `-bi`: installed into the build root, and checked.
    Install,
    /// `-bk`: the same, but `--short-circuit` goes straight to `%check`.
    Check,
    /// `-bb`: binary packages.
    #[default]
    Binary,
    /// `-ba`: source and binary packages.
    All,
}

impl Stage {
    /// Every stage with its letter after `-b`.
    pub const LETTERS: [(char, Self); 11] = [
        ('a', Self::All),
        ('b', Self::Binary),
        ('c', Self::Compile),
        ('d', Self::Requirements),
        ('f', Self::Conf),
        ('i', Self::Install),
        ('k', Self::Check),
        ('l', Self::List),
        ('p', Self::Prep),
        ('r', Self::DynamicSource),
        ('s', Self::Source),
    ];

    /// The stage of a letter after `-b`.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::LETTERS
            .iter()
            .find(|(known, _)| *known == letter)
            .map(|(_, stage)| *stage)
    }
}

/// What a build starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// `-b`: a spec.
    #[default]
    Spec,
    /// `-t`: a tar archive that holds a spec.
    Tarball,
    /// `-r`, `--rebuild`: a source package.
    SourcePackage,
}

/// Switches of the command line that are not macros.
#[derive(Clone, Copy, Debug, Default)]
pub struct Switches {
    /// `--short-circuit`: goes straight to the last step of the stage.
    pub short_circuit: bool,
    /// `--nodeps`: build requirements are not checked.
    pub no_deps: bool,
    /// `--nocheck`.
    pub no_check: bool,
    /// `--noprep`.
    pub no_prep: bool,
    /// `--noclean`: the build directory stays.
    pub no_clean: bool,
    /// `--nobuild`: no script runs and no package is written, but file lists are checked.
    pub no_build: bool,
    /// No stage is asked for: the spec is only read.
    pub only_reads: bool,
    /// `--clean`: the build directory goes whatever the stage.
    pub clean: bool,
    /// `--rmsource`: sources go when the build is done.
    pub remove_sources: bool,
    /// `--rmspec`: so does the spec.
    pub remove_spec: bool,
    /// `--force`: architectures that the spec excludes are no reason to stop.
    pub force: bool,
    /// `--nolang`: translations are left out.
    pub no_translations: bool,
    /// `--quiet`: scripts' output is not shown.
    pub is_quiet: bool,
}

/// One build: a spec, for one target.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What `spec` is.
    pub input: Input,
    /// The spec, or what it comes in.
    pub spec: PathBuf,
    /// How far to go.
    pub stage: Stage,
    /// One word after `--target`.
    pub target: Option<String>,
    /// All targets of the run, at the first of them: what rpm calls the target platforms.
    pub platforms: Option<String>,
    /// The name the tool was called by.
    pub personality: Personality,
    /// Macros.
    pub settings: Settings,
    /// The rest.
    pub switches: Switches,
    /// `--output`: where packages go instead of `%_rpmdir` and its kin.
    pub output: Option<PathBuf>,
    /// What the builds of this run have written.
    pub run_output: RunOutput,
    /// `--buildroot`: where `%install` puts files.
    pub build_root: Option<PathBuf>,
    /// `--root`, `--dbpath`: where build requirements are looked up.
    pub database: DatabasePlace,
    /// The spec comes from a source package, and goes with the sources when all is done.
    pub is_rebuild: bool,
    /// What ties packages to the source package they are rebuilt from.
    pub cookie: Option<String>,
    /// A directory that replaces the macro files this program carries.
    pub macros_dir: Option<PathBuf>,
}
