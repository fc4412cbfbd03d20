//! What packages that were built say of themselves, by our own words and by those of the real rpm.

use std::path::PathBuf;
use std::process::Command;

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below, run, workspace};
use crate::machine::{Machine, Need};

/// The trials of queries.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let rpm = [Need::Program("rpm")];
    vec![
        machine.trial("queries: files in order", &[], asks_files_in_order),
        machine.trial("queries: specs and packages", &[], asks_specs_too),
        machine.trial(
            "queries: many specs at the same time",
            &[Need::Program("taskset")],
            asks_specs_side_by_side,
        ),
        machine.trial("queries: what is no package", &[], refuses_others),
        machine.trial("queries: as the real rpm", &rpm, answers_as_rpm_does),
        machine.trial(
            "queries: rpm2cpio as the real one",
            &[Need::Program("rpm2cpio")],
            unpacks_as_rpm2cpio_does,
        ),
        machine.trial("queries: rpm2archive", &[], makes_archives),
        machine.trial("queries: .deb files", &[], asks_debs),
        machine.trial(
            "queries: a .deb says what the .rpm does",
            &[],
            asks_debs_for_more,
        ),
        machine.trial("queries: other kinds of files", &[], names_other_kinds),
        machine.trial(
            "queries: installed packages are another rpm's",
            &[Need::Program("sh")],
            hands_over,
        ),
    ]
}

/// A bench on which the package of `testdata/rpmfile/demo.spec` has been built; the packages.
fn built() -> (Bench, Vec<PathBuf>) {
    built_as("6")
}

/// The same with packages of another format.
pub(crate) fn built_as(format: &str) -> (Bench, Vec<PathBuf>) {
    let format = format!("_rpmformat {format}");
    let bench = Bench::new();
    let sources = bench.join("top/SOURCES");
    std::fs::create_dir_all(&sources).unwrap();
    for name in ["demo.tar", "fix.patch"] {
        std::fs::write(sources.join(name), "content\n").unwrap();
    }
    let spec = workspace("testdata/rpmfile/demo.spec");
    std::fs::copy(spec, bench.join("desk/demo.spec")).unwrap();
    bench
        .run(
            "rpmbuild",
            ["-ba", "--nodeps", "-D", &format, "--quiet", "demo.spec"],
        )
        .ok();
    let packages = files_below(&bench.join("top"));
    let packages = packages.into_iter().filter(|it| it.ends_with(".rpm"));
    let paths = packages.map(|it| bench.join("top").join(it)).collect();
    (bench, paths)
}

fn ask(bench: &Bench, name: &str, args: &[&str], files: &[PathBuf]) -> Ran {
    let mut command = bench.command(name);
    command.args(args).args(files);
    Ran::from(command.env("TZ", "UTC").output().unwrap())
}

fn asks_files_in_order() {
    let (bench, packages) = built();
    let names = ["demo-1.0~rc1-3.noarch", "demo-1.0~rc1-3.nosrc"];
    assert_eq!(ask(&bench, "rpm", &["-qp"], &packages).ok().lines(), names);
    let mut turned = packages.clone();
    turned.reverse();
    let own = ask(&bench, "specbuild", &["query"], &turned).ok();
    assert_eq!(own.lines(), [names[1], names[0]]);
    let requires = ask(&bench, "rpm", &["-qp", "--requires"], &packages[1..]).ok();
    assert_eq!(&requires.lines()[..2], ["gcc", "make >= 4"]);
    let both = ask(&bench, "rpm", &["-qpl", "--conflicts"], &packages[1..]).ok();
    assert_eq!(
        both.lines(),
        ["clang", "demo.spec", "demo.tar", "fix.patch"]
    );
}

/// A spec that takes its time if its number says so, that talks while it is read, and that changes
/// what a process has only one of.
fn talkative(number: usize) -> String {
    let pause = 30 * ((number + 1) % 3);
    format!(
        "%{{echo:reading {number}}}%(sleep 0.0{pause}; echo command {number} >&2)\n\
         Name: spec{number}\nVersion: %{{lua: posix.chdir('/'); posix.umask('rwx------'); print(1)}}\n\
         Release: 1\nSummary: x\nLicense: MIT\nNosuchtag{number}: x\n%description\nx\n"
    )
}

