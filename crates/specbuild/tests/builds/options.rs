//! Command lines as a whole: what the help names, and options that every name has.

use std::io::Write;
use std::process::{Command, Stdio};

use testkit::{Trial, testdata};

use crate::bench::{Bench, Ran, files_below};
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
        machine.trial("options: each has an effect", &[], each_has_an_effect),
        machine.trial(
            "options: all are tried, or promise nothing",
            &[],
            all_are_tried,
        ),
        machine.trial(
            "options: stages",
            &[Need::Program("tar")],
            stages_run_what_they_name,
        ),
        machine.trial("options: queries", &[], queries_show_what_they_name),
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
    // As readline(3) without a terminal, with prompts and what was read.
    let session = "> %define word one\n> %word\none\n> %[1/0]\n> %{nil}\n> %word\none\n> ";
    assert_eq!(ran.stdout, session);
    assert!(ran.stderr.contains("division by zero"), "{}", ran.stderr);
    let ran = say(&["--shell", "hello.spec"], "%name-%version\n");
    assert_eq!(ran.stdout, "> %name-%version\nhello-1\n> ");
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
        told.ends_with("\nerror: 13 more errors not shown; -v shows all\n"),
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
        told.contains("\nwarning: 2 more warnings not shown; -v shows all\n"),
        "{told}"
    );
    let told = bench
        .run(
            "specbuild",
            ["-bs", "-v", "--target", "fedora-42", "hello.spec"],
        )
        .stderr;
    assert_eq!(
        count(&told, "warning[spec::unexpanded-macro]: "),
        22,
        "{told}"
    );
    assert!(!told.contains("not shown"), "{told}");
}

const SPEC: &str = "Name: hello\nVersion: 1\nRelease: 1%{?dist}\nSummary: english\nSummary(de): deutsch\n\
    License: MIT\n%description\nx\n%description -l de\nde x\n%prep\n%build\necho 'in build'\n\
    %check\necho 'in check'\n%install\n%files\n%package empty\nSummary: x\n%description empty\nx\n";

/// Calls with an option, and a line that only they print.
const EFFECTS: [(&str, &[&str], &str); 28] = [
    ("rpm", &["--httpproxy", "h", "-E", "%{?_httpproxy}"], "h"),
    ("rpm", &["--httpport", "80", "-E", "%{?_httpport}"], "80"),
    ("rpm", &["--define", "x 1", "-E", "%{?x}y"], "1y"),
    ("rpm", &["-D", "x 1", "-E", "%{?x}y"], "1y"),
    (
        "rpm",
        &["-D", "x 1", "--undefine", "x", "-E", "%{?x}y"],
        "y",
    ),
    ("rpm", &["--predefine", "x 1", "-E", "%{?x}y"], "1y"),
    ("rpm", &["--load", "extra", "-E", "%{?extra}y"], "1y"),
    ("rpm", &["--macros", "extra", "-E", "%{?extra}y"], "1y"),
    ("rpm", &["--rcfile", "rc", "-E", "%{?optflags}"], "-O7"),
    ("rpm", &["--eval", "a%{nil}b"], "ab"),
    ("rpm", &["-E", "a%{nil}b"], "ab"),
    ("rpm", &["--target", "i686", "-E", "%_target_cpu"], "i686"),
    ("rpm", &["--showrc"], "ARCHITECTURE AND OS:"),
    ("rpm", &["--querytags"], "NAME"),
    ("rpm", &["--version"], "RPM version 6.1.0"),
    ("rpm", &["--pipe", "tr a-z A-Z", "-E", "abc"], "ABC"),
    ("specbuild", &["--pipe", "tr a-z A-Z", "-E", "abc"], "ABC"),
    ("debbuild", &["-E", "abc", "--pipe=tr a-z A-Z"], "ABC"),
    ("rpm", &["--verbose", "-E", "%{verbose}"], "1"),
    ("rpm", &["-v", "-E", "%{verbose}"], "1"),
    ("rpm", &["--dbpath", "/x", "-E", "%_dbpath"], "/x"),
    (
        "rpmbuild",
        &["--with", "a", "-E", "%{?_with_a}"],
        "--with-a",
    ),
    (
        "rpmbuild",
        &["--without", "a", "-E", "%{?_without_a}"],
        "--without-a",
    ),
    (
        "rpmspec",
        &["-q", "--srpm", "--qf", "%{NAME}.\\n", "hello.spec"],
        "hello.",
    ),
    (
        "rpmspec",
        &[
            "--query",
            "--builtrpms",
            "--queryformat",
            "<%{NAME}>",
            "hello.spec",
        ],
        "<hello>",
    ),
    (
        "rpmspec",
        &["-q", "--rpms", "--qf", "<%{NAME}>", "hello.spec"],
        "<hello><hello-empty>",
    ),
    ("rpmspec", &["-P", "hello.spec"], "Summary(de): deutsch"),
    (
        "rpmspec",
        &["--parse", "hello.spec"],
        "Summary(de): deutsch",
    ),
];

