//! `%prep`: `%setup`, `%patch` and their kin.

use super::Writer;

const HEADERS: [&str; 5] = ["%prep", "%prep", "%prep", "%prep -a", "%prep -p"];
const BAD_HEADERS: [&str; 5] = ["%prep x", "%prep -x", "%prep -n x", "%prepx", "%prep -q"];

const SETUP: [&str; 20] = [
    "",
    "-q",
    "-n foo",
    "-c",
    "-T",
    "-D",
    "-q -n %{name}-%{version}",
    "-c -T",
    "-a 1",
    "-b 1",
    "-a 0",
    "-T -a 0",
    "-D -T -b 1",
    "-n 'a b'",
    "-C",
    "-q -c -n x",
    "-a1",
    "-n \"x\"",
    "-qn foo",
    "-T -D -n %{aa}",
];
const BAD_SETUP: [&str; 20] = [
    "-x",
    "-n",
    "-a",
    "-a x",
    "-a 99",
    "-b 99",
    "-P 0",
    "extra",
    "-n a b",
    "\"",
    "-a -1",
    "-q=1",
    "-n ''",
    "--",
    "-b",
    "-C x",
    "-a 1x",
    "-n %{open",
    "-aa",
    "-n %{nosuch}",
];

const PATCH: [&str; 24] = [
    "0",
    "-P 0",
    "-P0",
    "-p1 -P 0",
    "0 1",
    "1",
    "-P 1 -p 1",
    "-p0 0",
    "-b .orig 0",
    "-b .orig -P 0",
    "-R 0",
    "-E -p1 0",
    "-F 2 0",
    "-d dir 0",
    "-o out 0",
    "-z .x 0",
    "-Z 0",
    "-P 0 -P 1",
    "-F2 -p1 -P 0 -b .b",
    "%{P:0}",
    "-p 1 7",
    "007",
    "-P 007",
    "-P1 0",
];
const BAD_PATCH: [&str; 20] = [
    "", "-P", "-P x", "99", "-P 99", "x", "-p x 0", "-p", "-b 0", "-x 0", "-F x 0", "-1", "0x",
    "-P -1", "\"", "-p -1 0", "-q 0", "-b", "0 x", "1.5",
];

/// Other lines, right and wrong.
const OTHERS: [&str; 10] = [
    "%autosetup",
    "%autosetup -p1",
    "%autosetup -n foo -p1",
    "%autosetup -N",
    "%autosetup -S git",
    "%autopatch -p1",
    "%autopatch 0 1",
    "%autosetup -c -T",
    "%autosetup -a 1",
    "%autopatch -m 0 -M 1",
];
const BAD_OTHERS: [&str; 16] = [
    "%autosetup -x",
    "%autosetup -a 99",
    "%autosetup -S nosuch",
    "%autopatch 99",
    "%autopatch -m x",
    "%patch0",
    "%patch0 -p1",
    "%patch",
    "%patch1 -b .x",
    "%patchx",
    "%{patch:0}",
    "%{setup}",
    "%{patch 0}",
    "%setupx",
    "%autopatch -p x",
    "%{expand:%setup -n x}",
];

impl Writer {
    pub(super) fn prep(&mut self) -> String {
        let header = self.value(&HEADERS, &BAD_HEADERS);
        let lines = self.several(4, |writer| {
            let line = writer.prep_line();
            writer.in_branch(line, 2)
        });
        format!("{header}\n{lines}")
    }

    fn prep_line(&mut self) -> String {
        let end = self
            .dice
            .weighted(&[(20, "\n"), (1, " \n"), (1, " # note\n"), (1, " || :\n")]);
        match self.dice.below(8) {
            0 | 1 => format!("%setup {}{end}", self.value(&SETUP, &BAD_SETUP)),
            2 | 3 => format!("%patch {}{end}", self.value(&PATCH, &BAD_PATCH)),
            4 => format!("%setup{end}"),
            5 | 6 => format!("{}{end}", self.value(&OTHERS, &BAD_OTHERS)),
            _ => self.lines(2),
        }
    }
}
