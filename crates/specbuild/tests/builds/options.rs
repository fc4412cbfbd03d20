//! Command lines as a whole: what the help names, and options that every name has.

use std::io::Write;
use std::process::{Command, Stdio};

use testkit::{Trial, testdata};

use crate::bench::{Bench, Ran};
use crate::machine::{Machine, Need};

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let real = [
        Need::Program("rpm"),
        Need::Program("rpmbuild"),
        Need::Program("rpmspec"),
    ];
    vec![
        machine.trial("options: the help names them all", &[], help_names_all),
        machine.trial(
            "options: those of the real help",
            &real,
            knows_the_real_ones,
        ),
        machine.trial("options: a shell for macros", &[], expands_lines),
        machine.trial("options: twenty findings of many", &[], tells_twenty),
    ]
}

fn help_of(program: &str) -> String {
    let ran = Ran::from(
        Bench::new()
            .command(program)
            .arg("--help")
            .output()
            .unwrap(),
    );
    ran.ok().stdout
}

/// The words of a help text that are options.
fn options_in(help: &str) -> Vec<&str> {
    let is_end = |c: char| c.is_whitespace() || "`,;=)]<'.…".contains(c);
    let words = help.split(is_end).filter(|word| word.starts_with('-'));
    words.map(|word| word.trim_end_matches('.')).collect()
}

/// `testdata/options.txt` has the options of the manual pages, a line for each program.
fn help_names_all() {
    let table = std::fs::read_to_string(testdata("options.txt")).unwrap();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (program, options) = line.split_once(':').unwrap();
        let help = help_of(program);
        let named = options_in(&help);
        let missing = options.split_whitespace().filter(|it| !named.contains(it));
        let missing: Vec<&str> = missing.collect();
        assert!(missing.is_empty(), "{program} --help: {missing:?}\n{help}");
    }
}

/// What the real programs name is named by ours, but for installing packages.
fn knows_the_real_ones() {
    for program in ["rpmbuild", "rpmspec", "rpm"] {
        let output = Command::new(program)
            .arg("--help")
            .env("LC_ALL", "C")
            .output();
        let theirs = Ran::from(output.unwrap()).ok().stdout;
        let queries = theirs.split("\nInstall/Upgrade/Erase").next().unwrap();
        let lines = queries.lines().map(str::trim_start);
        let of_lines: Vec<&str> = lines
            .filter(|line| line.starts_with('-'))
            .flat_map(|line| options_in(line.split("  ").next().unwrap()))
            .collect();
        assert!(of_lines.len() > 10, "{theirs}");
        let help = help_of(program);
        let ours = options_in(&help);
        // Only packages of rpm 3 had need of it, which rpm 6 does not read.
        let gone = ["--nodirtokens"];
        let missing = of_lines
            .iter()
            .filter(|it| !ours.contains(it) && !gone.contains(it));
        let missing: Vec<_> = missing.collect();
        assert!(missing.is_empty(), "{program}: {missing:?}");
    }
}

fn expands_lines() {
    let bench = Bench::new();
    let spec = "Name: hello\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n%description\nx\n";
    std::fs::write(bench.join("desk/hello.spec"), spec).unwrap();
    let say = |args: &[&str], lines: &str| {
        let mut command = bench.command("rpmspec");
        command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut shell = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = shell.stdin.take().unwrap();
        stdin.write_all(lines.as_bytes()).unwrap();
        drop(stdin);
        Ran::from(shell.wait_with_output().unwrap()).ok()
    };
    let ran = say(
        &["--shell"],
        "%define word one\n%word\n%[1/0]\n%{nil}\n%word",
    );
    assert_eq!(ran.lines(), ["one", "one"]);
    assert!(ran.stderr.contains("division by zero"), "{}", ran.stderr);
    let ran = say(&["--shell", "hello.spec"], "%name-%version\n");
    assert_eq!(ran.stdout, "hello-1\n");
}

fn tells_twenty() {
    let bench = Bench::new();
    let faulty: String = (1..=33).map(|at| format!("Bogus{at}: x\n")).collect();
    let warned: String = (1..=22).map(|at| format!("%nosuchmacro{at}\n")).collect();
    let head = "Name: hello\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n";
    let run = |name: &str, text: String| {
        std::fs::write(bench.join("desk/hello.spec"), text).unwrap();
        bench
            .run(name, ["-bs", "--target", "fedora-42", "hello.spec"])
            .stderr
    };
    let count = |told: &str, start: &str| told.lines().filter(|it| it.starts_with(start)).count();
    let told = run("specbuild", format!("{head}{faulty}%description\nx\n"));
    assert_eq!(
        count(&told, "error[spec::unknown-tag]: line "),
        20,
        "{told}"
    );
    assert!(
        told.ends_with("\nerror: 13 more errors not shown\n"),
        "{told}"
    );
    let bare = run("rpmbuild", format!("{head}{faulty}%description\nx\n"));
    assert_eq!(count(&bare, "error: "), 1, "as rpm, only the first: {bare}");
    let told = run(
        "specbuild",
        format!("{head}%description\nx\n%prep\n{warned}"),
    );
    assert_eq!(
        count(&told, "warning[spec::unexpanded-macro]: "),
        20,
        "{told}"
    );
    assert!(
        told.contains("\nwarning: 2 more warnings not shown\n"),
        "{told}"
    );
}
