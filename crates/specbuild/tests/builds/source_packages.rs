//! Source packages of Debian's family that are less plain than those of the examples.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::{Tree, Trial};

use crate::bench::{Bench, Ran, run};
use crate::machine::{Machine, Need};
use crate::project::file_name;
use crate::uploads::{DPKG_DEV, Unpacked};

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let tar = [
        &DPKG_DEV[..],
        &[Need::Program("tar"), Need::Program("gzip")],
    ]
    .concat();
    let trial =
        |name: &str, body: fn()| machine.trial(format!("source packages: {name}"), &tar, body);
    let gpg = [&tar[..], &[Need::Program("gpg")]].concat();
    vec![
        machine.trial("source packages: texts of uploads are signed", &gpg, signs),
        trial("a source that is no tar archive is put into one", wraps),
        trial(
            "a spec without sources has a source package",
            has_no_sources,
        ),
        trial("a tree that was changed is built as it is", builds_changes),
        trial("those of both families are rebuilt", rebuilds_sources),
        trial("what is left out keeps one from being", leaves_out),
        trial("unpacking runs nothing", unpacks_without_running),
        trial("unpacking follows no links", replaces_links),
        trial("endless Lua does not keep unpacking", ends_soon),
        trial("signals leave nothing unpacked", signals_leave_nothing),
        trial("parts are regular files of their size", parts_are_files),
        trial("an archive around a link is an error", link_in_archive),
    ]
}

const HEAD: &str = "Name: Odd_Pkg\nVersion: 1.0~rc1\nRelease: 2\nEpoch: 3\nSummary: x\nLicense: MIT\n\
                    Packager: A Packager <a@example.org>\n";
const LOG: &str =
    "%changelog\n* Mon Mar 03 2025 A Packager <a@example.org> - 3:1.0~rc1-2\n- Closes: #7\n";

/// Builds a spec that lies on the desk, and returns what was written by ending.
fn built(bench: &Bench, spec: &str, args: &[&str]) -> Ran {
    fs::write(bench.join("desk/odd.spec"), spec).unwrap();
    let own = ["odd.spec", "--target", "debian-12", "--nodeps"];
    bench.build([args, &own].concat())
}

fn debs(bench: &Bench) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(bench.out())
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| file_name(path).ends_with(".deb"))
        .collect();
    paths.sort();
    paths
}

fn wraps() {
    let bench = Bench::new();
    fs::write(bench.join("desk/data.bin"), b"a\0b").unwrap();
    fs::write(bench.join("desk/run.sh"), "#!/bin/sh\necho hi\n").unwrap();
    let overrides = "odd-pkg source: some-tag\n";
    fs::write(bench.join("desk/odd.source.lintian-overrides"), overrides).unwrap();
    let spec = format!(
        "{HEAD}Source0: data.bin\nSource1: run.sh\nSource2: data.bin\nSource3: odd.source.lintian-overrides\nBuildRequires: make, bc >= 1\n\
         BuildConflicts: gone < 2\n%description\nx\n%package -n odd-all\nSummary: y\nBuildArch: noarch\n\
         %description -n odd-all\ny\n%install\ninstall -Dp %{{SOURCE0}} %{{buildroot}}/usr/share/odd/data\n\
         install -Dpm 755 %{{SOURCE1}} %{{buildroot}}/usr/bin/odd%{{?with_more:-more}}\n\
         %files\n/usr/bin/*\n%files -n odd-all\n/usr/share/odd\n{LOG}"
    );
    let more = ["-ba", "-D", "with_more $1 'x'", "--with", "y"];
    let told = built(&bench, &spec, &more).ok().stderr;
    assert!(
        told.contains("`data.bin` is no tar archive that dpkg-source takes"),
        "{told}"
    );
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let fields = fs::read_to_string(&dsc).unwrap();
    for line in [
        "Architecture: any all",
        "Version: 3:1.0~rc1-2",
        "Build-Depends: specbuild, bc (>= 1)",
        "Build-Conflicts: gone (<< 2)",
        " odd-all deb misc optional arch=all",
    ] {
        assert!(fields.lines().any(|it| it == line), "{line}\n{fields}");
    }
    let changes = fs::read_to_string(bench.out().join("odd-pkg_1.0~rc1-2_amd64.changes")).unwrap();
    assert!(changes.contains("\nCloses: 7\n"), "{changes}");
    let unpacked = Unpacked::new(&bench.out(), &dsc);
    let kept = fs::read_to_string(unpacked.tree().join("debian/source/lintian-overrides"));
    assert_eq!(kept.unwrap(), overrides);
    unpacked.build(&["-sa"], &[]);
    debs(&bench)
        .iter()
        .for_each(|package| unpacked.has_same(package));
    assert_eq!(debs(&bench).len(), 2);
    rebuilt_from(&bench, &dsc, &["-D", "with_more $1 'x'", "--with", "y"]);
}

