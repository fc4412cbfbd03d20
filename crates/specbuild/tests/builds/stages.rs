//! Stages, targets and switches of a build, shown by a package that needs no compiler.

use std::fs;

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below};
use crate::machine::{Machine, Need};

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let checks: [(&str, fn()); 16] = [
        ("generators with a memory", generators_keep_their_order),
        ("documents that are not there", misses_documents_as_cp_does),
        (
            "rpmbuild -bb lays out %_topdir",
            rpmbuild_lays_out_its_directories,
        ),
        (
            "debbuild -bb lays out %_topdir",
            debbuild_lays_out_its_directories,
        ),
        ("several targets", builds_for_several_targets),
        (
            "`BuildArch:` takes the macros of that architecture",
            takes_macros_of_build_arch,
        ),
        (
            "-bp -bc -bi -bl run their sections",
            stages_run_their_sections,
        ),
        ("-bs needs no sections", source_package_runs_nothing),
        ("--short-circuit", short_circuit_runs_one_section),
        ("nothing to go on from", names_the_build_before),
        (
            "specs and targets that are not there",
            refuses_before_any_build,
        ),
        ("no home", refuses_the_root_for_a_home),
        (
            "--nocheck, --with and --without",
            switches_leave_sections_out,
        ),
        ("--quiet", quiet_says_little),
        ("a package is no spec", refuses_what_is_no_spec),
        ("sources beside the spec", finds_sources_beside_the_spec),
    ];
    let trials = checks.into_iter().map(|(name, check)| {
        machine.trial(format!("stages: {name}"), &[Need::Program("bash")], check)
    });
    trials.collect()
}

/// Each section leaves a line in the log of its run.
const SPEC: &str = "\
%bcond extra 0
Name: pkg
Version: 1
Release: 1
Summary: A package
License: MIT
BuildArch: noarch
Source0: data.txt

%description
A package.

%prep
%setup -q -T -c
cp %{SOURCE0} .
echo ran-prep

%build
echo ran-build

%install
echo ran-install
install -D -m 644 %{SOURCE0} %{buildroot}%{_datadir}/pkg/data.txt

%check
echo ran-check
%if %{with extra}
echo ran-extra
%endif

%files
%{_datadir}/pkg

%changelog
* Mon Mar 03 2025 Example Packagers <packagers@example.org> - 1-1
- Initial package
";

fn bench() -> Bench {
    let bench = Bench::new();
    fs::write(bench.join("desk/pkg.spec"), SPEC).unwrap();
    fs::write(bench.join("desk/data.txt"), "data\n").unwrap();
    bench
}

/// Where rpmbuild looks for sources.
fn with_sources(bench: &Bench) {
    fs::create_dir_all(bench.join("top/SOURCES")).unwrap();
    fs::write(bench.join("top/SOURCES/data.txt"), "data\n").unwrap();
}

/// Which sections a run went through, by what they print.
fn sections(ran: &Ran) -> Vec<&str> {
    let lines = ran.stdout.lines();
    lines.filter_map(|line| line.strip_prefix("ran-")).collect()
}

fn rpmbuild_lays_out_its_directories() {
    let bench = bench();
    with_sources(&bench);
    let ran = bench
        .run("rpmbuild", ["-ba", "--target", "x86_64", "pkg.spec"])
        .ok();
    let top = bench.join("top").display().to_string();
    let wrote: Vec<&str> = ran
        .lines()
        .into_iter()
        .filter(|line| line.starts_with("Wrote: "))
        .collect();
    let expected = ["SRPMS/pkg-1-1.src.rpm", "RPMS/noarch/pkg-1-1.noarch.rpm"];
    assert_eq!(wrote, expected.map(|path| format!("Wrote: {top}/{path}")));
    fs::write(
        bench.join("desk/arch.spec"),
        SPEC.replace("BuildArch: noarch\n", ""),
    )
    .unwrap();
    let ran = bench
        .run(
            "rpmbuild",
            [
                "-bb",
                "--target",
                "x86_64",
                "arch.spec",
                "-D",
                "debug_package %{nil}",
            ],
        )
        .ok();
    let path = format!("Wrote: {top}/RPMS/x86_64/pkg-1-1.x86_64.rpm");
    assert!(ran.lines().contains(&path.as_str()), "{}", ran.stdout);
    let bare = bench.run("rpmbuild", ["-bb", "pkg.spec"]).ok();
    assert!(
        bare.stdout.contains("RPMS/noarch/pkg-1-1.noarch.rpm"),
        "{}",
        bare.stdout
    );
    assert_eq!(files_below(&bench.join("top/BUILD")), Vec::<String>::new());
}

