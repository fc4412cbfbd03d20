//! Packages of debugging symbols, beside those that debhelper makes of the same programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below, run, workspace};
use crate::machine::{Machine, Need};
use crate::project::file_name;

/// The packages of the example that have programs or libraries.
const PACKAGES: [&str; 2] = ["libgreet", "libgreet-tools"];

pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let build = [Need::Program("gcc"), Need::Program("make")];
    let beside = ["dh_strip", "eu-unstrip", "dpkg-deb"].map(Need::Program);
    let needs = |more: &[Need]| [build.as_slice(), more].concat();
    vec![
        machine.trial("debug symbols: as dh_strip", &needs(&beside), as_debhelper),
        machine.trial(
            "debug symbols: switched off",
            &needs(&beside[2..]),
            switched_off,
        ),
        machine.trial(
            "debug symbols: without %setup",
            &needs(&beside[2..]),
            without_setup,
        ),
    ]
}

/// Builds the example for Debian with some environment and further arguments.
fn build(options: &str, args: &[&str]) -> Bench {
    let spec = workspace("examples/libgreet/libgreet.spec");
    let bench = Bench::new();
    build_spec(&bench, &spec, options, args);
    bench
}

fn build_spec(bench: &Bench, spec: &Path, options: &str, args: &[&str]) {
    let mut command = bench.command("specbuild");
    command
        .env("DEB_BUILD_OPTIONS", options)
        .args(["-D", &format!("_topdir {}", bench.join("top").display())])
        .arg("-bb")
        .arg(spec)
        .args(["--target", "debian-12", "--output"])
        .arg(bench.out())
        .args(args);
    Ran::from(command.output().unwrap()).ok();
}

/// The package of that name among what was built.
fn package(bench: &Bench, name: &str) -> PathBuf {
    let names = files_below(&bench.out());
    let found = names.iter().find(|it| it.starts_with(&format!("{name}_")));
    let found = found.unwrap_or_else(|| panic!("no {name} in {names:?}"));
    bench.out().join(found)
}

fn debug_packages(bench: &Bench) -> Vec<String> {
    let names = files_below(&bench.out()).into_iter();
    names.filter(|it| it.contains("-dbgsym_")).collect()
}

fn unpack(package: &Path, to: &Path) {
    run(Command::new("dpkg-deb").arg("-x").args([package, to]));
}

/// Unpacks the packages as built with `nostrip` where debhelper looks for them, lets it strip them,
/// and compares all ELF files, links and control fields with those of the usual build.
fn as_debhelper() {
    let (ours, plain) = (build("", &[]), build("nostrip", &[]));
    assert_eq!(debug_packages(&ours).len(), PACKAGES.len());
    assert_eq!(debug_packages(&plain), Vec::<String>::new());
    let tree = plain.join("desk/tree");
    fs::create_dir_all(tree.join("debian")).unwrap();
    write_debian(&tree.join("debian"));
    for name in PACKAGES {
        let root = tree.join("debian").join(name);
        unpack(&package(&plain, name), &root);
        fs::remove_dir_all(root.join("usr/share")).unwrap();
    }
    for program in ["dh_strip", "dh_gencontrol"] {
        let mut command = Command::new(program);
        run(command
            .current_dir(&tree)
            .env("DEB_BUILD_OPTIONS", "")
            .env("DH_VERBOSE", ""));
    }
    for name in PACKAGES {
        let theirs = tree.join("debian").join(name);
        let theirs_debug = tree.join(format!("debian/.debhelper/{name}/dbgsym-root"));
        same_files(&theirs, &package(&ours, name));
        let debug = package(&ours, &format!("{name}-dbgsym"));
        same_files(&theirs_debug, &debug);
        let control = fs::read_to_string(theirs_debug.join("DEBIAN/control")).unwrap();
        assert_eq!(fields(&run_field(&debug)), fields(&control));
    }
    fit_programs(&ours);
}

fn write_debian(dir: &Path) {
    let binaries = PACKAGES.map(|name| {
        let multi_arch = if name == "libgreet" {
            "Multi-Arch: same\n"
        } else {
            ""
        };
        format!("\nPackage: {name}\nArchitecture: any\n{multi_arch}Description: words\n More.\n")
    });
    let maintainer = "Example Packagers <packagers@example.org>";
    let control = format!(
        "Source: libgreet\nSection: libs\nPriority: optional\nMaintainer: {maintainer}\n\
         Build-Depends: debhelper-compat (= 13)\nStandards-Version: 4.6.2\n{}",
        binaries.concat()
    );
    fs::write(dir.join("control"), control).unwrap();
    let changelog = format!(
        "libgreet (1.2.0-1.deb12) bookworm; urgency=medium\n\n  * Words\n\n \
         -- {maintainer}  Mon, 03 Mar 2025 00:00:00 +0000\n"
    );
    fs::write(dir.join("changelog"), changelog).unwrap();
}