fn asks_specs_side_by_side() {
    let bench = Bench::new();
    let names: Vec<String> = (0..12).map(|number| format!("{number}.spec")).collect();
    for (number, name) in names.iter().enumerate() {
        let mut text = talkative(number);
        if number % 2 == 0 {
            text = text.replace(&format!("Nosuchtag{number}: x\n"), "");
        }
        std::fs::write(bench.join("desk").join(name), text).unwrap();
    }
    let one_by_one = names.iter().map(|name| bench.run("rpmspec", ["-q", name]));
    let one_by_one: Vec<Ran> = one_by_one.collect();
    let stdout: String = one_by_one.iter().map(|ran| ran.stdout.as_str()).collect();
    let stderr: String = one_by_one.iter().map(|ran| ran.stderr.as_str()).collect();
    assert!(stdout.contains("reading 11") && stderr.contains("Unknown tag: Nosuchtag11: x"));
    let mut pinned = Command::new("taskset");
    pinned.args(["-c", "0"]).arg(bench.join("bin/rpmspec"));
    pinned
        .env("HOME", bench.join("home"))
        .current_dir(bench.join("desk"));
    for mut command in [bench.command("rpmspec"), pinned] {
        let ran = Ran::from(command.arg("-q").args(&names).output().unwrap());
        assert_eq!(ran.stdout, stdout);
        assert_eq!(ran.stderr, stderr);
        assert_eq!(ran.status, Some(6), "as many as can't be read");
    }
}

fn asks_specs_too() {
    let (bench, packages) = built();
    let format = ["query", "--qf", "%{name} %{version}\\n"];
    let files = [PathBuf::from("demo.spec"), packages[0].clone()];
    let shown = ask(&bench, "specbuild", &format, &files).ok();
    assert_eq!(shown.lines(), ["demo 1.0~rc1", "demo 1.0~rc1"]);
    let defined = ["query", "-D", "x 1", "--srpm", "--requires"];
    let required = ask(&bench, "specbuild", &defined, &files[..1]).ok();
    assert_eq!(required.lines(), ["gcc", "make >= 4"]);
}

fn refuses_others() {
    let (bench, packages) = built();
    std::fs::write(bench.join("desk/text.rpm"), "\u{1}text").unwrap();
    let files = ["text.rpm", "missing.rpm"].map(PathBuf::from);
    let files = [&files[..], &packages[..1]].concat();
    let asked = ask(&bench, "rpm", &["-qp"], &files);
    assert_eq!(asked.status, Some(2));
    assert_eq!(asked.stdout, "demo-1.0~rc1-3.noarch\n");
    assert_eq!(
        asked.stderr,
        "error: text.rpm: not an rpm package (or package manifest)\n\
         error: open of missing.rpm failed: No such file or directory\n"
    );
    let mut alone = bench.command("rpm");
    let alone = alone.env("PATH", bench.join("bin")).args(["-q", "bash"]);
    let installed = Ran::from(alone.output().unwrap());
    assert_eq!(installed.status, Some(1));
    assert_eq!(installed.stdout, "package bash is not installed\n");
    assert!(installed.stderr.contains("there is no other rpm on PATH"));
    let mut damaged = std::fs::read(&packages[0]).unwrap();
    let name = damaged.windows(5).rposition(|it| it == b"demo\0").unwrap();
    damaged[name] = b'x';
    std::fs::write(bench.join("desk/damaged.rpm"), damaged).unwrap();
    let asked = ask(&bench, "rpm", &["-qp", "damaged.rpm"], &[]);
    assert_eq!(asked.status, Some(1));
    assert!(
        asked
            .stderr
            .contains("Header SHA3-256 digest: BAD (Expected ")
    );
}

