//! Sources: their checksums, and fetching them from a server in here.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use testkit::Trial;

use crate::bench::{Bench, Ran, files_below};
use crate::machine::{Machine, Need};

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let bash = [Need::Program("bash")];
    let curl = [Need::Program("bash"), Need::Program("curl")];
    vec![
        machine.trial("sources: checksums are verified", &bash, verifies_checksums),
        machine.trial("sources: missing ones are fetched", &curl, fetches),
        machine.trial(
            "sources: missing ones are fetched beside others",
            &curl,
            fetches_beside_others,
        ),
        machine.trial("sources: what is not fetched", &curl, fetches_no_more),
        machine.trial(
            "sources: read while the spec is",
            &bash,
            reads_sources_early,
        ),
        machine.trial("sources: included and not there", &[], misses_includes),
        machine.trial("sources: bad checksums", &bash, refuses_bad_checksums),
        machine.trial("sources: two of one name", &bash, prefers_those_beside),
        machine.trial("sources: ways out", &bash, names_ways_out),
    ]
}

const SUM: &str =
    "SHA256 (data.txt) = 486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7\n";
const WRONG: &str =
    "SHA256 (data.txt) = 586ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7\n";

/// Prepares a package of one source, with these checksums beside its spec.
fn prepare(bench: &Bench, name: &str, source: &str, sums: &str, args: &[&str]) -> Ran {
    let spec = format!(
        "Name: pkg\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
         Source0: {source}\n%description\nx\n%prep\ncat %{{SOURCE0}}\n"
    );
    fs::write(bench.join("desk/pkg.spec"), spec).unwrap();
    fs::write(bench.join("desk/sources"), sums).unwrap();
    bench.run(name, [&["-bp", "pkg.spec"], args].concat())
}

fn verifies_checksums() {
    let bench = Bench::new();
    fs::create_dir_all(bench.join("top/SOURCES")).unwrap();
    fs::write(bench.join("top/SOURCES/data.txt"), "world").unwrap();
    for name in ["specbuild", "rpmbuild"] {
        let told = prepare(&bench, name, "data.txt", SUM, &[]).ok().stderr;
        assert!(!told.contains("SHA256"), "{told}");
        let error = ["-D", "_verify_sources error"];
        let told = prepare(&bench, name, "data.txt", WRONG, &error);
        assert_eq!(told.status, Some(1));
        let expected = "data.txt: SHA256 is 486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65\
                        260e9cb8a7, but `sources` says 586ea4";
        assert!(told.stderr.contains(expected), "{}", told.stderr);
        let off = ["-D", "_verify_sources off"];
        prepare(&bench, name, "data.txt", WRONG, &off).ok();
    }
    assert_eq!(
        prepare(&bench, "specbuild", "data.txt", WRONG, &[]).status,
        Some(1)
    );
    let told = prepare(&bench, "rpmbuild", "data.txt", WRONG, &[]).ok();
    assert!(told.stderr.contains("warning: Bad source: "));
}

/// A server that answers that many requests, `/found` with `world`, and returns their paths.
fn serve(count: usize) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = move || {
        let connections = listener.incoming().take(count);
        let requests = connections.map(|connection| {
            let mut connection = connection.unwrap();
            let lines = BufReader::new(connection.try_clone().unwrap()).lines();
            let head: Vec<String> = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            let path = head[0].split(' ').nth(1).unwrap().to_owned();
            let (status, body) = match path.as_str() {
                "/found" => ("200 OK", "world"),
                _ => ("404 Not Found", ""),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            connection.write_all(head.as_bytes()).unwrap();
            path
        });
        requests.collect()
    };
    (port, std::thread::spawn(answer))
}

const FETCH: [&str; 2] = ["-D", "_disable_source_fetch 0"];

fn fetches() {
    let (port, server) = serve(2);
    let url = format!("http://127.0.0.1:{port}/found#/data.txt");
    for name in ["specbuild", "rpmbuild"] {
        let bench = Bench::new();
        let args = [&FETCH[..], &["-D", "_verify_sources error"]].concat();
        let ran = prepare(&bench, name, &url, SUM, &args).ok();
        assert!(ran.stdout.contains("world"));
        let path = bench.join("top/SOURCES/data.txt");
        let line = format!("Downloading {url} to {}", path.display());
        assert!(ran.stderr.contains(&line), "{}", ran.stderr);
        assert_eq!(fs::read_to_string(path).unwrap(), "world");
        // What is there is not fetched again.
        prepare(&bench, name, &url, SUM, &args).ok();
    }
    assert_eq!(server.join().unwrap(), ["/found", "/found"]);
}

