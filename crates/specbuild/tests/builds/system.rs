//! The rpm that is installed is the judge of runs that take its macros: the macros themselves, the
//! scripts of a build, and what its packages offer and need.

mod files;
mod languages;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use testkit::Trial;

use crate::bench::{Bench, Ran, workspace};
use crate::machine::{Machine, Need};

/// Name, needs, and what is done.
type Check<'n> = (&'static str, &'n [Need], fn());

/// One trial per behaviour.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let macros = [Need::Program("rpm"), Need::Had(has_macros())];
    let build = [
        &macros[..],
        &[Need::Program("rpmbuild"), Need::Program("gcc")],
    ]
    .concat();
    let languages = [Need::File(languages::FIND_LANG)];
    let checks: [Check<'_>; 7] = [
        ("every macro is that of rpm", &macros, defines_what_rpm_does),
        ("every macro expands as by rpm", &macros, expands_as_rpm),
        ("other architectures", &macros, expands_for_other_machines),
        ("--showrc and targets say so", &macros, says_so),
        ("what undoes it", &macros, can_be_told_otherwise),
        ("a build is that of rpmbuild", &build, builds_as_rpmbuild),
        ("lists of translations", &languages, languages::lists_as_rpm),
    ];
    let trials = checks
        .into_iter()
        .map(|(name, needs, check)| machine.trial(format!("system: {name}"), needs, check));
    trials.chain(files::trials()).collect()
}

fn has_macros() -> Result<(), String> {
    let is_there = Path::new("/usr/lib/rpm/macros").exists();
    is_there
        .then_some(())
        .ok_or_else(|| "rpm has no macro files here".to_owned())
}

/// rpm's own program, in the surroundings of a bench.
fn real(bench: &Bench, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env("HOME", bench.join("home"))
        .env("LC_ALL", "C.UTF-8")
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env_remove("RPM_CONFIGDIR")
        .env_remove("XDG_CONFIG_HOME")
        .current_dir(bench.join("desk"));
    command
}

/// Our program under a name of rpm, with the macros of the machine's rpm.
fn ours(bench: &Bench, name: &str) -> Command {
    let mut command = bench.command(name);
    command
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env_remove("SPECBUILD_TARGET");
    command
}

fn output(command: &mut Command) -> String {
    Ran::from(command.output().unwrap()).ok().stdout
}

/// The macros that `--showrc` lists: level, options and body of each. What the language brings along is
/// left out, and whether a macro has been used.
fn macros(showrc: &str) -> BTreeMap<String, String> {
    let (_, list) = showrc.split_once("\n========================\n").unwrap();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in list.lines().take_while(|line| !line.starts_with("====")) {
        match head(line) {
            Some((name, rest)) => found.push((name, rest)),
            None => {
                let (_, body) = found.last_mut().unwrap();
                body.push('\n');
                body.push_str(line);
            }
        }
    }
    let written = found.into_iter();
    written
        .filter(|(_, rest)| !rest.contains("<builtin>"))
        .collect()
}

/// A line that begins a definition, as the name and the rest: `-13: name(options)`, a tab, the body.
fn head(line: &str) -> Option<(String, String)> {
    let (level, rest) = line.split_at(line.find([':', '='])?);
    level.trim().parse::<i32>().ok()?;
    let (head, body) = rest[1..].strip_prefix(' ')?.split_once('\t')?;
    let end = head.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
    let (name, options) = head.split_at(end.unwrap_or(head.len()));
    Some((
        name.to_owned(),
        format!("{} {options} {body}", level.trim()),
    ))
}

/// The macros that rpm lists on this machine.
fn rpms_macros(bench: &Bench) -> BTreeMap<String, String> {
    let found = macros(&output(real(bench, "rpm").arg("--showrc")));
    assert!(found.len() > 200, "{}", found.len());
    found
}

fn defines_what_rpm_does() {
    let bench = Bench::new();
    let expected = rpms_macros(&bench);
    let found = macros(&output(ours(&bench, "rpm").arg("--showrc")));
    for (name, definition) in &expected {
        assert_eq!(found.get(name), Some(definition), "{name}");
    }
}

fn expands_as_rpm() {
    compare_values(&[]);
}

fn expands_for_other_machines() {
    for target in ["i686", "aarch64-linux", "noarch"] {
        compare_values(&["--target", target]);
    }
}

