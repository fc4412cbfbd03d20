//! What the binary does under each of its names, where it builds nothing.

use std::ffi::OsStr;

use testkit::Trial;

use crate::bench::{Bench, Ran};

/// One trial per behaviour.
pub(crate) fn trials() -> Vec<Trial> {
    let checks: [(&str, fn()); 19] = [
        ("macro files of the user", reads_macro_files_of_the_user),
        ("--target in any place", takes_targets_anywhere),
        ("specs and targets", asks_specs_for_the_target_of_a_build),
        ("--eval under every name", evaluates_under_every_name),
        ("--define and --eval in order", takes_macros_in_order),
        (
            "--nocheck and --undefine are known",
            knows_options_that_helpers_probe,
        ),
        ("an unknown option gets a suggestion", suggests_options),
        ("--version", tells_versions),
        (
            "debbuild has directories of its own",
            debbuild_has_its_own_directories,
        ),
        ("rpm --showrc", shows_configuration),
        ("rpmrc files and --predefine", reads_configuration),
        ("rpmlua", runs_lua),
        ("Lua's modules lie where a macro says", finds_lua_modules),
        ("rpmuncompress", uncompresses_by_macros),
        ("rpmspec", shows_specs),
        (
            "rpm's words alone under rpm's names",
            says_what_rpm_says_where_nobody_looks,
        ),
        ("targets", lists_targets),
        ("lists of targets in bash", completes_lists_of_targets),
        (
            "lists of targets in other shells",
            completes_lists_in_other_shells,
        ),
    ];
    let named = checks.into_iter().map(|(name, check)| {
        Trial::test(format!("names: {name}"), move || {
            check();
            Ok(())
        })
    });
    named.collect()
}

/// Runs a name without `%_topdir` and the like.
fn plain<A: AsRef<OsStr>>(name: &str, args: impl IntoIterator<Item = A>) -> Ran {
    let bench = Bench::new();
    let mut ran = Ran::from(bench.command(name).args(args).output().unwrap());
    ran.stdout = ran
        .stdout
        .replace(&bench.join("home").display().to_string(), "~");
    ran
}

const NAMES: [&str; 5] = ["specbuild", "rpmbuild", "rpmspec", "rpm", "debbuild"];

fn evaluates_under_every_name() {
    for name in NAMES {
        let ran = plain(name, ["--eval", "%{_bindir}%%"]).ok();
        assert_eq!(ran.stdout, "/usr/bin%\n", "{name}");
    }
}

fn takes_macros_in_order() {
    for name in NAMES {
        let args = [
            "-E",
            "%{?x}",
            "-D",
            "x 1",
            "-E",
            "%x",
            "--undefine",
            "x",
            "-E",
            "[%{?x}]",
        ];
        assert_eq!(plain(name, args).ok().lines(), ["1", "[]"], "{name}");
    }
    let stops = ["-E", "a", "-D", "bad", "-E", "b"];
    let stopped = plain("rpm", stops);
    assert_eq!((stopped.status, &*stopped.stdout), (Some(1), "a\n"));
    let targets = [
        "-E",
        "%_target_cpu",
        "--target",
        "i686",
        "-E",
        "%_target_cpu",
    ];
    assert_eq!(plain("rpm", targets).ok().lines(), ["x86_64", "i686"]);
    let bare = ["--macros", "/dev/null", "-E", "%_target %{?_bindir}"];
    assert_eq!(plain("rpm", bare).ok().stdout, "x86_64-linux \n");
    let with = [
        "--with",
        "a",
        "--without",
        "b",
        "-E",
        "%{?_with_a} %{?_without_b}",
    ];
    assert_eq!(
        plain("rpmbuild", with).ok().stdout,
        "--with-a --without-b\n"
    );
}

/// Under rpm's names and without a terminal, messages are rpm's to the byte; whoever wants more says so.
fn says_what_rpm_says_where_nobody_looks() {
    let (faulty, bare) = (
        ["--eval", "%[1 + \"a\" * 2]"],
        "error: types must match: 1 + \"a\" * 2\n",
    );
    assert_eq!(plain("rpm", faulty).stderr, bare);
    assert_eq!(
        plain("rpm", ["--eval", "%[1 / 0]"]).stderr,
        "error: division by zero: 1 / 0\nerror:                     ^\n"
    );
    let wanted = ["-D", "_diagnostics full", "--eval", "%[1 + \"a\" * 2]"];
    let full = plain("specbuild", faulty).stderr;
    let code = "error[expand::expression]: ";
    assert!(full.starts_with(code), "{full}");
    // Whoever reads rpm's logs looks for the word.
    let full = full.replacen(code, "error: ", 1);
    assert!(full.starts_with(bare) && full.len() > bare.len(), "{full}");
    assert_eq!(plain("rpm", wanted).stderr, full);
    let bench = Bench::new();
    for (name, form, told) in [("rpm", "full", &*full), ("specbuild", "bare", bare)] {
        let mut command = bench.command(name);
        command.args(faulty).env("SPECBUILD_DIAGNOSTICS", form);
        let ran = Ran::from(command.output().unwrap());
        assert_eq!(ran.stderr, told, "{name} {form}");
    }
}

