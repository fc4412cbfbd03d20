//! Source packages and upload files of Debian's family, judged by dpkg's tools and by what keeps
//! archives: dpkg-source, dpkg-buildpackage, reprepro, aptly, apt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use testkit::{Tree, Trial};

use crate::bench::{Bench, Ran, run};
use crate::cases::Case;
use crate::machine::{Machine, Need};
use crate::project::{Project, file_name};

/// Unpacking a source package, and building from it.
const DPKG_DEV: [Need; 2] = [Need::Program("dpkg-source"), Need::Program("make")];

/// The packages come out the same, byte for byte, when dpkg builds them from the source package.
pub(crate) fn rebuilds(machine: &Machine, case: &Case, project: &Arc<Project>) -> Trial {
    let project = Arc::clone(project);
    let name = format!(
        "{}/{}: dpkg-buildpackage makes the same",
        project.name, project.target
    );
    let needs = [case.needs.as_slice(), &DPKG_DEV].concat();
    machine.trial(name, &needs, move || {
        let built = project.built();
        let unpacked = Unpacked::new(&built.bench.out(), built.file(".dsc"));
        unpacked.is_only_without(&["specbuild"]);
        unpacked.build(&["-sa"], &[]);
        for package in &built.packages {
            unpacked.has_same(package);
        }
        let [changes, theirs] = [built.file(".changes").to_owned(), unpacked.file(".changes")]
            .map(|path| without_digests(&fs::read_to_string(path).unwrap()));
        assert_eq!(changes, theirs, ".changes");
        let [info, theirs] = [
            built.file(".buildinfo").to_owned(),
            unpacked.file(".buildinfo"),
        ]
        .map(|path| installed(&fs::read_to_string(path).unwrap()));
        assert_eq!(info, theirs, "Installed-Build-Depends");
    })
}