/// Macros without options, which mean something by themselves.
fn compare_values(args: &[&str]) {
    let bench = Bench::new();
    let all = rpms_macros(&bench);
    let plain = all.iter().filter(|(_, rest)| !rest.contains('('));
    let texts: Vec<String> = plain
        .map(|(name, _)| format!("{name} is %{{{name}}}."))
        .collect();
    let values = |mut command: Command| {
        let evals = texts.iter().flat_map(|text| ["--eval", text.as_str()]);
        output(command.args(args).args(evals))
    };
    let (expected, found) = (values(real(&bench, "rpm")), values(ours(&bench, "rpm")));
    for (expected, found) in expected.lines().zip(found.lines()) {
        assert_eq!(found, expected, "{args:?}");
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

fn says_so() {
    let bench = Bench::new();
    let shown = output(ours(&bench, "rpm").arg("--showrc"));
    assert!(shown.contains("\nTARGET: system\n"), "{shown}");
    assert!(shown.contains("\n/usr/lib/rpm/macros\n"), "{shown}");
    let listed = output(ours(&bench, "specbuild").arg("targets"));
    assert!(listed.contains("\nrpmbuild builds for system "), "{listed}");
}

fn can_be_told_otherwise() {
    let bench = Bench::new();
    let eval = |command: &mut Command| output(command.args(["--eval", "%{__find_provides}"]));
    let system = eval(&mut ours(&bench, "rpm"));
    assert_eq!(system, "/usr/lib/rpm/find-provides\n");
    assert_eq!(
        eval(ours(&bench, "specbuild").args(["--target", "system"])),
        system
    );
    assert_eq!(eval(ours(&bench, "rpm").args(["--target", "i686"])), system);
    for others in [
        eval(ours(&bench, "rpm").env("SPECBUILD_TARGET", "upstream")),
        eval(ours(&bench, "rpm").args(["--target", "upstream"])),
        eval(ours(&bench, "rpm").env("SPECBUILD_MACROS", workspace("macros"))),
        eval(ours(&bench, "rpm").env("RPM_CONFIGDIR", bench.path())),
        eval(&mut ours(&bench, "specbuild")),
        eval(&mut ours(&bench, "debbuild")),
    ] {
        assert!(others.ends_with("helper find-provides\n"), "{others}");
    }
    let undefined = ["--undefine", "__brp_strip", "--eval", "[%{?__brp_strip}]"];
    assert_eq!(output(ours(&bench, "rpm").args(undefined)), "[]\n");
}

/// A build's scripts by the names of their steps, and its packages.
struct Built {
    scripts: BTreeMap<String, String>,
    packages: BTreeMap<String, String>,
}

fn builds_as_rpmbuild() {
    let bench = Bench::new();
    let expected = build(&bench, real(&bench, "rpmbuild"), "real");
    let found = build(&bench, ours(&bench, "rpmbuild"), "ours");
    assert_eq!(found.packages.len(), 3);
    assert_eq!(found.packages, expected.packages);
    for step in ["%prep", "%build", "%install", "%check"] {
        let (found, expected) = (&found.scripts[step], &expected.scripts[step]);
        assert_eq!(found, expected, "{step}");
        assert!(found.lines().count() > 15, "{found}");
    }
}

/// A shell that keeps each script before it runs it.
const KEEPER: &str = "#!/bin/sh\ncp \"$2\" \"$KEEP\"\nexec /bin/sh \"$@\"\n";

fn build(bench: &Bench, mut command: Command, name: &str) -> Built {
    let (shell, top) = (bench.join("desk/keeper"), bench.join(name));
    let kept = top.join("kept");
    fs::write(&shell, KEEPER).unwrap();
    fs::set_permissions(&shell, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(&kept).unwrap();
    let define = |name: &str, path: &Path| ["-D".to_owned(), format!("{name} {}", path.display())];
    let log = command
        .env("KEEP", &kept)
        .arg("-bb")
        .arg("--nodeps")
        .args(define("_topdir", &top))
        .args(define("_tmppath", &top.join("tmp")))
        .args(define("_buildshell", &shell))
        .arg(workspace("testdata/system/kinds.spec"))
        .output();
    let log = Ran::from(log.unwrap()).ok();
    let steps = log
        .stdout
        .lines()
        .chain(log.stderr.lines())
        .filter_map(step);
    let scripts = steps.filter_map(|(step, file)| {
        let text = fs::read_to_string(kept.join(file)).ok()?;
        Some((step.to_owned(), without_places(&text, &top)))
    });
    Built {
        scripts: scripts.collect(),
        packages: packages(&top.join("RPMS")),
    }
}

/// `Executing(STEP): SHELL -e /…/FILE`.
fn step(line: &str) -> Option<(&str, &str)> {
    let (step, command) = line.strip_prefix("Executing(")?.split_once("): ")?;
    Some((step, command.rsplit('/').next()?))
}

/// A script without what an older rpm does otherwise: it has one build directory for all packages,
/// with the build root elsewhere, quotes less, and shows each command.
fn without_places(text: &str, top: &Path) -> String {
    let top = top.display().to_string();
    let mut text = text.replace(&top, "TOP").replace('\'', "");
    for root in [
        "TOP/BUILD/kinds-1.4_rc1-build/BUILDROOT",
        "TOP/BUILDROOT/kinds-1.4~rc1-2.x86_64",
    ] {
        text = text.replace(root, "ROOT");
    }
    text = text.replace("TOP/BUILD/kinds-1.4_rc1-build", "TOP/BUILD");
    let other = [
        "set -x",
        "/bin/mkdir -p \"TOP/BUILDROOT\"",
        "/bin/mkdir -p \"TOP/BUILD\"",
    ];
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !other.contains(line));
    lines.map(|line| format!("{line}\n")).collect()
}

/// What rpm says of each package below a folder: relations, scriptlets and files. Links to build ids
/// are left out, which an older rpm makes without debug packages too.
fn packages(dir: &Path) -> BTreeMap<String, String> {
    const QUERY: [&str; 9] = [
        "-qp",
        "--requires",
        "--provides",
        "--recommends",
        "--scripts",
        "--triggers",
        "--nosignature",
        "--qf",
        "%{PLATFORM} %{OPTFLAGS} %{PAYLOADFLAGS} %{PAYLOADCOMPRESSOR}\n\
         [%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEFLAGS:fflags} %{FILELINKTOS}\n]",
    ];
    let files = crate::bench::files_below(dir).into_iter();
    let told = files.map(|name| {
        let mut rpm = Command::new("rpm");
        rpm.args(QUERY).arg(dir.join(&name));
        let text = output(rpm.env("LC_ALL", "C.UTF-8"));
        let lines = text.lines().filter(|line| !line.contains("/.build-id"));
        (name, lines.collect::<Vec<_>>().join("\n"))
    });
    told.collect()
}
