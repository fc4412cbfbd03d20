//! One root of either family, and what a step does in it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::base;
use super::steps::{Action, Built};

/// A family of packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Deb,
    Rpm,
}

impl Family {
    /// The word that output files are named after.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
        }
    }

    /// What packages are built for.
    pub(super) fn target(self) -> &'static str {
        match self {
            Self::Deb => "debian-12",
            Self::Rpm => "fedora-42",
        }
    }

    /// Name and release of a package file.
    pub(super) fn identity(self, file: &Path) -> (String, String) {
        let mut command = match self {
            Self::Deb => Command::new("dpkg-deb"),
            Self::Rpm => Command::new("rpm"),
        };
        match self {
            Self::Deb => command.args(["-W", "--showformat", "${Package} ${Version}"]),
            Self::Rpm => command.args(["-qp", "--queryformat", "%{NAME} %{VERSION}-%{RELEASE}"]),
        };
        let said = crate::bench::run(command.arg(file));
        let (name, version) = said.trim().split_once(' ').unwrap();
        (name.to_owned(), version.to_owned())
    }
}

/// A package file, by its name and build number.
pub(super) type Packages = Vec<(Built, PathBuf)>;

/// A root, which is removed at its end.
pub(super) struct Root {
    family: Family,
    path: PathBuf,
    packages: Packages,
}