/// Options whose output has been the same in all versions of rpm since 4.16.
const OPTIONS: [&[&str]; 25] = [
    &[],
    &["--requires"],
    &["-R", "-v"],
    &["--provides", "--obsoletes"],
    &["--conflicts"],
    &["--recommends"],
    &["--suggests"],
    &["--supplements"],
    &["--enhances"],
    &["--scripts"],
    &["--triggers"],
    &["--filetriggers"],
    &["--changelog"],
    &["--changes"],
    &["-l"],
    &["-lv"],
    &["--dump"],
    &["-c"],
    &["-d"],
    &["-ls", "--noghost"],
    &["--fileclass"],
    &["--filecaps"],
    &["--filesbypkg"],
    &["--qf", "%{nevra} %{sigmd5} %{sha256header} %{summary}\\n"],
    &["--qf", "[%{filenames} %{filemodes:perms} %{filenlinks}\\n]"],
];

fn answers_as_rpm_does() {
    for format in ["4", "6"] {
        check_answers(format);
    }
}

fn check_answers(format: &str) {
    let (bench, packages) = built_as(format);
    for options in OPTIONS {
        let args = [&["-qp"], options].concat();
        let ours = ask(&bench, "rpm", &args, &packages).ok();
        let mut real = Command::new("rpm");
        let real = run(real.args(&args).args(&packages).env("TZ", "UTC"));
        assert_eq!(ours.stdout, real, "{options:?}");
    }
}

/// Packages of format 4, for rpm 4 makes no archives of others.
fn unpacks_as_rpm2cpio_does() {
    let (bench, packages) = built_as("4");
    for package in &packages {
        let ours = bench.command("rpm2cpio").arg(package).output().unwrap();
        let real = Command::new("rpm2cpio").arg(package).output().unwrap();
        assert!(ours.status.success() && real.status.success());
        assert_eq!(ours.stdout, real.stdout, "{}", package.display());
        let mut piped = bench.command("rpm2cpio");
        piped.arg("-").stdin(std::fs::File::open(package).unwrap());
        assert_eq!(piped.output().unwrap().stdout, real.stdout);
    }
    let refused = bench.command("rpm2cpio").arg("demo.spec").output();
    let refused = Ran::from(refused.unwrap());
    assert_eq!(refused.status, Some(1));
    assert_eq!(refused.stderr, "error: argument is not an RPM package\n");
}

fn makes_archives() {
    let (bench, packages) = built();
    let mut command = bench.command("rpm2archive");
    let archive = command.arg(&packages[0]).output().unwrap().stdout;
    std::fs::write(bench.join("desk/demo.tgz"), archive).unwrap();
    let mut tar = Command::new("tar");
    tar.current_dir(bench.join("desk"))
        .args(["xzf", "demo.tgz", "--exclude=./dev"]);
    run(&mut tar);
    let content = |path: &str| std::fs::read_to_string(bench.join("desk").join(path)).unwrap();
    assert_eq!(content("etc/demo.conf"), "a=1\n");
    let names = ["usr/bin/demo", "usr/bin/demo2", "usr/bin/zz/demo3"];
    for name in names {
        assert_eq!(content(name), "#!/bin/sh\necho hi\n");
    }
}

/// The same questions, in one go, to a spec and to what is built of it for both families.
fn asks_debs() {
    let bench = Bench::new();
    let spec = "Name: demo\nVersion: 1.0\nRelease: 1\nSummary: A demo\nLicense: MIT\n\
        BuildArch: noarch\nRequires: make >= 4\n%description\nD.\n%install\n\
        mkdir -p %buildroot/etc\necho a > %buildroot/etc/demo.conf\n\
        %files\n%config(noreplace) /etc/demo.conf\n";
    std::fs::write(bench.join("desk/demo.spec"), spec).unwrap();
    let targets = ["-bb", "--nodeps", "--target", "deb,rpm", "demo.spec"];
    bench.build(targets).ok();
    let built = files_below(&bench.out());
    let (debs, rpms): (Vec<_>, Vec<_>) = built.into_iter().partition(|it| it.ends_with(".deb"));
    let packages = debs.iter().chain(&rpms).map(|it| bench.out().join(it));
    let mut files = vec![PathBuf::from("demo.spec")];
    files.extend(packages);
    let format = "%{name} %{version} %{arch} [%{requirenevrs} ]\\n";
    let asked = ask(&bench, "specbuild", &["query", "--qf", format], &files).ok();
    assert_eq!(asked.lines().len(), 3);
    for line in asked.lines() {
        assert!(line.starts_with("demo 1.0 noarch "), "{line}");
        assert!(line.contains(" make >= 4 "), "{line}");
    }
    let configs = ask(&bench, "specbuild", &["query", "-c"], &files[1..]).ok();
    assert_eq!(configs.lines(), ["/etc/demo.conf"; 2]);
}

