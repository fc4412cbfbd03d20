//! A spec in an older encoding, read by the real rpmspec and by ours.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use testkit::Trial;

use crate::bench::Bench;

/// The faults as rpm tells them, and bytes that reach a script unchanged.
pub(crate) fn trials() -> Vec<Trial> {
    let checks: [(&str, fn()); 3] = [
        ("the faults are rpm's", tells_what_rpm_tells),
        ("warnings leave the bytes alone", leaves_bytes_alone),
        ("scripts get the bytes", hands_bytes_to_scripts),
    ];
    let named = checks.into_iter().map(|(name, check)| {
        Trial::test(format!("encodings: {name}"), move || {
            check();
            Ok(())
        })
    });
    named.collect()
}

const TEXTS: &str = "Name: old
Version: 1
Release: 1
Summary: café
License: MIT
BuildArch: noarch
%description
naïve
%files
%post
echo über
%changelog
* Mon Nov 23 2026 Jörg <joerg@example.org> - 1-1
- café
";

/// The last characters are, as bytes, a character that our own strings hold bytes by.
const SCRIPTS: &str = "Name: old
Version: 1
Release: 1
Summary: A package
License: MIT
BuildArch: noarch
%define tea thé
%description
None.
%install
mkdir -p %{buildroot}/usr
printf '%{tea} %(printf '\\374') ' > %{buildroot}/usr/text
printf '%{lua: print(rpm.expand('%{tea}') .. 'è')} \u{f4}\u{8f}\u{bf}\u{bf}' >> %{buildroot}/usr/text
%files
/usr/text
";

/// Writes a spec in Latin-1.
fn spec(bench: &Bench, text: &str) -> PathBuf {
    let path = bench.join("desk/old.spec");
    let bytes: Vec<u8> = text.chars().map(|it| it as u8).collect();
    fs::write(&path, bytes).unwrap();
    path
}

/// What a program says of the spec, run where the spec is.
fn query(mut program: Command, bench: &Bench, args: &[&str]) -> Output {
    let format = ["-q", "--qf", "%{SUMMARY} %{DESCRIPTION}\\n"];
    let desk = bench.join("desk");
    program.current_dir(desk).env("LC_ALL", "C.UTF-8");
    program.args(args).args(format).arg("old.spec");
    program.output().unwrap()
}

fn tells_what_rpm_tells() {
    let bench = Bench::new();
    spec(&bench, TEXTS);
    let ours = query(bench.command("rpmspec"), &bench, &[]);
    let rpms = query(Command::new("/usr/bin/rpmspec"), &bench, &[]);
    let shown = |it: &Output| it.stderr.escape_ascii().to_string();
    assert_eq!(shown(&ours), shown(&rpms));
    assert_eq!(ours.status.code(), rpms.status.code());
    assert!(shown(&ours).contains("in Summary: caf\\xe9 - "));
}

fn leaves_bytes_alone() {
    let bench = Bench::new();
    spec(&bench, TEXTS);
    let args = ["-D", "_invalid_encoding_terminates_build 0"];
    let ours = query(bench.command("rpmspec"), &bench, &args);
    let rpms = query(Command::new("/usr/bin/rpmspec"), &bench, &args);
    assert_eq!(ours.stdout, b"caf\xe9 na\xefve\n");
    assert_eq!(ours.stdout, rpms.stdout);
}

fn hands_bytes_to_scripts() {
    let bench = Bench::new();
    let path = spec(&bench, SCRIPTS);
    let args = ["-bi", "--noclean", path.to_str().unwrap()];
    bench.run("rpmbuild", args).ok();
    let made = fs::read(bench.join("top/BUILD/old-1-build/BUILDROOT/usr/text")).unwrap();
    let expected = b"th\xe9 \xfc th\xe9\xe8 \xf4\x8f\xbf\xbf";
    assert_eq!(
        made.escape_ascii().to_string(),
        expected.escape_ascii().to_string()
    );
}