/// `--rebuild` makes the packages that are there already.
fn rebuilt_from(first: &Bench, source: &Path, args: &[&str]) {
    let bench = Bench::new();
    let own = [
        "--rebuild",
        source.to_str().unwrap(),
        "--target",
        "debian-12",
        "--nodeps",
    ];
    bench.build([&own, args].concat()).ok();
    let packages = debs(first);
    assert_eq!(packages.len(), debs(&bench).len());
    for (package, again) in packages.iter().zip(debs(&bench)) {
        let same = fs::read(package).unwrap() == fs::read(&again).unwrap();
        assert!(same, "{} differs", again.display());
    }
    let left = crate::bench::files_below(&bench.join("top"));
    assert_eq!(left, Vec::<String>::new(), "left by --rebuild");
}

fn has_no_sources() {
    let bench = Bench::new();
    let spec = format!("{HEAD}BuildArch: noarch\n%description\nx\n%files\n{LOG}");
    let overrides = "odd-pkg source: beside-the-spec\n";
    fs::write(bench.join("desk/odd.source.lintian-overrides"), overrides).unwrap();
    built(&bench, &spec, &["-ba"]).ok();
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let unpacked = Unpacked::new(&bench.out(), &dsc);
    let kept = fs::read_to_string(unpacked.tree().join("debian/source/lintian-overrides"));
    assert_eq!(kept.unwrap(), overrides);
    // An archive of nothing is none to lintian.
    assert!(unpacked.tree().join("README").is_file());
    unpacked.build(&["-A"], &[]);
    debs(&bench)
        .iter()
        .for_each(|package| unpacked.has_same(package));
}

/// A package whose upstream archive has a `debian/` of its own, and whose tests fail if they run.
fn with_tests(bench: &Bench) {
    let tree = Tree::new()
        .file("odd-1/hello", "hello\n")
        .file("odd-1/debian/rules", "upstream's\n");
    let archive = bench.join("desk/odd-1.tar.gz");
    let mut tar = Command::new("tar");
    run(tar
        .arg("-C")
        .arg(tree.path())
        .arg("-czf")
        .arg(archive)
        .arg("odd-1"));
    let spec = format!(
        "{HEAD}Source0: odd-1.tar.gz\n%description\nx\n%package -n odd-all\nSummary: y\nBuildArch: \
         noarch\n%description -n odd-all\ny\n%prep\n%setup -q -n odd-1\n%install\n\
         install -Dpm 644 hello %{{buildroot}}/usr/share/odd/hello\n\
         echo jobs %{{_smp_build_ncpus}}\ntest ! -e debian || install -Dpm 644 debian/rules \
         %{{buildroot}}/usr/share/odd/rules\n%check\ngrep -q hello hello\n\
         %files\n%files -n odd-all\n/usr/share/odd\n{LOG}"
    );
    built(bench, &spec, &["-ba"]).ok();
}

