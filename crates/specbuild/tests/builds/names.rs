//! What the binary does under each of its names, where it builds nothing.

use std::ffi::OsStr;

use testkit::Trial;

use crate::bench::{Bench, Ran};

/// One trial per behaviour.
pub(crate) fn trials() -> Vec<Trial> {
    let checks: [(&str, fn()); 9] = [
        ("--eval under every name", evaluates_under_every_name),
        ("--define and --eval in order", takes_macros_in_order),
        (
            "--nocheck and --undefine are known",
            knows_options_that_helpers_probe,
        ),
        ("an unknown option gets a suggestion", suggests_options),
        ("--version", tells_versions),
        (
            "debbuild has directories of its own",
            debbuild_has_its_own_directories,
        ),
        ("rpm --showrc", shows_configuration),
        ("rpmspec", shows_specs),
        ("targets", lists_targets),
    ];
    let named = checks.into_iter().map(|(name, check)| {
        Trial::test(format!("names: {name}"), move || {
            check();
            Ok(())
        })
    });
    named.collect()
}

/// Runs a name without `%_topdir` and the like.
fn plain<A: AsRef<OsStr>>(name: &str, args: impl IntoIterator<Item = A>) -> Ran {
    let bench = Bench::new();
    let mut ran = Ran::from(bench.command(name).args(args).output().unwrap());
    ran.stdout = ran
        .stdout
        .replace(&bench.join("home").display().to_string(), "~");
    ran
}

const NAMES: [&str; 5] = ["specbuild", "rpmbuild", "rpmspec", "rpm", "debbuild"];

fn evaluates_under_every_name() {
    for name in NAMES {
        let ran = plain(name, ["--eval", "%{_bindir}%%"]).ok();
        assert_eq!(ran.stdout, "/usr/bin%\n", "{name}");
    }
}

fn takes_macros_in_order() {
    for name in NAMES {
        let args = [
            "-E",
            "%{?x}",
            "-D",
            "x 1",
            "-E",
            "%x",
            "--undefine",
            "x",
            "-E",
            "[%{?x}]",
        ];
        assert_eq!(plain(name, args).ok().lines(), ["1", "[]"], "{name}");
    }
    let with = [
        "--with",
        "a",
        "--without",
        "b",
        "-E",
        "%{?_with_a} %{?_without_b}",
    ];
    assert_eq!(
        plain("rpmbuild", with).ok().stdout,
        "--with-a --without-b\n"
    );
}

fn knows_options_that_helpers_probe() {
    for name in ["specbuild", "rpmbuild", "debbuild"] {
        for option in [
            "--nocheck",
            "--nodeps",
            "--noprep",
            "--noclean",
            "--nosignature",
        ] {
            plain(name, [option, "--help"]).ok();
        }
        plain(name, ["--undefine", "x", "--help"]).ok();
        plain(name, ["--undefine=x", "--help"]).ok();
    }
}

fn suggests_options() {
    for name in NAMES {
        let ran = plain(name, ["--defin", "x 1"]);
        assert_eq!(ran.status, Some(1), "{name}");
        assert!(ran.stderr.contains("'--define'"), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

fn tells_versions() {
    assert!(
        plain("rpm", ["--version"])
            .ok()
            .stdout
            .starts_with("RPM version ")
    );
    for name in ["specbuild", "rpmbuild", "rpmspec", "debbuild"] {
        assert!(
            plain(name, ["--version"]).ok().stdout.contains('.'),
            "{name}"
        );
    }
}

fn debbuild_has_its_own_directories() {
    let topdir = ["--eval", "%{_topdir}"];
    assert_eq!(plain("debbuild", topdir).ok().stdout, "~/debbuild\n");
    assert_eq!(plain("rpmbuild", topdir).ok().stdout, "~/rpmbuild\n");
    let libdir = ["--eval", "%{_libdir}", "--target", "debian-12"];
    assert!(
        plain("debbuild", libdir)
            .ok()
            .stdout
            .starts_with("/usr/lib/")
    );
}

fn shows_configuration() {
    let shown = plain("rpm", ["-D", "mine here", "--showrc"]).ok().stdout;
    assert!(shown.contains("build arch"), "{shown}");
    assert!(shown.contains("mine\there"), "{shown}");
}

fn shows_specs() {
    let spec = crate::bench::workspace("examples/libgreet/libgreet.spec");
    let spec = spec.as_os_str();
    let query = |args: &[&str]| {
        let args = args.iter().map(OsStr::new);
        plain("rpmspec", [OsStr::new("-q"), spec].into_iter().chain(args))
            .ok()
            .stdout
    };
    let all = query(&["--target", "fedora-42", "--qf", "%{NAME} %{VERSION}\n"]);
    assert_eq!(
        all,
        "libgreet 1.2.0\nlibgreet-tools 1.2.0\nlibgreet-devel 1.2.0\n"
    );
    assert_eq!(query(&["--srpm", "--qf", "%{NAME}"]), "libgreet");
    assert_eq!(query(&["--buildrequires"]).lines().next(), Some("gcc"));
    let parsed = plain("rpmspec", [OsStr::new("-P"), spec]).ok().stdout;
    assert!(
        parsed.contains(
            "\nSource0:        https://example.org/libgreet/releases/libgreet-1.2.0.tar.gz\n"
        ),
        "{parsed}"
    );
}

fn lists_targets() {
    let listed = plain("specbuild", ["targets"]).ok().stdout;
    for id in ["debian-12", "debian-13", "ubuntu-24.04", "fedora-42"] {
        assert!(listed.lines().any(|line| line.starts_with(id)), "{listed}");
    }
    let shown = plain("specbuild", ["targets", "show", "fedora-42"])
        .ok()
        .stdout;
    assert!(shown.contains("format = "), "{shown}");
    let unknown = plain("specbuild", ["--target", "debian-99", "--eval", "1"]);
    assert_eq!(unknown.status, Some(1), "{}", unknown.stderr);
}