/// `~/.rpmrc`, as OBS writes it, `--rcfile` in its place, and definitions before all macro files.
fn reads_configuration() {
    let bench = Bench::new();
    std::fs::write(bench.join("home/.rpmrc"), "optflags: x86_64 -O9\n").unwrap();
    std::fs::write(bench.join("home/.rpmmacros"), "%mine %{?early:early}\n").unwrap();
    std::fs::write(bench.join("desk/rc"), "optflags: x86_64 -O7\nwhat\n").unwrap();
    let run = |args: &[&str]| Ran::from(bench.command("rpm").args(args).output().unwrap());
    let flags = ["--target", "x86_64-linux", "-E", "%optflags"];
    assert_eq!(run(&flags).ok().stdout, "-O9\n");
    let other = run(&[&["--rcfile", "rc"], &flags[..]].concat());
    let told = "error: missing ':' (found 0x00) at rc:2\n";
    assert_eq!((&*other.stdout, &*other.stderr), ("-O7\n", told));
    let missing = run(&["--rcfile", "nowhere", "-E", "1"]);
    let told = "error: Unable to open nowhere for reading: No such file or directory";
    assert!(missing.status == Some(1) && missing.stderr.starts_with(told));
    std::fs::write(bench.join("desk/x86_64-linux.macros"), "%ofit yes\n").unwrap();
    let of_target = run(&["--macros", "%{_target}.macros", "-E", "%{?ofit} %{?mine}"]);
    assert_eq!(of_target.ok().stdout, "yes \n");
    let predefined = run(&["--predefine", "early 1", "-E", "%mine"]);
    assert_eq!(predefined.ok().stdout, "early\n");
    std::fs::create_dir_all(bench.join("home/.config/rpm")).unwrap();
    assert_ne!(
        run(&flags).ok().stdout,
        "-O9\n",
        "the old place counts no more"
    );
}

fn finds_lua_modules() {
    let bench = Bench::new();
    std::fs::write(bench.join("desk/words.lua"), "return { last = 7 }").unwrap();
    let dir = format!("_rpmluadir {}", bench.join("desk").display());
    let code = "%{lua:print(require('words').last)}";
    for name in ["rpm", "specbuild"] {
        let mut command = bench.command(name);
        let command = command.args(["--define", &dir, "--eval", code]);
        let ran = Ran::from(command.output().unwrap());
        assert_eq!(ran.ok().stdout, "7\n", "{name}");
    }
}

fn runs_lua() {
    let files = Bench::new();
    std::fs::write(files.join("desk/a.txt"), "").unwrap();
    let glob = ["-e", "print(table.concat(rpm.glob('*.txt'), ' '))"];
    let ran = Ran::from(files.command("rpmlua").args(glob).output().unwrap());
    assert_eq!(
        ran.ok().stdout,
        "a.txt\n",
        "relative patterns stay relative"
    );
    let script = Bench::new();
    let path = script.join("tool.lua");
    std::fs::write(&path, "print('opt', opt.t, table.concat(arg, ' '))").unwrap();
    let path = path.to_str().unwrap();
    let ran = plain("rpmlua", [path, "a", "--", "-t"]).ok();
    assert_eq!(ran.stdout, format!("opt\tnil\t{path} a -t\n"));
    let ran = plain("rpmlua", ["--opts=t:", path, "--", "-t1", "a"]).ok();
    assert_eq!(ran.stdout, "opt\t1\ta\n");
    let ran = plain("rpmlua", ["-D", "x 1", "-e", "print(macros.x)"]).ok();
    assert_eq!(ran.stdout, "1\n");
    let failed = plain("rpmlua", ["-e", "error('no')"]);
    let told = "error: lua script failed: [string \"<execute>\"]:1: no\n";
    assert_eq!((failed.status, &*failed.stderr), (Some(255), told));
    let missing = plain("rpmlua", ["nowhere.lua"]);
    let told = "reading nowhere.lua failed: No such file or directory\n";
    assert_eq!((missing.status, &*missing.stderr), (Some(1), told));
}

