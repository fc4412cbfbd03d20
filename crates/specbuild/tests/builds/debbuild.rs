//! What debbuild passes over under its name: specs that it builds are built, with a warning at the line.
//!
//! Each line was put to debbuild 24.12, which builds a package of it.

use std::process::Command;

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below, run};
use crate::machine::{Machine, Need};

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let dpkg = [Need::Program("dpkg-deb")];
    let perl = [Need::Program("perl"), Need::Program("dpkg-deb")];
    vec![
        machine.trial("debbuild: conditions", &[], reads_conditions),
        machine.trial("debbuild: what it passes over", &dpkg, passes_over),
        machine.trial("debbuild: sections twice", &dpkg, joins_sections),
        machine.trial("debbuild: lines that Perl prints", &perl, runs_perl),
        machine.trial("debbuild: unknown options", &[], passes_over_options),
    ]
}

const HEAD: &str = "Name: hello\nVersion: 1\nRelease: 1\nSummary: A greeting\nLicense: MIT\n\
    Packager: A <a@example.org>\nBuildArch: noarch\n";
const BODY: &str = "%description\nSays hello.\n%install\nmkdir -p %{buildroot}/etc\n\
    echo 1 > %{buildroot}/etc/hello\n%files\n/etc/hello\n";

fn build(bench: &Bench, name: &str, spec: &str) -> Ran {
    std::fs::write(bench.join("desk/hello.spec"), spec).unwrap();
    bench.run(
        name,
        ["-bb", "--nodeps", "--target", "debian-12", "hello.spec"],
    )
}

/// Conditions, and whether they hold.
const CONDITIONS: [(&str, bool); 19] = [
    ("%if %{_vendor} == \"debbuild\"", true),
    ("%if \"debbuild\" == %{_vendor}", true),
    ("%if %{_vendor} != \"debbuild\"", false),
    (
        "%if %{_vendor} == \"redhat\" || %{_vendor} == \"debbuild\"",
        true,
    ),
    ("%if %{_vendor} == \"debbuild\" && 0%{?debian} >= 8", true),
    ("%if \"%{_vendor}\" eq \"debbuild\"", true),
    ("%if '%{_vendor}' == 'debbuild'", true),
    ("%if %{version} == \"1\"", true),
    ("%if %{?ubuntu} >= 1504", false),
    ("%if 0%{?debian} >= 8 || %{?ubuntu} >= 1504", true),
    ("%if %{debian} >= 9", true),
    ("%if %{nosuchmacro} >= 1504", false),
    ("%if %{version}.0.2 == 1.0.2", true),
    ("%if ! %{defined nosuchmacro}", true),
    ("%if (0%{?debian} >= 8) || (0%{?ubuntu} >= 1504)", true),
    ("%if %{_vendor} = \"debbuild\"", false),
    ("%if \"%{_vendor}\" =~ /deb/", false),
    ("%ifarch amd64", true),
    ("%ifarch x86_64", true),
];

fn reads_conditions() {
    let bench = Bench::new();
    let head = HEAD.replace("Release: 1\nSummary", "Summary");
    let head = head.replace("BuildArch: noarch\n", "");
    for (condition, holds) in CONDITIONS {
        let spec = format!("{head}{condition}\nRelease: yes\n%else\nRelease: no\n%endif\n{BODY}");
        std::fs::write(bench.join("desk/hello.spec"), spec).unwrap();
        let args = ["--showpkgs", "--target", "debian-12", "hello.spec"];
        let listed = bench.run("debbuild", args).ok();
        let release = if holds { "hello_1-yes_" } else { "hello_1-no_" };
        assert!(
            listed.stdout.contains(release),
            "{condition}: {}",
            listed.stdout
        );
    }
    // What can't be read at all is told of.
    let spec = format!("{head}%if a = b\n%endif\nRelease: 1\n{BODY}");
    std::fs::write(bench.join("desk/hello.spec"), spec).unwrap();
    let args = ["--showpkgs", "--target", "debian-12", "hello.spec"];
    let told = bench.run("debbuild", args).ok().stderr;
    let lines = ["warning: ", " --> hello.spec:6:", "it is taken for false"];
    assert!(lines.iter().all(|line| told.contains(line)), "{told}");
    // Under any other name, they are faults, at their place.
    let spec = format!("{head}%if %{{_vendor}} == \"debbuild\"\n%endif\nRelease: 1\n{BODY}");
    std::fs::write(bench.join("desk/hello.spec"), spec).unwrap();
    let ran = bench.run("specbuild", args);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains(" --> hello.spec:6:"), "{}", ran.stderr);
}