fn bench_for_options() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.join("desk/hello.spec"), SPEC).unwrap();
    std::fs::write(bench.join("desk/extra"), "%extra 1\n").unwrap();
    std::fs::write(bench.join("desk/rc"), "optflags: x86_64 -O7\n").unwrap();
    bench
}

fn each_has_an_effect() {
    let bench = bench_for_options();
    let asked = |name: &str, args: &[&str], language: &str| {
        let mut command = bench.command(name);
        command.args(args).env("LANGUAGE", language);
        Ran::from(command.output().unwrap())
    };
    for (name, args, line) in EFFECTS {
        let ran = asked(name, args, "").ok();
        let has_line = ran.stdout.lines().any(|it| it.trim_end() == line);
        assert!(has_line, "{name} {args:?}: {}", ran.stdout);
    }
    let help = asked("rpmspec", &["-?"], "").ok().stdout;
    assert!(help.contains("Usage: rpmspec "), "{help}");
    // Languages.
    let summary = ["-q", "--qf", "%{summary} %{description}\\n", "hello.spec"];
    let first = |ran: Ran| ran.ok().lines()[0].to_owned();
    assert_eq!(first(asked("rpmspec", &summary, "")), "english x");
    assert_eq!(first(asked("rpmspec", &summary, "fr:de")), "deutsch de x");
    let nolang = [&summary[..], &["--nolang"]].concat();
    assert_eq!(first(asked("rpmspec", &nolang, "de")), "english x");
    // Colours.
    for (when, is_coloured) in [("always", true), ("never", false), ("auto", false)] {
        for name in ["specbuild", "rpmspec"] {
            let told = asked(name, &["--color", when, "--eval", "%[1/0]"], "").stderr;
            assert_eq!(
                told.contains('\u{1b}'),
                is_coloured,
                "{name} {when}: {told}"
            );
        }
    }
    let bogus = asked("specbuild", &["--color", "bogus", "--eval", "1"], "");
    assert_eq!((bogus.status, &*bogus.stdout), (Some(1), ""));
    // Builds.
    let build = |args: &[&str]| {
        let args = [
            &["-bi", "--nodeps", "--target", "x86_64"],
            args,
            &["hello.spec"],
        ]
        .concat();
        bench.run("rpmbuild", args).ok()
    };
    let plain = build(&[]);
    assert!(plain.stdout.contains("in build") && plain.stdout.contains("in check"));
    assert!(!plain.stderr.contains(" secs"));
    assert!(!build(&["--nocheck"]).stdout.contains("in check"));
    assert!(!build(&["--nobuild"]).stdout.contains("in build"));
    assert!(!build(&["--noprep"]).stdout.contains("Executing(%prep)"));
    assert!(!build(&["--short-circuit"]).stdout.contains("in build"));
    assert!(!build(&["--quiet"]).stdout.contains("Executing"));
    assert!(build(&["--clean"]).stdout.contains("Executing(rmbuild)"));
    let stats = build(&["--stats"]).stderr;
    for step in ["   spec: ", "   %build: ", "   total: "] {
        assert!(stats.contains(step), "{step}: {stats}");
    }
    let args = [
        "-bb",
        "--nodeps",
        "--nolang",
        "hello.spec",
        "--target",
        "x86_64",
    ];
    bench.run("rpmbuild", args).ok();
    let package = bench.join("top/RPMS/x86_64/hello-1-1.x86_64.rpm");
    let query = |args: &[&str]| {
        let args = [
            &["-qp", "--qf", "%{summary}"],
            args,
            &[package.to_str().unwrap()],
        ]
        .concat();
        asked("rpm", &args, "de")
    };
    assert_eq!(query(&[]).ok().stdout, "english");
    bench
        .run(
            "rpmbuild",
            ["-bb", "--nodeps", "hello.spec", "--target", "x86_64"],
        )
        .ok();
    assert_eq!(query(&[]).ok().stdout, "deutsch");
    assert_eq!(query(&["--nolang"]).ok().stdout, "english");
    // A summary that no digest was taken of.
    let mut bytes = std::fs::read(&package).unwrap();
    let place = bytes.windows(7).position(|it| it == b"english").unwrap();
    bytes[place] = b'E';
    std::fs::write(&package, bytes).unwrap();
    assert_ne!(query(&["--nolang"]).status, Some(0));
    assert_eq!(query(&["--nolang", "--nodigest"]).ok().stdout, "English");
}

