//! The same spec and sources give the same bytes, wherever and whenever they are built.
//!
//! There is a limit that lies in another's program: with link-time optimization gcc puts a number into
//! symbols that it makes of the names of directories.

use std::fs;

use testkit::Trial;

use crate::bench::{Bench, files_below, run, workspace};
use crate::cases::DEBUG_SPLITTER;
use crate::machine::{Machine, Need};

/// One trial per example and family.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let compiler = [Need::Program("gcc"), Need::Program("make"), DEBUG_SPLITTER];
    let python = [Need::Program("python3")];
    let mut trials = Vec::new();
    for (example, needs) in [
        ("libgreet", &compiler[..]),
        ("tickd", &compiler),
        ("python-shout", &python),
    ] {
        for target in ["debian-12", "fedora-42"] {
            let name = format!("repeatable/{example} for {target}");
            let body = move || builds_the_same_twice(example, target, Circumstances::OTHER);
            trials.push(machine.trial(name, needs, body));
        }
    }
    let user = [
        &compiler[..],
        &[Need::Root, Need::Program("setpriv"), readable_binary()],
    ]
    .concat();
    let nobody = Circumstances {
        user: Some("65534"),
        ..Circumstances::USUAL
    };
    trials.extend([
        machine.trial("repeatable/another user", &user, move || {
            builds_the_same_twice("libgreet", "debian-12", nobody);
            builds_the_same_twice("libgreet", "fedora-42", nobody);
        }),
        machine.trial("repeatable/bad dates", &[], refuses_bad_dates),
        machine.trial("repeatable/no date", &[], takes_the_date_of_the_changelog),
        machine.trial("repeatable/no changelog", &[], takes_the_date_of_the_files),
        machine.trial("repeatable/any umask", &[], builds_the_same_with_any_umask),
    ]);
    trials
}

/// What packages must not follow from.
#[derive(Clone, Copy)]
struct Circumstances {
    /// The directory of spec, sources and `%_topdir`.
    place: &'static str,
    umask: &'static str,
    zone: &'static str,
    locale: &'static str,
    processors: &'static str,
    user: Option<&'static str>,
}

impl Circumstances {
    const USUAL: Self = Self {
        place: "one",
        umask: "022",
        zone: "UTC",
        locale: "C.UTF-8",
        processors: "1",
        user: None,
    };
    const OTHER: Self = Self {
        place: "a/longer/path",
        umask: "000",
        zone: "Pacific/Kiritimati",
        locale: "tr_TR.UTF-8",
        processors: "7",
        user: None,
    };
}

