//! A spec, the files at its hand, and what is asked of it.

use std::fmt;
use std::fs;
use std::path::Path;

use super::changes::CHANGES;
use super::grammar;
use crate::messages::Message;
use crate::rpm::{Rpm, Run, Version};
use crate::trial::{Change, Trial};
use common::shell::{Outcome, failed};

/// The spec.
const SPEC: &str = "t.spec";
/// The file for `%include` and `%load`.
pub(super) const MORE: &str = "more.inc";
/// Macros that platforms have.
const BASE: &str = "base.macros";

const BASE_MACROS: &str =
    "%_isa (x86-64)\n%_topdir /nosuch/top\n%_libdir %{_prefix}/lib64\n%_rpmformat 4\n";

/// Characters from here on stand for single bytes from 0x80 on, which are not UTF-8.
pub(super) const BYTES: u32 = 0xf780;

/// A spec with all that belongs to it.
#[derive(Clone, PartialEq)]
pub(super) struct SpecTrial {
    pub(super) spec: String,
    pub(super) more: String,
    /// Options for each call.
    pub(super) given: Vec<String>,
}

/// What a package and a source package are asked for.
const FORMAT: &str = include_str!("tags.qf");

impl SpecTrial {
    fn write_files(&self, place: &Path) -> Outcome {
        fs::create_dir_all(place).map_err(failed("make", place))?;
        for (name, text) in [(SPEC, &self.spec), (MORE, &self.more)] {
            write(&place.join(name), &bytes(text))?;
        }
        write(&place.join(BASE), BASE_MACROS.as_bytes())
    }

    /// The arguments of the calls: the expanded spec, its packages, its source package.
    fn calls(&self, rpm: &Rpm) -> [Vec<String>; 3] {
        let macros = format!("--macros={}/macros:{BASE}", rpm.config_dir.display());
        let format = format!("--qf={}", FORMAT.replace('\n', ""));
        let query = ["-q", &format];
        let source = ["-q", "--srpm", &format];
        let calls: [&[&str]; 3] = [&["-P"], &query, &source];
        calls.map(|call| {
            let call = call.iter().map(|it| (*it).to_owned());
            let all = std::iter::once(macros.clone()).chain(call);
            all.chain(self.given.clone())
                .chain([SPEC.to_owned()])
                .collect()
        })
    }
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(failed("write", path))
}

fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for c in text.chars() {
        match u32::from(c).checked_sub(BYTES).map(u8::try_from) {
            Some(Ok(byte)) if byte < 0x80 => bytes.push(byte | 0x80),
            _ => bytes.extend(c.to_string().bytes()),
        }
    }
    bytes
}

impl Trial for SpecTrial {
    const PROGRAM: &'static str = "rpmspec";
    // What changed before is not listed.
    const OLDEST: Version = (6, 1);
    const CHANGES: &'static [Change<Self>] = CHANGES;

    fn of_seed(seed: u64, _: Version) -> Self {
        grammar::spec(seed)
    }

    fn run(&self, rpm: &Rpm, place: &Path) -> Outcome<Run> {
        self.write_files(place)?;
        let mut run = Run::default();
        let [parse, query, source] = self.calls(rpm);
        for (name, call) in [("-P", parse), ("-q", query), ("--srpm", source)] {
            if name == "--srpm" && run.status != 0 {
                break;
            }
            let written = rpm.write(&call, place)?;
            run.stdout += &format!("[{name}: {}]\n{}", written.status, written.stdout);
            run.messages.push(message(format!("[{name}]")));
            let said = written.stderr.lines();
            run.messages
                .extend(said.map(|line| message(line.to_owned())));
            if run.status == 0 {
                run.status = written.status;
            }
        }
        Ok(run)
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
        vec![&self.spec, &self.more]
    }

    fn text_mut(&mut self, number: usize) -> Option<&mut String> {
        [&mut self.spec, &mut self.more].into_iter().nth(number)
    }
}

fn message(words: String) -> Message {
    Message {
        severity: "",
        words,
    }
}

/// The files as they are, between lines.
impl fmt::Display for SpecTrial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.given.is_empty() {
            writeln!(f, "given {}", self.given.join(" "))?;
        }
        for (name, text) in [(SPEC, &self.spec), (MORE, &self.more)] {
            if !text.is_empty() {
                writeln!(f, "--- {name}\n{text}")?;
            }
        }
        writeln!(f, "---")
    }
}