/// Where one source lies beside the spec, others are put there, and nobody hears of our folder of links.
fn fetches_beside_others() {
    let (port, server) = serve(1);
    let bench = Bench::new();
    let url = format!("http://127.0.0.1:{port}/found#/more.txt");
    fs::write(bench.join("desk/data.txt"), "hello").unwrap();
    let spec = format!("data.txt\nSource1: {url}");
    let told = prepare(&bench, "specbuild", &spec, "", &[]).stderr;
    let path = bench.join("desk/more.txt");
    assert!(
        told.contains(&format!("Bad file: {}: No such", path.display())),
        "{told}"
    );
    assert!(!told.contains("specbuild-sources"), "{told}");
    let told = prepare(&bench, "specbuild", &spec, "", &["--fetch"])
        .ok()
        .stderr;
    assert!(told.contains(&format!("to {}", path.display())), "{told}");
    assert_eq!(fs::read_to_string(path).unwrap(), "world");
    assert_eq!(server.join().unwrap(), ["/found"]);
    assert!(files_below(&bench.join("top/SOURCES")).is_empty());
}

/// Without leave, by a server that has it not, and with another checksum.
fn fetches_no_more() {
    let (port, server) = serve(2);
    let bench = Bench::new();
    let url = format!("http://127.0.0.1:{port}/found#/data.txt");
    let ran = prepare(&bench, "rpmbuild", &url, SUM, &[]);
    assert!(ran.stderr.contains("data.txt: No such file or directory"));
    let wrong = [&FETCH[..], &["-D", "_verify_sources error"]].concat();
    let ran = prepare(&bench, "rpmbuild", &url, WRONG, &wrong);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("SHA256 is "), "{}", ran.stderr);
    let lost = format!("http://127.0.0.1:{port}/lost");
    let ran = prepare(&bench, "rpmbuild", &lost, "", &FETCH);
    let line = format!("error: Couldn't download {lost}\n");
    assert!(ran.stderr.contains(&line), "{}", ran.stderr);
    assert!(ran.stderr.contains("failed with status 22\n"));
    assert_eq!(
        files_below(&bench.join("top/SOURCES")),
        Vec::<String>::new()
    );
    let helper = [&FETCH[..], &["-D", "_urlhelper nowhere -o"]].concat();
    let ran = prepare(&bench, "rpmbuild", &lost, "", &helper);
    let line = "error: Could not find url helper: \"nowhere -o\"\n";
    assert!(ran.stderr.contains(line), "{}", ran.stderr);
    assert_eq!(server.join().unwrap(), ["/found", "/lost"]);
}

const EARLY: [(&str, &str); 5] = [
    ("include", "%include %{SOURCE1}"),
    ("include by directory", "%include %{_sourcedir}/extra.inc"),
    ("load", "%{load:%{SOURCE1}}%{?extra_tag}"),
    ("shell", "%(cat %{SOURCE1} | grep Vendor)"),
    (
        "lua",
        "%{lua: print(io.open(rpm.expand('%{SOURCE1}')):read('*l')) }",
    ),
];

