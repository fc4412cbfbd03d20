//! Processes of scripts and macros: their input, what they leave running, and their end by a signal.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use testkit::Trial;

use crate::bench::{Bench, files_below};
use crate::machine::{Machine, Need};

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let needs = [Need::Program("bash"), Need::Program("setsid")];
    let checks: [(&str, fn()); 3] = [
        ("macros and scripts read input", input_is_inherited),
        (
            "a script's stray processes end",
            strays_end_with_their_script,
        ),
        ("signals end a build in order", signals_end_a_build),
    ];
    let trials = checks
        .into_iter()
        .map(|(name, check)| machine.trial(format!("processes: {name}"), &needs, check));
    trials.collect()
}

fn spec(build: &str) -> String {
    format!(
        "Name: pkg\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
         %description\nx\n%build\n{build}\n%install\n%files\n"
    )
}

/// A build up to `%build`, ready to be started.
fn command(bench: &Bench, build: &str) -> Command {
    fs::write(bench.join("desk/pkg.spec"), spec(build)).unwrap();
    let mut command = bench.command("rpmbuild");
    command
        .args(["-D", &format!("_topdir {}", bench.join("top").display())])
        .args(["-D", &format!("_tmppath {}", bench.join("tmp").display())])
        .args(["-bc", "pkg.spec"])
        .stdout(Stdio::piped());
    command
}

fn with_input(mut command: Command, input: &str) -> String {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(input.as_bytes()).unwrap();
    drop(pipe);
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn input_is_inherited() {
    let bench = Bench::new();
    let mut macros = bench.command("rpm");
    macros.args(["--eval", "%(cat)"]);
    assert_eq!(with_input(macros, "x\n"), "x\n");
    let told = with_input(command(&bench, "read word\necho \"got $word\""), "it\n");
    assert!(told.contains("got it\n"), "{told}");
}

/// The output ends when no process holds it any more: a stray one would keep it open for a minute.
fn strays_end_with_their_script() {
    let bench = Bench::new();
    let strays = "sleep 60 &\n(setsid sleep 60 &)\nsetsid sh -c 'sleep 60 & sleep 60; true' &\n\
                  env -i setsid sleep 60 &";
    let begin = std::time::Instant::now();
    let output = command(&bench, strays).output().unwrap();
    assert!(output.status.success());
    assert!(begin.elapsed().as_secs() < 50);
    assert_eq!(files_below(&bench.join("tmp")), Vec::<String>::new());
}

fn signals_end_a_build() {
    for (signal, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let bench = Bench::new();
        // What hides its environment and heeds no SIGINT ends, too: it holds the output open.
        let hidden = "env -i setsid sh -c 'trap : INT; sleep 60; sleep 60' &";
        let begin = std::time::Instant::now();
        let mut command = command(&bench, &format!("{hidden}\necho begun\nsleep 60"));
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while line != "begun\n" {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0);
        }
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert!(begin.elapsed().as_secs() < 50);
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        let line = format!("error: interrupted by SIG{signal}\n");
        assert!(told.ends_with(&line), "{told}");
        assert_eq!(ended.status.code(), Some(128 + number));
        assert_eq!(files_below(&bench.join("tmp")), Vec::<String>::new());
    }
}
