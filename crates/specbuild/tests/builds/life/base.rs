//! A root in which scriptlets can run: a few programs of this machine, their libraries, and the
//! accounts that every system has.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::bench::run;

/// What maintainer scripts and scriptlets may call.
pub(super) const PROGRAMS: [&str; 60] = [
    "basename",
    "bash",
    "cat",
    "chgrp",
    "chmod",
    "chown",
    "comm",
    "cp",
    "cut",
    "dash",
    "deb-systemd-helper",
    "deb-systemd-invoke",
    "dirname",
    "dpkg",
    "dpkg-deb",
    "dpkg-divert",
    "dpkg-maintscript-helper",
    "dpkg-query",
    "dpkg-split",
    "dpkg-statoverride",
    "dpkg-trigger",
    "env",
    "false",
    "find",
    "getcap",
    "getent",
    "grep",
    "groupadd",
    "head",
    "id",
    "install",
    "ldconfig",
    "ln",
    "ls",
    "lua5.4",
    "mkdir",
    "mktemp",
    "mv",
    "perl",
    "readlink",
    "rm",
    "rmdir",
    "sed",
    "setcap",
    "sleep",
    "sort",
    "stat",
    "tail",
    "tar",
    "test",
    "touch",
    "tr",
    "true",
    "uname",
    "unlink",
    "update-alternatives",
    "useradd",
    "usermod",
    "wc",
    "xargs",
];

/// The packages they are from, which the database of a root lists as installed.
const PACKAGES: [&str; 19] = [
    "base-files",
    "bash",
    "coreutils",
    "dash",
    "debianutils",
    "dpkg",
    "findutils",
    "grep",
    "init-system-helpers",
    "libc-bin",
    "libc6",
    "libcap2-bin",
    "lua5.4",
    "passwd",
    "perl-base",
    "sed",
    "sysvinit-utils",
    "tar",
    "util-linux",
];

/// Directories that are links into `/usr`.
const MERGED: [&str; 4] = ["bin", "lib", "lib64", "sbin"];

/// A fresh root, as a folder of its own.
///
/// The files below `/usr` are hard links to those of one copy, so nothing may write into them; the
/// others are the root's own.
pub(super) fn fresh(name: &str) -> PathBuf {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    let base = COPY.get_or_init(make);
    let root = place(name);
    fs::create_dir_all(&root).unwrap();
    run(Command::new("cp")
        .args(["-al"])
        .arg(base.join("usr"))
        .arg(&root));
    for dir in ["dev", "etc", "var", "run", "tmp"].iter().chain(&MERGED) {
        run(Command::new("cp")
            .arg("-a")
            .arg(base.join(dir))
            .arg(root.join(dir)));
    }
    fs::write(root.join("log"), "").unwrap();
    root
}

/// An empty place on the file system of the copy.
fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("life")
        .join(name);
    let _ = fs::remove_dir_all(&place);
    place
}

fn make() -> PathBuf {
    let base = place("base");
    for dir in ["dev", "etc", "run", "tmp", "usr/bin", "usr/sbin"] {
        fs::create_dir_all(base.join(dir)).unwrap();
    }
    for dir in MERGED {
        fs::create_dir_all(base.join("usr").join(dir)).unwrap();
        symlink(Path::new("usr").join(dir), base.join(dir)).unwrap();
    }
    let programs: Vec<PathBuf> = PROGRAMS.iter().filter_map(|it| find(it)).collect();
    let mut files = libraries(&programs);
    files.extend(programs);
    files.extend(
        ["perl-base", "dpkg", "base-passwd"]
            .iter()
            .flat_map(|it| data_of(it)),
    );
    files.iter().for_each(|file| copy(file, &base));
    symlink("dash", base.join("usr/bin/sh")).unwrap();
    write_accounts(&base);
    write_database(&base);
    copy_null(&base);
    base
}

fn find(program: &str) -> Option<PathBuf> {
    ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]
        .iter()
        .map(|dir| Path::new(dir).join(program))
        .find(|path| path.exists())
}

/// The libraries of programs, by the dynamic linker's own account.
fn libraries(programs: &[PathBuf]) -> Vec<PathBuf> {
    let output = Command::new("ldd").args(programs).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = text.split_whitespace().filter(|it| it.starts_with('/'));
    let mut found: Vec<PathBuf> = words
        .filter(|it| !it.ends_with(':'))
        .map(PathBuf::from)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// What a package has below `/usr/lib` and `/usr/share`, apart from its documentation.
fn data_of(package: &str) -> Vec<PathBuf> {
    let listed = run(Command::new("dpkg-query").args(["--listfiles", package]));
    let wanted = |path: &&str| {
        let inner = ["/usr/lib/", "/usr/share/"];
        let doc = [
            "/usr/share/doc",
            "/usr/share/man",
            "/usr/share/locale",
            "/usr/share/lintian",
        ];
        inner.iter().any(|dir| path.starts_with(dir))
            && !doc.iter().any(|dir| path.starts_with(dir))
    };
    listed
        .lines()
        .filter(wanted)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
        .collect()
}

/// Copies what a path leads to into the root, through the links of a merged `/usr`.
fn copy(file: &Path, base: &Path) {
    let inner = file.strip_prefix("/").unwrap();
    let place = base.join(inner);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    if !place.exists() {
        fs::copy(file, &place).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

fn write_accounts(base: &Path) {
    for name in ["passwd", "group"] {
        let master = base.join(format!("usr/share/base-passwd/{name}.master"));
        fs::copy(master, base.join("etc").join(name)).unwrap();
    }
    for name in ["shadow", "gshadow", "login.defs"] {
        fs::write(base.join("etc").join(name), "").unwrap();
    }
}

/// dpkg's database, with what the machine's says of the packages that are there in part.
fn write_database(base: &Path) {
    let admin = base.join("var/lib/dpkg");
    for dir in ["info", "updates", "triggers", "alternatives", "parts"] {
        fs::create_dir_all(admin.join(dir)).unwrap();
    }
    let shown = Command::new("dpkg-query")
        .arg("--status")
        .args(PACKAGES)
        .output()
        .unwrap();
    fs::write(admin.join("status"), shown.stdout).unwrap();
    fs::write(admin.join("available"), "").unwrap();
    for package in PACKAGES {
        fs::write(admin.join(format!("info/{package}.list")), "/.\n").unwrap();
    }
    fs::create_dir_all(base.join("var/lib/rpm")).unwrap();
    fs::create_dir_all(base.join("var/tmp")).unwrap();
}

/// Where devices cannot be made, an empty file has to do.
fn copy_null(base: &Path) {
    let null = base.join("dev/null");
    let made = Command::new("cp")
        .arg("-a")
        .arg("/dev/null")
        .arg(&null)
        .status();
    if !made.is_ok_and(|status| status.success()) {
        fs::write(null, "").unwrap();
    }
}