/// Whatever reads a source while the spec is read finds it beside the spec, in `%_sourcedir`, or one
/// here and one there, and nothing is printed of a search.
fn reads_sources_early() {
    let places = [
        ("desk", "desk"),
        ("top/SOURCES", "top/SOURCES"),
        ("desk", "top/SOURCES"),
    ];
    let mixed = places.into_iter().chain([("top/SOURCES", "desk")]);
    for (extra, data) in mixed {
        let bench = Bench::new();
        fs::create_dir_all(bench.join("top/SOURCES")).unwrap();
        let lines = "Vendor: found\n";
        fs::write(bench.join(extra).join("data.txt"), "world\n").unwrap();
        fs::rename(
            bench.join(extra).join("data.txt"),
            bench.join(data).join("data.txt"),
        )
        .unwrap();
        for (what, line) in EARLY {
            let lines = match what {
                "load" => "%extra_tag Vendor: found\n",
                _ => lines,
            };
            fs::write(bench.join(extra).join("extra.inc"), lines).unwrap();
            let spec = format!(
                "Name: pkg\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n\
                 Packager: A <a@example.org>\nSource0: data.txt\nSource1: extra.inc\n{line}\n\
                 %{{echo:once}}\n%description\nx\n%prep\ncat %{{SOURCE0}} %{{_sourcedir}}/extra.inc\n"
            );
            fs::write(bench.join("desk/pkg.spec"), spec).unwrap();
            let case = format!("{what}, {extra} and {data}");
            let ran = bench
                .run("specbuild", ["-bp", "--target", "debian-12", "pkg.spec"])
                .ok();
            assert!(ran.lines().contains(&"world"), "{case}: {}", ran.stdout);
            assert!(
                !ran.stderr.contains("No such file"),
                "{case}: {}",
                ran.stderr
            );
            assert_eq!(
                ran.stdout.matches("once\n").count(),
                1,
                "{case}: {}",
                ran.stdout
            );
            let asked = query(&bench, &["--qf", "%{VENDOR}"]).ok();
            assert!(asked.stdout.ends_with("found"), "{case}: {}", asked.stdout);
        }
    }
}

/// A file that is nowhere is an error at the line that asks for it, whatever its path is made of.
fn misses_includes() {
    let bench = Bench::new();
    fs::write(bench.join("desk/other.txt"), "x").unwrap();
    for line in ["%include %{SOURCE1}", "%{load:%{SOURCE1}}"] {
        let spec = format!("Name: pkg\nSource1: extra.inc\n{line}\nVersion: 1\n");
        fs::write(bench.join("desk/pkg.spec"), spec).unwrap();
        let told = query(&bench, &[]).stderr;
        let place = format!(" --> pkg.spec:3:1\n  |\n3 | {line}\n  | ^^^^^^^");
        assert!(told.contains(&place), "{told}");
        assert!(told.contains("top/SOURCES/extra.inc"), "{told}");
    }
}

fn query(bench: &Bench, args: &[&str]) -> Ran {
    let top = format!("_topdir {}", bench.join("top").display());
    let mut command = bench.command("specbuild");
    command.args(["query", "pkg.spec", "-D", &top]).args(args);
    command.output().unwrap().into()
}

/// A checksum that proves nothing stops the build before its first script, where one that does not hold
/// would.
fn refuses_bad_checksums() {
    let bench = Bench::new();
    fs::write(bench.join("desk/data.txt"), "world").unwrap();
    let twice = SUM.to_owned() + WRONG;
    for (sums, expected) in [
        (
            "SHA512 (data.txt) = 00aa\n",
            "data.txt: a checksum by SHA512 has 128 digits, not 4",
        ),
        (
            "00aa  data.txt\n",
            "no algorithm makes checksums of 4 characters",
        ),
        (
            "BLAKE2b (data.txt) = 00aa\n",
            "`BLAKE2b` is not an algorithm",
        ),
        (
            &SUM.replace("486e", "48ge"),
            "has only the digits 0 to 9 and a to f",
        ),
        (&twice, "two different checksums of data.txt by SHA256"),
        ("SHA512 (data.txt)\n", "this line of `sources` is not a"),
        (
            &format!("data.txt {}", &SUM[20..]),
            "this line of `sources` is",
        ),
        ("garbage\n", "this line of `sources` is not a checksum"),
    ] {
        let told = prepare(&bench, "specbuild", "data.txt", sums, &[]);
        assert_eq!(told.status, Some(1), "{sums}");
        assert!(told.stderr.contains(expected), "{}", told.stderr);
        assert!(told.stderr.contains("desk/sources:"), "{}", told.stderr);
        assert!(!told.stdout.contains("Executing(%prep)"), "{}", told.stdout);
    }
    for sums in [
        SUM.replace('\n', "\r\n"),
        SUM.replace(" (", "(") + "# SHA256 (x) = 0\n",
    ] {
        let told = prepare(&bench, "specbuild", "data.txt", &sums, &[]).ok();
        assert!(!told.stderr.contains("warning"), "{}", told.stderr);
    }
    let elsewhere = WRONG.replace("(data", "(./data");
    let told = prepare(&bench, "specbuild", "data.txt", &elsewhere, &[]);
    assert_eq!(told.status, Some(1), "{}", told.stderr);
    refuses_unreadable_checksums(&bench);
    let typo = SUM.replace("data.txt", "data.text");
    let told = prepare(&bench, "specbuild", "data.txt", &typo, &[])
        .ok()
        .stderr;
    assert!(
        told.contains("`sources` has a checksum of data.text, but none of data.txt"),
        "{told}"
    );
    // rpm has no such file.
    fs::create_dir_all(bench.join("top/SOURCES")).unwrap();
    fs::write(bench.join("top/SOURCES/data.txt"), "world").unwrap();
    prepare(
        &bench,
        "rpmbuild",
        "data.txt",
        "SHA512 (data.txt) = 00aa\n",
        &[],
    )
    .ok();
}