/// Each option of `testdata/options.txt` is in a test, needs a database, or stands below `Without effect
/// here`.
fn all_are_tried() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/builds");
    let tests: String = files_below(std::path::Path::new(source))
        .iter()
        .map(|file| std::fs::read_to_string(format!("{source}/{file}")).unwrap_or_default())
        .collect();
    let pages: String = files_below(&testdata("replay"))
        .iter()
        .map(|file| std::fs::read_to_string(testdata("replay").join(file)).unwrap_or_default())
        .collect();
    let table = std::fs::read_to_string(testdata("options.txt")).unwrap();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (program, options) = line.split_once(':').unwrap();
        let help = help_of(program);
        let section = |title: &str| {
            let rest = help.split(title).nth(1).unwrap_or_default();
            rest.split("\n\n").next().unwrap_or_default().to_owned()
        };
        let headings = [
            "Without effect here:",
            "Installed packages",
            "Changes to installed packages",
        ];
        let beyond: String = headings.map(section).concat();
        let beyond = options_in(&beyond);
        let is_tried = |option: &&str| {
            let bare = [format!("\"{option}\""), format!(" {option} ")];
            let in_words = bare
                .iter()
                .any(|it| tests.contains(it) || pages.contains(it));
            in_words
                || pages.contains(&format!("{option}="))
                || tests.contains(&format!("\"{option} "))
        };
        let is_stage = |option: &&str| {
            let letters = LETTERS.iter().map(|(letter, _)| *letter);
            let all = letters.flat_map(|it| ['b', 't', 'r'].map(|mode| format!("-{mode}{it}")));
            all.into_iter().any(|stage| stage == **option)
        };
        let left: Vec<&str> = options
            .split_whitespace()
            .filter(|it| !beyond.contains(it) && !is_tried(it) && !is_stage(it))
            .collect();
        assert!(
            left.is_empty(),
            "{program}: {left:?} have no test of what they do"
        );
    }
}

/// The last letters of `-b`, `-t` and `-r` have a table of their own.
const LETTERS: [(char, &str); 11] = [
    ('d', "prep req"),
    ('p', "prep"),
    ('f', "prep req conf"),
    ('c', "prep req conf build"),
    ('i', "prep req conf build install check"),
    ('k', "prep req conf build install check"),
    ('l', ""),
    ('b', "prep req conf build install check"),
    ('s', ""),
    ('r', "prep req"),
    ('a', "prep req conf build install check"),
];

fn stages_run_what_they_name() {
    let bench = Bench::new();
    let scripts = [
        ("prep", "prep"),
        ("generate_buildrequires", "req"),
        ("conf", "conf"),
        ("build", "build"),
        ("install", "install"),
        ("check", "check"),
    ];
    let scripts: String = scripts
        .iter()
        .map(|(name, word)| format!("%{name}\necho 'ran {word}' >&2\n"))
        .collect();
    let spec = format!(
        "Name: hello\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n%description\nx\n{scripts}%files\n"
    );
    std::fs::create_dir(bench.join("desk/hello-1")).unwrap();
    std::fs::write(bench.join("desk/hello-1/hello.spec"), &spec).unwrap();
    std::fs::write(bench.join("desk/hello.spec"), spec).unwrap();
    let mut tar = Command::new("tar");
    let made = tar
        .args(["-cf", "hello-1.tar", "hello-1"])
        .current_dir(bench.join("desk"))
        .status();
    assert!(made.unwrap().success());
    bench
        .run("rpmbuild", ["-bs", "--nodeps", "hello.spec"])
        .ok();
    std::fs::rename(
        bench.join("top/SRPMS/hello-1-1.src.rpm"),
        bench.join("desk/hello.src.rpm"),
    )
    .unwrap();
    let inputs = [
        ('b', "hello.spec"),
        ('t', "hello-1.tar"),
        ('r', "hello.src.rpm"),
    ];
    for (mode, input) in inputs {
        for (letter, scripts) in LETTERS {
            std::fs::remove_dir_all(bench.join("top")).ok();
            let option = format!("-{mode}{letter}");
            let ran = bench
                .run("rpmbuild", [&*option, "--target", "x86_64", input])
                .ok();
            let run: Vec<&str> = ran
                .stderr
                .lines()
                .filter_map(|line| line.strip_prefix("ran "))
                .collect();
            assert_eq!(run.join(" "), scripts, "{option}");
            let made = files_below(&bench.join("top"));
            let count = |end: &str| made.iter().filter(|it| it.ends_with(end)).count();
            let expected = (
                usize::from("sra".contains(letter)),
                usize::from("ba".contains(letter)),
            );
            assert_eq!(
                (count(".src.rpm"), count(".x86_64.rpm")),
                expected,
                "{option}: {made:?}"
            );
        }
    }
    let all = ["prep", "req", "conf", "build", "install", "check"];
    let words: [(&[&str], &[&str]); 3] = [
        (&["--recompile", "hello.src.rpm"], &all),
        (&["--rebuild", "hello.src.rpm"], &all),
        // Where the sources are already, nothing is prepared.
        (
            &[
                "-bi",
                "--build-in-place",
                "-D",
                "debug_package %nil",
                "hello.spec",
            ],
            &all[1..],
        ),
    ];
    for (args, scripts) in words {
        let args = [&["--target", "x86_64"], args].concat();
        let ran = bench.run("rpmbuild", &args).ok();
        let lines = ran.stderr.lines();
        let run: Vec<&str> = lines.filter_map(|line| line.strip_prefix("ran ")).collect();
        assert_eq!(run, scripts, "{args:?}");
    }
}