fn debbuild_lays_out_its_directories() {
    let bench = bench();
    with_sources(&bench);
    bench
        .run("debbuild", ["-bb", "--target", "debian-12", "pkg.spec"])
        .ok();
    let made = files_below(&bench.join("top"));
    let debs: Vec<&String> = made.iter().filter(|name| name.ends_with(".deb")).collect();
    assert_eq!(debs, ["DEBS/all/pkg_1-1_all.deb"], "{made:?}");
}

fn builds_for_several_targets() {
    for args in [
        vec!["--target", "deb,rpm"],
        vec!["--target", "debian-12", "--target", "fedora-42"],
    ] {
        let bench = bench();
        bench.build(["-bb", "pkg.spec"].iter().chain(&args)).ok();
        assert_eq!(
            files_below(&bench.out()),
            ["pkg-1-1.noarch.rpm", "pkg_1-1_all.deb"]
        );
    }
}

/// The macros are those of `--target noarch`, except where another machine is named.
fn takes_macros_of_build_arch() {
    let macros = "%_arch %_target %_libdir";
    let spec = SPEC.replace("echo ran-prep", &format!("echo it is {macros}"));
    for (name, target, expected) in [
        ("specbuild", "fedora-42", "noarch noarch-linux /usr/lib"),
        ("rpmbuild", "fedora-42", "noarch noarch-linux /usr/lib"),
        ("rpmbuild", "s390x", "s390x s390x-linux /usr/lib64"),
    ] {
        let bench = bench();
        fs::write(bench.join("desk/pkg.spec"), &spec).unwrap();
        let source = format!("_sourcedir {}", bench.join("desk").display());
        let args = ["-bp", "pkg.spec", "--target", target, "-D", &source];
        let ran = bench.run(name, args).ok();
        let told = ran
            .lines()
            .into_iter()
            .find_map(|it| it.strip_prefix("it is "));
        assert_eq!(told, Some(expected), "{name} --target {target}");
    }
}

fn stages_run_their_sections() {
    let expected: [(&str, &[&str]); 4] = [
        ("-bp", &["prep"]),
        ("-bc", &["prep", "build"]),
        ("-bi", &["prep", "build", "install", "check"]),
        ("-bl", &[]),
    ];
    let bench = bench();
    for (stage, names) in expected {
        let ran = bench
            .build([stage, "pkg.spec", "--target", "fedora-42"])
            .ok();
        assert_eq!(sections(&ran), names, "{stage}");
        assert_eq!(files_below(&bench.out()), Vec::<String>::new(), "{stage}");
    }
}

fn source_package_runs_nothing() {
    let bench = bench();
    let ran = bench
        .build(["-bs", "pkg.spec", "--target", "fedora-42"])
        .ok();
    assert_eq!(sections(&ran), Vec::<&str>::new());
    assert_eq!(files_below(&bench.out()), ["pkg-1-1.src.rpm"]);
}

fn short_circuit_runs_one_section() {
    let bench = bench();
    bench
        .build(["-bp", "pkg.spec", "--target", "fedora-42"])
        .ok();
    for (stage, names) in [("-bc", vec!["build"]), ("-bi", vec!["install", "check"])] {
        let ran = bench
            .build([
                stage,
                "--short-circuit",
                "pkg.spec",
                "--target",
                "fedora-42",
            ])
            .ok();
        assert_eq!(sections(&ran), names, "{stage}");
    }
    bench
        .build([
            "-bb",
            "--short-circuit",
            "pkg.spec",
            "--target",
            "fedora-42",
        ])
        .ok();
    assert_eq!(files_below(&bench.out()), ["pkg-1-1.noarch.rpm"]);
}