/// What is there and is no file to read; then a source that others publish and no line names.
fn refuses_unreadable_checksums(bench: &Bench) {
    let path = bench.join("desk/sources");
    for target in ["nowhere", "/dev/zero", "/dev/full"] {
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(target, &path).unwrap();
        let told = bench.run("specbuild", ["-bp", "pkg.spec"]);
        assert_eq!(told.status, Some(1), "{target}: {}", told.stderr);
        assert!(
            told.stderr.contains("cannot read the checksums"),
            "{}",
            told.stderr
        );
        assert!(!told.stdout.contains("Executing(%prep)"), "{}", told.stdout);
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    bench.run("specbuild", ["-bp", "pkg.spec"]).ok();
    fs::remove_dir(&path).unwrap();
    for (source, is_told) in [
        ("https://example.org/data.txt", true),
        ("https://example.org/data.txt.asc", false),
        ("data.tar.xz", true),
        ("data.service", false),
    ] {
        let name = source.rsplit('/').next().unwrap();
        fs::write(bench.join("desk").join(name), "world").unwrap();
        let other = SUM.replace("data.txt", "something-else");
        let told = prepare(bench, "specbuild", source, &other, &[]).ok().stderr;
        let warning = format!("`sources` has no checksum of {name}");
        assert_eq!(told.contains(&warning), is_told, "{source}: {told}");
    }
}

fn prefers_those_beside() {
    let bench = Bench::new();
    fs::create_dir_all(bench.join("top/SOURCES")).unwrap();
    fs::write(bench.join("top/SOURCES/data.txt"), "old").unwrap();
    fs::write(bench.join("desk/data.txt"), "new").unwrap();
    let warning = "`data.txt` beside the spec is taken";
    let ran = prepare(&bench, "specbuild", "data.txt", "", &[]).ok();
    assert!(
        ran.stdout.contains("new") && ran.stderr.contains(warning),
        "{}",
        ran.stderr
    );
    let explicit = format!("_sourcedir {}", bench.join("top/SOURCES").display());
    for (name, args) in [
        ("specbuild", ["-D", explicit.as_str()]),
        ("rpmbuild", ["-D", "x y"]),
    ] {
        let ran = prepare(&bench, name, "data.txt", "", &args).ok();
        assert!(
            ran.stdout.contains("old") && !ran.stderr.contains(warning),
            "{}",
            ran.stderr
        );
    }
    fs::write(bench.join("top/SOURCES/data.txt"), "new").unwrap();
    let ran = prepare(&bench, "specbuild", "data.txt", "", &[]).ok();
    assert!(!ran.stderr.contains(warning), "{}", ran.stderr);
}

fn names_ways_out() {
    let bench = Bench::new();
    let url = "https://example.org/data.txt";
    let told = prepare(&bench, "specbuild", url, "", &[]).stderr;
    assert!(
        told.contains(&format!("help: `--fetch` downloads it from {url}")),
        "{told}"
    );
    let none = "__urlhelpercmd /no/such/helper";
    let told = prepare(&bench, "specbuild", url, "", &["--fetch", "-D", none]);
    assert_eq!(told.status, Some(1));
    assert!(
        told.stderr
            .contains("Could not find url helper: \"/no/such/helper"),
        "{}",
        told.stderr
    );
    // A file of nearly that name is what was meant.
    fs::write(bench.join("desk/date.txt"), "").unwrap();
    let told = prepare(&bench, "specbuild", url, "", &[]).stderr;
    assert!(told.contains("there is a file named `date.txt`"), "{told}");
}
