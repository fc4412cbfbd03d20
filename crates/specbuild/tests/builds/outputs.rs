//! Where packages go: sets are whole, names are written once, and places are looked at first.

use std::fs;
use std::process::Command;

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below};
use crate::machine::{Machine, Need};

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let trial = |name: &str, body: fn()| machine.trial(format!("outputs: {name}"), &[], body);
    let dpkg = [Need::Program("dpkg-deb")];
    vec![
        trial("two packages of one name", writes_each_name_once),
        machine.trial("outputs: half a set", &dpkg, writes_whole_sets),
        trial("places that cannot be written to", looks_at_places_first),
        trial(
            "temporary files that find no room",
            names_the_temporary_directory,
        ),
        trial("two builds in one directory", builds_one_at_a_time),
        trial("a build that builds itself", waits_for_no_ancestor),
    ]
}

const HEAD: &str = "Name: pkg\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
                    Packager: A <a@example.org>\n%description\nx\n";

fn spec(bench: &Bench, rest: &str) {
    fs::write(bench.join("desk/pkg.spec"), HEAD.to_owned() + rest).unwrap();
}

fn writes_each_name_once() {
    let bench = Bench::new();
    spec(&bench, "%files\n");
    let two = ["-bb", "pkg.spec", "--target", "debian-12,ubuntu-24.04"];
    let ran = bench.build(two);
    assert_eq!(
        (ran.status, ran.stdout.as_str()),
        (Some(1), ""),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("debian-12 and ubuntu-24.04 would both write"),
        "{}",
        ran.stderr
    );
    assert_eq!(files_below(&bench.out()), Vec::<String>::new());
    // One that is named twice is one.
    let same = ["-bb", "pkg.spec", "--target", "debian-12,debian-12"];
    let ran = bench.build(same).ok();
    assert_eq!(ran.stdout.matches("Wrote: ").count(), 1, "{}", ran.stdout);
    let platforms = "Building target platforms: debian-12\n";
    assert!(ran.stderr.contains(platforms), "{}", ran.stderr);
    fs::remove_file(bench.out().join("pkg_1-1_all.deb")).unwrap();
    bench
        .run(
            "specbuild",
            [&two[..], &["--output", "../out/x%{?dist}"]].concat(),
        )
        .ok();
    let each = ["x.deb12/pkg_1-1_all.deb", "x.ubuntu24.04/pkg_1-1_all.deb"];
    assert_eq!(files_below(&bench.out()), each);
    // The upstream archive of source packages is the same for both.
    let bench = Bench::new();
    fs::write(bench.join("desk/data"), "x").unwrap();
    let head = HEAD.replace("Release: 1", "Release: 1%{?dist}\nSource0: data");
    fs::write(bench.join("desk/pkg.spec"), head + "%files\n").unwrap();
    bench
        .build(["-ba", "pkg.spec", "--target", "debian-12,ubuntu-24.04"])
        .ok();
    assert_eq!(
        files_below(&bench.out())
            .iter()
            .filter(|it| it.ends_with(".dsc"))
            .count(),
        2
    );
    // What a source package makes is known once it is unpacked.
    let bench = Bench::new();
    spec(&bench, "%files\n");
    bench
        .run(
            "specbuild",
            ["-bs", "pkg.spec", "--target", "rpm", "--output", "."],
        )
        .ok();
    let ran = bench.build([
        "--rebuild",
        "pkg-1-1.src.rpm",
        "--target",
        "debian-12,debian-13",
    ]);
    assert_eq!(ran.status, Some(1));
    assert!(
        ran.stderr
            .contains("an earlier build of this run has written"),
        "{}",
        ran.stderr
    );
    assert_eq!(files_below(&bench.out()), ["pkg_1-1_all.deb"]);
}

fn writes_whole_sets() {
    let rest = "%package b\nSummary: x\n%description b\nx\n%install\n\
                mkdir -p %{buildroot}/usr/share; echo >%{buildroot}/usr/share/a\n\
                %files\n/usr/share/a\n%files b\n/usr/share/a\n";
    let bench = Bench::new();
    spec(&bench, rest);
    let ran = bench.build(["-ba", "pkg.spec", "--target", "debian-12"]);
    assert_eq!(ran.status, Some(1));
    assert!(!ran.stdout.contains("Wrote: "), "{}", ran.stdout);
    assert_eq!(files_below(&bench.out()), Vec::<String>::new());
    // What is found when packages are there already takes them away again.
    spec(&bench, "%files\n");
    let check = [
        "-D",
        "_build_pkgcheck false",
        "-D",
        "_nonzero_exit_pkgcheck_terminate_build 1",
    ];
    for target in ["debian-12", "fedora-42"] {
        let ran = bench.build([&["-ba", "pkg.spec", "--target", target], &check[..]].concat());
        assert_eq!(ran.status, Some(1));
        assert!(
            ran.stderr.contains("written before the fault"),
            "{}",
            ran.stderr
        );
        assert_eq!(files_below(&bench.out()), Vec::<String>::new());
    }
    puts_older_sets_back(&bench, &check);
}

