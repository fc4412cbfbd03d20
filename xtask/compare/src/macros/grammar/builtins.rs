//! Calls of the macros that are part of the language.

use super::Writer;
use crate::rpm::Version;

/// Builtins that take a text; the first version that has them, or has them as they are now.
const OF_TEXT: [(&str, Version); 17] = [
    ("expand", (4, 0)),
    ("echo", (4, 0)),
    ("warn", (4, 0)),
    ("error", (4, 0)),
    ("dnl", (4, 15)),
    ("shrink", (4, 14)),
    ("quote", (4, 20)),
    ("shescape", (4, 20)),
    ("verbose", (4, 18)),
    ("macrobody", (4, 16)),
    ("expr", (4, 15)),
    ("len", (4, 19)),
    ("lower", (4, 19)),
    ("upper", (4, 19)),
    ("reverse", (4, 19)),
    ("span", (6, 0)),
    ("xdg", (6, 0)),
];

/// Builtins that take a path or a URL.
const OF_PATH: [(&str, Version); 7] = [
    ("basename", (4, 20)),
    ("dirname", (4, 20)),
    ("suffix", (4, 0)),
    ("exists", (4, 18)),
    ("url2path", (4, 0)),
    ("u2p", (4, 0)),
    ("uncompress", (4, 0)),
];

const PATHS: [&str; 27] = [
    "/",
    "//",
    "",
    ".",
    "..",
    "/usr",
    "/usr/",
    "usr/lib",
    "a//b//",
    "/a",
    "a/",
    "./x.tar.gz",
    "x.",
    ".x",
    "a.b/c",
    "no dot",
    "http://host/p/a.tgz",
    "http://host",
    "https://host/",
    "file:///a/b",
    "ftp://h/x",
    "hkp://h/y",
    "unknown://h/z",
    "-",
    "/nosuch/file",
    "base.macros",
    "http:/host/x",
];

/// Calls that need care, as they stand.
const AS_WRITTEN: [(&str, Version); 27] = [
    ("%[2147483647 + 1]", (4, 16)),
    ("%[99999999999 * 2]", (4, 16)),
    ("%dnl rest of the line\n", (4, 15)),
    ("%verbose", (4, 18)),
    ("%{verbose}", (4, 18)),
    ("%{getenv:WORDS}", (4, 0)),
    ("%{getenv:EMPTY}", (4, 0)),
    ("%{getenv:NOSUCH}", (4, 0)),
    ("%{getenv WORDS EMPTY}", (4, 0)),
    ("%{load:more.macros}", (4, 12)),
    ("%{load:/nosuch/file}", (4, 12)),
    ("%{S:1}", (4, 0)),
    ("%{P:x}", (4, 0)),
    ("%{?lua:yes}%{!?expand:no}", (4, 17)),
    ("%{nil}", (4, 0)),
    ("%{define}", (4, 18)),
    ("%{undefine}", (4, 18)),
    ("%{expand}", (4, 18)),
    ("%{lua}", (4, 18)),
    ("%{dnl}", (4, 18)),
    ("%{__file_name}", (4, 15)),
    ("%{macrobody:aa}%{macrobody:par}", (4, 16)),
    ("%{rpmversion:x}", (4, 19)),
    ("%{xdg:data}%{xdg:nosuch}", (6, 0)),
    ("%{getncpus:nosuch}", (4, 19)),
    ("%{sub %{quote:a b c} 2 -2}", (4, 19)),
    ("%{gsub hello l L 1}", (4, 19)),
];

/// Lua's string functions as builtins of several arguments.
const OF_ARGS: [(&str, &[&str]); 3] = [
    (
        "rep",
        &["ab 3", "ab 3 -", "ab 0", "ab -1", "ab x", "ab", "1 2 3 4"],
    ),
    (
        "sub",
        &[
            "hello 2",
            "hello 2 3",
            "hello -3",
            "hello 0 -2",
            "hello x",
            "hello",
        ],
    ),
    (
        "gsub",
        &[
            "hello l L",
            "hello l+ <%%0>",
            "hello (l)(l) %%2%%1",
            "hello l L x",
            "a.b %%. -",
            "hello [ x",
            "a",
        ],
    ),
];

impl Writer {
    /// A call of a builtin that the peer knows.
    pub(super) fn builtin(&mut self, depth: usize) -> String {
        match self.dice.below(12) {
            0..=5 => self.text_builtin(depth),
            6..=8 => {
                let known = self.known(&OF_PATH);
                let name = self.dice.pick(&known);
                let path = self.dice.pick(&PATHS);
                let path = if self.dice.percent(20) {
                    self.text(depth)
                } else {
                    path.to_owned()
                };
                self.in_any_form(name, &path)
            }
            9 if self.peer >= (4, 19) => {
                let (name, args) = self.dice.pick(&OF_ARGS);
                let args = self.dice.pick(args);
                format!("%{{{name} {args}}}")
            }
            _ => {
                let known: Vec<&str> = self.known(&AS_WRITTEN);
                self.dice.pick(&known).to_owned()
            }
        }
    }

    fn text_builtin(&mut self, depth: usize) -> String {
        let known = self.known(&OF_TEXT);
        let name = self.dice.pick(&known);
        let text = match name {
            "macrobody" | "xdg" => self.name().to_owned(),
            "expr" => self.expression(2),
            "error" if self.dice.percent(70) => return self.leaf_error(),
            _ => self.text(depth),
        };
        self.in_any_form(name, &text)
    }

    /// Errors end a program, so most of them are behind a condition.
    fn leaf_error(&mut self) -> String {
        format!("%{{?{}:%{{error:told}}}}", self.name())
    }

    fn in_any_form(&mut self, name: &str, text: &str) -> String {
        match self.dice.below(10) {
            0 => format!("%{name} {text}\n"),
            1..=2 => format!("%{{{name} {text}}}"),
            3 => format!("%{name}"),
            _ => format!("%{{{name}:{text}}}"),
        }
    }

    /// The names that the peer knows.
    pub(super) fn known(&self, all: &[(&'static str, Version)]) -> Vec<&'static str> {
        let known = all.iter().filter(|(_, since)| self.peer >= *since);
        known.map(|(name, _)| *name).collect()
    }
}
