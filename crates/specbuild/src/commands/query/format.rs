//! Shorthands of queries, and the query formats that they stand for.
//!
//! Source: rpm(8), "PACKAGE QUERY OPTIONS", for what each of them shows.

use clap::ArgMatches;

/// Option, short letter, what it shows, and what makes its query format.
pub(super) struct Shorthand {
    pub(super) name: &'static str,
    pub(super) letter: Option<char>,
    pub(super) help: &'static str,
    make: Make,
}

/// Makes a query format.
type Make = fn() -> String;

const fn shorthand(
    name: &'static str,
    letter: Option<char>,
    help: &'static str,
    make: Make,
) -> Shorthand {
    Shorthand {
        name,
        letter,
        help,
        make,
    }
}

pub(super) const SHORTHANDS: [Shorthand; 25] = [
    shorthand(
        "info",
        Some('i'),
        "Show name, version, description",
        information,
    ),
    shorthand("requires", Some('R'), "Show what is required", || {
        relation("REQUIRE")
    }),
    shorthand("provides", Some('P'), "Show what is provided", || {
        relation("PROVIDE")
    }),
    shorthand("conflicts", None, "Show what conflicts", || {
        relation("CONFLICT")
    }),
    shorthand("obsoletes", None, "Show what is obsoleted", || {
        relation("OBSOLETE")
    }),
    shorthand("recommends", None, "Show what is recommended", || {
        relation("RECOMMEND")
    }),
    shorthand("suggests", None, "Show what is suggested", || {
        relation("SUGGEST")
    }),
    shorthand("supplements", None, "Show what is supplemented", || {
        relation("SUPPLEMENT")
    }),
    shorthand("enhances", None, "Show what is enhanced", || {
        relation("ENHANCE")
    }),
    shorthand("scripts", None, "Show the scriptlets", scripts),
    shorthand("triggers", None, "Show the triggers", triggers),
    shorthand("triggerscripts", None, "The same", triggers),
    shorthand(
        "filetriggers",
        None,
        "Show the file triggers",
        file_triggers,
    ),
    shorthand("filetriggerscripts", None, "The same", file_triggers),
    shorthand("changelog", None, "Show the changelog", || changelog("day")),
    shorthand("changes", None, "Show the changelog with times", || {
        changelog("date")
    }),
    shorthand("xml", None, "Show all tags as XML", || {
        "[%{*:xml}\\n]".to_owned()
    }),
    shorthand("json", None, "Show all tags as JSON", || {
        "[%{*:json}]".to_owned()
    }),
    shorthand("filesbypkg", None, "Show the package of each file", || {
        "[%-25{=NAME} %{FILENAMES}\\n]".to_owned()
    }),
    shorthand("fileclass", None, "Show what each file is", || {
        by_file("%{FILECLASS}")
    }),
    shorthand("filemime", None, "Show the MIME type of each file", || {
        by_file("%{FILEMIMES}")
    }),
    shorthand("filecolor", None, "Show the colour of each file", || {
        by_file("%{FILECOLORS}")
    }),
    shorthand("fileprovide", None, "Show what each file provides", || {
        by_file("%{FILEPROVIDE}")
    }),
    shorthand("filerequire", None, "Show what each file requires", || {
        by_file("%{FILEREQUIRE}")
    }),
    shorthand(
        "filecaps",
        None,
        "Show the capabilities of each file",
        || by_file("%|FILECAPS?{%{FILECAPS}}|"),
    ),
];

/// What shows the same of a .deb file where its own words are others.
const OF_DEBS: [(&str, Make); 5] = [
    ("scripts", || {
        // debconf asks before anything is unpacked.
        script(("config", "PRETRANS"))
            + &SCRIPTS[1..].iter().copied().map(script).collect::<String>()
    }),
    ("triggers", || "[%{TRIGGERNAME}\\n]".to_owned()),
    ("triggerscripts", || "[%{TRIGGERNAME}\\n]".to_owned()),
    ("filetriggers", || "[%{FILETRIGGERNAME}\\n]".to_owned()),
    ("filetriggerscripts", || {
        "[%{FILETRIGGERNAME}\\n]".to_owned()
    }),
];

/// The formats asked for, one after the other in the order given. Where nothing is asked for and
/// nothing is `listed`, names are shown.
pub(super) fn wanted(matches: &ArgMatches, listed: bool, is_deb: bool) -> String {
    let mut found: Vec<(usize, String)> = Vec::new();
    let places = matches.indices_of("queryformat").into_iter().flatten();
    let texts = matches
        .get_many::<String>("queryformat")
        .into_iter()
        .flatten();
    found.extend(places.zip(texts.cloned()));
    for shorthand in &SHORTHANDS {
        let times = usize::from(matches.get_count(shorthand.name));
        let places = matches.indices_of(shorthand.name).into_iter().flatten();
        let of_debs = OF_DEBS.iter().filter(|_| is_deb);
        let own = of_debs.filter(|(name, _)| *name == shorthand.name);
        let make = own.map(|(_, make)| *make).next().unwrap_or(shorthand.make);
        found.extend(places.take(times).map(|place| (place, make())));
    }
    found.sort_by_key(|(place, _)| *place);
    if found.is_empty() && !listed {
        return "%{nvr}%{archsuffix}\\n".to_owned();
    }
    found.into_iter().map(|(_, text)| text).collect()
}