/// A build that fails costs nobody the packages of the build before.
fn puts_older_sets_back(bench: &Bench, failing: &[&str]) {
    let all = ["-ba", "pkg.spec", "--target", "debian-12"];
    assert_eq!(bench.build(all).status, Some(0));
    let contents = || {
        let read = |name: &String| fs::read(bench.out().join(name)).unwrap();
        let names = files_below(&bench.out());
        let bytes = names.iter().map(read).collect::<Vec<_>>();
        (names, bytes)
    };
    let before = contents();
    let other = fs::read_to_string(bench.join("desk/pkg.spec")).unwrap();
    fs::write(bench.join("desk/pkg.spec"), other + "# other\n").unwrap();
    let ran = bench.build([&all[..], failing].concat());
    assert_eq!(ran.status, Some(1));
    assert!(
        ran.stderr.contains("are back in their place"),
        "{}",
        ran.stderr
    );
    assert!(contents() == before, "{:?}", files_below(&bench.out()));
    assert_eq!(bench.build(all).status, Some(0));
    assert_eq!(contents().0, before.0);
}

fn looks_at_places_first() {
    let bench = Bench::new();
    spec(&bench, "%files\n");
    for (output, target) in [("pkg.spec", "deb"), ("pkg.spec/below", "rpm")] {
        let args = ["-bb", "pkg.spec", "--target", target, "--output", output];
        let ran = bench.run("specbuild", args);
        assert_eq!(ran.status, Some(1));
        assert!(
            ran.stderr
                .contains(": it is not a directory\n  = help: `--output DIR`"),
            "{}",
            ran.stderr
        );
        assert!(!ran.stdout.contains("Executing"), "{}", ran.stdout);
    }
    let top = format!("_topdir {}", bench.join("desk/pkg.spec").display());
    let ran = bench.build(["-bb", "pkg.spec", "--target", "rpm", "-D", &top]);
    assert!(
        ran.stderr.contains("  = help: `--define '_topdir DIR'`"),
        "{}",
        ran.stderr
    );
}

/// A limit on the size of files stands for a full disk.
fn names_the_temporary_directory() {
    let bench = Bench::new();
    let make =
        "for it in 1 2 3 4; do head -c 900000 /dev/urandom >%{buildroot}/usr/share/pkg/$it; done";
    spec(
        &bench,
        &format!(
            "%install\nmkdir -p %{{buildroot}}/usr/share/pkg\n{make}\n%files\n/usr/share/pkg\n"
        ),
    );
    let limited = "trap '' XFSZ; ulimit -f 4000; exec \"$@\"";
    let mut command = bench.command_by("specbuild", &["sh", "-c", limited, "sh"]);
    let (top, desk) = (bench.join("top"), bench.join("desk"));
    command
        .args(["-D", &format!("_topdir {}", top.display())])
        .args(["-D", &format!("_tmppath {}", desk.display())])
        .args(["-bb", "pkg.spec", "--target", "debian-12", "--output"])
        .arg(bench.out());
    let ran = Ran::from(command.output().unwrap());
    let line = format!(
        "cannot write a temporary file in {}: File too large",
        desk.display()
    );
    assert!(ran.stderr.contains(&line), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("= help: the variable TMPDIR"),
        "{}",
        ran.stderr
    );
}

fn builds_one_at_a_time() {
    let bench = Bench::new();
    let (ready, go) = (bench.join("ready"), bench.join("go"));
    let wait = format!(
        "%install\ntouch {0}; until test -e {1}; do sleep 0.1; done\ntest $PWD = %{{builddir}}\n%files\n",
        ready.display(),
        go.display()
    );
    spec(&bench, &wait);
    let start = |target: &str| {
        let mut command: Command = bench.command("specbuild");
        command
            .args(["-D", &format!("_topdir {}", bench.join("top").display())])
            .args(["-bb", "pkg.spec", "--target", target, "--output"])
            .arg(bench.out().join(target))
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let first = start("debian-12");
    while !ready.exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let mut second = start("debian-13");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(second.stderr.take().unwrap()));
    let waits = |line: &String| line.contains("waiting for another build in ");
    assert!(
        lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| waits(&line))
    );
    fs::write(go, "").unwrap();
    assert!(first.wait_with_output().unwrap().status.success());
    drop(std::thread::spawn(move || lines.count()));
    assert!(second.wait_with_output().unwrap().status.success());
    assert_eq!(files_below(&bench.join("top/BUILD")), Vec::<String>::new());
    assert_eq!(files_below(&bench.out()).len(), 2);
}

fn waits_for_no_ancestor() {
    let bench = Bench::new();
    let own = env!("CARGO_BIN_EXE_specbuild");
    let top = bench.join("top");
    let rest = format!(
        "%install\nif test -z \"$INNER\"; then INNER=1 {own} -bi --short-circuit %{{_specfile}} \
         -D '_topdir {}' --target debian-12; fi\n%files\n",
        top.display()
    );
    let path = bench.join("desk/pkg.spec").display().to_string();
    spec(&bench, &rest.replace("%{_specfile}", &path));
    bench
        .build(["-bb", "pkg.spec", "--target", "debian-12"])
        .ok();
}
