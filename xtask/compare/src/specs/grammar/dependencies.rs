//! Capabilities: plain, versioned, rich, and wrong.

use super::Writer;

const NAMES: [&str; 26] = [
    "foo",
    "bar",
    "libfoo.so.1()(64bit)",
    "/usr/bin/sh",
    "perl(Foo::Bar)",
    "pkgconfig(x)",
    "foo-libs%{?_isa}",
    "%{name}",
    "%{name}-sub",
    "a.b",
    "a_b",
    "a+b",
    "config(foo)",
    "font(:lang=de)",
    "rpmlib(X)",
    "foo(x86-64)",
    "%{aa}",
    "_x",
    "1a",
    "foo(a b)",
    "cmake(Qt5) ",
    "/a*",
    "foo~1",
    "é",
    "mimehandler(text/x)",
    "foo:bar",
];

const BAD_NAMES: [&str; 22] = [
    "-foo",
    "+x",
    ".x",
    "<foo",
    "foo>1",
    "foo(",
    "foo)",
    "foo(x",
    "(foo)",
    "a\"b",
    "%{nosuch}",
    "&x",
    "a|b",
    "foo=1",
    "a;b",
    "",
    "/",
    "()",
    "foo((",
    "=",
    "~x",
    "a{b}",
];

const OPERATORS: [&str; 5] = ["=", "<", ">", "<=", ">="];
const BAD_OPERATORS: [&str; 9] = ["==", "=<", "=>", "<>", "!=", "~", "===", "<<", "><"];

const VERSIONS: [&str; 20] = [
    "1",
    "1.0",
    "1:2",
    "1-2",
    "0:1.0-1",
    "1~rc1",
    "1^git1",
    "2_3",
    "1+b",
    "%{version}",
    "%{version}-%{release}",
    "%{?epoch:%{epoch}:}%{version}",
    "1a",
    "a",
    "1.2.3.4-5.fc9",
    "12:3.4-5",
    "00:1",
    "1-1.el7_9",
    "%{bb}",
    "1~~1",
];

const BAD_VERSIONS: [&str; 26] = [
    "",
    "1-",
    "-1",
    "1-2-3",
    "1:",
    ":1",
    "1:2:3",
    "a:1",
    "1/2",
    "1(2",
    "1)",
    "%{nosuch}",
    "1,2",
    "1&2",
    "é",
    "1;",
    "1-:2",
    "99999999999:1",
    "1@",
    "1!",
    "1..2",
    ".1",
    "~1",
    "1<2",
    "1~-1",
    "#1",
];

const RICH: [&str; 6] = ["and", "or", "with", "if", "unless", "without"];

const BAD_RICH: [&str; 36] = [
    "(",
    "(foo",
    "(foo bar)",
    "(foo and)",
    "(and foo)",
    "(foo and bar",
    "(foo and bar))",
    "()",
    "(foo or or bar)",
    "(foo nand bar)",
    "(foo if bar else)",
    "(foo else bar)",
    "(foo and bar or baz)",
    "(foo with bar and baz)",
    "(foo if bar if baz)",
    "(foo AND bar)",
    "(foo = and bar)",
    "(foo >= 1 bar)",
    "(foo and (bar)",
    "(/a and b >)",
    "(foo and -bar)",
    "((foo and bar) or)",
    "(foo without bar without baz)",
    "(foo and bar) >= 1",
    "(foo and bar)x",
    "( foo )",
    "(foo && bar)",
    "(foo, bar)",
    "(foo and bar), (",
    "(foo if bar or baz)",
    "((a if b) or c)",
    "(a unless b or c)",
    "(a if b else c else d)",
    "((a and b) with c)",
    "(a with (b or c))",
    "((a if b) and c)",
];

