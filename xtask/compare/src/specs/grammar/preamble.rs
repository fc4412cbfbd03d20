//! Preambles of the main package and of others.

use super::Writer;
use super::values::{ANY, BAD_LINES, BASIC, MAIN, Tag};

/// Build systems that `BuildOption` and `BuildSystem` meet.
const BUILD_SYSTEM: &str = "%buildsystem_auto_conf() conf %*\n%buildsystem_auto_build() build %*\n\
                            %buildsystem_auto_install() install %*\n";

const OPTIONS: [&str; 8] = [
    "conf",
    "build",
    "install",
    "prep",
    "check",
    "CONF",
    "generate_buildrequires",
    "clean",
];

/// Headers of sub-packages, with the words that sections then name them by.
const HEADERS: [(&str, &str); 7] = [
    ("sub", "sub"),
    ("devel", "devel"),
    ("-n other", "-n other"),
    ("-n pkg-sub", "sub"),
    ("%{aa}", "%{aa}"),
    ("-n %{name}-x", "x"),
    ("doc ", "doc"),
];

const BAD_HEADERS: [&str; 16] = [
    "",
    "-n",
    "sub extra",
    "-x sub",
    "-n pkg",
    "-n a b",
    "sub sub",
    "-q",
    "-n %{nosuch}",
    "é",
    "-n \"q",
    "a/b",
    "-n -x",
    "-f x sub",
    "%{open",
    "'a b'",
];

impl Writer {
    pub(super) fn preamble(&mut self) -> String {
        let mut lines: Vec<String> = BASIC.iter().map(|tag| self.tag_line(tag)).collect();
        if self.is_wrong() {
            let gone = self.dice.below(lines.len());
            lines.remove(gone);
        }
        let more = self.dice.below(7);
        for _ in 0..more {
            let line = self.more_line();
            lines.push(self.in_branch(line, 2));
        }
        if self.dice.percent(5) {
            lines.push(self.build_system());
        }
        if self.is_wrong() {
            let (one, other) = (self.dice.below(lines.len()), self.dice.below(lines.len()));
            lines.swap(one, other);
        }
        let mut text = lines.concat();
        if !self.is_wrong() {
            text += &format!("%description\n{}", self.lines(3));
        }
        text
    }

    fn more_line(&mut self) -> String {
        match self.dice.below(16) {
            0..=6 => self.dependency_line(),
            7..=9 => {
                let tag = self.dice.pick(&MAIN);
                self.tag_line(&tag)
            }
            10 => "\n".to_owned(),
            11 => self.definition_line(),
            12 if self.is_wrong() => format!("{}\n", self.dice.pick(&BAD_LINES)),
            12 => format!("%{{?aa:Provides: {}}}\n", self.capabilities()),
            13 => format!("%{{!?nosuch:Requires: {}}}\n", self.capabilities()),
            _ => self.common_line(),
        }
    }

    /// A line that any package may have; tags of the main one are mostly not repeated.
    fn common_line(&mut self) -> String {
        let most = if self.is_wrong() {
            ANY.len()
        } else {
            ANY.len() - 5
        };
        let tag = ANY[self.dice.below(most)];
        self.tag_line(&tag)
    }

    fn tag_line(&mut self, (name, right, wrong): &Tag) -> String {
        let mut value = self.value(right, wrong).to_owned();
        if value == "$" {
            value = self.words();
        }
        let colon =
            self.dice
                .weighted(&[(30, ": "), (2, ":"), (1, ":\t"), (1, " : "), (1, ":     ")]);
        let end = self
            .dice
            .weighted(&[(40, "\n"), (1, " \n"), (1, "\t\n"), (1, " # note\n")]);
        format!("{name}{colon}{value}{end}")
    }

    fn build_system(&mut self) -> String {
        let mut text = String::new();
        for line in BUILD_SYSTEM.lines() {
            text += &format!("%define {}\n", &line[1..]);
        }
        text += "BuildSystem: auto\n";
        let options = self.several(3, |writer| {
            let section = writer.dice.pick(&OPTIONS);
            format!("BuildOption({section}): {}\n", writer.words())
        });
        text + &options
    }

    pub(super) fn sub_package(&mut self) -> String {
        let (header, name) = self.dice.pick(&HEADERS);
        let mut text = if self.is_wrong() {
            format!("%package {}\n", self.dice.pick(&BAD_HEADERS))
        } else {
            self.packages.push(name);
            format!("%package {header}\n")
        };
        if !self.is_wrong() {
            text += &format!("Summary: {}\n", self.words());
        }
        let lines = self.several(4, |writer| {
            let line = match writer.dice.below(8) {
                0..=3 => writer.dependency_line(),
                4 if writer.is_wrong() => format!("{}\n", writer.dice.pick(&BAD_LINES)),
                5 => {
                    let tag = writer.dice.pick(&ANY);
                    writer.tag_line(&tag)
                }
                6 => writer.more_line(),
                _ => writer.common_line(),
            };
            writer.in_branch(line, 1)
        });
        text += &lines;
        if !self.is_wrong() {
            text += &format!("%description {name}\n{}", self.lines(2));
        }
        self.in_branch(text, 1)
    }
}