fn uncompresses_by_macros() {
    let place = Bench::new();
    let path = place.join("a.gz");
    std::fs::write(&path, b"\x1f\x8b, but no gzip at all").unwrap();
    let path = path.to_str().unwrap();
    let ran = plain("rpmuncompress", ["-n", path]).ok();
    assert_eq!(ran.stderr, format!("/usr/bin/gzip -dc {path}\n"));
    let ran = plain("rpmuncompress", ["-D", "__gzip /an/other", "-n", path]).ok();
    assert_eq!(ran.stderr, format!("/an/other -dc {path}\n"));
    let ran = plain("rpmuncompress", ["-D", "__tar star", "-xn", path]).ok();
    let told = format!(" /usr/bin/gzip -dc  '{path}' | star -xof - \n");
    assert_eq!(ran.stderr, told);
    let ran = plain("rpmuncompress", ["-D", "__gzip echo", path]).ok();
    assert_eq!(ran.stdout, format!("-dc {path}\n"));
    let missing = plain("rpmuncompress", ["-x", "nowhere.gz"]);
    let told = "error: File nowhere.gz: No such file or directory\n";
    assert_eq!((missing.status, &*missing.stderr), (Some(1), told));
}

fn knows_options_that_helpers_probe() {
    for name in ["specbuild", "rpmbuild", "debbuild"] {
        for option in [
            "--nocheck",
            "--nodeps",
            "--noprep",
            "--noclean",
            "--nosignature",
        ] {
            plain(name, [option, "--help"]).ok();
        }
        plain(name, ["--undefine", "x", "--help"]).ok();
        plain(name, ["--undefine=x", "--help"]).ok();
    }
}