/// Tags of dependencies, with the qualifiers they take.
const TAGS: [&str; 24] = [
    "Requires",
    "Requires",
    "Requires",
    "Requires(pre)",
    "Requires(post,postun)",
    "Requires(meta)",
    "Provides",
    "Provides",
    "Conflicts",
    "Obsoletes",
    "Recommends",
    "Suggests",
    "Supplements",
    "Enhances",
    "BuildRequires",
    "BuildRequires",
    "BuildConflicts",
    "OrderWithRequires",
    "PreReq",
    "BuildPreReq",
    "requires",
    "REQUIRES(preun)",
    "Requires(pretrans)",
    "Requires(posttrans, verify)",
];

const BAD_TAGS: [&str; 22] = [
    "Requires()",
    "Requires(nosuch)",
    "Requires(pre",
    "Provides(pre)",
    "Requires(pre post)",
    "Requires(pre,)",
    "Requires(,pre)",
    "Requires(meta,pre)",
    "Requires(rpmlib)",
    "Requires(interp)",
    "Requires(missingok)",
    "Recommends(pre)",
    "BuildRequires(meta)",
    "Conflicts(post)",
    "Requires(build)",
    "Requires(PRE)",
    "Requires(hint)",
    "Suggests(meta)",
    "Requires (pre)",
    "Obsoletes(x)",
    "OrderWithRequires(post)",
    "Requires(preuntrans,postuntrans)",
];

impl Writer {
    /// `TAG: CAPABILITIES`.
    pub(super) fn dependency_line(&mut self) -> String {
        let tag = self.value(&TAGS, &BAD_TAGS);
        let blank = self
            .dice
            .weighted(&[(12, " "), (1, ""), (1, "\t"), (1, "   ")]);
        let colon = self.dice.weighted(&[(20, ":"), (1, " :")]);
        let end = self
            .dice
            .weighted(&[(20, ""), (1, " "), (1, ","), (1, " # note"), (1, ", ")]);
        format!("{tag}{colon}{blank}{}{end}\n", self.capabilities())
    }

    pub(super) fn capabilities(&mut self) -> String {
        let count = self.dice.weighted(&[(6, 1), (2, 2), (1, 3)]);
        let all: Vec<String> = (0..count).map(|_| self.capability()).collect();
        let between = self.dice.weighted(&[
            (4, ", "),
            (2, " "),
            (1, ","),
            (1, "\t"),
            (1, ",,"),
            (1, " , "),
        ]);
        all.join(between)
    }

    fn capability(&mut self) -> String {
        if self.dice.percent(15) {
            if self.is_wrong() {
                return self.dice.pick(&BAD_RICH).to_owned();
            }
            return self.rich(2);
        }
        self.plain()
    }

    fn plain(&mut self) -> String {
        let name = self.value(&NAMES, &BAD_NAMES);
        if self.dice.percent(55) {
            return name.to_owned();
        }
        let operator = self.value(&OPERATORS, &BAD_OPERATORS);
        let version = self.value(&VERSIONS, &BAD_VERSIONS);
        let (before, after) = if self.is_wrong() {
            self.dice
                .pick(&[("", ""), (" ", ""), ("", " "), ("\t", "  ")])
        } else {
            (" ", " ")
        };
        format!("{name}{before}{operator}{after}{version}")
    }

    fn rich(&mut self, depth: usize) -> String {
        let operator = self.value(&RICH, &["&&", "xor", "andd"]);
        let count = if operator == "and" || operator == "or" {
            2 + self.dice.below(2)
        } else {
            2
        };
        let mut parts = Vec::new();
        for _ in 0..count {
            parts.push(if depth > 0 && self.dice.percent(30) {
                self.rich(depth - 1)
            } else {
                self.plain()
            });
        }
        let mut whole = parts.join(&format!(" {operator} "));
        if matches!(operator, "if" | "unless") && self.dice.percent(40) {
            whole += " else ";
            whole += &self.plain();
        }
        let blank = self.dice.weighted(&[(9, ""), (1, " ")]);
        format!("({blank}{whole}{blank})")
    }
}