/// Without an earlier build, the command is told that makes what is missing.
fn names_the_build_before() {
    for (args, command) in [
        (["-bl"].as_slice(), "-bi"),
        (&["-bb", "--short-circuit"], "-bi"),
        (&["-bk", "--short-circuit"], "-bi"),
        (&["-bi", "--short-circuit"], "-bc"),
        (&["-bc", "--short-circuit"], "-bf"),
        (&["-bb", "--noprep"], "-bp"),
    ] {
        let bench = bench();
        let rest = ["pkg.spec", "--target", "fedora-42"];
        let ran = bench.build([args, &rest].concat());
        assert_eq!(ran.status, Some(1), "{args:?}");
        let help = format!("help: `specbuild {command} pkg.spec --target fedora-42` makes it");
        assert!(ran.stderr.contains(&help), "{args:?}: {}", ran.stderr);
        assert!(sections(&ran).is_empty(), "{args:?}");
        bench.build([&[command], &rest[..]].concat()).ok();
        bench.build([args, &rest].concat()).ok();
    }
}

/// What is wrong with one of several specs or targets is told before the first is built.
fn refuses_before_any_build() {
    let bench = bench();
    for (args, told) in [
        (
            ["pkg.spec", "nowhere.spec"].as_slice(),
            "cannot read spec nowhere.spec",
        ),
        (
            &["pkg.spec", "--target", "deb", "rpm"],
            "Write `--target deb,rpm`",
        ),
        (
            &["pkg.spec", "--target=deb,"],
            "did you mean `--target deb`?",
        ),
        (
            &["pkg.spec", "--target=deb,debain-12"],
            "did you mean `debian-12`?",
        ),
        (&["pkg.spec", "debian-12"], "Write `--target debian-12`"),
    ] {
        let ran = bench.build([&["-bb"], args].concat());
        assert_eq!(ran.status, Some(1), "{args:?}");
        assert!(ran.stderr.contains(told), "{args:?}: {}", ran.stderr);
        assert!(sections(&ran).is_empty(), "{args:?}");
    }
    let ran = bench.run("rpmbuild", ["-bb", "pkg.spec", "--target", "debain-12"]);
    assert!(
        ran.stderr.contains("did you mean `debian-12`?"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.status, Some(1));
    bench.run("rpmbuild", ["-bp", "--target", "foo-linux", "pkg.spec"]);
    assert!(bench.join("top").exists(), "rpm takes any machine");
}

fn refuses_the_root_for_a_home() {
    let bench = bench();
    let run = |args: &[&str]| -> Ran {
        let mut command = bench.command("specbuild");
        command.env("HOME", "").args(["-bb", "pkg.spec"]).args(args);
        command.output().unwrap().into()
    };
    let refused = run(&[]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused.stderr.contains("`HOME` is empty"),
        "{}",
        refused.stderr
    );
    let top = format!("_topdir {}", bench.join("top").display());
    run(&["-D", &top]).ok();
}

fn switches_leave_sections_out() {
    let bench = bench();
    let run = |more: &[&str]| {
        let args = ["-bi", "pkg.spec", "--target", "fedora-42"];
        let ran = bench.build(args.iter().chain(more)).ok();
        sections(&ran).last().map(|name| (*name).to_owned())
    };
    assert_eq!(run(&["--nocheck"]).as_deref(), Some("install"));
    assert_eq!(run(&["--with", "extra"]).as_deref(), Some("extra"));
    assert_eq!(run(&["--without", "extra"]).as_deref(), Some("check"));
}

fn quiet_says_little() {
    let bench = bench();
    let ran = bench
        .build(["-bb", "--quiet", "pkg.spec", "--target", "fedora-42"])
        .ok();
    assert_eq!(sections(&ran), Vec::<&str>::new());
    assert!(!ran.stdout.contains("Executing"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Wrote: "), "{}", ran.stdout);
}

fn refuses_what_is_no_spec() {
    let bench = bench();
    let made = bench.build(["-bs", "pkg.spec", "--target", "fedora-42"]);
    assert_eq!(made.ok().status, Some(0));
    let ran = bench.build(["-bb", "../out/pkg-1-1.src.rpm"]);
    let expected = "error: ../out/pkg-1-1.src.rpm is a source package, not a spec; write `specbuild --rebuild ../out/pkg-1-1.src.rpm`\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), expected));
    let mut command = bench.command("specbuild");
    command.args(["-bb", "pkg.spec", "--output", "data.txt"]);
    let ran = Ran::from(command.output().unwrap());
    assert_eq!(ran.status, Some(1));
    let expected = "desk/data.txt: it is not a directory\n";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    assert_eq!(
        sections(&ran),
        Vec::<&str>::new(),
        "told before anything is run"
    );
}

fn finds_sources_beside_the_spec() {
    let bench = bench();
    bench
        .build(["-bp", "pkg.spec", "--target", "fedora-42"])
        .ok();
    let missing = bench.run("rpmbuild", ["-bp", "pkg.spec"]);
    assert_eq!(
        missing.status,
        Some(1),
        "under rpm's name, only in %_sourcedir"
    );
    let fault = "SOURCES/data.txt': No such file or directory";
    assert!(missing.stderr.contains(fault), "{}", missing.stderr);
}

/// A generator may keep state from file to file: the calls for one attribute never overlap, and come in
/// the order of files. Those of another attribute do not wait for them.
fn generators_keep_their_order() {
    let bench = Bench::new();
    let generator = "#!/bin/bash\nread -r file\ndir=$1; mkdir \"$dir/busy\" || exit 9\n\
        echo \"${file##*/}\" >> \"$dir/log\"; sleep 0.0$((RANDOM % 5)); rmdir \"$dir/busy\"\n\
        echo \"$2($(wc -l < \"$dir/log\"))\"\n";
    let desk = bench.join("desk");
    fs::write(desk.join("gen"), generator).unwrap();
    let spec = "%global _local_file_attrs one:two\n%global __one_path ^/etc/\n%global __two_path ^/etc/\n\
        %global __one_provides /bin/bash DESK/gen DESK/one one\n\
        %global __two_provides /bin/bash DESK/gen DESK/two two\n\
        %global __two_requires /bin/bash DESK/gen DESK/two need\n\
        Name: gen\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
        %description\nx\n%install\nmkdir -p %{buildroot}/etc DESK/one DESK/two\n\
        for n in 1 2 3 4 5 6; do echo $n > %{buildroot}/etc/file$n; done\n%files\n/etc/*\n";
    let spec = spec.replace("DESK", &desk.display().to_string());
    fs::write(desk.join("gen.spec"), spec).unwrap();
    let ran = bench.run("rpmbuild", ["-bb", "--nodeps", "gen.spec"]).ok();
    let files: Vec<String> = (1..=6).map(|it| format!("file{it}")).collect();
    let log = |name: &str| fs::read_to_string(desk.join(name).join("log")).unwrap();
    assert_eq!(log("one").lines().collect::<Vec<_>>(), files);
    let twice: Vec<_> = files.iter().chain(&files).collect();
    assert_eq!(log("two").lines().collect::<Vec<_>>(), twice);
    for word in ["one(6)", "two(6)", "need(12)"] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
}

/// rpm copies documents by cp(1), which says what it lacks before rpm does.
fn misses_documents_as_cp_does() {
    let bench = Bench::new();
    let spec = "Name: docs\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
        %description\nx\n%files\n/opt/foo\n%doc NOTES READ*\n%license TERMS\n";
    fs::write(bench.join("desk/docs.spec"), spec).unwrap();
    let ran = bench.run("rpmbuild", ["-bb", "--nodeps", "--quiet", "docs.spec"]);
    let build = bench.join("top/BUILD/docs-1-build").display().to_string();
    let cp = |name: &str| format!("cp: cannot stat '{build}/{name}': No such file or directory");
    let not_found = |path: &str| format!("error: File not found: {build}/BUILDROOT{path}");
    let expected = [
        not_found("/opt/foo"),
        cp("NOTES"),
        cp("READ*"),
        not_found("/usr/share/doc/docs-1/NOTES"),
        not_found("/usr/share/doc/docs-1/READ*"),
        cp("TERMS"),
        not_found("/usr/share/licenses/docs-1/TERMS"),
    ];
    assert_eq!(
        (ran.status, ran.stderr.trim_end()),
        (Some(1), &*expected.join("\n"))
    );
}
