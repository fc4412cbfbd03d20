//! `specbuild helper NAME …`: the programs that run between a script and a package.

use std::ffi::OsString;

use clap::{Arg, Command};

use super::{elfdeps, gendiff, rpmdeps, rpmsort, shlibdeps};
use crate::cli;
use crate::terminal;

/// A helper that needs more than crate `policy` knows.
struct Own {
    name: &'static str,
    summary: &'static str,
    function: fn(&[OsString]) -> u8,
}

/// These helpers.
const OWN: [Own; 7] = [
    Own {
        name: "elfdeps",
        summary: "tell what ELF files offer and need",
        function: elfdeps::run,
    },
    Own {
        name: "find-provides",
        summary: "tell what files offer",
        function: |_| rpmdeps::find("--provides"),
    },
    Own {
        name: "find-requires",
        summary: "tell what files need",
        function: |_| rpmdeps::find("--requires"),
    },
    Own {
        name: "gendiff",
        summary: "make a patch of files kept under another ending",
        function: gendiff::run,
    },
    Own {
        name: "rpmsort",
        summary: "sort lines as rpm's versions are",
        function: rpmsort::run,
    },
    Own {
        name: "rpmdeps",
        summary: "tell what files offer and need, by file attributes",
        function: rpmdeps::run,
    },
    Own {
        name: "shlibdeps",
        summary: "tell the packages that the libraries of ELF files come from",
        function: shlibdeps::run,
    },
];

/// The names of rpm's own programs that a helper stands in for.
const STAND_INS: [(&str, &str); 1] = [("find-lang.sh", "find-lang")];

/// The helper that a program's name stands for.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    let mut stand_ins = STAND_INS.iter();
    let renamed = stand_ins.find(|(rpm, _)| *rpm == name);
    renamed.map(|(_, helper)| *helper).or_else(|| {
        let mut names = all().map(|(helper, _)| helper);
        names.find(|helper| *helper == name)
    })
}

/// Names and summaries of all helpers.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = OWN.iter().map(|it| (it.name, it.summary));
    let others = policy::HELPERS.iter().map(|it| (it.name, it.summary));
    own.chain(others)
}

pub(super) fn command() -> Command {
    let mut known: Vec<_> = all().collect();
    known.sort_unstable();
    let lines = known
        .iter()
        .map(|(name, summary)| format!("  {name:28} {summary}"));
    let lines: Vec<String> = lines.collect();
    Command::new("helper")
        .about("Runs one of the programs that macros call, or lists them")
        .after_help(format!("Helpers:\n{}", lines.join("\n")))
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .help("The helper; none for a list"),
        )
        .arg(
            Arg::new("args")
                .value_name("ARGS")
                .num_args(0..)
                .help("Its arguments"),
        )
}

/// Runs `helper NAME ARGS`.
pub(crate) fn run_named(args: &[OsString]) -> u8 {
    let Some((name, rest)) = args.split_first() else {
        let mut all: Vec<_> = all().collect();
        all.sort_unstable();
        for (name, summary) in all {
            terminal::print_line(&format!("{name:28} {summary}"));
        }
        return 0;
    };
    let name = name.to_string_lossy();
    // No helper's name begins so.
    if name.starts_with('-') {
        return cli::parse_own(command(), args).map_or_else(|status| status, |_| 1);
    }
    run(&name, rest)
}

/// Runs one of the helpers.
pub(crate) fn run(name: &str, args: &[OsString]) -> u8 {
    if let Some(own) = OWN.iter().find(|it| it.name == name) {
        return (own.function)(args);
    }
    policy::run(
        name,
        args,
        &mut std::io::stdout().lock(),
        &mut std::io::stderr().lock(),
    )
}
