//! The same spec and sources give the same bytes, wherever and whenever they are built.
//!
//! For the family of rpm there are two limits that lie in others' programs. With link-time
//! optimization gcc puts a number into symbols that it makes of the names of directories; and
//! debugedit(1) makes another build ID where the path of `%_builddir` has another length.

use std::fs;

use testkit::Trial;

use crate::bench::{Bench, files_below, workspace};
use crate::cases::DEBUG_SPLITTER;
use crate::machine::{Machine, Need};

/// One trial per family, with two places to build in.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let needs = [Need::Program("gcc"), Need::Program("make"), DEBUG_SPLITTER];
    let trial = |target: &'static str, places: [&'static str; 2]| {
        let name = format!("repeatable/{target}");
        machine.trial(name, &needs, move || builds_the_same_twice(target, places))
    };
    vec![
        trial("debian-12", ["one", "a/longer/path"]),
        trial("fedora-42", ["one", "two"]),
        machine.trial("repeatable/bad dates", &[], refuses_bad_dates),
        machine.trial("repeatable/no date", &[], takes_the_date_of_the_changelog),
        machine.trial("repeatable/any umask", &[], builds_the_same_with_any_umask),
    ]
}

/// A spec whose documentation has directories that nobody but the build makes.
const DOCUMENTED: &str = "\
Name: documented\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
%description\nx\n%package sub\nSummary: y\n%description sub\ny\n\
%build\nmkdir -p deep/er\nfor it in NOTES COPYING deep/er/page; do echo text >$it; done\n\
%files\n%doc NOTES deep\n%license COPYING\n%files sub\n%license deep/er\n";

/// What cannot be read stops a build before anything runs, also of a source package.
fn refuses_bad_dates() {
    let bench = Bench::new();
    fs::write(bench.join("desk/documented.spec"), DOCUMENTED).unwrap();
    for name in ["specbuild", "rpmbuild", "debbuild"] {
        for date in [
            "garbage",
            "1.5",
            "1e9",
            " 1",
            "",
            "-1",
            "4294967296",
            "1700000000000",
        ] {
            for stage in ["-bb", "-ra", "-ta"] {
                let mut command = bench.command(name);
                command
                    .env("SOURCE_DATE_EPOCH", date)
                    .args([stage, "documented.spec"]);
                let ran = crate::bench::Ran::from(command.output().unwrap());
                let line = format!("error: unable to parse SOURCE_DATE_EPOCH={date}\n");
                assert!(ran.stderr.contains(&line), "{name} {stage}: {}", ran.stderr);
                assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{name}");
            }
        }
    }
    let late = ["-D", "_buildtime 4294967296"];
    let ran = bench.build(
        [
            &["-bb", "documented.spec", "--target", "upstream"],
            &late[..],
        ]
        .concat(),
    );
    assert!(
        ran.stderr.contains("unable to parse _buildtime macro"),
        "{}",
        ran.stderr
    );
}

fn takes_the_date_of_the_changelog() {
    let spec = format!("{DOCUMENTED}%changelog\n* Mon Jan 06 2020 A <a@example.org> - 1-1\n- x\n");
    let built = |name: &str| {
        let bench = Bench::new();
        fs::write(bench.join("desk/documented.spec"), &spec).unwrap();
        let top = bench.path().display();
        let dir = format!("_rpmdir {top}/out");
        let args = ["-bb", "documented.spec", "--target", "upstream", "-D", &dir];
        bench.run(name, args).ok();
        let path = files_below(&bench.out()).remove(0);
        let form = "%{BUILDTIME} %{BUILDHOST} [%{FILEMTIMES} ]";
        let query = ["query", "-p", "--qf", form];
        let path = bench.out().join(path);
        let mut command = bench.command("specbuild");
        let output = command.args(query).arg(path).output().unwrap();
        crate::bench::Ran::from(output).stdout
    };
    let own = built("specbuild");
    assert!(own.starts_with("1578268800 localhost 1578268800 "), "{own}");
    assert!(!built("rpmbuild").starts_with("1578268800"));
}

fn builds_the_same_with_any_umask() {
    for name in ["specbuild", "rpmbuild"] {
        let built = ["022", "002", "027", "000"].map(|mask| build_with_umask(name, mask));
        let files = |bench: &Bench| files_below(&bench.out());
        assert!(!files(&built[0]).is_empty(), "{name}");
        for (mask, bench) in ["002", "027", "000"].iter().zip(&built[1..]) {
            assert_eq!(files(bench), files(&built[0]), "{name}, umask {mask}");
            for file in files(bench) {
                let [one, other] = [bench, &built[0]].map(|it| fs::read(it.out().join(&file)));
                assert!(
                    one.unwrap() == other.unwrap(),
                    "{name}, umask {mask}: {file}"
                );
            }
        }
    }
}

fn build_with_umask(name: &str, mask: &str) -> Bench {
    let bench = Bench::new();
    fs::write(bench.join("desk/documented.spec"), DOCUMENTED).unwrap();
    let shell = format!("umask {mask}; exec \"$@\"");
    let mut command = bench.command_by(name, &["sh", "-c", &shell, "sh"]);
    let targets = match name {
        "specbuild" => "deb,rpm",
        _ => "noarch",
    };
    let top = bench.path().display();
    command
        .env("SOURCE_DATE_EPOCH", "1750000000")
        .args([
            "-D",
            &format!("_topdir {top}/top"),
            "-D",
            &format!("_tmppath {top}/desk"),
        ])
        .args([
            "-D",
            &format!("_rpmdir {top}/out"),
            "-D",
            &format!("_debdir {top}/out"),
        ])
        .args(["-D", "build_mtime_policy clamp_to_source_date_epoch"])
        .args(["-bb", "documented.spec", "--target", targets]);
    crate::bench::Ran::from(command.output().unwrap()).ok();
    bench
}

fn builds_the_same_twice(target: &str, places: [&str; 2]) {
    let [one, other] = places.map(|place| build(target, place));
    assert_eq!(files_below(&one.out()), files_below(&other.out()));
    let differing: Vec<String> = files_below(&one.out())
        .into_iter()
        .filter(|name| {
            fs::read(one.out().join(name)).unwrap() != fs::read(other.out().join(name)).unwrap()
        })
        .collect();
    assert_eq!(differing, Vec::<String>::new(), "packages that differ");
}

/// Builds an example from a copy below `place`, with a home and a `%_topdir` of its own.
fn build(target: &str, place: &str) -> Bench {
    let bench = Bench::new();
    let copy = bench.join(place);
    fs::create_dir_all(&copy).unwrap();
    let from = workspace("examples/libgreet");
    for name in [
        "libgreet.spec",
        "libgreet-1.2.0.tar.gz",
        "libgreet-empty-name.patch",
    ] {
        fs::copy(from.join(name), copy.join(name)).unwrap();
    }
    let mut command = bench.command("specbuild");
    command
        .env("SOURCE_DATE_EPOCH", "1750000000")
        .args([
            "-D",
            &format!("_topdir {}/{place}/top", bench.path().display()),
        ])
        .args(["-D", "_lto_cflags %{nil}", "-ba"])
        .arg(copy.join("libgreet.spec"))
        .args(["--target", target, "--output"])
        .arg(bench.out());
    crate::bench::Ran::from(command.output().unwrap()).ok();
    bench
}
