//! Packages go through dpkg in a root of their own: install, upgrade, remove, purge. Scriptlets that
//! log their slot and `$1` tell whether the scripts call them as rpm would.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{add_probes, directory, entry, examples, package, run, scriptlet, symlink, text};
use package::{Dependency, FileKind, FileList, Interpreter, Package, Slot, Trigger, TriggerKind};
use tempfile::TempDir;
use testkit::Need;

testkit::trials! {
    [Need::Program("dpkg")] =>
        scriptlets_get_the_counts_that_rpm_gives,
        a_package_removed_with_its_configuration_left_is_new_again,
        failures_stop_what_they_stop_in_rpm,
        only_the_last_status_of_a_scriptlet_counts,
        file_triggers_see_their_paths,
        package_triggers_follow_the_other_package,
        ghosts_go_with_purge,
        the_package_verifies,
        a_directory_becomes_a_link_by_the_known_lua;
    [Need::Program("dpkg"), Need::Program("perl")] => other_programs_get_the_body_as_a_file;
    [Need::Program("dpkg"), Need::Root, Need::Had(has_apts_user())] =>
        owners_come_with_postinst_and_set_id_bits_stay;
}

/// A root for dpkg, and the log of the scriptlets.
struct Root {
    directory: TempDir,
}

impl Root {
    fn new() -> Self {
        let root = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        for directory in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "run", "debs"] {
            fs::create_dir_all(root.path(directory)).unwrap();
        }
        for file in ["var/lib/dpkg/status", "var/lib/dpkg/available", "log"] {
            fs::write(root.path(file), "").unwrap();
        }
        root
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn log_path(&self) -> String {
        self.path("log").display().to_string()
    }

    /// Builds the first of some packages.
    fn build(&self, packages: &[Package]) -> PathBuf {
        common::build(packages, 0, &self.path("debs"))
    }

    fn dpkg(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("dpkg");
        command
            .arg(format!("--root={}", self.directory.path().display()))
            .args([
                "--force-script-chrootless",
                "--force-not-root",
                "--force-depends",
            ])
            .args(arguments)
            .env("LC_ALL", "C");
        command.output().unwrap()
    }

    /// Runs dpkg, which must do it, and returns what the scriptlets have logged since.
    fn does(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.dpkg(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "dpkg {arguments:?}: {said}");
        self.logged()
    }

    fn install(&self, deb: &Path) -> Vec<String> {
        self.does(&["--install", deb.to_str().unwrap()])
    }

    fn logged(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("log")).unwrap();
        fs::write(self.path("log"), "").unwrap();
        log.lines().map(str::to_owned).collect()
    }
}

fn probes(root: &Root, evr: &str) -> Package {
    let mut package = package("probe", evr);
    add_probes(&mut package, &root.log_path());
    package
}

fn scriptlets_get_the_counts_that_rpm_gives() {
    let root = Root::new();
    let old = root.build(&[probes(&root, "1-1")]);
    let new = root.build(&[probes(&root, "2-1")]);
    let first = ["pretrans 1", "pre 1", "post 1", "posttrans 1"];
    let next = [
        "preuntrans 1",
        "preun 1",
        "pretrans 2",
        "pre 2",
        "postun 1",
        "postuntrans 1",
        "post 2",
        "posttrans 2",
    ];
    let last = ["preuntrans 0", "preun 0", "postun 0", "postuntrans 0"];
    assert_eq!(root.install(&old), first);
    assert_eq!(root.install(&new), next, "upgrade");
    assert_eq!(root.install(&old), next, "downgrade");
    assert_eq!(root.install(&old), next, "the same again");
    assert_eq!(root.does(&["--remove", "probe"]), last);
    assert_eq!(root.install(&new), first, "after removal");
    assert_eq!(root.does(&["--purge", "probe"]), last);
    assert_eq!(root.install(&new), first, "after purge");
}

fn a_package_removed_with_its_configuration_left_is_new_again() {
    let root = Root::new();
    let mut with_conffile = probes(&root, "1-1");
    with_conffile.files = FileList::new(vec![text("/etc/probe.conf", "x\n", 0o644)]);
    let deb = root.build(&[with_conffile]);
    root.install(&deb);
    root.does(&["--remove", "probe"]);
    assert!(root.path("etc/probe.conf").exists(), "a conffile stays");
    let first = ["pretrans 1", "pre 1", "post 1", "posttrans 1"];
    assert_eq!(root.install(&deb), first);
    let left: Vec<_> = fs::read_dir(root.path("run")).unwrap().collect();
    assert!(
        left.is_empty(),
        "the mark of a first installation is gone: {left:?}"
    );
    root.does(&["--purge", "probe"]);
    assert!(!root.path("etc/probe.conf").exists());
}

