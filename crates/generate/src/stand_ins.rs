//! Programs that this program stands in for, so that no process is started for what it knows.
//!
//! Source: elfdeps(1); rpm-dependency-generators(7), "Bundled file attributes and generators".

use expand::Engine;
use package::Dependency;

use crate::native::Native;
use crate::native::crates::Crate;
use crate::native::elf_dependencies::{self, ElfOptions};
use crate::native::go_tree::GoTree;
use crate::settings::{only_core, value};
use crate::subject::{Found, Subject};

/// What finds dependencies in place of a program or a macro.
#[derive(Clone, Debug)]
pub(crate) enum StandIn {
    /// The function that has the same attribute and kind.
    Native(&'static Native),
    /// `elfdeps`.
    Elf(Elf),
    /// What tells crates of Rust.
    Crate(Crate),
    /// What tells packages of Go source.
    Go(GoTree),
}

/// `elfdeps` with its options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elf {
    /// Whether needs are asked for, and not what is offered.
    wants_requires: bool,
    options: ElfOptions,
}

/// Programs of rpm that the native generator of the same attribute does the work of.
const REPLACED: [&str; 12] = [
    "cmake.prov",
    "go_mod_vendor.prov",
    "kmod.prov",
    "nodejs.prov",
    "nodejs.req",
    "rubygems.prov",
    "rubygems.req",
    "script.req",
    "pkgconfigdeps.sh",
    "pythondistdeps.py",
    "perl.prov",
    "perl.req",
];

/// The one of them that `%_native_generators core` leaves to us.
const CORE: &str = "script.req";

/// What is to run in place of a command, if this program has it.
pub(crate) fn stands_in(
    words: &[String],
    native: Option<&'static Native>,
    engine: &mut Engine,
) -> Option<StandIn> {
    let (program, args) = own_name(words, engine)?;
    if program == "elfdeps" {
        return Elf::parse(args).map(StandIn::Elf);
    }
    if let ("crate-provides" | "crate-requires", [package]) = (program, args) {
        return Some(StandIn::Crate(Crate {
            wants_requires: program == "crate-requires",
            feature: Crate::feature_of(package),
        }));
    }
    match (program, args) {
        ("go-provides", [version]) => return go(GoTree::Provides(version.clone())),
        ("go-requires", []) => return go(GoTree::Requires),
        _ => {}
    }
    let is_replaced = match only_core(engine) {
        true => program == CORE,
        false => REPLACED.contains(&program),
    };
    native.filter(|_| is_replaced).map(StandIn::Native)
}

fn go(asked: GoTree) -> Option<StandIn> {
    Some(StandIn::Go(asked))
}

/// The name of a program in rpm's directory, or of a helper of this program, and its arguments.
fn own_name<'w>(words: &'w [String], engine: &mut Engine) -> Option<(&'w str, &'w [String])> {
    let (program, args) = words.split_first()?;
    if let [word, name, rest @ ..] = args
        && word == "helper"
        && *program == value(engine, "__specbuild")
    {
        return Some((name, rest));
    }
    let dir = format!("{}/", value(engine, "_rpmconfigdir"));
    Some((program.strip_prefix(&dir)?, args))
}

impl StandIn {
    /// What the program would print for a file.
    pub(crate) fn run(&self, subject: &Subject<'_>) -> Found {
        match self {
            Self::Native(native) => (native.generate)(subject),
            Self::Elf(elf) => elf.run(subject),
            Self::Crate(asked) => asked.read(subject.disk),
            Self::Go(asked) => asked.read(subject),
        }
    }
}

impl Elf {
    /// Reads the options; `None` if one of the arguments is none of elfdeps.
    fn parse(args: &[String]) -> Option<Self> {
        let mut elf = Self {
            wants_requires: false,
            options: ElfOptions::default(),
        };
        for arg in args {
            match arg.as_str() {
                "--provides" | "-P" | "--multifile" | "-m" => {}
                "--requires" | "-R" => elf.wants_requires = true,
                other => *elf.options.switch(other)? = true,
            }
        }
        Some(elf)
    }

    fn run(self, subject: &Subject<'_>) -> Found {
        let found = elf_dependencies::read(subject.disk, subject.is_executable, self.options)?;
        let found = found.unwrap_or_default();
        let wanted = if self.wants_requires {
            found.requires
        } else {
            found.provides
        };
        Ok(wanted.into_iter().map(Dependency::on).collect())
    }
}