fn builds_changes() {
    let bench = Bench::new();
    with_tests(&bench);
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let unpacked = Unpacked::new(&bench.out(), &dsc);
    let told = unpacked.build(&["-B"], &[]);
    assert!(!told.contains("is packed anew"), "{told}");
    assert!(
        !unpacked
            .bench
            .out()
            .join("odd-all_1.0~rc1-2_all.deb")
            .exists()
    );
    fs::write(unpacked.tree().join("hello"), "changed\n").unwrap();
    let options = [("DEB_BUILD_OPTIONS", "nocheck parallel=3")];
    let told = unpacked.build(&["-A"], &options);
    assert!(told.contains("odd-1.tar.gz is packed anew"), "{told}");
    assert!(told.contains("\njobs 3\n"), "{told}");
    let package = unpacked.bench.out().join("odd-all_1.0~rc1-2_all.deb");
    let mut dpkg = Command::new("dpkg-deb");
    run(dpkg.arg("-x").arg(package).arg(unpacked.bench.join("home")));
    let hello = fs::read_to_string(unpacked.bench.join("home/usr/share/odd/hello"));
    assert_eq!(hello.unwrap(), "changed\n");
}

fn rebuilds_sources() {
    let bench = Bench::new();
    with_tests(&bench);
    rebuilt_from(&bench, &bench.out().join("odd-pkg_1.0~rc1-2.dsc"), &[]);
    let args = ["-bs", "odd.spec", "--target", "fedora-42", "--nodeps"];
    bench.build(args).ok();
    rebuilt_from(&bench, &bench.out().join("Odd_Pkg-1.0~rc1-2.src.rpm"), &[]);
    let upstream = bench.out().join("odd-pkg_1.0~rc1.orig.tar.gz");
    fs::write(&upstream, "changed").unwrap();
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let told = bench.run(
        "specbuild",
        ["--rebuild", dsc.to_str().unwrap(), "--target", "debian-12"],
    );
    assert_eq!(told.status, Some(1));
    assert!(
        told.stderr.contains("size or SHA-256 differ"),
        "{}",
        told.stderr
    );
}

fn leaves_out() {
    let bench = Bench::new();
    fs::write(bench.join("desk/data.bin"), "x").unwrap();
    let spec = format!("{HEAD}Source0: data.bin\nNoSource: 0\n%description\nx\n%files\n{LOG}");
    let told = built(&bench, &spec, &["-bs"]);
    assert_eq!(told.status, Some(1));
    let expected = "`data.bin` is left out of it, and it has to hold all sources";
    assert!(told.stderr.contains(expected), "{}", told.stderr);
    let told = built(&bench, &spec, &["-ba"]).ok().stderr;
    assert!(told.contains(expected), "{told}");
    assert_eq!(crate::bench::files_below(&bench.out()).len(), 1);
}

/// The texts of an upload are signed in the clear, by the key that signs packages as they are built.
fn signs() {
    let gnupg = testkit::GnupgHome::new();
    let key = gnupg.make_key("rsa2048", "A Packager <a@example.org>", None);
    let bench = Bench::new();
    let spec = format!("{HEAD}BuildArch: noarch\n%description\nx\n%files\n{LOG}");
    let path = format!("_gpg_path {}", gnupg.path().display());
    let autosign = format!("_openpgp_autosign_id {key}");
    built(&bench, &spec, &["-ba", "-D", &path, "-D", &autosign]).ok();
    for ending in [".dsc", "_amd64.buildinfo", "_amd64.changes"] {
        let signed = fs::read(bench.out().join(format!("odd-pkg_1.0~rc1-2{ending}"))).unwrap();
        let text = gnupg.verify(&signed, None);
        assert!(text.starts_with("Format: "), "{text}");
    }
    let dsc = bench.out().join("odd-pkg_1.0~rc1-2.dsc");
    let unpacked = Unpacked::new(&bench.out(), &dsc);
    let rules = fs::read_to_string(unpacked.tree().join("debian/rules")).unwrap();
    assert!(
        !rules.contains(&key),
        "who signs is no part of what is built:\n{rules}"
    );
    rebuilt_from(&bench, &dsc, &[]);
}

/// A source package whose spec runs commands and Lua when it is read, with lines of `debian/rules`.
fn with_commands(bench: &Bench, source: &str, rules: &str) -> PathBuf {
    let tree = with_spec(bench, source, rules).file("odd-1/hello", "hello\n");
    packed(bench, &tree, (tree.path(), "odd-1"))
}

