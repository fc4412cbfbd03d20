//! Programs of others that call rpmbuild by its name, with arguments that only they think of.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use testkit::{Trial, testdata};

use crate::bench::{Bench, Ran, files_below, run};
use crate::machine::{Machine, Need};

/// One trial per caller and behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let cpack = ["cmake", "cpack", "cc", "dpkg-deb"].map(Need::Program);
    vec![
        machine.trial("callers: cpack", &cpack, cpack_packages),
        machine.trial("callers: macros in --buildroot", &[], takes_build_roots),
        machine.trial("callers: fatal --buildroot", &[], spares_what_is_there),
        machine.trial("callers: macros in --output", &[], takes_outputs),
    ]
}

/// `cpack -G RPM` calls `rpmbuild -bb --define "_topdir DIR" --buildroot "%_topdir/NAME" --target ARCH`.
/// Its packages have the files that those of `cpack -G DEB` have, and so has a .deb from its spec.
fn cpack_packages() {
    let bench = Bench::new();
    let build = bench.join("desk/build");
    let cmake = |args: &[&str]| {
        let mut command = tool(&bench, "cmake", &bench.join("desk"));
        run(command.args(args));
    };
    let source = testdata("callers/cpack");
    let source = source.to_str().unwrap();
    cmake(&["-S", source, "-B", "build", "-DCMAKE_INSTALL_PREFIX=/usr"]);
    cmake(&["--build", "build"]);
    for generator in ["RPM", "DEB"] {
        run(tool(&bench, "cpack", &build).args(["-G", generator]));
    }
    let packages = packages_in(&build);
    assert_eq!(packages.len(), 2, "{packages:?}");
    let [deb, rpm] = [".deb", ".rpm"].map(|end| {
        let found = packages.iter().find(|name| name.ends_with(end)).unwrap();
        files_of(&bench, &build.join(found))
    });
    assert_eq!(rpm, deb, "cpack -G RPM and cpack -G DEB");
    assert!(
        rpm.contains("-rw-r--r-- /usr/share/lantern/two words.txt"),
        "{rpm:?}"
    );

    let top = build.join("_CPack_Packages/Linux/RPM");
    let staged = packages.iter().find(|name| name.ends_with(".rpm")).unwrap();
    let mut stage = tool(&bench, "cmake", &build);
    run(stage
        .env("DESTDIR", top.join(staged))
        .args(["--install", "."]));
    let mut command = bench.command("specbuild");
    command
        .args(["-bb", "--target", "debian-12", "--nodeps"])
        .args(["--define", &format!("_topdir {}", top.display())])
        .args(["--buildroot", &format!("%_topdir/{staged}")])
        .args(["--output", "%_topdir/debs"])
        .arg(top.join("SPECS/lantern.spec"));
    Ran::from(command.output().unwrap()).ok();
    let debs = top.join("debs");
    let names = packages_in(&debs);
    let own = names.iter().find(|name| name.starts_with("lantern_"));
    let own = files_of(&bench, &debs.join(own.unwrap()));
    let is_policys = |line: &&String| line.contains("/usr/share/doc/");
    let shared: BTreeSet<String> = own.iter().filter(|it| !is_policys(it)).cloned().collect();
    assert_eq!(shared, deb, "--target debian-12 and cpack -G DEB");
}

/// A program that finds our rpmbuild before any other.
fn tool(bench: &Bench, program: &str, dir: &Path) -> Command {
    // Makes the link.
    bench.command("rpmbuild");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command
        .env("PATH", format!("{}:{path}", bench.join("bin").display()))
        .env("HOME", bench.join("home"))
        .env("SPECBUILD_TARGET", "upstream")
        .current_dir(dir);
    command
}

fn packages_in(dir: &Path) -> Vec<String> {
    let is_package =
        |name: &String| !name.contains('/') && (name.ends_with(".rpm") || name.ends_with(".deb"));
    files_below(dir).into_iter().filter(is_package).collect()
}

/// Modes and paths of what is no directory.
fn files_of(bench: &Bench, package: &Path) -> BTreeSet<String> {
    let format = "[%{FILEMODES:perms} %{FILENAMES}\\n]";
    let mut command = bench.command("specbuild");
    command.args(["query", "--qf", format]).arg(package);
    let listed = Ran::from(command.output().unwrap()).ok().stdout;
    let files = listed.lines().filter(|line| !line.starts_with('d'));
    files.map(str::to_owned).collect()
}

const SPEC: &str = "Name: root\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
    %description\nx\n%install\necho \"IN $RPM_BUILD_ROOT %{buildroot} %{_buildrootdir}\"\n\
    mkdir -p %{buildroot}/etc\necho 1 > %{buildroot}/etc/root\n%files\n/etc/root\n";

