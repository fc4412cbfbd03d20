//! `%files` headers, with some lines.

use super::Writer;

const OPTIONS: [&str; 8] = [
    "",
    "",
    "",
    "",
    " -f list",
    " -f a -f b",
    " -f %{name}.lang",
    " ",
];
const BAD_OPTIONS: [&str; 9] = [
    " -f",
    " -x",
    " -p x",
    " -l de",
    " extra words",
    " \"",
    " -f ''",
    " -f a b c",
    " -n",
];

const LINES: [&str; 16] = [
    "/usr/bin/x",
    "%{_bindir}/*",
    "%dir /usr/lib/x",
    "%attr(755,root,root) /x",
    "%config(noreplace) /etc/x",
    "%doc README",
    "%license COPYING",
    "%ghost /var/x",
    "# a comment",
    "%defattr(-,root,root,-)",
    "\"/a b\"",
    "%exclude /x",
    "%lang(de) /x",
    "%verify(not md5) /x",
    "%{aa}",
    "/x\\ y",
];
const BAD_LINES: [&str; 7] = [
    "%attr(x) /y",
    "relative",
    "%nosuch(x) /y",
    "%{open",
    "%config(x /y",
    "%dir",
    "%{nosuch}",
];

impl Writer {
    pub(super) fn files(&mut self) -> String {
        let options = self.value(&OPTIONS, &BAD_OPTIONS);
        let package = self.package_words();
        let lines = self.several(4, |writer| {
            let line = format!("{}\n", writer.value(&LINES, &BAD_LINES));
            writer.in_branch(line, 1)
        });
        let (first, last) = if self.dice.percent(50) {
            (options, "")
        } else {
            ("", options)
        };
        format!("%files{first} {package}{last}\n{lines}")
    }
}
