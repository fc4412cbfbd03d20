//! Programming languages by what stands in a text: a word that must be there, and patterns that are
//! found in turn.
//!
//! The rules stand in the order in which libmagic tries its own, so that the first one that fits counts.
//!
//! Source: what file(1) 5.44 says of files of known content, and the order in `file --list`.

use std::sync::OnceLock;

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

/// How far is looked, in bytes.
const HEAD: usize = 8192;

/// A kind, a word that stands in the text, and the patterns, each looked for after what the one before
/// has found.
struct Rule {
    kind: &'static str,
    word: &'static str,
    steps: &'static [&'static str],
}

const fn rule(kind: &'static str, word: &'static str, steps: &'static [&'static str]) -> Rule {
    Rule { kind, word, steps }
}

const JAVASCRIPT: &str = "JavaScript source";
const RUBY: &str = "Ruby script";
const CPP: &str = "C++ source";
const C: &str = "C source";
const PYTHON: &str = "Python script";
const PERL: &str = "Perl5 module source";
const M4: &str = "M4 macro processor script";
const TROFF: &str = "troff or preprocessor input";
const HTML: &str = "HTML document";

static RULES: [Rule; 60] = [
    rule(
        JAVASCRIPT,
        "export",
        &[r"^export (function|class|default|const|var|let|async) "],
    ),
    rule(JAVASCRIPT, "require(", &[r"^(const|var|let).*=.*require\("]),
    rule(JAVASCRIPT, "function", &[r"\((async )?function[( ]"]),
    rule(JAVASCRIPT, "exports", &[r#"module(\.|\[["'])exports.*="#]),
    rule(
        RUBY,
        "end",
        &[
            r"(?s)^\s*(?-s:(class|module)\s[A-Z])(.*(modul|includ)e [A-Z]|.*def [a-z])",
            r"^\s*end(\s+[;#if].*)?$",
        ],
    ),
    rule(JAVASCRIPT, "port", &[r#"^(import|export) ["']\./"#]),
    rule(JAVASCRIPT, " from ", &[r"^(import|export).* from "]),
    rule(
        PERL,
        "package",
        &[
            r"^package[ \t]+[0-9A-Za-z_:]+ *;",
            r"^(1 *;|(use|sub|my) .*[(;{=])",
        ],
    ),
    rule(JAVASCRIPT, "use strict", &[r#"["']use strict["']"#]),
    rule(CPP, "template", &[r"^\s*template\s*<.*>\s*$"]),
    rule(CPP, "namespace", &[r"^namespace\s+[_A-Za-z]{1,20}\s*\{"]),
    rule(
        CPP,
        "using",
        &[r"^using\s+(namespace )?std(::)?[A-Za-z]*\s*;"],
    ),
    rule(CPP, "protected", &[r"^\s*protected:"]),
    rule(CPP, "virtual", &[r"^\s*virtual\s+.*[};]\s*$"]),
    rule(JAVASCRIPT, "require(", &[r#"^require\(["']"#]),
    rule(JAVASCRIPT, "typeof", &[r"typeof.*[!=]=="]),
    rule(CPP, "private", &[r"^\s*private:"]),
    rule(
        RUBY,
        "require",
        &[
            r"(?s)^\s*require\s'[A-Za-z_/.]+'.*?(def [a-z]| do$)",
            r"^\s*end(\s+[;#].*)?$",
        ],
    ),
    rule(CPP, "public", &[r"^\s*public:"]),
    rule(
        CPP,
        "class",
        &[r"(?s)^\s*class\s+[0-9A-Za-z:_]+\s*\{.*\}(;)?$"],
    ),
    rule("Objective-C source", "#import", &[r#"^#import\s+["<]"#]),
    rule(
        RUBY,
        "end",
        &[r"^\s*(class|module)\s[A-Z]", r"^\s*end(\s+[;#if].*)?$"],
    ),
    rule("LaTeX 2e document", "documentclass", &[r"\\documentclass"]),
    rule(
        "SVG XML document",
        "svg",
        &[r"(?is)\A.{0,4096}?<!doctype svg"],
    ),
    rule(PYTHON, "def __init__", &[r"(?s)def __init__.{0,64}?self"]),
    rule(
        PYTHON,
        "__main__",
        &[r#"(?s)if __name__.{0,64}?['"]__main__['"]"#],
    ),
    rule(
        PYTHON,
        "class",
        &[r"^class [_A-Za-z]+(\(.*\))?( )*:([ \t]+pass)?$"],
    ),
    rule(C, "#include", &[r"^#include"]),
    rule(PYTHON, "try:", &["try:", r"^\s*except.*:$"]),
    rule(M4, "dnl", &[r"^dnl "]),
    rule(M4, "AC_DEFUN", &[r"^AC_DEFUN\(\["]),
    rule(
        HTML,
        "<",
        &[r"(?is)\A.{0,4096}?<(head|title|body|html|script)[> \t]"],
    ),
    rule(
        "Lisp/Scheme program",
        "(",
        &[r"^\((defun|setq|defvar|defmacro|define|autoload|export) "],
    ),
    rule(
        "makefile script",
        "",
        &[r"^(CFLAGS|VPATH|LDFLAGS|all:|\.PRECIOUS)"],
    ),
    rule("automake makefile script", "SUBDIRS", &[r"^SUBDIRS[ \t]+="]),
    rule(
        PYTHON,
        "import",
        &[r"^from[ \t]+([A-Za-z0-9_]|\.)+[ \t]+import.*$"],
    ),
    rule(
        PYTHON,
        "def ",
        &[
            r"^\s{0,50}def {1,50}[_a-zA-Z]{1,100}",
            r"\(([A-Za-z*_, ]){0,255}\):$",
        ],
    ),
    rule(
        RUBY,
        "def ",
        &[
            r"(^\s*def [a-z]|def [A-Za-z]+::[a-z])",
            r"^\s*end(\s+[;#].*)?$",
        ],
    ),
    rule(PYTHON, "import", &[r"^import [_A-Za-z]+ as [A-Za-z]\s*$"]),
    rule(RUBY, "require", &[r"^\s*require\s'[A-Za-z_/.]+'"]),
    rule(TROFF, "\\\"", &[r#"\A(\.|'|'\.)?\\""#]),
    rule(
        TROFF,
        ".",
        &[r"\A([^\n]*\n){0,19}\.[A-Za-z][A-Za-z0-9][ \t\n]"],
    ),
    rule("exported SGML document", "<!--", &["<!--"]),
    rule(C, "pragma", &[r"^#\s*pragma"]),
    rule(C, "endif", &[r"^#\s*(if|ifn)def", r"^#\s*endif$"]),
    rule(C, "define", &[r"^#\s*(if|ifn)def", r"^#\s*define"]),
    rule(C, "char", &[r"^\s*char( \*|\*)(.+)(=.*)?;\s*$"]),
    rule(C, "double", &[r"^\s*double( \*|\*)(.+)(=.*)?;\s*$"]),
    rule(C, "extern", &[r"^\s*extern\s+"]),
    rule(C, "float", &[r"^\s*float( \*|\*)(.+)(=.*)?;\s*$"]),
    rule(C, "struct", &[r"^struct\s+"]),
    rule(C, "union", &[r"^union\s+"]),
    rule("Java source", "main(", &[r"(?s)main\(.{0,64}?String"]),
    rule(C, "main(", &[r"main\(", r"\)\s*\{"]),
    rule("Java source", "import", &[r"^import.*;$"]),
    rule(
        "assembler source",
        ".",
        &[r"^[ \t]{0,50}\.(asciiz|asciz|byte|even|globl|text|file|type)"],
    ),
    rule(
        "Perl POD document",
        "=",
        &[r"^=(pod|head[12]|encoding|begin|over|item) ?"],
    ),
    rule(
        "LaTeX document",
        "\\",
        &[r"^\\(section|chapter|setlength|relax|contentsline)\b"],
    ),
    rule("TeX document", "\\input", &[r"^\\input"]),
    rule("DOS batch file", "@", &[r"(?i)\A@echo off"]),
];

/// The language of a text, if it is told by any of the rules.
pub(crate) fn of(text: &[u8]) -> Option<&'static str> {
    let head = &text[..text.len().min(HEAD)];
    let found = seekers().iter().find(|seeker| seeker.fits(head));
    found.map(|seeker| seeker.rule.kind)
}

/// A rule and what it is tried by.
struct Seeker {
    rule: &'static Rule,
    word: Finder<'static>,
    /// Made when the word is first found: most are not found in most packages.
    patterns: OnceLock<Vec<Regex>>,
}

impl Seeker {
    fn fits(&self, head: &[u8]) -> bool {
        if self.word.find(head).is_none() {
            return false;
        }
        let mut rest = head;
        let patterns = self.patterns.get_or_init(|| compile(self.rule));
        patterns.iter().all(|pattern| match pattern.find(rest) {
            Some(found) => {
                rest = &rest[found.end()..];
                true
            }
            None => false,
        })
    }
}

/// All rules in turn.
fn seekers() -> &'static [Seeker] {
    static SEEKERS: OnceLock<Vec<Seeker>> = OnceLock::new();
    let seeker = |rule: &'static Rule| Seeker {
        rule,
        word: Finder::new(rule.word),
        patterns: OnceLock::new(),
    };
    SEEKERS.get_or_init(|| RULES.iter().map(seeker).collect())
}

fn compile(rule: &Rule) -> Vec<Regex> {
    let compile = |step: &&str| {
        let mut builder = RegexBuilder::new(step);
        let regex = builder.multi_line(true).unicode(false).build();
        regex.expect("the table has correct patterns")
    };
    rule.steps.iter().map(compile).collect()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn languages_are_known_by_their_lines() {
        let cases = [
            ("# x\nclass Foo(Bar):\n", Some("Python script")),
            ("    def f(x, y):\n", Some("Python script")),
            ("def f(x) -> int:\n", None),
            ("import os\n", None),
            ("// x\n#include <a>\n", Some("C source")),
            ("#include <a>\nnamespace a {\n", Some("C++ source")),
            ("#define X 1\n", None),
            ("#ifdef X\n#define Y\n", Some("C source")),
            ("\\documentclass{article}\n", Some("LaTeX 2e document")),
            ("module Foo\n  def x\n  end\nend\n", Some("Ruby script")),
            ("const a = require('b')\n", Some("JavaScript source")),
            (
                "package Foo::Bar;\nuse strict;\n",
                Some("Perl5 module source"),
            ),
            ("x\ndnl x\n", Some("M4 macro processor script")),
            ("abc\n<title>x</title>\n", Some("HTML document")),
            (".\\\" x\nstruct a\n", Some("troff or preprocessor input")),
            (".TH x\n.SH NAME\n", Some("troff or preprocessor input")),
            ("# <!-- x -->\n", Some("exported SGML document")),
            ("CFLAGS = 1\n", Some("makefile script")),
            ("\t.text\n", Some("assembler source")),
            ("\n=head1 X\n", Some("Perl POD document")),
        ];
        for (text, expected) in cases {
            assert_eq!(of(text.as_bytes()), expected, "{text}");
        }
    }
}