fn failures_stop_what_they_stop_in_rpm() {
    let stops = [
        (Slot::Pre, true),
        (Slot::Post, false),
        (Slot::PostTrans, false),
    ];
    for (slot, stop) in stops {
        let root = Root::new();
        let mut failing = package("probe", "1-1");
        failing.scriptlets.insert(slot, scriptlet("false\nfalse"));
        let deb = root.build(&[failing]);
        let status = root.dpkg(&["--install", deb.to_str().unwrap()]).status;
        assert_eq!(status.success(), !stop, "{slot:?}");
    }
    let root = Root::new();
    let mut stubborn = package("probe", "1-1");
    stubborn
        .scriptlets
        .insert(Slot::PreUn, scriptlet("[ $1 -gt 0 ]"));
    let deb = root.build(&[stubborn]);
    root.install(&deb);
    root.install(&deb);
    assert!(
        !root.dpkg(&["--remove", "probe"]).status.success(),
        "%preun says no"
    );
}

fn only_the_last_status_of_a_scriptlet_counts() {
    let root = Root::new();
    let mut relaxed = package("probe", "1-1");
    let body = format!(
        "false\nset -e\n(exit 0)\necho went on >>{}\nexit 0\n",
        root.log_path()
    );
    relaxed.scriptlets.insert(Slot::Pre, scriptlet(&body));
    assert_eq!(root.install(&root.build(&[relaxed])), ["went on"]);
}

fn other_programs_get_the_body_as_a_file() {
    let root = Root::new();
    let mut other = package("probe", "1-1");
    let log = root.log_path();
    let mut perl = scriptlet(&format!(
        "open my $log, '>>', '{log}';\nprint $log \"perl $ARGV[0]\\n\";\n# EOF '\"`$x\n"
    ));
    perl.interpreter = Interpreter::Program(vec!["/usr/bin/perl".into(), "-w".into()]);
    other.scriptlets.insert(Slot::Post, perl);
    let bash = scriptlet(&format!("list=(a b)\necho \"${{list[1]}} $1\" >>{log}\n"));
    other.scriptlets.insert(Slot::Pre, bash);
    assert_eq!(root.install(&root.build(&[other])), ["b 1", "perl 1"]);
}

fn file_triggers_see_their_paths() {
    let root = Root::new();
    let mut watcher = package("watcher", "1-1");
    // Scripts run outside the root here, so that the path exists on both sides.
    let place = root.path("watched").display().to_string();
    fs::create_dir(&place).unwrap();
    watcher.triggers.push(Trigger {
        kind: TriggerKind::TransFileIn,
        conditions: vec![Dependency::on(place.as_str())],
        priority: 100_000,
        scriptlet: scriptlet(&format!("grep /x | sed \"s/^/$1 /\" >>{}", root.log_path())),
    });
    assert_eq!(root.install(&root.build(&[watcher])), [""; 0]);
    fs::write(format!("{place}/x"), "").unwrap();
    let mut watched = package("watched", "1-1");
    watched.files = FileList::new(vec![text(&format!("{place}/x"), "x", 0o644)]);
    let deb = root.build(&[watched]);
    assert_eq!(
        root.install(&deb),
        [format!("1 {place}/x")],
        "another package's file"
    );
    fs::remove_file(format!("{place}/x")).unwrap();
    assert_eq!(
        root.does(&["--remove", "watched"]),
        [""; 0],
        "the file is gone"
    );
}

fn package_triggers_follow_the_other_package() {
    let root = Root::new();
    let trigger = |kind, word: &str, version| Trigger {
        kind,
        conditions: vec![match version {
            Some(version) => Dependency::versioned("other", package::Comparison::Less, version),
            None => Dependency::on("other"),
        }],
        priority: 100_000,
        scriptlet: scriptlet(&format!("echo {word} $1 $2 >>{}", root.log_path())),
    };
    let mut watcher = package("watcher", "1-1");
    watcher.triggers = vec![
        trigger(TriggerKind::PackageIn, "in", None),
        trigger(TriggerKind::PackageIn, "old", Some("2")),
        trigger(TriggerKind::PackagePostUn, "gone", None),
    ];
    let mut other = package("other", "1-1");
    let watcher = root.build(&[watcher, other.clone()]);
    root.install(&watcher);
    let first = root.build(&[other.clone()]);
    other.evr = package::Evr::parse("3-1").unwrap();
    let next = root.build(&[other]);
    assert_eq!(root.install(&first), ["in 1 1", "old 1 1"]);
    assert_eq!(root.install(&next), ["in 1 2", "gone 1 1"]);
    assert_eq!(root.does(&["--remove", "other"]), ["gone 1 0"]);
}