fn takes_build_roots() {
    let bench = Bench::new();
    std::fs::write(bench.join("desk/root.spec"), SPEC).unwrap();
    let top = bench.join("top").display().to_string();
    let desk = bench.join("desk").display().to_string();
    let cases = [
        ("%_topdir/r", format!("{top}/r")),
        ("%{_topdir}/%{name}/r", format!("{top}/root/r")),
        ("%(echo %{_topdir})/a//r/", format!("{top}/a/r")),
        ("%{?nothing}r", format!("{desk}/r")),
        ("q/../r/./s", format!("{desk}/r/s")),
        ("%{NAME}-r", format!("{desk}/root-r")),
    ];
    for name in ["rpmbuild", "specbuild", "debbuild"] {
        for (given, dir) in &cases {
            let ran = bench
                .run(name, ["-bb", "--nodeps", "--buildroot", given, "root.spec"])
                .ok();
            let parent = dir.rsplit_once('/').unwrap().0;
            let line = format!("IN {dir} {dir} {parent}");
            assert!(
                ran.lines().contains(&&*line),
                "{name} {given}: {}",
                ran.stdout
            );
        }
    }
}

/// `%install` removes the build root; nothing else may go with it.
fn spares_what_is_there() {
    let bench = Bench::new();
    let head = SPEC.replace("Release: 1", "Release: 1\nSource0: data");
    std::fs::write(bench.join("desk/root.spec"), &head).unwrap();
    for dir in ["desk", "top/SOURCES"] {
        std::fs::create_dir_all(bench.join(dir)).unwrap();
        std::fs::write(bench.join(dir).join("data"), "precious").unwrap();
    }
    std::os::unix::fs::symlink("../top", bench.join("desk/link")).unwrap();
    let cases = [
        (".", "is the working directory"),
        ("..", "holds the working directory"),
        ("new/..", "is the working directory"),
        ("../desk/", "is the working directory"),
        ("%{_sourcedir}", "the "),
        ("link/SOURCES", "` "),
        ("%{_topdir}", "holds"),
        ("link", "holds"),
        ("%{builddir}", "is the build directory"),
        ("/usr", "a directory of the system"),
    ];
    for name in ["rpmbuild", "specbuild", "debbuild"] {
        for (given, expected) in &cases {
            let ran = bench.run(name, ["-bb", "--nodeps", "--buildroot", given, "root.spec"]);
            assert_eq!(ran.status, Some(1), "{name} {given}: {}", ran.stderr);
            assert!(ran.stderr.contains("the build root `"), "{}", ran.stderr);
            assert!(ran.stderr.contains(expected), "{given}: {}", ran.stderr);
            assert!(!ran.stdout.contains("Executing"), "{}", ran.stdout);
        }
    }
    // The macro may be given another value, and what is removed is what it says.
    for line in ["%global buildroot %{_sourcedir}", "%define buildroot ."] {
        let text = head.replace("%install", &format!("{line}\n%install"));
        std::fs::write(bench.join("desk/other.spec"), text).unwrap();
        let ran = bench.run("rpmbuild", ["-bb", "--nodeps", "other.spec"]);
        assert_eq!(ran.status, Some(1), "{line}: {}", ran.stderr);
        assert!(!ran.stdout.contains("Executing"), "{}", ran.stdout);
    }
    for file in ["desk/data", "desk/root.spec", "top/SOURCES/data"] {
        assert!(bench.join(file).exists(), "{file}");
    }
    // Where no script runs, nothing is removed.
    bench
        .run("rpmbuild", ["-bs", "--buildroot", ".", "root.spec"])
        .ok();
    // The tag and the macro on the command line have no say, as in rpm.
    let text = head.replace("%description", "BuildRoot: %{_sourcedir}\n%description");
    std::fs::write(bench.join("desk/tag.spec"), text).unwrap();
    let defined = format!("buildroot {}", bench.join("desk").display());
    bench
        .run("rpmbuild", ["-bb", "-D", &defined, "tag.spec"])
        .ok();
    assert!(bench.join("desk/data").exists());
}

fn takes_outputs() {
    let bench = Bench::new();
    std::fs::write(bench.join("desk/root.spec"), SPEC).unwrap();
    for (given, dir) in [
        ("%_topdir/out", "top/out"),
        ("%{?nothing}sub/out", "desk/sub/out"),
    ] {
        let args = ["-bb", "--target", "rpm", "--output", given, "root.spec"];
        bench.run("specbuild", args).ok();
        assert_eq!(packages_in(&bench.join(dir)).len(), 1, "{given}");
    }
    // A macro that only the spec has, or none has, is not made a directory of.
    for (given, call) in [
        ("%{name}-o", "%{name}"),
        ("out%{dsit}", "%{dsit}"),
        ("%name/o", "%name"),
    ] {
        let ran = bench.run("specbuild", ["-bb", "--output", given, "root.spec"]);
        assert_eq!(ran.status, Some(1), "{given}");
        let message = format!("a macro that is not defined: `{call}`");
        assert!(ran.stderr.contains(&message), "{}", ran.stderr);
        assert!(!bench.join("desk").join(given).exists(), "{given}");
    }
    let args = ["-bb", "--target", "rpm", "--output", "50%%off", "root.spec"];
    bench.run("specbuild", args).ok();
    assert_eq!(packages_in(&bench.join("desk/50%off")).len(), 1);
}