/// A package with all that is asked of .deb files, built for both families; the .deb and the .rpm.
fn built_for_both() -> (Bench, [PathBuf; 2]) {
    let bench = Bench::new();
    let spec = "Name: demo\nVersion: 1.0\nRelease: 1\nSummary: A demo\nLicense: MIT\n\
        BuildArch: noarch\n%description\nD.\n%install\n\
        mkdir -p %buildroot/etc %buildroot/usr/libexec\n\
        printf '#!/usr/bin/perl\\n' > %buildroot/usr/libexec/demo\n\
        chmod 755 %buildroot/usr/libexec/demo\necho a > %buildroot/etc/demo.conf\n\
        %post\necho installed\n%filetriggerin -- /usr/share/icons\necho icons\n\
        %files\n%config(noreplace) /etc/demo.conf\n/usr/libexec/demo\n\
        %changelog\n* Tue Jan 02 2024 Jo Doe <jo@example.org> - 1.0-1\n- Second\n  half\n\
        * Mon Jan 01 2024 Jo Doe <jo@example.org> - 0.9-1\n- First\n";
    std::fs::write(bench.join("desk/demo.spec"), spec).unwrap();
    bench
        .build(["-bb", "--nodeps", "--target", "deb,rpm", "demo.spec"])
        .ok();
    let built = files_below(&bench.out());
    let find = |end: &str| {
        let path = built.iter().find(|it| it.ends_with(end)).unwrap();
        bench.out().join(path)
    };
    let packages = [find(".deb"), find(".rpm")];
    (bench, packages)
}