fn ghosts_go_with_purge() {
    let root = Root::new();
    let mut haunted = package("haunted", "1-1");
    let ghost = |mut entry: package::FileEntry| {
        entry.flags.ghost = true;
        entry
    };
    let place = root.path("var/lib/haunted").display().to_string();
    haunted.files = FileList::new(vec![
        ghost(directory(&place)),
        ghost(text(&format!("{place}/state"), "", 0o644)),
        ghost(symlink(&format!("{place}/tool"), "x")),
    ]);
    root.install(&root.build(&[haunted]));
    assert!(!Path::new(&place).exists(), "a ghost is not shipped");
    fs::create_dir_all(&place).unwrap();
    fs::write(format!("{place}/state"), "x").unwrap();
    std::os::unix::fs::symlink("/etc/alternatives/tool", format!("{place}/tool")).unwrap();
    root.does(&["--remove", "haunted"]);
    assert!(
        Path::new(&place).join("state").exists(),
        "removal leaves it"
    );
    root.does(&["--purge", "haunted"]);
    assert!(!Path::new(&place).join("state").exists());
    assert!(
        Path::new(&place).join("tool").is_symlink(),
        "what alternatives has put there stays"
    );
}

fn the_package_verifies() {
    let root = Root::new();
    let mut plain = package("plain", "1:1^x-1");
    let set = Some(package::LinkSet { id: 0, names: 2 });
    let linked = |path: &str| {
        let mut entry = text(path, "same", 0o755);
        entry.link_set = set;
        entry
    };
    let long = format!("/usr/share/plain/{}/{}", "d".repeat(120), "f".repeat(140));
    plain.files = FileList::new(vec![
        linked("/usr/bin/a"),
        linked("/usr/bin/b"),
        text(&long, "long", 0o644),
        symlink("/usr/bin/c", "a"),
        entry("/usr/share/plain/fifo", FileKind::Fifo, 0o600),
    ]);
    let deb = root.build(&[plain]);
    assert!(deb.ends_with("plain_1+x-1_amd64.deb"), "{deb:?}");
    root.install(&deb);
    assert_eq!(root.does(&["--verify", "plain"]), [""; 0]);
    let fifo = || {
        use std::os::unix::fs::FileTypeExt;
        let status = fs::symlink_metadata(root.path("usr/share/plain/fifo"));
        status.is_ok_and(|it| it.file_type().is_fifo())
    };
    assert!(fifo(), "a named pipe is made");
    let same = |name: &str| {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(root.path(name)).unwrap().ino()
    };
    assert_eq!(same("usr/bin/a"), same("usr/bin/b"), "hard links stay");
    let listed = run(Command::new("dpkg-deb").arg("--contents").arg(&deb));
    assert!(
        listed.contains("./usr/bin/b link to ./usr/bin/a"),
        "{listed}"
    );
    assert!(listed.contains(&format!(".{long}")), "{listed}");
    assert!(!listed.contains("fifo"), "Policy 10.6: {listed}");
    root.does(&["--remove", "plain"]);
    assert!(!fifo(), "and goes with the package");
}

/// `_apt` has no fixed number, so that no archive can name it.
fn has_apts_user() -> Result<(), String> {
    let id = Command::new("id").args(["-u", "_apt"]).output();
    let is_there = id.is_ok_and(|id| id.status.success());
    is_there
        .then_some(())
        .ok_or_else(|| "there is no user _apt".to_owned())
}

fn owners_come_with_postinst_and_set_id_bits_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let root = Root::new();
    let place = root.path("helper").display().to_string();
    fs::write(&place, "x").unwrap();
    let mut owned = package("owned", "1-1");
    let helper = text(&place, "x", 0o4750);
    let stranger = text(&format!("{place}-2"), "x", 0o4750);
    owned.files = FileList::new(vec![
        examples::owned(helper, "_apt", "root"),
        examples::owned(stranger, "nobody-knows-me", "root"),
    ]);
    let deb = root.build(&[owned]);
    let listed = run(Command::new("dpkg-deb").arg("--contents").arg(&deb));
    assert!(
        listed.contains("-rwxr-x--- root/root"),
        "no set-id bit for root: {listed}"
    );
    root.install(&deb);
    let status = fs::metadata(&place).unwrap();
    let id = run(Command::new("id").args(["-u", "_apt"]));
    assert_eq!(status.uid().to_string(), id.trim());
    assert_eq!(status.permissions().mode() & 0o7777, 0o4750);
}

fn a_directory_becomes_a_link_by_the_known_lua() {
    let root = Root::new();
    let mut old = package("moved", "1-1");
    old.files = FileList::new(vec![text("/usr/share/moved/data/x", "x", 0o644)]);
    root.install(&root.build(&[old]));
    let (_, mut new) = examples::of_lines::scriptlets();
    new[0].name = "moved".into();
    new[0].evr = package::Evr::parse("2-1").unwrap();
    new[0].scriptlets.retain(|slot, _| *slot == Slot::PreTrans);
    let lua = new[0].scriptlets.get_mut(&Slot::PreTrans).unwrap();
    lua.body = lua
        .body
        .take()
        .map(|body| body.replace("/scripted/", "/moved/"));
    new[0].files = FileList::new(vec![
        symlink("/usr/share/moved/data", "../other"),
        text("/usr/share/other/x", "x", 0o644),
    ]);
    root.install(&root.build(&new));
    let link = fs::read_link(root.path("usr/share/moved/data")).unwrap();
    assert_eq!(link, Path::new("../other"));
}