/// One whose upstream archive holds a file of a directory, the main source.
fn with_archive_of(bench: &Bench, directory: &Path, file: &str) -> PathBuf {
    let tree = with_spec(bench, &format!("Source0: {file}"), "");
    packed(bench, &tree, (directory, file))
}

/// What a source package has in `debian/`.
fn with_spec(bench: &Bench, source: &str, rules: &str) -> Tree {
    let trap = bench.join("trap");
    let spec = format!(
        "%(touch {0})\n%global seen %(touch {0}; echo x)\n\
         %{{lua: if io.open then io.open('{0}', 'w'):close() end}}\n\
         Name: odd\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n{source}\n%description\nx\n",
        trap.display()
    );
    Tree::new()
        .file("debian/specbuild/odd.spec", &spec)
        .file("debian/specbuild/more.spec", "a source that is called so\n")
        .file(
            "debian/rules",
            format!("{rules}SPEC = debian/specbuild/odd.spec\n"),
        )
}

/// A `.dsc` on the desk, of `debian/` and an upstream archive of a file in a directory.
fn packed(bench: &Bench, tree: &Tree, (directory, upstream): (&Path, &str)) -> PathBuf {
    let pack = |name: &str, directory: &Path, what: &str| {
        let mut tar = Command::new("tar");
        run(tar
            .arg("-C")
            .arg(directory)
            .arg("-czf")
            .arg(bench.join("desk").join(name))
            .arg(what));
        let path = bench.join("desk").join(name);
        let mut sum = Command::new("sha256sum");
        let sum = run(sum.arg(&path));
        let sum = sum.split(' ').next().unwrap_or_default().to_owned();
        format!(" {sum} {} {name}\n", fs::metadata(&path).unwrap().len())
    };
    let lines = pack("odd_1.orig.tar.gz", directory, upstream)
        + &pack("odd_1-1.debian.tar.gz", tree.path(), "debian");
    let dsc = format!("Format: 3.0 (quilt)\nSource: odd\nVersion: 1-1\nChecksums-Sha256:\n{lines}");
    fs::write(bench.join("desk/odd_1-1.dsc"), dsc).unwrap();
    bench.join("desk/odd_1-1.dsc")
}

/// What is below `%_topdir` after `--install`.
fn installed(bench: &Bench, dsc: &Path) -> (Ran, Vec<String>) {
    let ran = bench.build(["--install", dsc.to_str().unwrap()]);
    let trap = bench.join("trap");
    assert!(!trap.exists(), "the spec was run");
    (ran, crate::bench::files_below(&bench.join("top")))
}

fn unpacks_without_running() {
    let named = "# In the spec, the upstream archive is `named.tgz`.\n";
    let cases = [
        ("Source0: read-%{version}.tar.gz", "", "read-1.tar.gz"),
        ("Source0: %{seen}.tar.gz", named, "named.tgz"),
        ("Source0: %{seen}.tar.gz", "", ""),
        (
            "%if 0%{seen}\nSource0: a.tar.gz\n%else\nSource0: b.tar.gz\n%endif",
            "",
            "",
        ),
    ];
    for (source, rules, expected) in cases {
        let bench = Bench::new();
        let dsc = with_commands(&bench, source, rules);
        let (ran, files) = installed(&bench, &dsc);
        if expected.is_empty() {
            assert!(
                ran.stderr.contains("unpacking runs none"),
                "{source}\n{}",
                ran.stderr
            );
            assert_eq!((ran.status, files), (Some(1), Vec::new()), "{source}");
            continue;
        }
        ran.ok();
        let archive = format!("SOURCES/{expected}");
        assert_eq!(
            files,
            [archive.as_str(), "SPECS/more.spec", "SPECS/odd.spec"],
            "{source}"
        );
        assert_eq!(
            fs::read(bench.join("top").join(archive)).unwrap(),
            fs::read(bench.join("desk/odd_1.orig.tar.gz")).unwrap()
        );
    }
}