/// Options of queries, and what they print of the package below.
const QUERIES: [(&[&str], &str); 22] = [
    (&["--configfiles"], "/etc/q.conf\n"),
    (&["--docfiles"], "/usr/share/q/doc\n"),
    (&["--licensefiles"], "/usr/share/q/license\n"),
    (&["--artifactfiles"], "/usr/share/q/artifact\n"),
    (
        &["--list", "--noartifact", "--noconfig", "--noghost"],
        "/usr/share/q/doc\n/usr/share/q/license\n",
    ),
    (
        &["--list", "--noconfig", "--noartifact", "--docfiles"],
        "/usr/share/q/doc\n",
    ),
    (&["--list", "--package"], "/etc/q.conf\n"),
    (&["--state"], "/etc/q.conf\n"),
    (&["--dump"], "/etc/q.conf 2 "),
    (&["--info"], "Name         : query\n"),
    (&["--xml"], "<rpmTag name=\"Name\">"),
    (&["--json"], "\"Name\": \t\"query\""),
    (&["--scripts"], "echo installed"),
    (&["--triggerscripts"], "echo triggered"),
    (&["--filetriggers"], "echo for /etc"),
    (&["--filecolor"], "/etc/q.conf\t0\n"),
    (
        &["--fileprovide"],
        "/etc/q.conf\t\n/usr/share/q/artifact\t\n",
    ),
    (&["--filerequire"], "/etc/q.conf\t"),
    (&["--changelog"], "- first\n"),
    (&["--provides"], "query = 1-1\n"),
    (&["--requires"], "other\n"),
    (&["--suggests"], "more\n"),
];

fn queries_show_what_they_name() {
    let bench = Bench::new();
    let files = [
        "/etc/q.conf",
        "/usr/share/q/doc",
        "/usr/share/q/license",
        "/usr/share/q/artifact",
    ];
    let install: String = files
        .iter()
        .map(|file| {
            format!("mkdir -p $(dirname %{{buildroot}}{file}); echo 1 > %{{buildroot}}{file}\n")
        })
        .collect();
    let spec = format!(
        "Name: query\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
         Requires: other\nSuggests: more\n%description\nx\n%install\n{install}\
         %files\n%config /etc/q.conf\n%doc /usr/share/q/doc\n%license /usr/share/q/license\n\
         %artifact /usr/share/q/artifact\n%ghost /var/q\n%post\necho installed\n\
         %triggerin -- other\necho triggered\n%filetriggerin -- /etc\necho for /etc\n\
         %changelog\n* Mon Jan 05 2015 A <a@example.org> - 1-1\n- first\n"
    );
    std::fs::write(bench.join("desk/query.spec"), spec).unwrap();
    bench
        .run("rpmbuild", ["-bb", "--nodeps", "query.spec"])
        .ok();
    let package = bench.join("top/RPMS/noarch/query-1-1.noarch.rpm");
    let ask = |args: &[&str]| {
        let mut command = bench.command("rpm");
        Ran::from(command.args(args).arg(&package).output().unwrap())
    };
    let mut wrong = Vec::new();
    for (options, shown) in QUERIES {
        let ran = ask(&[&["-qp"], options].concat()).ok();
        let last = options[options.len() - 1];
        let chooses = last.ends_with("files") || last == "--noghost";
        let lists_all = ran.stdout.contains("/etc/q.conf") && ran.stdout.contains("/var/q");
        if !ran.stdout.contains(shown) || (chooses && lists_all) {
            wrong.push((options, ran.stdout));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // rpm 6 asks for signatures, which there are none of.
    let checked = ask(&["--checksig"]);
    assert!(
        checked.stdout.contains("digests SIGNATURES NOT OK"),
        "{}",
        checked.stdout
    );
}