fn asks_debs_for_more() {
    let (bench, packages) = built_for_both();
    let asked = |option: &str| {
        packages.each_ref().map(|package| {
            let asked = ask(
                &bench,
                "specbuild",
                &["query", option],
                std::slice::from_ref(package),
            );
            asked.ok().stdout
        })
    };
    for option in ["--changelog", "--changes"] {
        let [deb, rpm] = asked(option);
        let heads = |text: &str| {
            let lines = text.lines().filter(|line| line.starts_with("* "));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(heads(&rpm).len(), 2, "{rpm}");
        let heads_of_deb: Vec<String> = deb
            .lines()
            .filter(|line| line.contains("Jo Doe"))
            .map(str::to_owned)
            .collect();
        // rpm's changelogs have no times of day, and take noon.
        let heads = heads(&rpm)
            .into_iter()
            .map(|it| it.replace("12:00:00", "00:00:00"));
        assert_eq!(heads_of_deb, heads.collect::<Vec<_>>(), "{deb}");
        assert!(deb.contains("Second\n") && deb.contains("First\n"), "{deb}");
    }
    let [deb, rpm] = asked("--fileclass");
    for line in rpm.lines().filter(|line| line.contains("demo")) {
        assert!(deb.lines().any(|it| it == line), "{line}\n{deb}");
    }
    // Packages of format 4 have no media types.
    let [deb, _] = asked("--filemime");
    assert!(deb.contains("/usr/libexec/demo\ttext/x-perl\n"), "{deb}");
    let [deb, _] = asked("--scripts");
    assert!(deb.contains("postinstall scriptlet (using /bin/"), "{deb}");
    assert!(deb.contains("\necho installed\n"), "{deb}");
    let [deb, _] = asked("--filetriggers");
    assert_eq!(deb, "interest-noawait /usr/share/icons\n");
    let unknown = ask(
        &bench,
        "specbuild",
        &["query", "--fileprovide"],
        &packages[..1],
    );
    assert_eq!(unknown.status, Some(1));
    assert!(
        unknown.stderr.contains("is a .deb package") && unknown.stderr.contains("`--provides`")
    );
}

/// What each command says of kinds of files that it does nothing with.
fn names_other_kinds() {
    let (bench, [deb, rpm]) = built_for_both();
    for name in ["a.dsc", "a.changes", "a.buildinfo", "notes"] {
        std::fs::write(bench.join("desk").join(name), "Format: 1\n").unwrap();
    }
    let (deb, rpm) = (deb.display().to_string(), rpm.display().to_string());
    let told: [(&[&str], &str, &str); 12] = [
        (&["query"], "a.dsc", "`specbuild --install a.dsc`"),
        (&["query"], "a.changes", "`dscverify a.changes`"),
        (&["query"], "a.buildinfo", "`dscverify a.buildinfo`"),
        (&["query"], "notes", "neither an .rpm nor a .deb package"),
        (&["expand"], &deb, "`specbuild query "),
        (&["expand"], &rpm, "`specbuild query "),
        (&["--install"], &deb, "`apt install "),
        (&["--install"], &rpm, "`dnf install "),
        (
            &["--rebuild"],
            &deb,
            "is a .deb package, not a source package",
        ),
        (&["-tb"], &deb, "is a .deb package, not a tar archive"),
        (&["sign", "--key-id", "x"], &deb, "`Release`"),
        (&["verify"], "a.changes", "`dscverify`"),
    ];
    for (command, file, words) in told {
        let asked = ask(&bench, "specbuild", command, &[PathBuf::from(file)]);
        assert_eq!(asked.status, Some(1), "{command:?} {file}");
        assert!(
            asked.stderr.contains(words),
            "{command:?} {file}: {}",
            asked.stderr
        );
    }
}

/// Another rpm is whatever is next on `PATH`; here it prints its arguments.
fn hands_over() {
    let (bench, packages) = built();
    let package = packages[0].display().to_string();
    let other = bench.join("other");
    std::fs::create_dir(&other).unwrap();
    for name in ["rpm", "rpmkeys"] {
        let script = format!("#!/bin/sh\necho other {name} \"$@\"\n");
        std::fs::write(other.join(name), script).unwrap();
        run(Command::new("chmod").arg("755").arg(other.join(name)));
    }
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        bench.join("bin").display(),
        other.display()
    );
    let call = |name: &str, args: &[&str], path: &str| {
        let mut command = bench.command(name);
        Ran::from(command.args(args).env("PATH", path).output().unwrap())
    };
    let calls: [(&str, &[&str]); 8] = [
        ("rpm", &["-q", "bash"]),
        ("rpm", &["-ql", "bash"]),
        ("rpm", &["-q", "--changelog", "bash"]),
        ("rpm", &["-qa"]),
        ("rpm", &["-V", "bash"]),
        ("rpm", &["--import", "key"]),
        ("rpmkeys", &["--import", "key"]),
        ("rpmkeys", &["--list"]),
    ];
    for (name, args) in calls {
        let said = call(name, args, &path).ok().stdout;
        assert_eq!(said, format!("other {name} {}\n", args.join(" ")));
        let alone = call(name, args, &bench.join("bin").display().to_string());
        assert_eq!(alone.status, Some(1), "{name} {args:?}");
        let words = format!("there is no other {name} on PATH");
        assert!(
            alone.stderr.contains(&words),
            "{name} {args:?}: {}",
            alone.stderr
        );
    }
    let said = call("rpmquery", &["bash"], &path).ok().stdout;
    assert_eq!(said, "other rpm -q bash\n");
    for args in [&["-q", &package], &["-qp", &package]] {
        assert_eq!(
            call("rpm", args, &path).ok().stdout,
            "demo-1.0~rc1-3.noarch\n"
        );
    }
    // Two copies of this program don't hand over to each other.
    std::fs::copy(env!("CARGO_BIN_EXE_specbuild"), other.join("rpm")).unwrap();
    let said = call("rpm", &["-q", "bash"], &path.replace(":/usr/bin:/bin", ""));
    assert!(
        said.stderr.contains("there is no other rpm on PATH"),
        "{}",
        said.stderr
    );
}