/// A line for each dependency; with `-v`, what it is for.
fn relation(tag: &str) -> String {
    format!("[%|VERBOSE?{{%{{{tag}FLAGS:deptype}}: }}:{{}}|%{{{tag}NEVRS}}\\n]")
}

/// A line for each file: its path and a column.
fn by_file(column: &str) -> String {
    format!("[%{{FILENAMES}}\\t{column}\\n]")
}

fn changelog(date: &str) -> String {
    format!("[* %{{CHANGELOGTIME:{date}}} %{{CHANGELOGNAME}}\\n%{{CHANGELOGTEXT}}\\n\\n]")
}

/// Scriptlets in the order in which they are shown: what each is called, and its tag.
const SCRIPTS: [(&str, &str); 9] = [
    ("pretrans", "PRETRANS"),
    ("preinstall", "PREIN"),
    ("postinstall", "POSTIN"),
    ("preuninstall", "PREUN"),
    ("postuninstall", "POSTUN"),
    ("posttrans", "POSTTRANS"),
    ("preuntrans", "PREUNTRANS"),
    ("postuntrans", "POSTUNTRANS"),
    ("verify", "VERIFYSCRIPT"),
];

fn scripts() -> String {
    SCRIPTS.iter().copied().map(script).collect()
}

/// A scriptlet, or the program that runs in its place.
fn script((name, tag): (&str, &str)) -> String {
    let interpreter = format!("%|{tag}PROG?{{ (using[ %{{{tag}PROG}}])}}|");
    let program = format!("%|{tag}PROG?{{{name} program:[ %{{{tag}PROG}}]\\n}}|");
    format!("%|{tag}?{{{name} scriptlet{interpreter}:\\n%{{{tag}}}\\n}}:{{{program}}}|")
}

fn triggers() -> String {
    trigger("trigger", "TRIGGER")
}

fn file_triggers() -> String {
    trigger("filetrigger", "FILETRIGGER") + &trigger("transfiletrigger", "TRANSFILETRIGGER")
}

fn trigger(name: &str, tag: &str) -> String {
    format!(
        "[{name}%{{{tag}TYPE}} scriptlet (using %{{{tag}SCRIPTPROG}}) -- %{{{tag}CONDS}}\\n\
         %{{{tag}SCRIPTS}}\\n]"
    )
}

/// When a line of `--info` is there.
enum Line {
    /// Always, and shows this format.
    Always(&'static str),
    /// If there is such a tag, which it shows.
    IfSet(&'static str),
    /// If there is such a tag; it shows this format.
    Shows(&'static str, &'static str),
}

/// The lines of `--info` up to the description.
const INFORMATION: [(&str, Line); 20] = [
    ("Name", Line::Always(" %{NAME}")),
    ("Epoch", Line::IfSet("EPOCH")),
    ("Version", Line::Always(" %{VERSION}")),
    ("Release", Line::Always(" %{RELEASE}")),
    ("DistTag", Line::IfSet("DISTTAG")),
    ("Architecture", Line::Always(" %{ARCH}")),
    (
        "Install Date",
        Line::Always(" %|INSTALLTIME?{%{INSTALLTIME:date}}:{(not installed)}|"),
    ),
    ("Group", Line::Always(" %{GROUP}")),
    ("Size", Line::Always(" %{LONGSIZE}")),
    ("License", Line::IfSet("LICENSE")),
    (
        "Signature",
        Line::Always("%|OPENPGP?{[\\n               %{OPENPGP:pgpsig}]}:{ (none)}|"),
    ),
    ("Source RPM", Line::Always(" %{SOURCERPM}")),
    ("Build Date", Line::Always(" %{BUILDTIME:date}")),
    ("Build Host", Line::Always(" %{BUILDHOST}")),
    ("Relocations", Line::Shows("PREFIXES", "[ %{PREFIXES}]")),
    ("Packager", Line::IfSet("PACKAGER")),
    ("Vendor", Line::IfSet("VENDOR")),
    ("VCS", Line::IfSet("VCS")),
    ("URL", Line::IfSet("URL")),
    ("Bug URL", Line::IfSet("BUGURL")),
];

fn information() -> String {
    let line = |(label, line): &(&str, Line)| match line {
        Line::Always(format) => format!("{label:<13}:{format}\\n"),
        Line::IfSet(tag) => format!("%|{tag}?{{{label:<13}: %{{{tag}}}\\n}}|"),
        Line::Shows(tag, format) => format!("%|{tag}?{{{label:<13}:{format}\\n}}|"),
    };
    let lines: String = INFORMATION.iter().map(line).collect();
    lines + "Summary      : %{SUMMARY}\\nDescription  :\\n%{DESCRIPTION}\\n"
}
