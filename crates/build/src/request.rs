//! What is to be built, and how far.

use std::path::PathBuf;

use target::Personality;

use crate::Settings;

/// How far a build goes, `-bX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// `-bs`: the source package only.
    Source,
    /// `-bp`: unpacked and patched.
    Prep,
    /// `-bc`: compiled.
    Compile,
    /// `-bi`: installed into the build root, and checked.
    Install,
    /// `-bl`: the file lists are checked, nothing is run.
    List,
    /// `-bb`: binary packages.
    #[default]
    Binary,
    /// `-ba`: source and binary packages.
    All,
}

impl Stage {
    /// Every stage with its letter after `-b`.
    pub const LETTERS: [(char, Self); 7] = [
        ('a', Self::All),
        ('b', Self::Binary),
        ('c', Self::Compile),
        ('i', Self::Install),
        ('l', Self::List),
        ('p', Self::Prep),
        ('s', Self::Source),
    ];

    /// The stage of a letter after `-b`.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::LETTERS
            .iter()
            .find(|(known, _)| *known == letter)
            .map(|(_, stage)| *stage)
    }

    /// Whether source packages are written.
    pub fn writes_source(self) -> bool {
        matches!(self, Self::Source | Self::All)
    }

    /// Whether binary packages are written.
    pub fn writes_binaries(self) -> bool {
        matches!(self, Self::Binary | Self::All)
    }
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
    /// `--nobuild`: nothing is run.
    pub no_build: bool,
    /// `--quiet`: scripts' output is not shown.
    pub is_quiet: bool,
}

/// One build: a spec, for one target.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The spec.
    pub spec: PathBuf,
    /// How far to go.
    pub stage: Stage,
    /// One word after `--target`.
    pub target: Option<String>,
    /// The name the tool was called by.
    pub personality: Personality,
    /// Macros.
    pub settings: Settings,
    /// The rest.
    pub switches: Switches,
    /// `--output`: where packages go instead of `%_rpmdir` and its kin.
    pub output: Option<PathBuf>,
    /// A directory that replaces the macro files this program carries.
    pub macros_dir: Option<PathBuf>,
}
