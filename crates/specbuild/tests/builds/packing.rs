//! Packages that can't be written, or not as it was thought: files that change meanwhile, a full disk,
//! a signal. What comes out is a clear error and nothing under a package's name; and sub-packages that
//! are written side by side come out as if they had been written one after the other.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below};
use crate::machine::{Machine, Need, is_root};

/// One target of each family.
const TARGETS: [&str; 2] = ["fedora-42", "debian-12"];

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let needs = ["bash", "setpriv", "truncate"].map(Need::Program);
    let checks: [(&str, fn()); 6] = [
        ("a file that changes or goes is named", a_file_changes),
        ("a full disk is an error", the_disk_is_full),
        ("a signal stops the writing", a_signal_comes),
        ("a name with a newline is refused", a_name_has_a_newline),
        ("a file that can't be read is named", a_file_is_unreadable),
        ("sub-packages keep their order", packages_keep_their_order),
    ];
    let trials = checks
        .into_iter()
        .map(|(name, check)| machine.trial(format!("packing: {name}"), &needs, check));
    trials.collect()
}

/// A spec whose `%install` makes files below `/opt`, and the command that builds it.
fn command(bench: &Bench, target: &str, install: &str) -> Command {
    let spec = format!(
        "%global __os_install_post %{{nil}}\nName: pkg\nVersion: 1\nRelease: 1\nSummary: x\n\
         License: MIT\nBuildArch: noarch\n%description\nx\n%install\nmkdir -p %{{buildroot}}/opt\n\
         cd %{{buildroot}}/opt\n{install}\n%files\n/opt/*\n"
    );
    fs::write(bench.join("desk/pkg.spec"), spec).unwrap();
    let mut command = bench.command("specbuild");
    let define = |name: &str, path: &str| format!("{name} {}", bench.join(path).display());
    command
        .args(["-bb", "pkg.spec", "--target", target, "--nodeps", "--quiet"])
        .args(["-D", &define("_topdir", "top")])
        .args(["-D", &define("_tmppath", "tmp")])
        .args([
            "-D",
            "_binary_payload w1.zstdio",
            "-D",
            "_deb_payload w1.zstdio",
        ])
        .arg("--output")
        .arg(bench.out());
    command
}

/// Has a dependency generator do something to each file: after it was listed, before it is packaged.
fn meddling(command: &mut Command, bench: &Bench, deed: &str) {
    let script = bench.join("desk/meddle");
    fs::write(&script, format!("#!/bin/bash\nread -r path\n{deed}\n")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&script, mode).unwrap();
    command
        .args([
            "-D",
            "_local_file_attrs meddle",
            "-D",
            "__meddle_path ^/opt/",
        ])
        .args(["-D", &format!("__meddle_provides {}", script.display())]);
}

/// Runs a build that must fail: nothing is left where packages and temporary files go.
fn failed(bench: &Bench, command: &mut Command) -> Ran {
    let ran = Ran::from(command.stdin(Stdio::null()).output().unwrap());
    assert_ne!(ran.status, Some(0), "{}", ran.stdout);
    assert!(!ran.stdout.contains("Wrote:"), "{}", ran.stdout);
    for dir in ["out", "tmp"] {
        let left = files_below(&bench.join(dir));
        let left: Vec<_> = left
            .iter()
            .filter(|name| !name.contains("rpm-tmp."))
            .collect();
        assert!(left.is_empty(), "{dir}: {left:?}");
    }
    ran
}

fn a_file_changes() {
    let grown = "changed while it was being packaged: expected 5 bytes, found 6";
    let shrunk = "changed while it was being packaged: expected 5 bytes, found 0";
    for target in TARGETS {
        for (deed, said) in [
            ("echo more >>\"$path\"", grown),
            (": >\"$path\"", shrunk),
            ("rm \"$path\"", "cannot read "),
        ] {
            let bench = Bench::new();
            let mut command = command(&bench, target, "printf 12345 >victim");
            meddling(&mut command, &bench, deed);
            let ran = failed(&bench, &mut command);
            assert_eq!(ran.status, Some(1), "{}", ran.stderr);
            let line = ran.stderr.lines().find(|line| line.contains(said));
            let line = line.unwrap_or_else(|| panic!("{target}: {deed}: {}", ran.stderr));
            assert!(line.contains("/opt/victim"), "{line}");
        }
    }
}

/// The same command started by another program.
fn started_by(words: &[&str], build: &Command) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(build.get_program());
    command.args(build.get_args());
    for (name, value) in build.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(build.get_current_dir().unwrap());
    command
}