/// Specs that are taken as they are: what is added to or taken from the usual one, and what is told.
fn passes_over() {
    let usual = format!("{HEAD}{BODY}");
    let with = |line: &str| format!("{HEAD}{line}\n{BODY}");
    let without = |line: &str| usual.replace(line, "");
    let after = |text: &str| format!("{usual}{text}\n");
    let cases = [
        (with("Frobnicate: yes"), "Unknown tag: Frobnicate: yes"),
        (with("what is this"), "Unknown tag: what is this"),
        (with("Copyright: GPL"), "Unknown tag: Copyright: GPL"),
        (with("Group:"), "Empty tag: Group:"),
        (with("Requires(foo): bar"), "qualifiers: Requires(foo): bar"),
        (with("Version: 2"), "Duplicate Version entries"),
        (with("ExclusiveArch: s390x"), "Architecture is not included"),
        (
            with("Patch0: a\nPatch0: b"),
            "patch 0 defined multiple times",
        ),
        (
            with("Source0: nowhere.tar"),
            "nowhere.tar: No such file or directory",
        ),
        (
            with("BuildArchitecture: noarch"),
            "Duplicate BuildArch entry",
        ),
        (with("%if 1\n%else not\n%endif x"), "extra tokens"),
        (without("License: MIT\n"), "License field must be present"),
        (with("Icon: none.xpm"), "Unable to open icon"),
        (
            with("Requires: perl | python3 (>= 3)"),
            "alternatives are written otherwise",
        ),
        (
            without("Summary: A greeting\n"),
            "Summary field must be present",
        ),
        (
            without("%description\nSays hello.\n"),
            "Package has no %description",
        ),
        (
            after("%description -n other\nx"),
            "package other does not exist",
        ),
        (
            after("%files -n other\n/etc/hello"),
            "package other does not exist",
        ),
        (
            after("%post -n other\ntrue"),
            "package other does not exist",
        ),
        (after("/etc/nothere"), "File not found: "),
        (after("/etc/nothere*"), "File not found: "),
        (
            usual.replace("/etc/hello\n%files\n/etc/hello", "/etc/hello\n%files"),
            "unpackaged",
        ),
    ];
    for (spec, told) in cases {
        let bench = Bench::new();
        let refused = build(&bench, "specbuild", &spec);
        assert_ne!(refused.status, Some(0), "specbuild refuses: {told}");
        let ran = build(&bench, "debbuild", &spec).ok();
        assert!(ran.stderr.contains("warning: "), "{told}: {}", ran.stderr);
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
        assert_eq!(
            field(&bench, "hello_1-1_all.deb", "Version"),
            "1-1",
            "{told}"
        );
    }
    let bench = Bench::new();
    build(&bench, "debbuild", &usual.replace("noarch", "all")).ok();
    assert_eq!(field(&bench, "hello_1-1_all.deb", "Architecture"), "all");
    let bench = Bench::new();
    let spec = usual.replace(
        "Version: 1\n",
        "Version: 1-2\nRequires: perl | python3 (>= 3), libc6\n",
    );
    build(&bench, "debbuild", &spec).ok();
    let found = ["Version", "Depends"].map(|it| field(&bench, "hello_1-2-1_all.deb", it));
    assert_eq!(found, ["1-2-1", "perl | python3 (>= 3), libc6"]);
    // What debbuild stops at is no less of a fault here.
    for spec in [with("%nosuchmacro"), without("Version: 1\n"), with("%if 1")] {
        assert_ne!(
            build(&Bench::new(), "debbuild", &spec).status,
            Some(0),
            "{spec}"
        );
    }
}

/// A field of a .deb, wherever below `%_topdir` it is.
fn field(bench: &Bench, name: &str, field: &str) -> String {
    let files = files_below(&bench.join("top"));
    let deb = files.iter().find(|file| file.ends_with(name));
    let deb = bench
        .join("top")
        .join(deb.unwrap_or_else(|| panic!("{name}: {files:?}")));
    run(Command::new("dpkg-deb").arg("-f").arg(deb).arg(field))
        .trim_end()
        .to_owned()
}

/// Of sections that stand twice, the second goes on with the first.
fn joins_sections() {
    let bench = Bench::new();
    let spec = format!(
        "{HEAD}{BODY}%install\necho 2 >> %{{buildroot}}/etc/hello\ncat %{{buildroot}}/etc/hello\n\
         %package more\nSummary: x\n%description more\nx\n%package more\nSuggests: other\n\
         %files more\n%post\necho one\n%post\necho two\n\
         %changelog\n* Tue Jan 05 2016 A <a@example.org> - 1-1\n- second\n\
         %changelog\n* Mon Jan 05 2015 A <a@example.org> - 1-0\n- first\n"
    );
    let ran = build(&bench, "debbuild", &spec).ok();
    assert!(ran.stdout.contains("\n1\n2\n"), "{}", ran.stdout);
    assert_eq!(field(&bench, "hello-more_1-1_all.deb", "Suggests"), "other");
    let deb = bench.join("top/DEBS/all/hello_1-1_all.deb");
    let post = run(Command::new("dpkg-deb").arg("-I").arg(&deb).arg("postinst"));
    let (one, two) = (post.find("echo one"), post.find("echo two"));
    assert!(one.is_some() && one < two, "{post}");
    let told = [
        "second install",
        "already exists",
        "Second %post",
        "second %changelog",
    ];
    assert!(
        told.iter().all(|it| ran.stderr.contains(it)),
        "{}",
        ran.stderr
    );
}

fn runs_perl() {
    let bench = Bench::new();
    let line = r#"%{perl:for my $n (1..2) { printf("Suggests: %s%d\n", "it's", $n) }}"#;
    let line = line.replace("it's", "part");
    build(&bench, "debbuild", &format!("{HEAD}{line}\n{BODY}")).ok();
    assert_eq!(
        field(&bench, "hello_1-1_all.deb", "Suggests"),
        "part1, part2"
    );
}

/// debbuild warns of them and goes on.
fn passes_over_options() {
    let bench = Bench::new();
    std::fs::write(bench.join("desk/hello.spec"), format!("{HEAD}{BODY}")).unwrap();
    let args = ["-bb", "--nodeps", "--frobnicate", "--frob=1", "hello.spec"];
    let ran = bench.run("debbuild", args).ok();
    for option in ["frobnicate", "frob"] {
        let line = format!("warning: Unknown option: {option}\n");
        assert!(ran.stderr.contains(&line), "{}", ran.stderr);
    }
    assert_eq!(bench.run("specbuild", args).status, Some(1));
}