/// Lines that hold no digest of what dpkg compresses in its own way, or of who built when.
fn without_digests(changes: &str) -> String {
    let varies = [".dsc", ".debian.tar.xz", ".buildinfo"];
    let lines = changes.lines().map(|line| {
        let last = line.rsplit(' ').next().unwrap_or_default();
        if varies.iter().any(|end| last.ends_with(end)) {
            last
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The packages that were installed when a build was done.
fn installed(buildinfo: &str) -> String {
    let lines = buildinfo.lines();
    let lines = lines.skip_while(|line| *line != "Installed-Build-Depends:");
    let listed = lines.skip(1).take_while(|line| line.starts_with(' '));
    listed.collect::<Vec<_>>().join("\n")
}

/// A source package unpacked beside its upstream archive.
struct Unpacked {
    bench: Bench,
}

impl Unpacked {
    fn new(from: &Path, dsc: &Path) -> Self {
        let unpacked = Self {
            bench: Bench::new(),
        };
        for entry in fs::read_dir(from).unwrap().flatten() {
            let name = file_name(&entry.path());
            if name.contains(".tar.") {
                fs::copy(entry.path(), unpacked.bench.join("out").join(name)).unwrap();
            }
        }
        let copy = unpacked.bench.join("out").join(file_name(dsc));
        fs::copy(dsc, &copy).unwrap();
        let mut command = Command::new("dpkg-source");
        command.args(["--require-strong-checksums", "-x"]);
        run(command.arg(copy).arg(unpacked.tree()));
        unpacked
    }

    fn tree(&self) -> PathBuf {
        self.bench.join("out/tree")
    }

    /// `dpkg-buildpackage` with the binary under test as `specbuild`, which no package provides here.
    fn build(&self, args: &[&str], variables: &[(&str, &str)]) -> String {
        // Makes the link that the path leads to.
        self.bench.command("specbuild");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("dpkg-buildpackage");
        command
            .args(["-us", "-uc", "-d"])
            .args(args)
            .env(
                "PATH",
                format!("{}:{path}", self.bench.join("bin").display()),
            )
            .env("HOME", self.bench.join("home"))
            .env("LC_ALL", "C.UTF-8")
            .env_remove("SOURCE_DATE_EPOCH")
            .envs(variables.iter().copied())
            .current_dir(self.tree());
        let ran = Ran::from(command.output().unwrap()).ok();
        ran.stdout + &ran.stderr
    }

    fn file(&self, ending: &str) -> PathBuf {
        let entries = fs::read_dir(self.bench.out()).unwrap().flatten();
        let mut paths = entries.map(|entry| entry.path());
        paths
            .find(|path| file_name(path).ends_with(ending))
            .unwrap_or_else(|| panic!("no {ending}"))
    }

    fn has_same(&self, package: &Path) {
        let name = file_name(package);
        let found = fs::read(self.bench.out().join(&name)).unwrap();
        assert!(found == fs::read(package).unwrap(), "{name} differs");
    }

    /// `dpkg-checkbuilddeps` misses these packages and nothing else.
    fn is_only_without(&self, packages: &[&str]) {
        let mut command = Command::new("dpkg-checkbuilddeps");
        let output = command.env("LC_ALL", "C").current_dir(self.tree()).output();
        let told = Ran::from(output.unwrap()).stderr;
        let missing = told.trim().rsplit(": ").next().unwrap_or_default();
        assert_eq!(missing, packages.join(" "), "{told}");
    }
}

/// What keeps archives takes the upload, and apt installs from there.
pub(crate) fn archive(machine: &Machine, needs: &[Need], projects: Vec<Arc<Project>>) -> Trial {
    let tools = ["reprepro", "aptly", "apt-get", "dpkg"].map(Need::Program);
    let needs = [needs, &tools, &[Need::Root]].concat();
    machine.trial(
        "uploads: reprepro, aptly and apt take them",
        &needs,
        move || {
            let place = Tree::new()
                .file(
                    "repository/conf/distributions",
                    "Codename: bookworm\nArchitectures: amd64 source\nComponents: main\n",
                )
                .dir("home");
            let changes: Vec<&Path> = projects
                .iter()
                .map(|it| it.built().file(".changes"))
                .collect();
            for path in &changes {
                let mut command = Command::new("reprepro");
                command.arg("-b").arg(place.join("repository"));
                run(command.args(["--silent", "include", "bookworm"]).arg(path));
            }
            let listed = run(Command::new("reprepro")
                .arg("-b")
                .arg(place.join("repository"))
                .args(["list", "bookworm"]));
            let sources = listed.lines().filter(|line| line.contains("|source: "));
            assert_eq!(sources.count(), projects.len(), "{listed}");
            aptly_takes(&place, &changes);
            apt_installs(&place);
        },
    )
}

fn aptly_takes(place: &Tree, changes: &[&Path]) {
    let config = format!("{{\"rootDir\": \"{}\"}}", place.join("aptly").display());
    fs::write(place.join("home/.aptly.conf"), config).unwrap();
    let aptly = |args: &[&str], files: &[&Path]| {
        let mut command = Command::new("aptly");
        run(command
            .args(args)
            .args(files)
            .env("HOME", place.join("home")))
    };
    aptly(&["repo", "create", "test"], &[]);
    let unsigned = ["-accept-unsigned", "-ignore-signatures", "-no-remove-files"];
    let include = [&["repo", "include", "-repo=test"][..], &unsigned].concat();
    aptly(&include, changes);
    let shown = aptly(&["repo", "show", "-with-packages", "test"], &[]);
    for name in [
        "libgreet_1.2.0-1.deb12_source",
        "libgreet-tools_1.2.0-1.deb12_amd64",
    ] {
        assert!(shown.contains(name), "{shown}");
    }
}

/// What is said to be installed in the root that apt installs into.
const INSTALLED: [&str; 2] = ["libc6", "pkgconf"];

/// dpkg's record of an installed package.
fn record(name: &str) -> String {
    format!(
        "Package: {name}\nStatus: install ok installed\nVersion: 9\nArchitecture: amd64\n\
         Maintainer: x <x@example.org>\nDescription: x\n\n"
    )
}

fn apt_installs(place: &Tree) {
    let root = Tree::new()
        .dir("var/lib/dpkg/info")
        .dir("var/lib/dpkg/updates")
        .file("var/lib/dpkg/status", INSTALLED.map(record).concat())
        .dir("var/lib/apt/lists/partial")
        .dir("var/cache/apt/archives/partial")
        .dir("var/log/apt")
        .dir("etc/apt/preferences.d")
        .dir("etc/apt/trusted.gpg.d");
    let repository = place.join("repository");
    let lines = ["deb", "deb-src"].map(|kind| {
        format!(
            "{kind} [trusted=yes] file:{} bookworm main\n",
            repository.display()
        )
    });
    fs::write(root.join("etc/apt/sources.list"), lines.concat()).unwrap();
    let top = root.path().display().to_string();
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        for option in [
            format!("Dir={top}"),
            format!("Dir::State::status={top}/var/lib/dpkg/status"),
            format!("Dpkg::Options::=--root={top}"),
            "Dpkg::Options::=--force-script-chrootless".to_owned(),
            "Dir::Etc::sourceparts=/dev/null".to_owned(),
            "APT::Sandbox::User=root".to_owned(),
            "APT::Architecture=amd64".to_owned(),
            "APT::Architectures=amd64".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        run(command.args(args).current_dir(place.join("home")))
    };
    apt(&["update"]);
    apt(&["install", "--yes", "libgreet-tools", "libgreet-dev"]);
    let greet = root.join("usr/bin/greet");
    assert!(greet.is_file(), "apt-get install left no program");
    apt(&["source", "--download-only", "libgreet"]);
    assert!(place.join("home/libgreet_1.2.0.orig.tar.gz").is_file());
}

/// Source packages that are less plain than those of the examples.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let tar = [
        &DPKG_DEV[..],
        &[Need::Program("tar"), Need::Program("gzip")],
    ]
    .concat();
    let trial = |name: &str, body: fn()| machine.trial(format!("uploads: {name}"), &tar, body);
    vec![
        trial("a source that is no tar archive is put into one", wraps),
        trial(
            "a spec without sources has a source package",
            has_no_sources,
        ),
        trial("a tree that was changed is built as it is", builds_changes),
        trial(
            "source packages of both families are rebuilt",
            rebuilds_sources,
        ),
        trial(
            "what is left out keeps a source package from being",
            leaves_out,
        ),
    ]
}

const HEAD: &str = "Name: Odd_Pkg\nVersion: 1.0~rc1\nRelease: 2\nEpoch: 3\nSummary: x\nLicense: MIT\n\
                    Packager: A Packager <a@example.org>\n";
const LOG: &str =
    "%changelog\n* Mon Mar 03 2025 A Packager <a@example.org> - 3:1.0~rc1-2\n- Closes: #7\n";

/// Builds a spec that lies on the desk, and returns what was written by ending.
fn built(bench: &Bench, spec: &str, args: &[&str]) -> Ran {
    fs::write(bench.join("desk/odd.spec"), spec).unwrap();
    let own = ["odd.spec", "--target", "debian-12", "--nodeps"];
    bench.build([args, &own].concat())
}

fn debs(bench: &Bench) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(bench.out())
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| file_name(path).ends_with(".deb"))
        .collect();
    paths.sort();
    paths
}