/// Each file and link of a directory is the same in a package.
fn same_files(dir: &Path, package: &Path) {
    let unpacked = testkit::Tree::new();
    unpack(package, unpacked.path());
    let names = files_below(dir).into_iter();
    let names: Vec<String> = names.filter(|it| !it.starts_with("DEBIAN/")).collect();
    assert!(!names.is_empty(), "nothing in {}", dir.display());
    for name in names {
        let (theirs, ours) = (dir.join(&name), unpacked.join(&name));
        let is_same = match theirs.is_symlink() {
            true => fs::read_link(&theirs).ok() == fs::read_link(&ours).ok(),
            false => fs::read(&theirs).ok() == fs::read(&ours).ok(),
        };
        assert!(is_same, "{name} of {}", file_name(package));
    }
}

fn run_field(package: &Path) -> String {
    run(Command::new("dpkg-deb").arg("-f").arg(package))
}

/// The lines of a control file, but the size that is told by rules of the writer.
fn fields(control: &str) -> Vec<&str> {
    let lines = control.lines();
    lines
        .filter(|it| !it.starts_with("Installed-Size:"))
        .collect()
}

/// A program and its symbols, found by the build id in the control file, make a whole again.
fn fit_programs(bench: &Bench) {
    let root = bench.join("desk/root");
    for name in PACKAGES {
        unpack(&package(bench, name), &root);
        unpack(&package(bench, &format!("{name}-dbgsym")), &root);
    }
    let names = files_below(&root);
    let is_program = |it: &&String| it.starts_with("usr/bin/") || it.ends_with(".so.1.2.0");
    let programs: Vec<&String> = names.iter().filter(is_program).collect();
    assert_eq!(programs.len(), 2, "{names:?}");
    for program in programs {
        let path = root.join(program);
        let listed = run(Command::new("eu-unstrip").arg("-n").arg("-e").arg(&path));
        let words = listed.split_whitespace().nth(1).unwrap_or_default();
        let id = words.split('@').next().unwrap_or_default();
        let (head, tail) = id.split_at(2);
        let debug = root.join(format!("usr/lib/debug/.build-id/{head}/{tail}.debug"));
        let whole = bench.join("desk/whole");
        run(Command::new("eu-unstrip")
            .args([&path, &debug])
            .arg("-o")
            .arg(&whole));
        assert!(fs::metadata(whole).unwrap().len() > fs::metadata(&path).unwrap().len());
    }
}

/// Without packages of symbols the others are the same only where debhelper has it so.
fn switched_off() {
    let usual = fs::read(package(&build("", &[]), "libgreet")).unwrap();
    let ways: [(&str, &[&str], bool); 2] =
        [("noautodbgsym", &[], true), ("", &["--nodebuginfo"], false)];
    for (options, args, is_same) in ways {
        let bench = build(options, args);
        assert_eq!(debug_packages(&bench), Vec::<String>::new(), "{args:?}");
        let bytes = fs::read(package(&bench, "libgreet")).unwrap();
        assert_eq!(bytes == usual, is_same, "{options} {args:?}");
    }
}

/// A spec that writes its only source itself has no directory of sources, and needs none. Where no file
/// has symbols, there is no package of them either.
fn without_setup() {
    let bench = Bench::new();
    let program = "echo 'int main(void) { return 0; }' | gcc $RPM_OPT_FLAGS -x c -o";
    for (make, count) in [(program, 1), ("echo text >", 0)] {
        let spec = format!(
            "Name: noset\nVersion: 1\nRelease: 1\nSummary: Words\nLicense: MIT\n%description\n\
             %install\nmkdir -p %{{buildroot}}%{{_bindir}}\n\
             {make} %{{buildroot}}%{{_bindir}}/noset -\n%files\n%{{_bindir}}/noset\n"
        );
        let path = bench.join("noset.spec");
        fs::write(&path, spec).unwrap();
        let _ = fs::remove_dir_all(bench.out());
        build_spec(&bench, &path, "", &[]);
        assert_eq!(debug_packages(&bench).len(), count, "{make}");
    }
}