/// A limit on the size of files stands for the end of a disk.
fn the_disk_is_full() {
    let limit = "trap '' XFSZ; ulimit -f 1000; exec \"$@\"";
    for target in TARGETS {
        let bench = Bench::new();
        let noise = bench.join("noise");
        let mut random = fs::File::open("/dev/urandom").unwrap().take(3_000_000);
        std::io::copy(&mut random, &mut fs::File::create(&noise).unwrap()).unwrap();
        let build = command(&bench, target, &format!("ln '{}' .", noise.display()));
        let mut limited = started_by(&["bash", "-c", limit, "bash"], &build);
        let ran = failed(&bench, &mut limited);
        assert_eq!(ran.status, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains("cannot write"), "{}", ran.stderr);
        assert!(ran.stderr.contains("File too large"), "{}", ran.stderr);
    }
}

/// To the end, these files would take minutes.
fn a_signal_comes() {
    for target in TARGETS {
        let bench = Bench::new();
        let mut command = command(&bench, target, "truncate -s 64G sparse");
        let deed = "(sleep 0.5; kill -TERM $PPID) >/dev/null 2>&1 &";
        meddling(&mut command, &bench, deed);
        let begin = Instant::now();
        let ran = failed(&bench, &mut command);
        assert_eq!(ran.status, Some(143), "{}", ran.stderr);
        let said = "error: interrupted by SIGTERM\n";
        assert!(ran.stderr.ends_with(said), "{}", ran.stderr);
        assert!(begin.elapsed() < Duration::from_secs(60));
    }
}

/// Neither rpm nor dpkg takes such a name.
fn a_name_has_a_newline() {
    for target in TARGETS {
        let bench = Bench::new();
        let mut command = command(&bench, target, "touch $'a\\nb'");
        let ran = failed(&bench, &mut command);
        for said in ["Illegal character (0xa) in filename: ", "/opt/a\nb"] {
            assert!(ran.stderr.contains(said), "{}", ran.stderr);
        }
    }
}

/// Root may read everything, unless it gives that right away.
fn a_file_is_unreadable() {
    let rights = "--bounding-set=-dac_override,-dac_read_search";
    for target in TARGETS {
        let bench = Bench::new();
        let install = "echo secret >victim\nchmod 000 victim";
        let mut build = command(&bench, target, install);
        if is_root() {
            build = started_by(&["setpriv", rights, "--"], &build);
        }
        let ran = failed(&bench, &mut build);
        let line = ran.stderr.lines().find(|line| line.contains("/opt/victim"));
        let line = line.unwrap_or_else(|| panic!("{}", ran.stderr));
        assert!(line.contains("cannot read"), "{}", ran.stderr);
        assert!(ran.stderr.contains("Permission denied"), "{}", ran.stderr);
    }
}

/// Large ones take longest and have all processors; yet names are given in the order of the spec.
fn packages_keep_their_order() {
    let sizes = [9_000_000, 10, 300_000, 0, 5_000_000, 70, 4096, 1];
    let mut spec =
        "%global __os_install_post %{nil}\nName: pkg\nVersion: 1\nRelease: 1\nSummary: x\n\
        License: MIT\nBuildArch: noarch\n%description\nx\n%install\nmkdir -p %{buildroot}/opt\n\
        cd %{buildroot}/opt\n"
            .to_owned();
    for (index, size) in sizes.iter().enumerate() {
        spec += &format!("yes {index} | head -c {size} >file{index}\n");
    }
    for index in 0..sizes.len() {
        spec += &format!("%package p{index}\nSummary: x\n%description p{index}\nx\n");
        spec += &format!("%files p{index}\n/opt/file{index}\n");
    }
    for target in TARGETS {
        let bench = Bench::new();
        fs::write(bench.join("desk/pkg.spec"), &spec).unwrap();
        let ran = bench
            .build(["-bb", "pkg.spec", "--target", target, "--nodeps"])
            .ok();
        let lines = ran.lines().into_iter();
        let written: Vec<_> = lines
            .filter_map(|line| line.strip_prefix("Wrote: "))
            .collect();
        assert_eq!(written.len(), sizes.len(), "{written:?}");
        for (index, path) in written.iter().enumerate() {
            assert!(path.contains(&format!("pkg-p{index}")), "{written:?}");
            assert!(fs::metadata(path).unwrap().len() > 500, "{path}");
        }
    }
}