fn suggests_options() {
    for name in NAMES {
        let ran = plain(name, ["--defin", "x 1"]);
        assert_eq!(ran.status, Some(1), "{name}");
        // Under rpm's names, with nobody at a terminal, in popt's words alone.
        let expected = match name.starts_with("rpm") {
            true => format!("{name}: --defin: unknown option\n"),
            false => "'--define'".to_owned(),
        };
        assert!(ran.stderr.contains(&expected), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

fn tells_versions() {
    assert!(
        plain("rpm", ["--version"])
            .ok()
            .stdout
            .starts_with("RPM version ")
    );
    for name in ["specbuild", "rpmbuild", "rpmspec", "debbuild"] {
        assert!(
            plain(name, ["--version"]).ok().stdout.contains('.'),
            "{name}"
        );
    }
}

fn debbuild_has_its_own_directories() {
    let topdir = ["--eval", "%{_topdir}"];
    assert_eq!(plain("debbuild", topdir).ok().stdout, "~/debbuild\n");
    assert_eq!(plain("rpmbuild", topdir).ok().stdout, "~/rpmbuild\n");
    let libdir = ["--eval", "%{_libdir}", "--target", "debian-12"];
    assert!(
        plain("debbuild", libdir)
            .ok()
            .stdout
            .starts_with("/usr/lib/")
    );
}

fn shows_configuration() {
    let shown = plain("rpm", ["-D", "mine here", "--showrc"]).ok().stdout;
    assert!(shown.contains("build arch"), "{shown}");
    assert!(shown.contains("mine\there"), "{shown}");
}

fn shows_specs() {
    let spec = crate::bench::workspace("examples/libgreet/libgreet.spec");
    let spec = spec.as_os_str();
    let query = |args: &[&str]| {
        let args = args.iter().map(OsStr::new);
        plain("rpmspec", [OsStr::new("-q"), spec].into_iter().chain(args))
            .ok()
            .stdout
    };
    let all = query(&["--target", "fedora-42", "--qf", "%{NAME} %{VERSION}\n"]);
    assert_eq!(
        all,
        "libgreet 1.2.0\nlibgreet-tools 1.2.0\nlibgreet-devel 1.2.0\n"
    );
    assert_eq!(query(&["--srpm", "--qf", "%{NAME}"]), "libgreet");
    assert_eq!(query(&["--buildrequires"]).lines().next(), Some("gcc"));
    let parsed = plain("rpmspec", [OsStr::new("-P"), spec]).ok().stdout;
    assert!(
        parsed.contains(
            "\nSource0:        https://example.org/libgreet/releases/libgreet-1.2.0.tar.gz\n"
        ),
        "{parsed}"
    );
}

/// In scripts for shells that are not here to judge: what they complete behind a comma, and names of
/// values that zsh's `_arguments` can read.
fn completes_lists_in_other_shells() {
    let script = |shell: &str| plain("specbuild", ["completions", shell]).ok().stdout;
    let fish = script("fish");
    assert!(!fish.contains(" ?/") && !fish.contains(" ? "), "{fish}");
    assert!(fish.contains("2>/dev/null\n    or return 0\n"), "{fish}");
    let options: Vec<&str> = fish
        .lines()
        .filter(|it| it.contains("-l target "))
        .collect();
    assert!(options.len() > 3, "{fish}");
    for option in options {
        assert!(
            option.contains("(__fish_complete_list , 'string split , deb,rpm,"),
            "{option}"
        );
    }
    let zsh = script("zsh");
    for line in zsh.lines().filter(|it| it.starts_with(['\'', ':'])) {
        let quotes = line.replace("'\\''", "").matches('\'').count();
        assert_eq!(quotes % 2, 0, "{line}");
        assert!(!line.contains(":'"), "{line}");
        let is_list = line.contains(":TARGETS:_values -s , target deb rpm ");
        assert_eq!(is_list, line.contains("--target="), "{line}");
    }
}

/// As bash calls what `completions bash` prints.
fn completes_lists_of_targets() {
    let bench = Bench::new();
    let script = plain("specbuild", ["completions", "bash"]).ok().stdout;
    std::fs::write(bench.join("desk/completions"), script).unwrap();
    let call = "source desk/completions; COMP_WORDS=(specbuild \"$@\"); COMP_CWORD=$#
        _specbuild specbuild \"${@: -1}\" \"${@: -2:1}\"; echo \"${COMPREPLY[@]}\"";
    let listed = plain("specbuild", ["targets"]).ok().stdout;
    let known = |start: &str, before: &str| {
        let ids = listed.lines().filter(|line| line.starts_with(start));
        let ids = ids.filter_map(|line| line.split(' ').next());
        let ids: Vec<String> = ids.map(|id| format!("{before}{id}")).collect();
        ids.join(" ") + "\n"
    };
    let several = known("u", "rpm,deb,");
    assert!(several.contains("rpm,deb,upstream rpm,deb,ubuntu-"));
    for (words, completed) in [
        (["", "--target", "debian-12,f"], known("f", "debian-12,")),
        (["expand", "--target", "rpm,deb,u"], several),
        (["", "--target", "fe"], known("fe", "")),
    ] {
        let mut bash = std::process::Command::new("bash");
        bash.current_dir(bench.path()).args(["-c", call, "bash"]);
        bash.args(words.iter().filter(|word| !word.is_empty()));
        assert_eq!(crate::bench::run(&mut bash), completed);
    }
}

fn lists_targets() {
    let listed = plain("specbuild", ["targets"]).ok().stdout;
    for id in ["debian-12", "debian-13", "ubuntu-24.04", "fedora-42"] {
        assert!(listed.lines().any(|line| line.starts_with(id)), "{listed}");
    }
    for family in ["deb", "rpm"] {
        let line = listed
            .lines()
            .find(|it| it.split(' ').next() == Some(family));
        assert!(
            line.is_some_and(|it| it.contains("another name of ")),
            "{listed}"
        );
    }
    let shown = plain("specbuild", ["targets", "show", "fedora-42"])
        .ok()
        .stdout;
    assert!(shown.contains("format = "), "{shown}");
    let slip = plain("specbuild", ["targets", "shwo"]);
    assert!(slip.stderr.contains("did you mean `specbuild targets show"));
    let unknown = plain("specbuild", ["--target", "debian-99", "--eval", "1"]);
    assert_eq!(unknown.status, Some(1), "{}", unknown.stderr);
}

/// Under our own names `--target` counts wherever it stands, and for a spec too; under rpm's, options
/// count for what follows them.
fn takes_targets_anywhere() {
    for name in ["specbuild", "debbuild"] {
        for args in [["--eval", "%{?dist}"], ["--target", "fedora-42"]] {
            let mut words = args.to_vec();
            words.extend(match args[0] {
                "--eval" => ["--target", "fedora-42"],
                _ => ["--eval", "%{?dist}"],
            });
            assert_eq!(
                plain(name, &words).ok().stdout,
                ".fc42\n",
                "{name} {words:?}"
            );
        }
        let shown = plain(name, ["--showrc", "--target", "fedora-42"])
            .ok()
            .stdout;
        assert!(shown.contains("\nTARGET: fedora-42\n"), "{name}");
        let several = ["--eval", "%_lib", "--target", "fedora-42,debian-12"];
        assert_eq!(
            plain(name, several).ok().lines(),
            ["lib64", "lib/x86_64-linux-gnu"],
            "{name}"
        );
    }
    let args = [
        "-E",
        "%{?dist}%{?mine}",
        "--predefine",
        "mine 1",
        "--target",
        "fedora-42",
    ];
    assert_eq!(plain("specbuild", args).ok().stdout, ".fc421\n");
    assert_eq!(plain("rpmbuild", args).ok().stdout, "");
    takes_settings_anywhere();
}

/// So do options that define macros.
fn takes_settings_anywhere() {
    let bench = Bench::new();
    let file = bench.join("desk/one.macros");
    std::fs::write(&file, "%loaded 3\n").unwrap();
    let file = file.display().to_string();
    for (text, settings, ours, rpms) in [
        ("%{foo}", ["--define", "foo 1"], "1", "%{foo}"),
        ("%{foo}", ["-D", "foo %{nil}2"], "2", "%{foo}"),
        (
            "[%{?_bindir}]",
            ["--undefine", "_bindir"],
            "[]",
            "[/usr/bin]",
        ),
        ("%{?_with_x}", ["--with", "x"], "--with-x", ""),
        ("%{?_without_x}", ["--without", "x"], "--without-x", ""),
        ("%{loaded}", ["--load", &file], "3", "%{loaded}"),
    ] {
        let words = [&["--eval", text], &settings[..]].concat();
        for (name, expected) in [("specbuild", ours), ("debbuild", ours), ("rpmbuild", rpms)] {
            let ran = plain(name, &words).ok();
            assert_eq!(ran.stdout.trim_end(), expected, "{name} {words:?}");
        }
    }
}

/// A spec is asked for the target that a build is for.
fn asks_specs_for_the_target_of_a_build() {
    let bench = Bench::new();
    let spec = "Name: hello\nVersion: 1\nRelease: 1%{?dist}\nSummary: x\nLicense: MIT\n\
        %description\nx\n%files\n";
    std::fs::write(bench.join("desk/hello.spec"), spec).unwrap();
    let run =
        |args: &[&str]| Ran::from(bench.command("specbuild").args(args).output().unwrap()).ok();
    let target = run(&["--eval", "%{_target_cpu} %{?dist}"]);
    let (arch, dist) = target.stdout.trim_end().split_once(' ').unwrap();
    let asked = run(&["query", "hello.spec"]);
    assert_eq!(asked.stdout, format!("hello-1-1{dist}.{arch}\n"));
    let parsed = run(&["expand", "hello.spec"]);
    assert!(
        parsed.stdout.contains(&format!("Release: 1{dist}\n")),
        "{}",
        parsed.stdout
    );
    let several = run(&[
        "query",
        "hello.spec",
        "--target",
        "fedora-42,debian-12",
        "--qf",
        "%{R} ",
    ]);
    assert_eq!(several.stdout, "1.fc42 1.deb12 ");
}

/// Under rpm's names the list of macro files ends as rpm's does, and our own file is not read.
fn reads_macro_files_of_the_user() {
    let bench = Bench::new();
    let run = |name: &str, args: &[&str]| {
        let mut command = bench.command(name);
        Ran::from(command.args(args).output().unwrap()).ok().stdout
    };
    let last = |name: &str| {
        let shown = run(name, &["--showrc"]);
        let path = shown.lines().find(|line| line.starts_with("Macro path: "));
        path.unwrap().rsplit(':').next().unwrap().to_owned()
    };
    assert_eq!(last("rpm"), "~/.config/rpm/macros");
    std::fs::write(bench.join("home/.rpmrc"), "").unwrap();
    assert_eq!(
        last("rpm"),
        "~/.rpmmacros",
        "either of the old files will do"
    );
    std::fs::write(bench.join("home/.rpmmacros"), "%mine old\n").unwrap();
    assert_eq!(run("rpm", &["-E", "%mine"]), "old\n");
    let own = bench.join("home/.config/specbuild");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("macros"), "%own yes\n").unwrap();
    for name in ["rpm", "rpmbuild", "rpmspec"] {
        assert_eq!(run(name, &["-E", "%{?own}."]), ".\n", "{name}");
        assert_eq!(last(name), "~/.rpmmacros", "{name}");
    }
    assert_eq!(run("specbuild", &["-E", "%{?own}."]), "yes.\n");
    assert_eq!(last("specbuild"), "~/.config/specbuild/macros");
    std::fs::create_dir_all(bench.join("home/.config/rpm")).unwrap();
    assert_eq!(last("rpm"), "~/.config/rpm/macros");
}