/// Whether any user may run the binary under test.
fn readable_binary() -> Need {
    use std::os::unix::fs::PermissionsExt;
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_specbuild"));
    let is_open = |it: &std::path::Path| {
        it.metadata()
            .is_ok_and(|it| it.permissions().mode() & 0o001 != 0)
    };
    Need::Had(match binary.ancestors().all(is_open) {
        true => Ok(()),
        false => Err("other users cannot reach the binary".to_owned()),
    })
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
    for empty in ["documented.src.rpm", "documented.tar"] {
        fs::write(bench.join("desk").join(empty), "").unwrap();
    }
    let starts = [
        ("-bb", "documented.spec"),
        ("-ra", "documented.src.rpm"),
        ("-ta", "documented.tar"),
    ];
    let run = |name: &str, date: &str, args: &[&str]| {
        let mut command = bench.command(name);
        let top = format!("_topdir {}", bench.join("top").display());
        command.env("SOURCE_DATE_EPOCH", date).args(["-D", &top]);
        crate::bench::Ran::from(command.args(args).output().unwrap())
    };
    for name in ["specbuild", "debbuild"] {
        for date in [
            "garbage",
            "1.5",
            "1e9",
            " 1",
            "-1",
            "4294967296",
            "1700000000000",
        ] {
            for (stage, file) in starts {
                let ran = run(name, date, &[stage, file]);
                let line = format!(": unable to parse SOURCE_DATE_EPOCH={date}\n");
                assert!(ran.stderr.contains(&line), "{name} {stage}: {}", ran.stderr);
                assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{name}");
            }
        }
    }
    let build = ["-bb", "documented.spec"];
    for name in ["specbuild", "rpmbuild", "debbuild"] {
        run(name, "", &build).ok();
    }
    // rpm looks at the variable where macros ask for it.
    run("rpmbuild", "garbage", &build).ok();
    for macros in [
        "use_source_date_epoch_as_buildtime 1",
        "clamp_mtime_to_source_date_epoch 1",
        "build_mtime_policy clamp_to_source_date_epoch",
    ] {
        let ran = run(
            "rpmbuild",
            "garbage",
            &[&build[..], &["-D", macros]].concat(),
        );
        let line = "unable to parse SOURCE_DATE_EPOCH=garbage\n";
        assert!(ran.stderr.contains(line), "{macros}: {}", ran.stderr);
        assert_eq!(ran.status, Some(1), "{macros}");
    }
    for time in ["4294967296", "1.5", "-1", "garbage", "+5"] {
        let macros = format!("_buildtime {time}");
        let ran = bench.build([&build[..], &["-D", &macros]].concat());
        let message = "unable to parse _buildtime macro";
        assert!(ran.stderr.contains(message), "{time}: {}", ran.stderr);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{time}");
    }
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

fn takes_the_date_of_the_files() {
    let built = |name: &str, day: u64| {
        let bench = Bench::new();
        let spec = DOCUMENTED.replacen("%description", "Source0: notes\n%description", 1);
        for (file, text, day) in [("documented.spec", spec.as_str(), day), ("notes", "x", 3)] {
            let path = bench.join("desk").join(file);
            fs::write(&path, text).unwrap();
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(day * 86_400);
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_modified(time).unwrap();
        }
        let top = bench.path().display();
        let dirs = [
            format!("_rpmdir {top}/out"),
            format!("_sourcedir {top}/desk"),
        ];
        let args = ["-bb", "documented.spec", "--target", "upstream"];
        let defined = dirs.iter().flat_map(|it| ["-D", it.as_str()]);
        bench.run(name, args.into_iter().chain(defined)).ok();
        let path = files_below(&bench.out()).remove(0);
        let query = ["query", "-p", "--qf", "%{BUILDTIME} [%{FILEMTIMES} ]"];
        let mut command = bench.command("specbuild");
        let output = command.args(query).arg(bench.out().join(path)).output();
        crate::bench::Ran::from(output.unwrap()).stdout
    };
    for (day, newest) in [(2, 3 * 86_400), (5, 5 * 86_400)] {
        let times = built("specbuild", day);
        assert!(
            times.split_whitespace().all(|it| it == newest.to_string()),
            "{times}"
        );
    }
    assert!(!built("rpmbuild", 2).starts_with("259200"));
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

fn builds_the_same_twice(example: &str, target: &str, other: Circumstances) {
    let benches = [Circumstances::USUAL, other].map(|it| build(example, target, it));
    let [one, other] = &benches;
    assert!(!files_below(&one.out()).is_empty());
    assert_eq!(files_below(&one.out()), files_below(&other.out()));
    let differing: Vec<String> = files_below(&one.out())
        .into_iter()
        .filter(|name| {
            fs::read(one.out().join(name)).unwrap() != fs::read(other.out().join(name)).unwrap()
        })
        .collect();
    assert_eq!(differing, Vec::<String>::new(), "packages that differ");
}

/// Builds a copy of an example with a home and a `%_topdir` of its own.
fn build(example: &str, target: &str, it: Circumstances) -> Bench {
    let bench = Bench::new();
    let copy = bench.join(it.place);
    fs::create_dir_all(&copy).unwrap();
    for file in fs::read_dir(workspace("examples").join(example)).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
        }
    }
    let shell = format!("umask {}; exec \"$@\"", it.umask);
    let mut starter = vec!["sh", "-c", &shell, "sh"];
    if let Some(user) = it.user {
        run(std::process::Command::new("chown")
            .args(["-R", user])
            .arg(bench.path()));
        starter.extend([
            "setpriv",
            "--clear-groups",
            "--reuid",
            user,
            "--regid",
            user,
        ]);
    }
    let top = format!("_topdir {}/{}/top", bench.path().display(), it.place);
    let temporary = format!("_tmppath {}", bench.join("desk").display());
    let mut command = bench.command_by("specbuild", &starter);
    command
        .env("SOURCE_DATE_EPOCH", "1750000000")
        .env("TZ", it.zone)
        .env("LC_ALL", it.locale)
        .env("RPM_BUILD_NCPUS", it.processors)
        .args([
            "-D",
            &top,
            "-D",
            &temporary,
            "-D",
            "_lto_cflags %{nil}",
            "-ba",
        ])
        .args(["--nodeps"])
        .arg(copy.join(format!("{example}.spec")))
        .args(["--target", target, "--output"])
        .arg(bench.out());
    crate::bench::Ran::from(command.output().unwrap()).ok();
    bench
}
