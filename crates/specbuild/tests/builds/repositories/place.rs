//! Two repositories, of the first and the second round of the same spec, and a root for dnf.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::GnupgHome;

use crate::bench::{Bench, Ran, files_below, run, workspace};

/// The repositories, in the order of the rounds that their packages are from.
pub(super) const REPOSITORIES: [&str; 2] = ["first", "second"];

/// What dnf is told of the two: no others, and only what is signed.
const CONFIG: &str = "[main]
plugins=0
gpgcheck=1
clean_requirements_on_remove=1
metadata_expire=0
reposdir=@/none
varsdir=@/none
[first]
name=First
baseurl=file://@/out/first
gpgkey=file://@/out/key
[second]
name=Second
baseurl=file://@/out/second
gpgkey=file://@/out/key
";

/// Distributions disagree on where the database is.
const MACROS: &str = "%_dbpath /var/lib/rpm\n";

/// A bench with the repositories in `out`.
pub(super) struct Place {
    bench: Bench,
}

impl Place {
    /// Builds both rounds, unsigned, and makes their indexes.
    pub(super) fn new() -> Self {
        let place = Self {
            bench: Bench::new(),
        };
        let top = place.bench.path().display().to_string();
        fs::write(place.config(), CONFIG.replace('@', &top)).unwrap();
        fs::write(place.bench.join("home/.rpmmacros"), MACROS).unwrap();
        fs::create_dir_all(place.root()).unwrap();
        for (round, repository) in (1..).zip(REPOSITORIES) {
            for spec in ["repository/orchard.spec", "life/base.spec"] {
                place.build(spec, round, repository);
            }
            place.index(repository);
        }
        place
    }

    fn build(&self, spec: &str, round: usize, repository: &str) {
        let spec = workspace("testdata").join(spec);
        let round = format!("round {round}");
        let output = self.repository(repository);
        let words = ["-bb", "--target", "fedora-42", "-D", &round, "--output"];
        let mut args = words.map(OsStr::new).to_vec();
        args.extend([output.as_os_str(), spec.as_os_str()]);
        self.bench.run("specbuild", args).ok();
    }

    fn index(&self, repository: &str) {
        let mut command = Command::new("createrepo_c");
        command.args(["--quiet", "--no-database"]);
        run(command.arg(self.repository(repository)));
    }

    /// Signs all packages with a new key, which dnf finds in `out/key`.
    pub(super) fn sign(&self) {
        let home = GnupgHome::new();
        let id = home.make_key("rsa2048", "gardener", None);
        fs::copy(home.export(&id), self.bench.join("out/key")).unwrap();
        for repository in REPOSITORIES {
            let mut command = self.bench.command("rpmsign");
            command
                .env("GNUPGHOME", home.path())
                .args(["--addsign", "--key-id", &id])
                .args(self.packages(repository));
            Ran::from(command.output().unwrap()).ok();
            self.index(repository);
        }
        // dnf takes an index for the one it has if both were made in the same second.
        fs::remove_dir_all(self.root().join("var/cache/dnf")).ok();
    }

    /// The folder of a repository.
    pub(super) fn repository(&self, name: &str) -> PathBuf {
        self.bench.out().join(name)
    }

    /// The packages of a repository.
    pub(super) fn packages(&self, repository: &str) -> Vec<PathBuf> {
        let place = self.repository(repository);
        let files = files_below(&place).into_iter();
        files
            .filter(|it| it.ends_with(".rpm"))
            .map(|it| place.join(it))
            .collect()
    }

    /// Where dnf installs.
    pub(super) fn root(&self) -> PathBuf {
        self.bench.join("root")
    }

    fn config(&self) -> PathBuf {
        self.bench.join("desk/dnf.conf")
    }

    /// Runs dnf with one repository. What it keeps and logs is in the root.
    pub(super) fn dnf(&self, repository: &str, args: &[&str]) -> Ran {
        let mut command = Command::new("dnf");
        command
            .arg("--config")
            .arg(self.config())
            .arg("--installroot")
            .arg(self.root())
            .args(["--releasever=42", "--assumeyes", "--repo", repository])
            .args(args)
            .env("HOME", self.bench.join("home"))
            .env("LC_ALL", "C.UTF-8");
        Ran::from(command.output().unwrap())
    }

    fn rpm(&self, args: &[&str]) -> Ran {
        let mut command = Command::new("rpm");
        command.arg("--root").arg(self.root()).args(args);
        command.env("HOME", self.bench.join("home"));
        Ran::from(command.env("LC_ALL", "C.UTF-8").output().unwrap())
    }

    /// What a run of dnf left: its fault, what scriptlets logged, what is installed and what rpm
    /// finds altered of that.
    pub(super) fn seen(&self, ran: &Ran) -> String {
        let mut lines = Vec::new();
        if ran.status != Some(0) {
            lines.push("dnf fails".to_owned());
            let reasons = ran
                .stderr
                .lines()
                .filter_map(|it| it.trim().strip_prefix("- package "));
            lines.extend(reasons.map(str::to_owned));
        }
        let log = self.root().join("orchard.log");
        let logged = fs::read_to_string(&log).unwrap_or_default();
        let _ = fs::remove_file(&log);
        lines.extend(logged.lines().map(str::to_owned));
        let all = self.rpm(&["-qa", "--queryformat", "%{NEVRA}\n"]).ok();
        let mut all = all.lines();
        all.retain(|it| !it.starts_with("gpg-pubkey"));
        all.sort_unstable();
        lines.extend(all.into_iter().map(str::to_owned));
        let altered = self.rpm(&["-Va"]);
        lines.extend(
            altered
                .lines()
                .into_iter()
                .map(|it| format!("altered: {it}")),
        );
        lines.extend(left_aside(&self.root().join("etc")));
        lines.iter().map(|line| format!("    {line}\n")).collect()
    }

    /// How many keys have been imported.
    pub(super) fn keys(&self) -> usize {
        self.rpm(&["-q", "gpg-pubkey"]).ok().lines().len()
    }
}

/// Files that rpm wrote beside configuration that was changed.
fn left_aside(etc: &Path) -> Vec<String> {
    let mut files = files_below(etc);
    files.retain(|it| it.ends_with(".rpmnew") || it.ends_with(".rpmsave"));
    files.iter().map(|it| format!("left: /etc/{it}")).collect()
}