impl Drop for Root {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

impl Root {
    /// A fresh root. `base` is what provides the shell in it, for rpm.
    pub(super) fn new(family: Family, case: &str, packages: Packages, base: Option<&Path>) -> Self {
        let path = base::fresh(&format!("{case}.{}", family.name()));
        let root = Self {
            family,
            path,
            packages,
        };
        if let Some(base) = base {
            // Where specs for rpm come from, sh is bash.
            let shell = root.path.join("usr/bin/sh");
            fs::remove_file(&shell).unwrap();
            std::os::unix::fs::symlink("bash", shell).unwrap();
            let output = root.rpm().arg("-i").arg(base).output().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        root
    }

    /// Takes a step and returns what there is to see of it, a line each.
    pub(super) fn take(&self, action: &Action) -> Vec<String> {
        match action {
            Action::Install(packages) => self.manage(self.install(packages)),
            Action::Remove(names) => self.manage(self.remove(names)),
            Action::Purge(names) => self.manage(self.purge(names)),
            Action::Verify(name) => self.verify(name),
            Action::Show(paths) => paths.iter().map(|path| self.show(path)).collect(),
            Action::Write(path, text) => {
                let place = self.at(path);
                let _ = fs::remove_file(&place);
                fs::create_dir_all(place.parent().unwrap()).unwrap();
                fs::write(&place, text).unwrap();
                Vec::new()
            }
            Action::Run(line) => {
                let mut chroot = Command::new("chroot");
                let output = chroot.arg(&self.path).args(["sh", "-c", line]).output();
                lines_of(&output.unwrap().stdout)
            }
        }
    }

    /// Runs the package manager: what scriptlets logged, whether it failed, what is installed then.
    fn manage(&self, mut command: Command) -> Vec<String> {
        let output = command.output().unwrap();
        let mut lines = lines_of(&fs::read(self.path.join("log")).unwrap());
        fs::write(self.path.join("log"), "").unwrap();
        if std::env::var_os("SHOW_ROOTS").is_some() {
            eprintln!("{command:?}\n{}", said(&output));
        }
        if !output.status.success() {
            lines.push("the package manager fails".to_owned());
        }
        lines.push(self.state());
        lines
    }

    fn dpkg(&self) -> Command {
        let mut command = Command::new("dpkg");
        command
            .arg(format!("--root={}", self.path.display()))
            .args(["--force-confdef", "--force-confold"])
            .env("LC_ALL", "C")
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    }

    fn rpm(&self) -> Command {
        let mut command = Command::new("rpm");
        command
            .arg("--root")
            .arg(&self.path)
            .args(["--dbpath", "/var/lib/rpm"])
            .args(["--define", "_pkgverify_level digest"])
            .env("LC_ALL", "C");
        command
    }

    fn install(&self, packages: &[Built]) -> Command {
        let mut command = match self.family {
            Family::Deb => self.dpkg(),
            Family::Rpm => self.rpm(),
        };
        match self.family {
            Family::Deb => command.arg("--install"),
            Family::Rpm => command.args(["--upgrade", "--oldpackage", "--replacepkgs"]),
        };
        command.args(packages.iter().map(|wanted| self.file(wanted)));
        command
    }

    fn file(&self, wanted: &Built) -> &Path {
        let found = self.packages.iter().find(|(built, _)| built == wanted);
        &found.unwrap_or_else(|| panic!("no package {wanted:?}")).1
    }

    fn remove(&self, names: &[String]) -> Command {
        let mut command = match self.family {
            Family::Deb => self.dpkg(),
            Family::Rpm => self.rpm(),
        };
        command
            .arg(if self.family == Family::Deb {
                "--remove"
            } else {
                "--erase"
            })
            .args(names);
        command
    }

    /// rpm knows no more than removal: of what is installed.
    fn purge(&self, names: &[String]) -> Command {
        if self.family == Family::Deb {
            let mut command = self.dpkg();
            command.arg("--purge").args(names);
            return command;
        }
        let here = |name: &&String| {
            self.rpm()
                .args(["-q", name])
                .output()
                .unwrap()
                .status
                .success()
        };
        let left: Vec<String> = names.iter().filter(here).cloned().collect();
        if left.is_empty() {
            Command::new("true")
        } else {
            self.remove(&left)
        }
    }

    fn verify(&self, name: &str) -> Vec<String> {
        let mut command = match self.family {
            Family::Deb => self.dpkg(),
            Family::Rpm => self.rpm(),
        };
        let output = command.args(["--verify", name]).output().unwrap();
        let mut lines = lines_of(&output.stdout);
        // dpkg can tell of content only, and a time changes once a second.
        for line in lines
            .iter_mut()
            .filter(|it| it.as_bytes().get(2) == Some(&b'5'))
        {
            *line = format!("??5??????{}", line[9..].replace("  ", " "));
        }
        lines
    }

    /// The packages of the case with their versions; one that is half there with its state.
    fn state(&self) -> String {
        let mut names: Vec<&str> = self
            .packages
            .iter()
            .map(|(it, _)| it.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        let states = names.into_iter().filter_map(|name| {
            let (version, state) = match self.family {
                Family::Deb => self.dpkg_state(name),
                Family::Rpm => self.rpm_state(name),
            }?;
            Some(format!("{name} {version}{state}"))
        });
        let states: Vec<String> = states.collect();
        format!("= {}", states.join(", "))
    }

    fn dpkg_state(&self, name: &str) -> Option<(String, String)> {
        let mut query = Command::new("dpkg-query");
        query.arg(format!("--admindir={}/var/lib/dpkg", self.path.display()));
        let format = "${db:Status-Want} ${db:Status-Status} ${Version}";
        let output = query.args(["-W", "-f", format, name]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let words: Vec<&str> = text.split_whitespace().collect();
        let [_, state, version] = words[..] else {
            return None;
        };
        match state {
            "installed" => Some((version.to_owned(), String::new())),
            "config-files" | "not-installed" => None,
            state => Some((version.to_owned(), format!(" ({state})"))),
        }
    }

    fn rpm_state(&self, name: &str) -> Option<(String, String)> {
        let mut command = self.rpm();
        command.args(["-q", "--queryformat", "%{VERSION}-%{RELEASE}\n", name]);
        let output = command.output().unwrap();
        let versions = lines_of(&output.stdout).join(" ");
        output.status.success().then_some((versions, String::new()))
    }

    fn at(&self, path: &str) -> PathBuf {
        self.path.join(path.trim_start_matches('/'))
    }

    /// One file: `-rw-r--r-- root:root text`.
    fn show(&self, path: &str) -> String {
        let place = self.at(path);
        let Ok(metadata) = fs::symlink_metadata(&place) else {
            return format!("{path} is not there");
        };
        if metadata.is_symlink() {
            return format!("{path} -> {}", fs::read_link(&place).unwrap().display());
        }
        let what = if metadata.is_dir() {
            "directory".to_owned()
        } else {
            let text = fs::read(&place).unwrap();
            let text = String::from_utf8_lossy(&text).into_owned();
            text.lines().next().unwrap_or("(empty)").to_owned()
        };
        let mode = metadata.permissions().mode() & 0o7777;
        let owner = self.name_of("passwd", metadata.uid());
        let group = self.name_of("group", metadata.gid());
        format!("{path} {mode:04o} {owner}:{group} {what}")
    }

    /// The name of a number in the root's own accounts.
    fn name_of(&self, table: &str, id: u32) -> String {
        let text = fs::read_to_string(self.path.join("etc").join(table)).unwrap();
        let fields = text.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let id = id.to_string();
        let mut named = fields.filter(|it| it.get(2) == Some(&id.as_str()));
        named.next().map_or(id.clone(), |it| it[0].to_owned())
    }
}

fn lines_of(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::to_owned).collect()
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}
