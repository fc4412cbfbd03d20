//! The options of queries.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Args, Command};
use query::{Detail, Listing, file_flags};

use super::format::SHORTHANDS;
use super::manner::Manner;
use crate::cli::CommonOptions;
use crate::commands::database;
use crate::macro_options::MacroOptions;

/// Options that choose files by their flags: name, letter, bit, and whether such files are shown.
const CHOICES: [(&str, Option<char>, u64, bool); 7] = [
    ("configfiles", Some('c'), file_flags::CONFIG, true),
    ("docfiles", Some('d'), file_flags::DOC, true),
    ("licensefiles", Some('L'), file_flags::LICENSE, true),
    ("artifactfiles", Some('A'), file_flags::ARTIFACT, true),
    ("noghost", None, file_flags::GHOST, false),
    ("noconfig", None, file_flags::CONFIG, false),
    ("noartifact", None, file_flags::ARTIFACT, false),
];

/// Options of rpm's that change nothing here: arguments are no patterns, and nothing is verified.
const IGNORED: [(&str, &str); 6] = [
    (
        "nomanifest",
        "Take files that are no packages for faulty ones",
    ),
    ("noglob", "Take arguments as they are"),
    ("nodeps", "Don't verify dependencies"),
    ("nofiledigest", "Don't verify digests of files"),
    ("nofiles", "Don't verify files"),
    ("noscript", "Don't run the script of %verifyscript"),
];

/// Options for specs.
const OF_SPECS: [(&str, &str); 3] = [
    ("rpms", "Of a spec, ask all packages that it describes"),
    ("builtrpms", "Of a spec, ask the packages with `%files`"),
    ("srpm", "Of a spec, ask the source package"),
];

/// The command line.
pub(super) fn command(manner: Manner) -> Command {
    let name = match manner {
        Manner::Own => "specbuild query",
        Manner::Rpm => "rpm",
    };
    let mut command = Command::new(name)
        .bin_name(name)
        .max_term_width(100)
        .arg(
            Arg::new("subject")
                .value_name("FILE")
                .num_args(0..)
                .value_parser(clap::value_parser!(OsString))
                .help(".rpm files, .deb files and specs"),
        )
        .arg(flag(
            "query",
            Some('q'),
            "Ask, which is what is done anyway",
        ))
        .arg(flag(
            "package",
            Some('p'),
            "Ask package files, which is what is done anyway",
        ))
        .arg(
            Arg::new("queryformat")
                .long("queryformat")
                .visible_alias("qf")
                .value_name("FORMAT")
                .allow_hyphen_values(true)
                .action(ArgAction::Append)
                .help("Show this query format"),
        )
        .arg(flag("list", Some('l'), "List the files"))
        .arg(flag("dump", None, "List all about the files"))
        .arg(flag("state", Some('s'), "List the files with their states"));
    for (name, letter, _, is_shown) in CHOICES {
        let kind = name.trim_start_matches("no").trim_end_matches("files");
        let help = match is_shown {
            true => format!("List only {kind} files"),
            false => format!("List no {kind} files"),
        };
        command = command.arg(flag(name, letter, &help));
    }
    for shorthand in &SHORTHANDS {
        command = command.arg(flag(shorthand.name, shorthand.letter, shorthand.help));
    }
    for (name, help) in OF_SPECS {
        command = command.arg(flag(name, None, help));
    }
    if manner == Manner::Rpm {
        command = command.args(signature_options());
        command = command.args(database::options()).arg(flag(
            "specfile",
            None,
            "Ask specs, as `rpmspec -q` does",
        ));
    }
    command = CommonOptions::augment_args(MacroOptions::augment_args(command));
    for (name, help) in IGNORED {
        command = command.arg(flag(name, None, help));
    }
    // Groups of options bring texts of their own.
    let about = match manner {
        Manner::Own => "Shows what packages and specs say of themselves",
        Manner::Rpm => "Shows what packages, specs and macros say, and signs and checks packages",
    };
    command
        .about(about)
        .long_about(None)
        .next_help_heading("Help")
        .arg(flag("version", None, "Print the version"))
}

/// Modes of `rpm` that are no queries, for the help.
fn signature_options() -> impl Iterator<Item = Arg> {
    let options = [
        (
            "checksig",
            Some('K'),
            "Verify digests and signatures of package files",
        ),
        ("addsign", None, "Sign package files, see `rpmsign --help`"),
        ("resign", None, "Sign package files anew"),
        ("delsign", None, "Take signatures off package files"),
    ];
    let options = options.into_iter();
    options.map(|(name, letter, help)| flag(name, letter, help).help_heading("Signatures"))
}

fn flag(name: &'static str, letter: Option<char>, help: &str) -> Arg {
    let flag = Arg::new(name).long(name).action(ArgAction::Count);
    flag.help(help.to_owned()).short(letter)
}

/// The list of files asked for, if one is.
pub(super) fn listing(matches: &ArgMatches) -> Option<Listing> {
    let is_given = |name: &str| matches.get_count(name) > 0;
    let bits = |shown: bool| {
        let chosen = CHOICES
            .iter()
            .filter(|(name, .., is_shown)| *is_shown == shown && is_given(name));
        chosen.fold(0, |bits, (_, _, bit, _)| bits | bit)
    };
    let detail = if is_given("dump") {
        Detail::Dump
    } else {
        Detail::Path
    };
    let listing = Listing {
        with: bits(true),
        without: bits(false),
        shows_states: is_given("state"),
        detail,
    };
    let is_listed = is_given("list") || is_given("dump") || is_given("state");
    (is_listed || listing.with != 0).then_some(listing)
}

/// The options that `rpmspec` is to know too.
pub(super) fn passed_on(matches: &ArgMatches) -> Vec<OsString> {
    const WITH_VALUES: [&str; 9] = [
        "predefine",
        "macros",
        "rcfile",
        "load",
        "target",
        "define",
        "undefine",
        "with",
        "without",
    ];
    let mut args: Vec<(usize, [OsString; 2])> = Vec::new();
    for name in WITH_VALUES {
        let places = matches.indices_of(name).into_iter().flatten();
        let values = matches.get_many::<String>(name).into_iter().flatten();
        let pair = |value: &String| [format!("--{name}").into(), value.into()];
        args.extend(places.zip(values.map(pair)));
    }
    args.sort_by_key(|(place, _)| *place);
    let flags = OF_SPECS.iter().map(|(name, _)| *name);
    let flags = flags.filter(|name| matches.get_count(name) > 0);
    let flags = flags.chain(matches.get_flag("nolang").then_some("nolang"));
    let values = args.into_iter().flat_map(|(_, pair)| pair);
    values
        .chain(flags.map(|name| format!("--{name}").into()))
        .collect()
}
