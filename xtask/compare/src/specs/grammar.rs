//! The grammar that specs come from: a preamble, macros, sections, and branches around them.
//!
//! Most of what it writes is right, since rpm ends at the first error; how often something is
//! wrong is thrown once for each spec. Modules: `text` has words and macros, `preamble` tags,
//! `dependencies` capabilities, `conditions` branches, `sections` what is below the preamble.

mod changelog;
mod conditions;
mod dependencies;
mod files;
mod preamble;
mod prep;
mod scriptlets;
mod sections;
mod spoil;
mod text;
mod values;

use super::spec::SpecTrial;
use crate::dice::Dice;

/// What makes specs: the dice, and how often it makes a fault.
struct Writer {
    dice: Dice,
    /// Of a hundred choices.
    faults: usize,
    /// Sub-packages there are, as headers name them.
    packages: Vec<&'static str>,
}

/// Options of a call.
const GIVEN: [&str; 16] = [
    "--define=aa given",
    "--define=bb 2",
    "--undefine=aa",
    "--with=foo",
    "--without=foo",
    "--with=bar",
    "--target=noarch",
    "--target=i686",
    "--target=aarch64-linux",
    "--target=x86_64-solaris",
    "--define=_rpmformat 6",
    "--define=_invalid_encoding_terminates_build 0",
    "--define=vendor Someone",
    "--define=_wrong_version_format_terminate_build 0",
    "--define=dist .fc99",
    "--define=_changelog_trimage 100",
];

/// The spec of a seed.
pub(super) fn spec(seed: u64) -> SpecTrial {
    let mut writer = Writer {
        dice: Dice::new(seed),
        faults: 0,
        packages: vec![""],
    };
    writer.faults = writer.dice.pick(&[0, 0, 0, 2, 2, 5, 12]);
    let more = writer.included();
    let mut spec = writer.spec();
    if writer.dice.percent(6) {
        spec = writer.spoiled(&spec);
    }
    let given = if writer.dice.percent(25) {
        vec![writer.dice.pick(&GIVEN).to_owned()]
    } else {
        Vec::new()
    };
    SpecTrial { spec, more, given }
}

impl Writer {
    /// Whether this choice is a wrong one.
    fn is_wrong(&mut self) -> bool {
        self.faults > 0 && self.dice.percent(self.faults)
    }

    /// One of what is right, or of what is wrong.
    fn value(&mut self, right: &[&'static str], wrong: &[&'static str]) -> &'static str {
        if !wrong.is_empty() && self.is_wrong() {
            return self.dice.pick(wrong);
        }
        self.dice.pick(right)
    }

    /// Several of something, one after the other.
    fn several(&mut self, most: usize, mut write: impl FnMut(&mut Self) -> String) -> String {
        let count = self.dice.below(most + 1);
        (0..count).map(|_| write(self)).collect()
    }

    fn spec(&mut self) -> String {
        let mut text = self.several(3, Self::definition_line);
        text += &self.preamble();
        text += &self.several(2, Self::sub_package);
        let sections = 1 + self.dice.below(6);
        for _ in 0..sections {
            let section = self.section();
            text += &self.in_branch(section, 2);
            if self.dice.percent(5) {
                text += &self.definition_line();
            }
        }
        text
    }

    /// What `more.inc` has: lines that may stand in any section.
    fn included(&mut self) -> String {
        match self.dice.below(6) {
            0 => String::new(),
            1 => "%define aa from more\n%description sub\nmore\n".to_owned(),
            2 => "%global bb more\n# a comment\n".to_owned(),
            3 => "%if 1\nRequires: more\n%endif\n".to_owned(),
            4 => "more text\n%{aa}\n".to_owned(),
            _ => self
                .value(
                    &["Requires: more\n", "more\n\nlines"],
                    &["%if 1\n", "%endif\n", "%{open\n"],
                )
                .to_owned(),
        }
    }
}
