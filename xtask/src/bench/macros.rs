//! `bench macros`: start-up with all macros of a distribution, and the expansion of real specs.
//!
//! So that rpm has as much to load as we have, it gets the macro files of our own profiles, for specs
//! too. They lack the definitions that follow from the architecture, which rpm takes from its rpmrc: rpm
//! has some macros less to load than we, never more. The counts stand in the table. What one process does
//! with all specs is held beside what one process of rpm does with them, a process each beside a process
//! each.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Bench, Contender, alternate, specs, table, tools};
use common::shell::{Failure, Outcome, failed, output, root};

/// The profile with the most macros.
const TARGET: &str = "fedora-42";
const CALL: &str = "%{_bindir}";

/// Measures, and returns the tables.
pub(super) fn run(bench: &Bench, dir: &Path, bin: &Path) -> Outcome<String> {
    let startup = startup(bench, dir, bin)?;
    let expansion = expansion(bench, dir, bin)?;
    let tools = tools(&["rpm"])?;
    Ok(format!("{tools}\n{startup}\n{expansion}"))
}

fn startup(bench: &Bench, dir: &Path, bin: &Path) -> Outcome<String> {
    let file = dir.join("profile.macros");
    let program = bin.join("rpm").display().to_string();
    write_profile(&program, TARGET, "", &file)?;
    let file = file.display().to_string();
    let given: [(&str, Vec<&str>); 3] = [
        (
            "`specbuild`, macros of Fedora 42",
            vec![&program, "--target", TARGET],
        ),
        ("`rpm`, its own macros", vec!["rpm"]),
        ("`rpm`, the same macros", vec!["rpm", "--macros", &file]),
    ];
    let mut contenders = Vec::new();
    let mut counts = Vec::new();
    for (name, words) in given {
        counts.push(count_macros(&words)?);
        let command = [&words[..], &["--eval", CALL]].concat();
        contenders.push(Contender::new(name, &command, None));
    }
    if counts[2] * 4 < counts[0] * 3 {
        let counts = format!("{} macros, and rpm only {}", counts[0], counts[2]);
        return Err(Failure(format!("this is no comparison: we have {counts}")));
    }
    alternate(&mut contenders, bench.runs * 20)?;
    Ok(table::startup(&contenders, &counts, CALL))
}

/// Writes the macro files of a profile as one, with `more` at the end.
fn write_profile(program: &str, target: &str, more: &str, file: &Path) -> Outcome {
    let text = output(Command::new(program).args(["--target", target, "--showrc"]))?;
    let listed = text
        .lines()
        .skip_while(|line| *line != "MACROS ARE READ FROM:");
    let mut all = String::new();
    for layer in listed.skip(1).take_while(|line| !line.is_empty()) {
        if layer.starts_with("macros/") {
            let path = root().join(layer);
            all += &fs::read_to_string(&path).map_err(failed("read", &path))?;
            all.push('\n');
        }
    }
    all += more;
    fs::write(file, all).map_err(failed("write", file))
}

/// What `--showrc` counts at its end: `active 728 empty 0`.
fn count_macros(words: &[&str]) -> Outcome<usize> {
    let text = output(Command::new(words[0]).args(&words[1..]).arg("--showrc"))?;
    let last = text.lines().last().unwrap_or_default();
    let count = last.split_whitespace().skip_while(|word| *word != "active");
    let count = count.skip(1).find_map(|word| word.parse().ok());
    count.ok_or_else(|| Failure(format!("{}: --showrc does not count its macros", words[0])))
}

/// A loop over specs, in a shell.
const EACH: &str = "for spec in \"$@\"; do $0 \"$spec\" || exit 1; done >/dev/null 2>&1";
const ALL: &str = "exec $0 \"$@\" >/dev/null 2>&1";

/// The profile that specs are read with: those of a distribution have macros in Lua that only a newer rpm
/// can run.
const PLAIN: &str = "upstream";

/// What an older rpm lacks of that profile, and where rpm 6 has no macro file: the build root.
const BUILD_ROOT: &str = "%buildroot %{_topdir}/BUILDROOT/%{NAME}-%{VERSION}-%{RELEASE}.%{_arch}\n";

/// What is done with the specs, and the option of `rpmspec` for it.
const JOBS: [(&str, &str); 2] = [("expand", "-P"), ("query", "-q")];

fn expansion(bench: &Bench, dir: &Path, bin: &Path) -> Outcome<String> {
    let file = dir.join("plain.macros");
    write_profile(
        &bin.join("rpm").display().to_string(),
        PLAIN,
        BUILD_ROOT,
        &file,
    )?;
    let (bin, file) = (bin.display(), file.display());
    let ours = format!("{bin}/rpmspec --target {PLAIN}");
    let theirs = format!("rpmspec --macros {file}");
    let commands = [&ours, &theirs].map(|it| format!("{it} -P"));
    let chosen = specs::choose(bench.specs.as_deref(), &commands[0], &commands[1])?;
    let contender = |name, script, program: &str| {
        let mut command = vec!["sh", "-c", script, program];
        command.extend(chosen.paths.iter().map(String::as_str));
        Contender::new(name, &command, None)
    };
    let mut tables = Vec::new();
    for (job, option) in JOBS {
        let all = match option {
            "-q" => format!("{bin}/specbuild query --target {PLAIN}"),
            _ => format!("{ours} {option}"),
        };
        let [ours, theirs] = [&ours, &theirs].map(|it| format!("{it} {option}"));
        let mut contenders = [
            contender("`specbuild`, one process for all", ALL, &all),
            contender("`rpmspec`, one process for all", ALL, &theirs),
            contender("`specbuild`, a process each", EACH, &ours),
            contender("`rpmspec`, a process each", EACH, &theirs),
        ];
        alternate(&mut contenders, bench.runs)?;
        tables.push(table::expansion(
            &contenders,
            &format!("{job} {}", chosen.what),
            chosen.paths.len(),
        ));
    }
    Ok(tables.join("\n"))
}