fn wraps() {
    let bench = Bench::new();
    fs::write(bench.join("desk/data.bin"), b"a\0b").unwrap();
    fs::write(bench.join("desk/run.sh"), "#!/bin/sh\necho hi\n").unwrap();
    let spec = format!(
        "{HEAD}Source0: data.bin\nSource1: run.sh\nSource2: data.bin\nBuildRequires: make, bc >= 1\n\
         BuildConflicts: gone < 2\n%description\nx\n%package -n odd-all\nSummary: y\nBuildArch: noarch\n\
         %description -n odd-all\ny\n%install\ninstall -Dp %{{SOURCE0}} %{{buildroot}}/usr/share/odd/data\n\
         install -Dpm 755 %{{SOURCE1}} %{{buildroot}}/usr/bin/odd%{{?with_more:-more}}\n\
         %files\n/usr/bin/*\n%files -n odd-all\n/usr/share/odd\n{LOG}"
    );
    let more = ["-ba", "-D", "with_more $1 'x'", "--with", "y"];
    let told = built(&bench, &spec, &more).ok().stderr;
    assert!(
        told.contains("`data.bin` is no tar archive that dpkg-source takes"),
        "{told}"
    );
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let fields = fs::read_to_string(&dsc).unwrap();
    for line in [
        "Architecture: any all",
        "Version: 3:1.0~rc1-2",
        "Build-Depends: specbuild, bc (>= 1)",
        "Build-Conflicts: gone (<< 2)",
        " odd-all deb misc optional arch=all",
    ] {
        assert!(fields.lines().any(|it| it == line), "{line}\n{fields}");
    }
    let changes = fs::read_to_string(bench.out().join("odd-pkg_1.0~rc1-2_amd64.changes")).unwrap();
    assert!(changes.contains("\nCloses: 7\n"), "{changes}");
    let unpacked = Unpacked::new(&bench.out(), &dsc);
    unpacked.build(&["-sa"], &[]);
    debs(&bench)
        .iter()
        .for_each(|package| unpacked.has_same(package));
    assert_eq!(debs(&bench).len(), 2);
    rebuilt_from(&bench, &dsc, &["-D", "with_more $1 'x'", "--with", "y"]);
}

/// `--rebuild` makes the packages that are there already.
fn rebuilt_from(first: &Bench, source: &Path, args: &[&str]) {
    let bench = Bench::new();
    let own = [
        "--rebuild",
        source.to_str().unwrap(),
        "--target",
        "debian-12",
        "--nodeps",
    ];
    bench.build([&own, args].concat()).ok();
    let packages = debs(first);
    assert_eq!(packages.len(), debs(&bench).len());
    for (package, again) in packages.iter().zip(debs(&bench)) {
        let same = fs::read(package).unwrap() == fs::read(&again).unwrap();
        assert!(same, "{} differs", again.display());
    }
    let left = crate::bench::files_below(&bench.join("top"));
    assert_eq!(left, Vec::<String>::new(), "left by --rebuild");
}

