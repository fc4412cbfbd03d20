//! What rpm's tools make of a build's packages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use testkit::{Tree, Trial};

use crate::bench::run;
use crate::cases::Case;
use crate::machine::{Machine, Need};
use crate::project::{Project, file_name};

const RPM: Need = Need::Program("rpm");

/// The trials of a project for a target of rpm's family.
pub(crate) fn trials(machine: &Machine, case: &Case, project: &Arc<Project>) -> Vec<Trial> {
    let trial = |what: &str, needs: &[Need], check: Box<dyn FnOnce(&Project) + Send>| {
        let needs = [case.needs.as_slice(), needs].concat();
        let project = Arc::clone(project);
        let name = format!("{}/{}: {what}", project.name, project.target);
        machine.trial(name, &needs, move || check(&project))
    };
    let (required, proof) = (case.rpm_requires, case.proof);
    vec![
        trial("digests hold", &[RPM], Box::new(digests_hold)),
        trial("contents", &[RPM], Box::new(|it| it.check_contents(list))),
        trial(
            "requirements",
            &[RPM],
            Box::new(move |it| has_requirements(it, required)),
        ),
        trial(
            "payloads unpack",
            &[RPM, Need::Program("rpm2cpio"), Need::Program("cpio")],
            Box::new(payloads_unpack),
        ),
        trial(
            "installs, works and goes",
            &[RPM, Need::Root],
            Box::new(move |it| installs(it, proof)),
        ),
    ]
}

fn digests_hold(project: &Project) {
    for package in &project.built().packages {
        let said = run(Command::new("rpm")
            .args(["-K", "--nosignature"])
            .arg(package));
        assert!(said.ends_with(": digests OK\n"), "{said}");
    }
}

/// Mode, owner and path of each file.
fn list(package: &Path) -> String {
    let format = "[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES}\\n]";
    query(package, &["--queryformat", format])
}

fn query(package: &Path, args: &[&str]) -> String {
    run(Command::new("rpm").arg("-qp").args(args).arg(package))
}

/// All requirements can be read, and the first package with files has those given.
fn has_requirements(project: &Project, required: &[(&str, &str)]) {
    let mut found = BTreeSet::new();
    for package in &project.built().packages {
        let name = query(package, &["--queryformat", "%{NAME}"]);
        let requires = query(package, &["--requires"]);
        let requires = requires
            .lines()
            .filter(|_| !file_name(package).ends_with(".src.rpm"));
        found.extend(requires.map(|line| (name.clone(), line.trim().to_owned())));
    }
    for (name, wanted) in required {
        let wanted = ((*name).to_owned(), (*wanted).to_owned());
        assert!(
            found.contains(&wanted),
            "{wanted:?} is not among {found:#?}"
        );
    }
}

/// The payload has the files that the header lists; sources too.
fn payloads_unpack(project: &Project) {
    for package in &project.built().packages {
        let mut reader = Command::new("rpm2cpio")
            .arg(package)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stream = reader.stdout.take().unwrap();
        let listed = run(Command::new("cpio").args(["-t", "--quiet"]).stdin(stream));
        assert!(
            reader.wait().unwrap().success(),
            "rpm2cpio {}",
            package.display()
        );
        let bare = |line: &str| {
            line.trim_start_matches("./")
                .trim_start_matches('/')
                .to_owned()
        };
        let listed: BTreeSet<String> = listed.lines().map(bare).collect();
        let header: BTreeSet<String> = query(package, &["-l"]).lines().map(bare).collect();
        assert_eq!(listed, header, "{}", package.display());
    }
}

/// A root with an empty database.
struct Root {
    tree: Tree,
}

impl Root {
    fn new() -> Self {
        let root = Self { tree: Tree::new() };
        root.rpm(&["--initdb"], &[]);
        root
    }

    fn path(&self) -> &Path {
        self.tree.path()
    }

    fn rpm(&self, args: &[&str], packages: &[&Path]) -> String {
        let mut command = Command::new("rpm");
        command
            .arg("--root")
            .arg(self.path())
            .args(["--dbpath", "/var/lib/rpm"]);
        run(command.args(args).args(packages))
    }

    fn files(&self) -> Vec<String> {
        let mut files = crate::bench::files_below(self.path());
        files.retain(|path| !path.starts_with("var/lib/rpm/"));
        files
    }
}

/// The scriptlets stay out: there is no shell in the root.
fn installs(project: &Project, proof: crate::project::Proof) {
    let root = Root::new();
    let packages = project.built().installable();
    root.rpm(&["-i", "--nodeps", "--noscripts"], &packages);
    let verified = root.rpm(&["-V", "-a", "--nodeps", "--nouser", "--nogroup"], &[]);
    assert_eq!(verified, "", "rpm -V");
    proof(root.path(), &root.path().join("usr/lib64"));
    let names = root.rpm(&["-q", "-a", "--queryformat", "%{NAME}\\n"], &[]);
    assert_eq!(names.lines().count(), packages.len(), "{names}");
    let names: Vec<PathBuf> = names.lines().map(PathBuf::from).collect();
    let names: Vec<&Path> = names.iter().map(PathBuf::as_path).collect();
    root.rpm(&["-e", "--nodeps", "--noscripts"], &names);
    assert_eq!(root.files(), Vec::<String>::new(), "what rpm -e leaves");
}
