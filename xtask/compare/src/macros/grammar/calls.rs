//! Texts: words, calls in all their forms, and what is hardly a text any more.

use super::Writer;

/// Words as they occur in specs.
const WORDS: [&str; 16] = [
    "x",
    "hello",
    "1",
    "42",
    "0",
    "a.b.c",
    "/usr/lib/foo.tar.gz",
    "two words",
    "-a",
    "-b",
    "-b val",
    "-ab",
    "--",
    "-c",
    "-",
    "word-a",
];

/// Text that macro processors fall over.
const ODD: [&str; 26] = [
    "%%", "%", "% ", "%{", "}", "{", "(", ")", "[", "]", "\\", "\\\\", "\n", "\t", "é日本", "'",
    "\"", "%{}", "%%{aa}", "{x}", "%{ aa}", "%-", "%!", "%?", "%{?}", "\\\n",
];

/// What only exists in parametric macros.
const AUTOMATIC: [&str; 26] = [
    "%1",
    "%2",
    "%0",
    "%#",
    "%*",
    "%**",
    "%{1}",
    "%{*}",
    "%{**}",
    "%{#}",
    "%{?1}",
    "%{!?1:none}",
    "%{?2:two}",
    "%-a",
    "%{-a}",
    "%{-b}",
    "%{-b*}",
    "%{-a:A}",
    "%{!-a:no}",
    "%{-b:%{-b*}}",
    "%{?-a}",
    "%{!?-b:no}",
    "%{-c*}",
    "%?1",
    "%{?**}",
    "%11",
];

impl Writer {
    /// Some pieces in a row; `depth` bounds how far calls nest.
    pub(super) fn text(&mut self, depth: usize) -> String {
        let count = self
            .dice
            .weighted(&[(2, 1), (5, 2), (5, 3), (2, 4), (1, 6)]);
        let mut text = String::new();
        for _ in 0..count {
            text += &self.piece(depth);
            text += self
                .dice
                .weighted(&[(6, " "), (5, ""), (1, "  "), (1, "\n"), (1, "\t")]);
        }
        if self.dice.percent(80) {
            text.truncate(text.trim_end().len());
        }
        text
    }

    fn piece(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        match self.dice.below(24) {
            0..=4 => self.leaf(),
            5..=10 => self.call(depth - 1),
            11..=13 => self.condition(depth - 1),
            14..=17 => self.builtin(depth - 1),
            18 => self.square(2),
            19 => format!("%{{expr:{}}}", self.expression(2)),
            20 => format!("%({})", self.command(depth - 1)),
            21 => format!("%{{lua:{}}}", self.chunk(depth - 1)),
            _ => self.defining(depth - 1),
        }
    }

    fn leaf(&mut self) -> String {
        match self.dice.below(10) {
            0..=3 => self.dice.pick(&WORDS).to_owned(),
            4..=6 => self.dice.pick(&AUTOMATIC).to_owned(),
            7 => self.dice.pick(&ODD).to_owned(),
            _ => format!("%{{{}}}", self.name()),
        }
    }

    /// A call by name.
    pub(super) fn call(&mut self, depth: usize) -> String {
        let name = self.called_name(depth);
        match self.dice.below(9) {
            0 => format!("%{name}"),
            1 => format!("%{name} {}", self.args(depth)),
            2 => format!("%{name} {}\n", self.args(depth)),
            3 => format!("%{{{name}}}"),
            4 => format!("%{{{name}:{}}}", self.text(depth)),
            5 => format!("%{{{name}\t{}}}", self.args(depth)),
            _ => format!("%{{{name} {}}}", self.args(depth)),
        }
    }

    /// A name, now and then made of a call.
    fn called_name(&mut self, depth: usize) -> String {
        match self.dice.below(20) {
            0 => format!("%{{{}}}b", self.name()),
            1 => format!("a%{{?{}}}", self.text(depth)),
            _ => self.name().to_owned(),
        }
    }

    /// Words and options for a parametric macro.
    pub(super) fn args(&mut self, depth: usize) -> String {
        let count = self.dice.below(4);
        let args: Vec<String> = (0..count).map(|_| self.arg(depth)).collect();
        let blank = self.dice.weighted(&[(9, " "), (1, "  "), (1, "\t")]);
        args.join(blank)
    }

    fn arg(&mut self, depth: usize) -> String {
        match self.dice.below(12) {
            0..=6 => self.dice.pick(&WORDS).to_owned(),
            7 => format!("-b{}", self.dice.pick(&WORDS)),
            8 => format!("%{{quote:{}}}", self.text(0)),
            9 => self
                .dice
                .pick(&["%*", "%**", "%1", "%{?1}", "%{-b}", "%{-a}", "%#"])
                .to_owned(),
            _ => self.piece(depth),
        }
    }

    /// `%{?name:text}` in all its spellings.
    fn condition(&mut self, depth: usize) -> String {
        let marks = self.dice.weighted(&[
            (6, "?"),
            (6, "!?"),
            (1, "?!"),
            (1, "??"),
            (1, "!!?"),
            (1, "!?!"),
            (1, "!"),
            (1, "!!!?"),
        ]);
        let name = self.called_name(depth);
        match self.dice.below(8) {
            0 => format!("%{marks}{name}"),
            1 => format!("%{{{marks}{name}}}"),
            2 => format!("%{{{marks}{name} {}}}", self.args(depth)),
            3 => format!("%{{{marks}{name}:}}"),
            _ => format!("%{{{marks}{name}:{}}}", self.text(depth)),
        }
    }

    /// A definition inside of text.
    fn defining(&mut self, depth: usize) -> String {
        let define = self.define_call(depth);
        match self.dice.below(7) {
            0..=1 => format!("%{{{define}}}"),
            2 => format!("%{{?{}:%{define}}}", self.name()),
            3 => format!("%{{!?{}:%{{{define}}}}}", self.name()),
            _ => format!("%{define}\n"),
        }
    }

    /// A shell command that only prints.
    fn command(&mut self, depth: usize) -> String {
        match self.dice.below(8) {
            0 => "echo".to_owned(),
            1 => "printf 'a\\nb\\n\\n'".to_owned(),
            2 => "printf '%%s-' x y".to_owned(),
            3 => "echo '%%{aa}' \"%%1\"".to_owned(),
            4 => "exit 3".to_owned(),
            5 => format!("echo '{}'", self.text(depth).replace(['\'', '\\'], "")),
            6 if self.peer >= (4, 20) => {
                format!("echo %{{shescape:{}}}", self.text(0).replace('\\', ""))
            }
            _ => format!(
                "printf %%s '{}'",
                self.text(depth).replace(['\'', '\\'], "")
            ),
        }
    }
}
