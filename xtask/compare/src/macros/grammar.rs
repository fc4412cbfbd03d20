//! The grammar that programs come from: options, macro files, definitions.
//!
//! Names are few, so that definitions meet: they shadow, call and undefine each other, sometimes
//! without end. `calls` has what may stand in a text, `exprs` expressions, `lua` chunks.

mod builtins;
mod calls;
mod exprs;
mod lua;

use super::program::{Given, Program};
use crate::dice::Dice;
use crate::rpm::Version;

/// Names that definitions and calls share.
const NAMES: [&str; 8] = ["aa", "bb", "cc", "dd", "par", "opt_1", "_x", "nil"];

/// Names that are bad, odd, or taken by the language.
const ODD_NAMES: [&str; 14] = [
    "a",
    "_",
    "1",
    "9x",
    "",
    "é",
    "a-b",
    "define",
    "lua",
    "expand",
    "verbose",
    "*",
    "-a",
    "a_very_long_name_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on",
];

/// Option strings for getopt(3).
const OPTIONS: [&str; 14] = [
    "", "", "-", "a", "ab", "ab:", "a:b", "ab::", "+a", "+ab:", "a-", "ab:c::", ":a", "a b",
];

/// What makes text: the dice, and what the peer knows.
struct Writer {
    dice: Dice,
    peer: Version,
}

/// The program of a seed, in the language as that version of rpm has it.
pub(super) fn program(seed: u64, peer: Version) -> Program {
    let mut writer = Writer {
        dice: Dice::new(seed),
        peer,
    };
    let base = format!("%nil %{{!?nil}}\n{}", writer.macro_file());
    let more = writer.macro_file();
    let count = 2 + writer.dice.below(7);
    let mut given: Vec<Given> = (0..count).map(|_| writer.given()).collect();
    given.push(Given::Eval(writer.text(3)));
    Program { base, more, given }
}

impl Writer {
    fn given(&mut self) -> Given {
        match self.dice.below(20) {
            0..=9 => Given::Define(self.definition(2, false)),
            // Before 6.1, any name could be undefined.
            10 if self.peer < (6, 1) => Given::Undefine(self.dice.pick(&NAMES).to_owned()),
            10 => Given::Undefine(self.name().to_owned()),
            11 => Given::Load,
            12..=13 => Given::Eval(format!("%{}", self.define_call(2))),
            _ => Given::Eval(self.text(3)),
        }
    }

    /// A name, now and then one that cannot be.
    fn name(&mut self) -> &'static str {
        if self.dice.percent(5) {
            return self.dice.pick(&ODD_NAMES);
        }
        self.dice.pick(&NAMES)
    }

    /// `NAME(OPTIONS) BODY`; `is_free` if the text goes on after it.
    fn definition(&mut self, depth: usize, is_free: bool) -> String {
        let name = self.name();
        let options = if self.dice.percent(45) {
            format!("({})", self.dice.pick(&OPTIONS))
        } else {
            self.modifiers()
        };
        let blank = self
            .dice
            .weighted(&[(20, " "), (3, "\t"), (2, "  "), (1, ""), (1, " \\\n")]);
        let body = self.text(depth);
        match self.dice.below(if is_free { 8 } else { 24 }) {
            0 => format!("{name}{options}{blank}{{{body}}}"),
            1 => format!("{name}{options}{blank}\\\n{body}"),
            2 => format!("{name}{options}{blank}{body} "),
            _ => format!("{name}{options}{blank}{body}"),
        }
    }

    /// `<l>` and the like, for those who know them.
    fn modifiers(&mut self) -> String {
        if self.peer < (6, 1) || !self.dice.percent(12) {
            return String::new();
        }
        let modifiers = ["<l>", "<o>", "<>", "<lo>", "<x>", "<l", "(a)<l>"];
        self.dice.pick(&modifiers).to_owned()
    }

    /// `define NAME BODY` and its kin, without the percent sign and braces around.
    fn define_call(&mut self, depth: usize) -> String {
        let word = self
            .dice
            .weighted(&[(5, "define"), (4, "global"), (3, "undefine")]);
        if word == "undefine" {
            return format!("{word} {}", self.name());
        }
        let blank = self
            .dice
            .weighted(&[(20, " "), (1, "  "), (1, "\t"), (1, ":")]);
        let options = if word == "define" && self.peer >= (6, 0) && self.dice.percent(15) {
            self.dice
                .pick(&["-e ", "-g ", "-eg ", "-e -g ", "-x ", "- ", "-e"])
        } else {
            ""
        };
        format!("{word}{blank}{options}{}", self.definition(depth, true))
    }

    /// A macro file, often empty.
    fn macro_file(&mut self) -> String {
        if self.dice.percent(60) {
            return String::new();
        }
        let count = 1 + self.dice.below(5);
        let text: String = (0..count).map(|_| self.file_line()).collect();
        if self.dice.percent(5) {
            return text.replace('\n', "\r\n");
        }
        text
    }

    fn file_line(&mut self) -> String {
        let line = match self.dice.below(12) {
            0 => format!("# {}", self.text(1)),
            1 => format!("  %{}", self.definition(1, false)),
            2 => self.text(1),
            3 => format!(
                "%{} \\\n  {}\\\n{}",
                self.definition(1, false),
                self.text(1),
                self.text(0)
            ),
            4 => format!("%{}{{\n{}\n}}", self.definition(0, false), self.text(1)),
            5 => format!("%{} %{{expand:\n{}}}", self.name(), self.text(1)),
            _ => format!("%{}", self.definition(2, false)),
        };
        let end = self
            .dice
            .weighted(&[(12, "\n"), (1, "\r\n"), (1, "\n\n"), (1, " \n")]);
        line + end
    }
}
