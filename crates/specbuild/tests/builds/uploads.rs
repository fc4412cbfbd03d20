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
pub(crate) const DPKG_DEV: [Need; 2] = [Need::Program("dpkg-source"), Need::Program("make")];

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
pub(crate) struct Unpacked {
    pub(crate) bench: Bench,
}

impl Unpacked {
    pub(crate) fn new(from: &Path, dsc: &Path) -> Self {
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

    pub(crate) fn tree(&self) -> PathBuf {
        self.bench.join("out/tree")
    }

    /// `dpkg-buildpackage` with the binary under test as `specbuild`, which no package provides here.
    pub(crate) fn build(&self, args: &[&str], variables: &[(&str, &str)]) -> String {
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

    pub(crate) fn has_same(&self, package: &Path) {
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
