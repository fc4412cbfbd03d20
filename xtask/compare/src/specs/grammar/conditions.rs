//! Branches: conditions good and bad, nested.

use super::Writer;

const EXPRESSIONS: [&str; 40] = [
    "1",
    "0",
    "0%{?aa}",
    "%{?aa}0",
    "1 && 0",
    "1 || 0",
    "!1",
    "! 0",
    "0%{?bb} > 1",
    "1 < 2",
    "1 >= 2",
    "\"a\" == \"a\"",
    "\"%{name}\" == \"pkg\"",
    "\"a\" < \"b\"",
    "(1)",
    "(1 && 1) || 0",
    "%{with foo}",
    "%{without foo}",
    "0%{?with_foo:1}",
    "v\"1.0\" < v\"1.10\"",
    "v\"1:2\" > v\"3\"",
    "1 - 1",
    "2 * 3 == 6",
    "-1",
    "1 # comment",
    "1 == 1 ",
    "\t1",
    "%{defined aa}",
    "%{undefined aa}",
    "%{?aa:1}%{!?aa:0}",
    "\"%{?aa}\" != \"\"",
    "1 ? 0 : 1",
    "%[1 + 1] == 2",
    "%{expr:1}",
    "%(echo 1)",
    "7 / 2 == 3",
    "\"x\"",
    "\"\"",
    "08",
    "1 && \"\" == \"\"",
];

const BAD_EXPRESSIONS: [&str; 34] = [
    "",
    " ",
    "a",
    "%{nosuch}",
    "1 +",
    "(1",
    "1)",
    "1 1",
    "\"a",
    "a == b",
    "1 == \"a\"",
    "\"a\" + 1",
    "1 / 0",
    "1 = 1",
    "1 & 1",
    "%{open",
    "v\"1",
    "v\"a b\" < v\"1\"",
    "\"a\" && 1",
    "!\"a\"",
    "1 ? 2",
    "1 : 2",
    "&& 1",
    "1 ||",
    "#",
    "()",
    "99999999999",
    "%{aa",
    "-\"a\"",
    "1.5",
    "1 <> 2",
    "v\"1\" == 1",
    "1 ?: 2",
    "é",
];

const ARCHS: [&str; 14] = [
    "x86_64",
    "noarch",
    "i386 x86_64",
    "ppc64",
    "%{ix86}",
    "x86_64,i686",
    "i686, x86_64",
    "%{aa} x86_64",
    "aarch64 ppc64le s390x",
    " x86_64",
    "X86_64",
    "%{arm}",
    "%ix86 x86_64",
    "i386",
];

const OSES: [&str; 6] = [
    "linux",
    "Linux",
    "solaris",
    "linux solaris",
    "aix, linux",
    "%{_os}",
];

/// Openings with the words they take.
const OPENINGS: [(&str, Words); 5] = [
    ("%if", Words::Expression),
    ("%ifarch", Words::Arch),
    ("%ifnarch", Words::Arch),
    ("%ifos", Words::Os),
    ("%ifnos", Words::Os),
];

const MIDDLES: [(&str, Words); 3] = [
    ("%elif", Words::Expression),
    ("%elifarch", Words::Arch),
    ("%elifos", Words::Os),
];

const BAD_ENDS: [&str; 14] = [
    "%endif extra",
    "%endif # note",
    "",
    "%endif\n%endif",
    "%else\n%endif",
    "%elif 1\n%endif",
    "%else x\n%endif",
    "%fi",
    "%endifx",
    " %endif",
    "%ENDIF",
    "%else\n%else\n%endif",
    "%else\n%elif 1\n%endif",
    "%endif#",
];

#[derive(Clone, Copy)]
enum Words {
    Expression,
    Arch,
    Os,
}

impl Writer {
    /// The text, now and then in a branch.
    pub(super) fn in_branch(&mut self, text: String, depth: usize) -> String {
        if depth == 0 || !self.dice.percent(15) {
            return text;
        }
        let text = self.in_branch(text, depth - 1);
        self.branch(&text)
    }

    fn branch(&mut self, text: &str) -> String {
        let opening = self.dice.pick(&OPENINGS);
        let opening = if self.dice.percent(60) {
            OPENINGS[0]
        } else {
            opening
        };
        let mut whole = self.branch_line(opening);
        if self.dice.percent(30) {
            let (other, middle) = (self.other(), self.dice.pick(&MIDDLES));
            whole += &(other + &self.branch_line(middle));
        }
        whole += text;
        if self.dice.percent(25) {
            let middle = self.dice.pick(&MIDDLES);
            whole += &(self.branch_line(middle) + &self.other());
        }
        if self.dice.percent(30) {
            let other = self.other();
            let line = self.value(
                &["%else", "%else ", "  %else"],
                &["%else x", "%else # x", "%elsex"],
            );
            whole += &format!("{line}\n{other}");
        }
        let end = self.value(&["%endif", "%endif", "%endif ", "\t%endif"], &BAD_ENDS);
        whole + end + "\n"
    }

    /// What the other branch has.
    fn other(&mut self) -> String {
        let others = [
            "# other\n",
            "",
            "%global aa other\n",
            "%{nosuch\n",
            "%if 1\n%endif\n",
            "%description\n",
            "%if x\n%else\n%endif\n",
            "%endif_\n",
            "%define bb {\nopen\n",
            "\\\n",
            "a \\\nb\n",
        ];
        self.dice.pick(&others).to_owned()
    }

    fn branch_line(&mut self, (word, words): (&str, Words)) -> String {
        let words = match words {
            Words::Expression => self.value(&EXPRESSIONS, &BAD_EXPRESSIONS),
            Words::Arch => self.value(&ARCHS, &["", ",", "x86_64 | i386", "%{nosuch}"]),
            Words::Os => self.value(&OSES, &["", "%{open"]),
        };
        let blank = self.dice.weighted(&[(12, " "), (1, "\t"), (1, "  ")]);
        let indent = self.dice.weighted(&[(12, ""), (1, "  "), (1, "\t")]);
        let end = self.dice.weighted(&[(20, "\n"), (1, " \n"), (1, "\\\n\n")]);
        if self.is_wrong() && self.dice.percent(20) {
            return format!("{indent}{word}{words}{end}");
        }
        format!("{indent}{word}{blank}{words}{end}")
    }
}
