//! A program: what is given to rpm, option by option, and the macro files it reads.

use std::fmt;
use std::fs;
use std::path::Path;

use super::changes::CHANGES;
use super::grammar;
use crate::messages::{BASE, MORE};
use crate::rpm::{Rpm, Run, Version};
use crate::trial::{Change, Trial};
use common::shell::{Outcome, failed};

/// An option that takes effect in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Define(String),
    Undefine(String),
    Eval(String),
    Load,
}

/// Everything that rpm is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Program {
    /// The text of the file for `--macros`, so that no macro of a distribution has a say.
    pub(super) base: String,
    /// The text of the other file.
    pub(super) more: String,
    pub(super) given: Vec<Given>,
}

impl Program {
    /// The words after the program's name.
    fn args(&self) -> Vec<String> {
        let mut args = vec![format!("--macros={BASE}")];
        args.extend(self.given.iter().map(Given::arg));
        args
    }

    /// Puts the macro files where the program will run.
    fn write_files(&self, place: &Path) -> Outcome {
        fs::create_dir_all(place).map_err(failed("make", place))?;
        for (name, text) in [(BASE, &self.base), (MORE, &self.more)] {
            let path = place.join(name);
            fs::write(&path, text).map_err(failed("write", &path))?;
        }
        Ok(())
    }
}

impl Trial for Program {
    const PROGRAM: &'static str = "rpm";
    const OLDEST: Version = (4, 14);
    const CHANGES: &'static [Change<Self>] = CHANGES;

    fn of_seed(seed: u64, peer: Version) -> Self {
        grammar::program(seed, peer)
    }

    fn run(&self, rpm: &Rpm, place: &Path) -> Outcome<Run> {
        self.write_files(place)?;
        rpm.run(&self.args(), place)
    }

    fn without_parts(&self) -> Vec<Self> {
        let without = |number| {
            let mut smaller = self.clone();
            smaller.given.remove(number);
            smaller
        };
        (0..self.given.len()).map(without).collect()
    }

    fn texts(&self) -> Vec<&String> {
        let given = self.given.iter().filter_map(|given| match given {
            Given::Define(text) | Given::Undefine(text) | Given::Eval(text) => Some(text),
            Given::Load => None,
        });
        [&self.base, &self.more].into_iter().chain(given).collect()
    }

    fn text_mut(&mut self, number: usize) -> Option<&mut String> {
        let given = self.given.iter_mut().filter_map(|given| match given {
            Given::Define(text) | Given::Undefine(text) | Given::Eval(text) => Some(text),
            Given::Load => None,
        });
        [&mut self.base, &mut self.more]
            .into_iter()
            .chain(given)
            .nth(number)
    }
}

impl Given {
    fn arg(&self) -> String {
        match self {
            Self::Define(text) => format!("--define={text}"),
            Self::Undefine(text) => format!("--undefine={text}"),
            // Something before it, since rpm before 4.19 prints a line even for nothing.
            Self::Eval(text) => format!("--eval=={text}"),
            Self::Load => format!("--load={MORE}"),
        }
    }
}

/// As lines for a shell.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, text) in [(BASE, &self.base), (MORE, &self.more)] {
            if !text.is_empty() {
                writeln!(f, "  printf %s {} >{name}", quote(text))?;
            }
        }
        let args: Vec<String> = self.args().iter().map(|arg| quote(arg)).collect();
        writeln!(f, "  rpm {}", args.join(" "))
    }
}

fn quote(text: &str) -> String {
    if text.contains(|c: char| c.is_ascii_control()) {
        let escaped = format!("{text:?}")
            .replace("\\\"", "\"")
            .replace('\'', "\\'");
        return format!("$'{}'", &escaped[1..escaped.len() - 1]);
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
