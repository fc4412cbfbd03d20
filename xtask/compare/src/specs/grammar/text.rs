//! Words, macros and lines of text.

use super::Writer;
use crate::specs::spec::BYTES;

/// Names that definitions and calls share.
const NAMES: [&str; 6] = ["aa", "bb", "cc", "par", "with_foo", "opt_1"];

const WORDS: [&str; 28] = [
    "word",
    "two words",
    "x",
    "-",
    "a-b",
    "1.0",
    "%%",
    "é",
    "ü ß",
    "#",
    "\"q\"",
    "'",
    "\\",
    "\\n",
    ":",
    ";",
    "$HOME",
    "`x`",
    "a\tb",
    "  ",
    "/usr/bin",
    "<tag>",
    "&",
    "(",
    ")",
    "a,b",
    "%",
    "%)",
];

const CALLS: [&str; 46] = [
    "%{aa}",
    "%aa",
    "%{?aa}",
    "%{!?aa:none}",
    "%{?aa:has}",
    "%{bb}",
    "%{?bb:%{bb}}",
    "%{cc}",
    "%{name}",
    "%{version}",
    "%{release}",
    "%{NAME}",
    "%{epoch}",
    "%{?epoch:%{epoch}:}",
    "%{version}-%{release}",
    "%{SOURCE0}",
    "%{PATCH0}",
    "%{S:0}",
    "%{P:1}",
    "%{sources}",
    "%{patches}",
    "%{nosuch}",
    "%nosuch",
    "%{?nosuch}",
    "%{expand:%aa}",
    "%(echo out)",
    "%[1 + 2]",
    "%[%{bb} + 1]",
    "%{expr:3 * 4}",
    "%{lua:print(\"lua\")}",
    "%{lua:print(rpm.expand(\"%aa\"))}",
    "%{par}",
    "%{par x y}",
    "%par -a x",
    "%{par:x}",
    "%{upper:abc}",
    "%{len:abc}",
    "%{shrink:  a   b }",
    "%{quote:a b}",
    "%{basename:/a/b}",
    "%{_bindir}",
    "%{_arch}",
    "%{_target_cpu}",
    "%{buildroot}",
    "%{summary}",
    "%{license}",
];

const BAD_CALLS: [&str; 14] = [
    "%{open",
    "%(echo",
    "%[1",
    "%[1 / 0]",
    "%{error:told}",
    "%{warn:told}",
    "%{aa",
    "%[a]",
    "%{lua:error(\"x\")}",
    "%{lua:x(}",
    "%{?}",
    "%{}",
    "%{u2p}",
    "%{define}",
];

const BODIES: [&str; 18] = [
    "body",
    "1",
    "0",
    "",
    "%{name}",
    "a b",
    "%{bb}",
    "%{?cc}x",
    "{a b}",
    "\\\nnext",
    "{\nin\n}",
    "%(echo body)",
    "%{expand:%%{name}}",
    "%[2 * 3]",
    "é",
    "one\\\ntwo\\\n",
    "%{nosuch}",
    "x\t y",
];

const BAD_BODIES: [&str; 6] = [
    "{open",
    "%{open",
    "(x",
    "%{aa}",
    "x\\",
    "%{error:in a body}",
];

/// Definitions that stand on lines of their own, as they are.
const LINES: [&str; 25] = [
    "%{!?cc: %global cc set}",
    "%{!?cc:%define cc set}",
    "%define par(ab:) [%{-a:a}%{-b*}|%1|%#|%*]",
    "%define par() <%1>",
    "%bcond_with foo",
    "%bcond_without foo",
    "%bcond foo 1",
    "%bcond foo %{with bar}",
    "%bcond_with bar",
    "%{?with_foo:%global cc with}",
    "%undefine aa",
    "%undefine nosuch",
    "%{load:more.inc}",
    "%include more.inc",
    "# a comment",
    "# a comment with %{aa}",
    "# a comment with %define aa 1",
    "  # an indented comment",
    "%dnl nothing %{open",
    "#%dnl nothing",
    "%{lua:\nrpm.define(\"bb lua\")\nprint(\"# out\")\n}",
    "%{expand:%%global bb expanded}",
    "%{echo:echoed}",
    "%{aa:arg}",
    "%[1 ? \"# \" : \"\"]x",
];

const BAD_LINES: [&str; 22] = [
    "%include",
    "%include nosuch.inc",
    "%include more.inc extra",
    "%define",
    "%define aa",
    "%global 1a x",
    "%define a x",
    "%define par(a x",
    "%define aa %{open",
    "# %{open",
    "%{error:stop}",
    "%{warn:careful}",
    "%(exit 3)",
    "%{lua:error(\"stop\")}",
    "%bcond",
    "%bcond foo",
    "%bcond foo 1 2",
    "%{load:nosuch.inc}",
    "%end",
    "stray",
    "%{undefined_thing}",
    "%undefine",
];

impl Writer {
    pub(super) fn name(&mut self) -> &'static str {
        self.dice.pick(&NAMES)
    }

    /// A word or a call.
    pub(super) fn word(&mut self) -> String {
        if self.dice.percent(60) {
            return self.dice.pick(&WORDS[..6]).to_owned();
        }
        if self.dice.percent(35) {
            return self.dice.pick(&WORDS).to_owned();
        }
        if self.is_wrong() && self.dice.percent(20) {
            return self.byte().to_string();
        }
        self.value(&CALLS, &BAD_CALLS).to_owned()
    }

    /// A byte that is no UTF-8, or a control character.
    fn byte(&mut self) -> char {
        let odd = [
            BYTES + 0x69,
            BYTES + 0x7f,
            BYTES + 0x43,
            0x07,
            0x1b,
            0x7f,
            0xad,
            0xfeff,
        ];
        char::from_u32(self.dice.pick(&odd)).expect("they are characters")
    }

    /// Some words, on one line unless a macro has more.
    pub(super) fn words(&mut self) -> String {
        let count = 1 + self.dice.below(4);
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        words.join(" ")
    }

    /// A line that defines something, or just a comment or a call.
    pub(super) fn definition_line(&mut self) -> String {
        if self.dice.percent(40) {
            let line = self.value(&LINES, &BAD_LINES);
            return format!("{line}\n");
        }
        let word = self.dice.weighted(&[(5, "define"), (5, "global")]);
        let name = self.name();
        let body = self.value(&BODIES, &BAD_BODIES);
        let blank = self.dice.weighted(&[(9, " "), (1, "\t"), (1, "  ")]);
        format!("%{word} {name}{blank}{body}\n")
    }

    /// Lines of free text: a description, a script.
    pub(super) fn lines(&mut self, most: usize) -> String {
        self.several(most, |writer| match writer.dice.below(14) {
            0 => "\n".to_owned(),
            1 => format!("  {}\n", writer.words()),
            2 => format!("{} \n", writer.words()),
            3 => format!("# {}\n", writer.words()),
            4 => writer.definition_line(),
            5 => {
                let words = format!("{}\n", writer.words());
                writer.in_branch(words, 2)
            }
            6 => format!("{}\\\n{}\n", writer.words(), writer.words()),
            _ => format!("{}\n", writer.words()),
        })
    }
}
