//! What dpkg's tools and lintian make of a build's packages.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use testkit::{Tree, Trial};

use crate::bench::{files_below, run};
use crate::cases::Case;
use crate::machine::{Machine, Need};
use crate::project::{Project, Proof};

const DPKG_DEB: Need = Need::Program("dpkg-deb");

/// The trials of a project for a target of Debian's family.
pub(crate) fn trials(machine: &Machine, case: &Case, project: &Arc<Project>) -> Vec<Trial> {
    let trial = |what: &str, needs: &[Need], check: Box<dyn FnOnce(&Project) + Send>| {
        let needs = [case.needs.as_slice(), needs].concat();
        let project = Arc::clone(project);
        let name = format!("{}/{}: {what}", project.name, project.target);
        machine.trial(name, &needs, move || check(&project))
    };
    let (fields, proof, script_calls) = (case.deb_fields, case.proof, case.script_calls);
    vec![
        trial(
            "control fields",
            &[DPKG_DEB],
            Box::new(move |it| has_fields(it, fields)),
        ),
        trial(
            "contents",
            &[DPKG_DEB],
            Box::new(|it| it.check_contents(list)),
        ),
        trial(
            "lintian finds no errors",
            &[Need::Program("lintian")],
            Box::new(is_clean),
        ),
        trial(
            "installs, works and goes",
            &[Need::Program("dpkg"), Need::Root],
            Box::new(move |it| installs(it, proof, script_calls)),
        ),
    ]
}

/// `dpkg-deb -I` reads each package, and the fields of some are those given.
fn has_fields(project: &Project, fields: &[(&str, &str, &str)]) {
    let mut found = Vec::new();
    for package in &project.built().packages {
        run(Command::new("dpkg-deb").arg("-I").arg(package));
        let control = run(Command::new("dpkg-deb").arg("-f").arg(package));
        let field = |name: &str| {
            let line = control
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{name}: ")));
            line.unwrap_or_default().to_owned()
        };
        let wanted = fields
            .iter()
            .filter(|(name, _, _)| *name == field("Package"));
        found.extend(wanted.map(|(package, name, _)| (*package, *name, field(name))));
    }
    let fields: Vec<_> = fields
        .iter()
        .map(|(a, b, c)| (*a, *b, (*c).to_owned()))
        .collect();
    assert_eq!(found, fields);
}

/// Mode, owner and path of each file, links with where they lead.
fn list(package: &Path) -> String {
    let listed = run(Command::new("dpkg-deb").arg("-c").arg(package));
    let mut text = String::new();
    for line in listed.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        text += &format!("{} {} {}\n", words[0], words[1], words[5..].join(" "));
    }
    text
}

/// Everything that is uploaded: binary packages, source package, and what lists them.
fn is_clean(project: &Project) {
    let mut command = Command::new("lintian");
    command.args(["--fail-on", "error", "--allow-root"]);
    run(command.arg(project.built().file(".changes")));
}

/// Programs of maintainer scripts that would change this machine rather than a root.
const STAND_INS: [&str; 11] = [
    "chmod",
    "chown",
    "deb-systemd-helper",
    "deb-systemd-invoke",
    "getent",
    "groupadd",
    "py3clean",
    "py3compile",
    "systemctl",
    "systemd-sysusers",
    "useradd",
];

/// A root with an empty database, and a record of what maintainer scripts call.
struct Root {
    tree: Tree,
    outside: Tree,
}

impl Root {
    fn new() -> Self {
        let tree = Tree::new()
            .dir("run")
            .dir("var/lib/dpkg/info")
            .dir("var/lib/dpkg/updates")
            .file("var/lib/dpkg/status", "")
            .file("var/lib/dpkg/available", "");
        let outside = STAND_INS
            .iter()
            .fold(Tree::new().file("calls", ""), |tree, name| {
                tree.program(&format!("bin/{name}"), STAND_IN)
            });
        Self { tree, outside }
    }

    fn path(&self) -> &Path {
        self.tree.path()
    }

    fn dpkg(&self, args: &[&str], packages: &[&Path]) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("dpkg");
        command
            .arg(format!("--root={}", self.path().display()))
            .args(["--force-script-chrootless", "--force-depends"])
            .args(args)
            .args(packages)
            .env("CALLS", self.outside.join("calls"))
            .env(
                "PATH",
                format!("{}:{path}", self.outside.join("bin").display()),
            );
        run(&mut command)
    }

    fn calls(&self) -> String {
        let calls = fs::read_to_string(self.outside.join("calls")).unwrap();
        calls.replace(&self.path().display().to_string(), "ROOT")
    }

    fn files(&self) -> Vec<String> {
        let mut files = files_below(self.path());
        files.retain(|path| !path.starts_with("var/lib/dpkg/"));
        files
    }

    /// The directory of libraries, which is named after the architecture.
    fn libraries(&self) -> std::path::PathBuf {
        let entries = fs::read_dir(self.path().join("usr/lib"))
            .into_iter()
            .flatten()
            .flatten();
        let mut dirs = entries.map(|entry| entry.path());
        dirs.find(|dir| dir.to_string_lossy().contains("-linux-"))
            .unwrap_or_default()
    }
}

const STAND_IN: &str = "#!/bin/sh\necho \"${0##*/} $*\" >>\"$CALLS\"\n";

fn installs(project: &Project, proof: Proof, script_calls: &str) {
    let root = Root::new();
    let built = project.built();
    let packages: Vec<&Path> = built
        .packages
        .iter()
        .map(std::path::PathBuf::as_path)
        .collect();
    root.dpkg(&["--install"], &packages);
    assert_eq!(root.dpkg(&["--verify"], &[]), "", "dpkg --verify");
    proof(root.path(), &root.libraries());
    for package in packages {
        let name = run(Command::new("dpkg-deb")
            .arg("-f")
            .arg(package)
            .arg("Package"));
        root.dpkg(&["--purge", name.trim()], &[]);
    }
    assert_eq!(
        root.files(),
        Vec::<String>::new(),
        "what dpkg --purge leaves"
    );
    check_calls(&root.calls(), script_calls);
}

fn check_calls(actual: &str, expected: &str) {
    let diff = testkit::diff::lines(expected, actual);
    assert!(diff.is_empty(), "what maintainer scripts call:\n{diff}");
}
