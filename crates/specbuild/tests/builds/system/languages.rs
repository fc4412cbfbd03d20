//! Lists of translations, as rpm's own `find-lang.sh` makes them.

use std::fs;
use std::process::Command;

use super::{ours, real};
use crate::bench::{Bench, Ran};

/// rpm's program.
pub(super) const FIND_LANG: &str = "/usr/lib/rpm/find-lang.sh";

/// Paths of a build root with every kind of translation.
const FILES: [&str; 22] = [
    "usr/share/locale/de/LC_MESSAGES/hello.mo",
    "usr/share/locale/pt_BR/LC_MESSAGES/hello.mo",
    "usr/share/locale/sr@latin/LC_MESSAGES/hello.mo",
    "usr/share/locale/C/LC_MESSAGES/hello.mo",
    "usr/share/locale/fr/LC_MESSAGES/hello-extra.mo",
    "usr/share/locale/fr/LC_TIME/hello.mo",
    "opt/app/locale/ja/hello.mo",
    "usr/share/help/de/hello/index.page",
    "usr/share/help/C/hello/figures/a.png",
    "usr/share/help/pt_BR/other/index.page",
    "usr/share/gnome/help/hello/de/figures/a.png",
    "usr/share/gnome/help/other/zh_TW/index.xml",
    "usr/share/omf/hello/hello-C.omf",
    "usr/share/omf/hello/hello-pt_BR.omf",
    "usr/share/mate/help/hello/es/hello.xml",
    "usr/share/doc/HTML/de/hello/common/x.png",
    "usr/share/doc/HTML/en/other/index.html",
    "usr/share/hello/translations/hello_de.qm",
    "usr/share/hello/translations/zh_TW.qm",
    "usr/share/man/de/man1/hello.1.gz",
    "usr/share/man/man1/hello.1.gz",
    "usr/bin/hello",
];

const OPTIONS: [&str; 7] = [
    "",
    "--with-gnome --with-mate --with-kde --with-qt --with-html --with-man",
    "--all-name",
    "--with-qt --with-html --all-name",
    "--with-gnome --with-man --all-name",
    "--without-mo --with-man",
    "--without-mo",
];

/// Status and lines have to be the same, the lines in any order.
pub(super) fn lists_as_rpm() {
    for options in OPTIONS {
        let bench = Bench::new();
        for path in FILES {
            let path = bench.join("root").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let mut helper = ours(&bench, "specbuild");
        helper.args(["helper", "find-lang"]);
        let theirs = listed(&bench, real(&bench, FIND_LANG), options);
        assert_eq!(listed(&bench, helper, options), theirs, "{options}");
    }
}

/// Runs `COMMAND ROOT hello OPTIONS`; its status, and the lines of the list it wrote.
fn listed(bench: &Bench, mut command: Command, options: &str) -> (Option<i32>, Vec<String>) {
    command.arg(bench.join("root")).arg("hello");
    let ran = Ran::from(command.args(options.split_whitespace()).output().unwrap());
    let list = bench.join("desk/hello.lang");
    let text = fs::read_to_string(&list).unwrap_or_default();
    fs::remove_file(list).ok();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    (ran.status, lines)
}