fn has_no_sources() {
    let bench = Bench::new();
    let spec = format!("{HEAD}BuildArch: noarch\n%description\nx\n%files\n{LOG}");
    built(&bench, &spec, &["-ba"]).ok();
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let unpacked = Unpacked::new(&bench.out(), &dsc);
    unpacked.build(&["-A"], &[]);
    debs(&bench)
        .iter()
        .for_each(|package| unpacked.has_same(package));
}

/// A package whose upstream archive has a `debian/` of its own, and whose tests fail if they run.
fn with_tests(bench: &Bench) {
    let tree = Tree::new()
        .file("odd-1/hello", "hello\n")
        .file("odd-1/debian/rules", "upstream's\n");
    let archive = bench.join("desk/odd-1.tar.gz");
    let mut tar = Command::new("tar");
    run(tar
        .arg("-C")
        .arg(tree.path())
        .arg("-czf")
        .arg(archive)
        .arg("odd-1"));
    let spec = format!(
        "{HEAD}Source0: odd-1.tar.gz\n%description\nx\n%package -n odd-all\nSummary: y\nBuildArch: \
         noarch\n%description -n odd-all\ny\n%prep\n%setup -q -n odd-1\n%install\n\
         install -Dpm 644 hello %{{buildroot}}/usr/share/odd/hello\n\
         echo jobs %{{_smp_build_ncpus}}\ntest ! -e debian || install -Dpm 644 debian/rules \
         %{{buildroot}}/usr/share/odd/rules\n%check\ngrep -q hello hello\n\
         %files\n%files -n odd-all\n/usr/share/odd\n{LOG}"
    );
    built(bench, &spec, &["-ba"]).ok();
}

fn builds_changes() {
    let bench = Bench::new();
    with_tests(&bench);
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let unpacked = Unpacked::new(&bench.out(), &dsc);
    let told = unpacked.build(&["-B"], &[]);
    assert!(!told.contains("is packed anew"), "{told}");
    assert!(
        !unpacked
            .bench
            .out()
            .join("odd-all_1.0~rc1-2_all.deb")
            .exists()
    );
    fs::write(unpacked.tree().join("hello"), "changed\n").unwrap();
    let options = [("DEB_BUILD_OPTIONS", "nocheck parallel=3")];
    let told = unpacked.build(&["-A"], &options);
    assert!(told.contains("odd-1.tar.gz is packed anew"), "{told}");
    assert!(told.contains("\njobs 3\n"), "{told}");
    let package = unpacked.bench.out().join("odd-all_1.0~rc1-2_all.deb");
    let mut dpkg = Command::new("dpkg-deb");
    run(dpkg.arg("-x").arg(package).arg(unpacked.bench.join("home")));
    let hello = fs::read_to_string(unpacked.bench.join("home/usr/share/odd/hello"));
    assert_eq!(hello.unwrap(), "changed\n");
}

fn rebuilds_sources() {
    let bench = Bench::new();
    with_tests(&bench);
    rebuilt_from(&bench, &bench.out().join("odd-pkg_1.0~rc1-2.dsc"), &[]);
    let args = ["-bs", "odd.spec", "--target", "fedora-42", "--nodeps"];
    bench.build(args).ok();
    rebuilt_from(&bench, &bench.out().join("Odd_Pkg-1.0~rc1-2.src.rpm"), &[]);
    let upstream = bench.out().join("odd-pkg_1.0~rc1.orig.tar.gz");
    fs::write(&upstream, "changed").unwrap();
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let told = bench.run(
        "specbuild",
        ["--rebuild", dsc.to_str().unwrap(), "--target", "debian-12"],
    );
    assert_eq!(told.status, Some(1));
    assert!(
        told.stderr.contains("size or SHA-256 differ"),
        "{}",
        told.stderr
    );
}

fn leaves_out() {
    let bench = Bench::new();
    fs::write(bench.join("desk/data.bin"), "x").unwrap();
    let spec = format!("{HEAD}Source0: data.bin\nNoSource: 0\n%description\nx\n%files\n{LOG}");
    let told = built(&bench, &spec, &["-bs"]);
    assert_eq!(told.status, Some(1));
    let expected = "`data.bin` is left out of it, and it has to hold all sources";
    assert!(told.stderr.contains(expected), "{}", told.stderr);
    let told = built(&bench, &spec, &["-ba"]).ok().stderr;
    assert!(told.contains(expected), "{told}");
    assert_eq!(crate::bench::files_below(&bench.out()).len(), 1);
}
