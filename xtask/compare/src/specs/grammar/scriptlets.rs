//! Scriptlets, triggers and file triggers.

use super::Writer;

const SCRIPTLETS: [&str; 11] = [
    "pre",
    "post",
    "preun",
    "postun",
    "pretrans",
    "posttrans",
    "preuntrans",
    "postuntrans",
    "verifyscript",
    "post",
    "pre",
];

const OPTIONS: [&str; 18] = [
    "",
    "",
    "",
    " -p /bin/sh",
    " -p <lua>",
    " -p /usr/bin/perl",
    " -p \"/bin/sh -x\"",
    " -e",
    " -q",
    " -e -q",
    " -p /bin/true",
    " -p '<lua>'",
    " -f file",
    " -p /sbin/ldconfig",
    " -p \"<lua> x\"",
    " -p %{_bindir}/python3",
    " -p \"/bin/a b c\"",
    " -eq",
];
const BAD_OPTIONS: [&str; 19] = [
    " -p",
    " -p sh",
    " -p <nosuch>",
    " -x",
    " -p \"",
    " -f",
    " -p ''",
    " -p lua",
    " -l de",
    " -p %{nosuch}",
    " -P 5",
    " -p /bin/sh -p /bin/x",
    " -p <lua",
    " -p <>",
    " -e x y",
    " -n",
    " -p \"  \"",
    " -pe",
    " --",
];

const BODIES: [&str; 10] = [
    "",
    "echo x\n",
    "x = 1\n",
    "print('a')\n",
    "  indented\n\n\n",
    "%{aa}\n",
    "echo %%\n",
    "# only a comment\n",
    "a\nb\n  \n",
    "exit 0 \n",
];
const BAD_BODIES: [&str; 5] = [
    "if x then\n",
    "%{open\n",
    "x = = 1\n",
    "%{nosuch}\n",
    "end\n",
];

const TRIGGERS: [&str; 6] = [
    "triggerin",
    "triggerun",
    "triggerpostun",
    "triggerprein",
    "trigger",
    "triggerin",
];
const FILE_TRIGGERS: [&str; 7] = [
    "filetriggerin",
    "filetriggerun",
    "filetriggerpostun",
    "transfiletriggerin",
    "transfiletriggerun",
    "transfiletriggerpostun",
    "filetrigger",
];

const CONDITIONS: [&str; 10] = [
    "foo",
    "foo > 1",
    "foo, bar",
    "foo < 2-1, bar",
    "foo bar",
    "%{name}",
    "foo = 1:2",
    "%{aa}",
    "foo >= 1 bar <= 2",
    "perl(X)",
];
const BAD_CONDITIONS: [&str; 15] = [
    "",
    "foo >",
    "> 1",
    "foo == 1",
    "(foo and bar)",
    "-x",
    ",",
    "foo > 1-2-3",
    "%{nosuch}",
    "\"",
    "foo,",
    "foo >= 1 >= 2",
    "-- foo",
    "é",
    "foo = %{open",
];

const PATHS: [&str; 5] = ["/usr", "/usr /opt", "/usr/lib, /opt", "%{_bindir}", "/"];
const BAD_PATHS: [&str; 8] = [
    "",
    "usr",
    "/usr > 1",
    "foo",
    "(/a or /b)",
    "/a, b",
    "%{nosuch}",
    "\"/x\"",
];

const PRIORITIES: [&str; 4] = ["", "", " -P 5", " -P 2000000"];
const BAD_PRIORITIES: [&str; 8] = [
    " -P",
    " -P x",
    " -P -1",
    " -P 99999999999",
    " -P 5x",
    " -P 1.5",
    " -P ''",
    " -P 5 -P 6",
];

impl Writer {
    pub(super) fn scriptlet(&mut self) -> String {
        let name = self.dice.pick(&SCRIPTLETS);
        let options = self.value(&OPTIONS, &BAD_OPTIONS);
        let package = self.package_words();
        let (first, second) = if self.dice.percent(80) {
            (options, package)
        } else {
            ("", package)
        };
        let body = self.script_body(options.contains("lua"));
        let blank = if second.is_empty() { "" } else { " " };
        let last = if first.is_empty() { options } else { "" };
        format!("%{name}{first}{blank}{second}{last}\n{body}")
    }

    fn script_body(&mut self, is_lua: bool) -> String {
        if is_lua || self.dice.percent(50) {
            return self.value(&BODIES[..5], &BAD_BODIES).to_owned();
        }
        if self.dice.percent(50) {
            return self.lines(3);
        }
        self.value(&BODIES, &BAD_BODIES).to_owned()
    }

    pub(super) fn trigger(&mut self) -> String {
        let is_of_files = self.dice.percent(45);
        let name = if is_of_files {
            self.dice.pick(&FILE_TRIGGERS)
        } else {
            self.dice.pick(&TRIGGERS)
        };
        let options = self.value(&OPTIONS, &BAD_OPTIONS);
        let package = self.package_words();
        let priority = if is_of_files || self.is_wrong() {
            self.value(&PRIORITIES, &BAD_PRIORITIES)
        } else {
            ""
        };
        let words = if is_of_files != self.is_wrong() {
            self.value(&PATHS, &BAD_PATHS)
        } else {
            self.value(&CONDITIONS, &BAD_CONDITIONS)
        };
        let dashes = self.value(&[" -- "], &[" ", " --", " - ", " --- ", "-- ", " --\t"]);
        let body = self.script_body(options.contains("lua"));
        let blank = if package.is_empty() { "" } else { " " };
        format!("%{name}{options}{priority}{blank}{package}{dashes}{words}\n{body}")
    }
}