fn replaces_links() {
    let bench = Bench::new();
    let dsc = with_commands(&bench, "Source0: main.tar.gz", "");
    let sources = bench.join("top/SOURCES");
    fs::create_dir_all(&sources).unwrap();
    fs::write(bench.join("precious"), "kept").unwrap();
    std::os::unix::fs::symlink(bench.join("precious"), sources.join("main.tar.gz")).unwrap();
    installed(&bench, &dsc).0.ok();
    assert_eq!(fs::read_to_string(bench.join("precious")).unwrap(), "kept");
    assert!(!sources.join("main.tar.gz").is_symlink());
    // A damaged archive leaves what is there as it is.
    let short = fs::read(bench.join("desk/odd_1.orig.tar.gz")).unwrap();
    fs::write(bench.join("desk/odd_1.orig.tar.gz"), &short[1..]).unwrap();
    let before = crate::bench::files_below(&bench.join("top"));
    let (ran, files) = installed(&bench, &dsc);
    assert_eq!((ran.status, files), (Some(1), before));
}

/// Neither a loop nor one that is caught, whoever runs the chunks.
fn ends_soon() {
    for lua in [
        "%{lua: while true do end}",
        "%{lua: while true do pcall(function() while true do end end) end}",
        "%{lua: return (('a'):rep(1000)):find('a*a*a*a*a*b')}",
        "%{lua: while true do (('a'):rep(150)):find('a*a*a*b') end}",
    ] {
        let bench = Bench::new();
        let source = format!("{lua}\nSource0: a.tar.gz");
        let dsc = with_commands(&bench, &source, "");
        let begin = std::time::Instant::now();
        let (ran, files) = installed(&bench, &dsc);
        assert!(begin.elapsed().as_secs() < 30);
        let said = "its spec can't be read unless all of it is run";
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
        assert_eq!((ran.status, files), (Some(1), Vec::new()));
    }
}

/// A rebuild may run all Lua, and so is ended in the midst of it; `timeout` sends its signal twice.
fn signals_leave_nothing() {
    for signal in ["TERM", "INT", "HUP"] {
        let bench = Bench::new();
        let source = "%{lua: while true do end}\nSource0: a.tar.gz";
        let dsc = with_commands(&bench, source, "");
        let mut command = bench.command("specbuild");
        let mut child = command.args(["--rebuild", "--define"]);
        child = child.arg(format!("_topdir {}", bench.join("top").display()));
        let mut child = child.arg(dsc).spawn().unwrap();
        let top = bench.join("top");
        let is_unpacked = |it: &String| it.ends_with("more.spec");
        while !crate::bench::files_below(&top).iter().any(is_unpacked) {
            assert_eq!(child.try_wait().unwrap(), None);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let kill = format!("kill -{signal} {0}; kill -{signal} {0}", child.id());
        run(Command::new("sh").arg("-c").arg(kill));
        assert!(child.wait().unwrap().code().is_some_and(|it| it > 128));
        assert_eq!(crate::bench::files_below(&top), Vec::<String>::new());
    }
}

/// They are not read at all: a device and a FIFO never end.
fn parts_are_files() {
    for (command, said) in [
        ("ln -sf /dev/zero", "it is no regular file"),
        ("rm -f odd_1.orig.tar.gz; mkfifo", "it is no regular file"),
        ("truncate -s 20G", "it is not the file that the .dsc names"),
    ] {
        let bench = Bench::new();
        let dsc = with_commands(&bench, "Source0: a.tar.gz", "");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{command} odd_1.orig.tar.gz"));
        run(shell.current_dir(bench.join("desk")));
        let (ran, files) = installed(&bench, &dsc);
        assert!(ran.stderr.contains(said), "{command}: {}", ran.stderr);
        assert_eq!((ran.status, files), (Some(1), Vec::new()), "{command}");
    }
}

fn link_in_archive() {
    let bench = Bench::new();
    std::os::unix::fs::symlink("/etc/hostname", bench.join("desk/hello")).unwrap();
    let dsc = with_archive_of(&bench, &bench.join("desk"), "hello");
    let (ran, files) = installed(&bench, &dsc);
    let said = "its one member, `hello`, is no regular file";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    assert_eq!((ran.status, files), (Some(1), Vec::new()));
}
