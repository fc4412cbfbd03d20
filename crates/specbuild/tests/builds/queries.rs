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
    let installed = ask(&bench, "rpm", &["-q", "bash"], &[]);
    assert_eq!(installed.status, Some(1));
    assert_eq!(installed.stdout, "package bash is not installed\n");
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
