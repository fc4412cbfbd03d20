//! Lists of made trees.

use super::places::basic_pattern;
use crate::call::testing::Bench;

/// Paths of a tree with every kind of translation; `/` at the end makes a directory.
const TREE: &[&str] = &[
    "usr/share/locale/de/LC_MESSAGES/hello.mo",
    "usr/share/locale/pt_BR/LC_MESSAGES/hello.mo",
    "usr/share/locale/sr@latin/LC_MESSAGES/hello.mo",
    "usr/share/locale/C/LC_MESSAGES/hello.mo",
    "usr/share/locale/fr/LC_MESSAGES/hello-extra.mo",
    "usr/share/locale/fr/LC_MESSAGES/hellox.mo",
    "usr/share/locale/fr/LC_TIME/hello.mo",
    "opt/app/locale/ja/hello.mo",
    "usr/share/help/de/hello/index.page",
    "usr/share/help/C/hello/figures/a.png",
    "usr/share/help/pt_BR/other/index.page",
    "usr/share/gnome/help/hello/C/hello.xml",
    "usr/share/gnome/help/hello/de/figures/a.png",
    "usr/share/gnome/help/other/zh_TW/",
    "usr/share/omf/hello/hello-C.omf",
    "usr/share/omf/hello/hello-pt_BR.omf",
    "usr/share/omf/other/other-de.omf",
    "usr/share/mate/help/hello/es/hello.xml",
    "usr/share/doc/HTML/de/hello/common/x.png",
    "usr/share/doc/HTML/pt_BR/hello/index.html",
    "usr/share/doc/HTML/en/other/index.html",
    "usr/share/hello/translations/hello_de.qm",
    "usr/share/hello/translations/hello_pt_BR.qm",
    "usr/share/hello/translations/de.qm",
    "usr/share/hello/translations/zh_TW.qm",
    "usr/share/hello/translations/h2_de.qm",
    "usr/share/hello/translations/h2_x1_sr@latin.qm",
    "usr/share/man/de/man1/hello.1.gz",
    "usr/share/man/pt_BR/man1/hello.1",
    "usr/share/man/man1/hello.1.gz",
    "usr/share/man/fr/man8/other.8.xz",
    "usr/bin/hello",
];

fn bench() -> Bench {
    let bench = Bench::new();
    for path in TREE {
        match path.strip_suffix('/') {
            Some(directory) => std::fs::create_dir_all(bench.at(directory)).unwrap(),
            None => drop(bench.file(path, "")),
        }
    }
    bench.link(
        "usr/share/locale/it/LC_MESSAGES/hello.mo",
        "../../de/LC_MESSAGES/hello.mo",
    );
    bench
}

fn list(bench: &Bench, name: &str) -> String {
    std::fs::read_to_string(bench.directory.path().join(name)).unwrap()
}

#[test]
fn message_catalogues_by_default() {
    let mut bench = bench();
    assert_eq!(
        bench.run("find-lang", &["root", "hello"]),
        0,
        "{}",
        bench.out
    );
    assert_eq!(
        list(&bench, "hello.lang"),
        "%lang(ja) /opt/app/locale/ja/hello.mo\n\
         /usr/share/locale/C/LC_MESSAGES/hello.mo\n\
         %lang(de) /usr/share/locale/de/LC_MESSAGES/hello.mo\n\
         %lang(fr) /usr/share/locale/fr/LC_TIME/hello.mo\n\
         %lang(it) /usr/share/locale/it/LC_MESSAGES/hello.mo\n\
         %lang(pt) /usr/share/locale/pt_BR/LC_MESSAGES/hello.mo\n\
         %lang(sr@latin) /usr/share/locale/sr@latin/LC_MESSAGES/hello.mo\n"
    );
}

#[test]
fn nothing_found_is_a_failure_with_rpms_words() {
    let mut bench = bench();
    assert_eq!(
        bench.run("find-lang", &["root/", "absent", "--with-man"]),
        1
    );
    assert_eq!(bench.out, "No translations found for absent in root\n");
    assert_eq!(list(&bench, "absent.lang"), "");
    assert_eq!(bench.run("find-lang", &["nowhere", "hello"]), 1);
    assert_eq!(bench.out, "find-lang: nowhere: no such directory\n");
    assert_eq!(bench.run("find-lang", &["/", "hello"]), 1);
    assert!(bench.err.contains("usage: "), "{}", bench.err);
}

#[test]
fn last_word_is_the_output_and_others_are_names() {
    let mut bench = bench();
    let status = bench.run("find-lang", &["root", "hellox", "hello-extra", "all.list"]);
    assert_eq!(status, 0);
    assert_eq!(list(&bench, "all.list").lines().count(), 2);
}

#[test]
fn languages_become_sub_packages() {
    let mut bench = bench();
    let parts = bench.directory.path().to_str().unwrap().to_owned();
    bench.set("RPM_SPECPARTS_DIR", &parts);
    let args = [
        "root",
        "hello",
        "--generate-subpackages",
        "--with-gnome",
        "--without-mo",
    ];
    assert_eq!(bench.run("find-lang", &args), 0, "{}", bench.err);
    assert!(list(&bench, "hello.lang").contains("\n%dir /usr/share/gnome/help/hello\n"));
    assert_eq!(
        list(&bench, "find-lang-hello.lang.specpart"),
        "%_langpack_template de \"de\" \n\
         %lang(de) %doc /usr/share/help/de/hello/\n\
         %lang(de) /usr/share/gnome/help/hello/de\n\
         %_langpack_template pt \"pt\" \n\
         %lang(pt_BR) /usr/share/omf/hello/hello-pt_BR.omf\n"
    );
}

#[test]
fn a_language_in_another_script_is_the_same_language() {
    let mut bench = bench();
    let parts = bench.directory.path().to_str().unwrap().to_owned();
    bench.set("RPM_SPECPARTS_DIR", &parts);
    let args = ["root", "hello", "--generate-subpackages"];
    assert_eq!(bench.run("find-lang", &args), 0, "{}", bench.err);
    let part = list(&bench, "find-lang-hello.lang.specpart");
    assert!(
        part.contains("%_langpack_template sr \"sr\" \n") && !part.contains("sr@latin \""),
        "{part}"
    );
}

#[test]
fn names_are_basic_patterns() {
    assert_eq!(basic_pattern("gtk+"), r"gtk\+");
    assert_eq!(basic_pattern(r"lib.*\(a\|b\)"), "lib.*(a|b)");
}
