//! What others wrote is read within limits: devices that never end, as each kind of input, in little
//! memory. Readers of packages and archives have their own tests beside them; `cargo xtask tidy` lists
//! all readers. Output that can't be written is reported.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use testkit::Trial;

use crate::bench::Bench;
use crate::machine::{Machine, Need};

/// What a command may take of memory, in KiB.
const MEMORY: u32 = 3_000_000;

/// The name of a program, its arguments, and what its last line on standard error says.
type Call = (&'static str, &'static [&'static str], &'static str);

/// Every input of a command that may be a device.
const INPUTS: [Call; 11] = [
    (
        "rpmspec",
        &["-q", "/dev/zero"],
        "query of specfile /dev/zero failed, can't parse",
    ),
    (
        "rpmspec",
        &["-q", "include.spec"],
        "query of specfile include.spec failed, can't parse",
    ),
    (
        "rpm",
        &["-qp", "/dev/zero"],
        "/dev/zero: not an rpm package (or package manifest)",
    ),
    (
        "rpm",
        &["--eval", "%{load:/dev/zero}"],
        "failed to load macro file /dev/zero",
    ),
    (
        "rpm",
        &["--load", "/dev/zero", "--eval", "x"],
        "failed to load macro file /dev/zero",
    ),
    (
        "rpmspec",
        &["--rcfile", "/dev/zero", "-q", "pkg.spec"],
        "/dev/zero",
    ),
    (
        "rpmsort",
        &["/dev/zero"],
        "cannot open `/dev/zero': it is larger than 64 MiB",
    ),
    (
        "rpmlua",
        &["/dev/zero"],
        "reading /dev/zero failed: it is larger than 64 MiB",
    ),
    (
        "specbuild",
        &["-bb", "/dev/zero"],
        "cannot read spec /dev/zero: it is larger than 64 MiB",
    ),
    ("specbuild", &["--install", "/dev/zero"], "/dev/zero"),
    ("specbuild", &["query", "/dev/zero"], "/dev/zero"),
];

/// Commands that print.
const PRINTING: [(&str, &[&str]); 6] = [
    ("rpmspec", &["-P", "pkg.spec"]),
    ("rpmspec", &["-q", "pkg.spec"]),
    ("rpm", &["--showrc"]),
    ("rpm", &["--eval", "x"]),
    ("specbuild", &["targets"]),
    ("specbuild", &["man"]),
];

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let needs = [Need::Program("sh")];
    let checks: [(&str, fn()); 4] = [
        ("generators open no pipes", opens_no_pipes),
        (
            "long lists take as much memory as they hold",
            lists_are_linear,
        ),
        ("devices are read up to a limit", devices_are_limited),
        (
            "a full standard output is an error",
            full_output_is_an_error,
        ),
    ];
    let trials = checks
        .into_iter()
        .map(|(name, check)| machine.trial(format!("limits: {name}"), &needs, check));
    trials.collect()
}

fn desk() -> Bench {
    let bench = Bench::new();
    let spec = "Name: pkg\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n%description\nx\n";
    fs::write(bench.join("desk/pkg.spec"), spec).unwrap();
    fs::write(bench.join("desk/include.spec"), "%include /dev/zero\n").unwrap();
    bench
}

/// The command in a shell that gives it little memory.
fn confined(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$@\""), "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        shell.current_dir(directory);
    }
    shell
}

fn devices_are_limited() {
    let bench = desk();
    for (program, args, said) in INPUTS {
        let mut command = bench.command(program);
        command.args(args);
        let ran = confined(&command).stdin(Stdio::null()).output().unwrap();
        let stderr = String::from_utf8_lossy(&ran.stderr);
        let last = stderr.lines().last().unwrap_or_default();
        assert!(last.contains(said), "{program} {args:?}: {stderr}");
        assert_eq!(ran.status.code(), Some(1), "{program} {args:?}: {stderr}");
    }
}

/// Memory for the square of these numbers there would not be.
fn lists_are_linear() {
    let line = |number: usize| {
        format!(
            "Source{number}: s{number}.tar\nPatch{number}: p{number}.patch\n\
             Requires: r{number}\nProvides: v{number} = 1\n"
        )
    };
    let bench = desk();
    let spec = fs::read_to_string(bench.join("desk/pkg.spec")).unwrap();
    let lines: String = (0..10_000).map(line).collect();
    let many = spec.replace("%description", &format!("{lines}%description"));
    fs::write(bench.join("desk/many.spec"), many).unwrap();
    let mut command = bench.command("rpmspec");
    command.args(["-q", "--qf", "%{name} [%{requires} ]", "many.spec"]);
    let ran = confined(&command).output().unwrap();
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{stderr}");
    let stdout = String::from_utf8_lossy(&ran.stdout);
    assert!(stdout.starts_with("pkg r0 r1 "), "{stderr}");
    assert_eq!(stdout.split_whitespace().count(), 10_001);
}

fn full_output_is_an_error() {
    let bench = desk();
    for (program, args) in PRINTING {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = bench.command(program);
        let ran = command.args(args).stdout(full).output().unwrap();
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert!(
            stderr.contains("No space left on device"),
            "{program}: {stderr}"
        );
        assert_eq!(ran.status.code(), Some(1), "{program} {args:?}");
        // Whoever has read enough is no fault.
        let mut command = bench.command(program);
        let mut child = command.args(args).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        child.wait().unwrap();
    }
}

/// Nobody writes into a pipe in a build root, so whoever opens it waits without end.
fn opens_no_pipes() {
    let bench = Bench::new();
    let spec = "Name: pkg\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
                %description\nx\n%install\nfor it in pkgconfig/x.pc sysusers.d/x.conf \
                python3/x.dist-info/METADATA; do\nmkdir -p %{buildroot}/usr/lib/${it%/*}\n\
                mkfifo %{buildroot}/usr/lib/$it\ndone\n%files\n/usr/lib/*\n";
    fs::write(bench.join("desk/pkg.spec"), spec).unwrap();
    let mut command = bench.command_by("specbuild", &["timeout", "60"]);
    command.args([
        "-bb",
        "pkg.spec",
        "--target",
        "fedora-42",
        "--output",
        "out",
    ]);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(
        bench.join("desk/out/pkg-1-1.noarch.rpm").is_file(),
        "{told}"
    );
}
