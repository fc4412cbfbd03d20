//! Where translations are, as a table: kind of file, pattern of the path, form of the line.
//!
//! `NAME` in a pattern stands for the package's name, or with `--all-name` for any. The first group
//! of a pattern is the language. The language `C` is none, and gets no `%lang`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

use super::line;
use crate::call::Environment;
use crate::tree::Node;

/// A part of a package's translations that an option turns on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Message catalogues (`.mo`); on unless `--without-mo`.
    Messages,
    Gnome,
    Mate,
    Kde,
    Html,
    Qt,
    Man,
}

impl Part {
    /// The part that an option turns on.
    pub(super) fn of_option(option: &str) -> Option<Self> {
        Some(match option {
            "--with-gnome" => Self::Gnome,
            "--with-mate" => Self::Mate,
            "--with-kde" => Self::Kde,
            "--with-html" => Self::Html,
            "--with-qt" => Self::Qt,
            "--with-man" => Self::Man,
            _ => return None,
        })
    }
}

/// What is looked for.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) all_names: bool,
    pub(super) parts: &'a BTreeSet<Part>,
}

/// Which kind of path a place is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Directory,
    File,
    /// A regular file or a symbolic link.
    FileOrLink,
}

/// For which way of naming packages a place counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    One,
    All,
    Both,
}

/// One row of the table.
struct Place {
    part: Part,
    naming: Naming,
    kind: Kind,
    /// Patterns of whole paths; the first that matches counts.
    patterns: &'static [&'static str],
    /// Paths that are nevertheless none.
    except: Option<&'static str>,
    /// What goes before and after the path.
    form: (&'static str, &'static str),
}

const fn place(
    part: Part,
    naming: Naming,
    kind: Kind,
    patterns: &'static [&'static str],
    form: (&'static str, &'static str),
) -> Place {
    Place {
        part,
        naming,
        kind,
        patterns,
        except: None,
        form,
    }
}

/// `LANG` is replaced by the language, `%lang(C)` and all left out for none.
const LANG: (&str, &str) = ("%lang(LANG) ", "");
const DIR: (&str, &str) = ("%dir ", "");

/// The table, in the order of the output.
///
/// Source: the help text of rpm's `find-lang.sh`, and which paths it was seen to list.
const PLACES: &[Place] = &[
    place(
        Part::Messages,
        Naming::All,
        Kind::FileOrLink,
        &["^.*/locale/([^/_]+).*[.]mo$"],
        LANG,
    ),
    place(
        Part::Messages,
        Naming::One,
        Kind::FileOrLink,
        &["^.*/locale/([^/_]+).*/NAME[.]mo$"],
        LANG,
    ),
    place(
        Part::Gnome,
        Naming::Both,
        Kind::Directory,
        &["^.*/share/help/([^/_]+)[^/]*/NAME$"],
        ("%lang(LANG) %doc ", "/"),
    ),
    place(
        Part::Gnome,
        Naming::Both,
        Kind::Directory,
        &["^.*/gnome/help/NAME$"],
        DIR,
    ),
    place(
        Part::Gnome,
        Naming::Both,
        Kind::Directory,
        &["^.*/gnome/help/NAME/([^/_]+)[^/]*$"],
        LANG,
    ),
    place(
        Part::Gnome,
        Naming::Both,
        Kind::Directory,
        &["^.*/omf/NAME$"],
        DIR,
    ),
    place(
        Part::Gnome,
        Naming::Both,
        Kind::File,
        &["^.*/omf/NAME/NAME-([^/.]+)[.]omf$"],
        LANG,
    ),
    place(
        Part::Mate,
        Naming::Both,
        Kind::Directory,
        &["^.*/mate/help/NAME$"],
        DIR,
    ),
    place(
        Part::Mate,
        Naming::Both,
        Kind::Directory,
        &["^.*/mate/help/NAME/([^/_]+)[^/]*$"],
        LANG,
    ),
    place(
        Part::Mate,
        Naming::Both,
        Kind::Directory,
        &["^.*/omf/NAME$"],
        DIR,
    ),
    place(
        Part::Mate,
        Naming::Both,
        Kind::File,
        &["^.*/omf/NAME/NAME-([^/.]+)[.]omf$"],
        LANG,
    ),
    Place {
        except: Some("/HTML/[^/_]+.*/NAME/"),
        ..place(
            Part::Kde,
            Naming::Both,
            Kind::Directory,
            &["^.*/HTML/([^/_]+).*/NAME$"],
            LANG,
        )
    },
    Place {
        except: Some("/doc/HTML/[^/_]+.*/NAME/"),
        ..place(
            Part::Html,
            Naming::Both,
            Kind::Directory,
            &["^.*/doc/HTML/([^/_]+).*/NAME$"],
            LANG,
        )
    },
    place(
        Part::Qt,
        Naming::One,
        Kind::FileOrLink,
        &["^.*/NAME_([a-zA-Z]+(?:[_@][^/]*)?)[.]qm$"],
        LANG,
    ),
    place(
        Part::Qt,
        Naming::All,
        Kind::FileOrLink,
        &[
            "^.*/([a-zA-Z]+[_@][^/]*)[.]qm$",
            "^.*/([a-zA-Z]+)[.]qm$",
            "^.*/[^/_]+_([a-zA-Z]+[_@][^/]*)[.]qm$",
            "^.*/[^/_]+_([a-zA-Z]+)[.]qm$",
            "^.*/[^/]+_([a-zA-Z]+[_@][^/]*)[.]qm$",
            "^.*/[^/]+_([a-zA-Z]+)[.]qm$",
        ],
        LANG,
    ),
    Place {
        except: Some("/man/[^/_]+.*/man[a-z0-9]+/"),
        ..place(
            Part::Man,
            Naming::All,
            Kind::Directory,
            &["^.*/man/([^/_]+).*/man[a-z0-9]+$"],
            ("%lang(LANG) ", "*"),
        )
    },
    place(
        Part::Man,
        Naming::One,
        Kind::FileOrLink,
        &["^.*/man/([^/_]+).*/man[a-z0-9]+/NAME[.][a-z0-9].*$"],
        ("%lang(LANG) ", "*"),
    ),
];

/// Suffixes left out of a page's name, since it may be compressed otherwise later.
const COMPRESSED: &[&str] = &["bz2", "gz", "xz", "lzma", "Z"];

/// What names look like with `--all-name`.
const ANY_NAME: &str = r"[a-zA-Z0-9._\\-]+";

/// Programs that tell where KDE's handbooks are, for each of its generations.
const KDE_PROGRAMS: &[&str] = &["kde-config", "kde4-config", "kf5-config"];

/// The lines for one name.
pub(super) fn translations(
    nodes: &[Node],
    wanted: &Wanted<'_>,
    top: &Path,
    environment: &Environment,
) -> Vec<Vec<u8>> {
    let naming = if wanted.all_names {
        Naming::All
    } else {
        Naming::One
    };
    let counts = |place: &&Place| {
        wanted.parts.contains(&place.part)
            && (place.naming == naming || place.naming == Naming::Both)
    };
    let mut lines = Vec::new();
    for place in PLACES.iter().filter(counts) {
        if place.part != Part::Kde {
            lines.extend(found(nodes.iter(), place, wanted));
            continue;
        }
        for directory in handbooks(top, environment) {
            let below = nodes
                .iter()
                .filter(|node| node.inside().starts_with(&directory));
            lines.extend(found(below, place, wanted));
        }
    }
    lines
}

/// The lines for one row of the table.
fn found<'a>(
    nodes: impl Iterator<Item = &'a Node>,
    place: &Place,
    wanted: &Wanted<'_>,
) -> Vec<Vec<u8>> {
    let name = if wanted.all_names {
        ANY_NAME.to_owned()
    } else {
        basic_pattern(wanted.name)
    };
    let compile = |pattern: &str| {
        // A name that is no pattern after all is taken as it stands.
        Regex::new(&pattern.replace("NAME", &name))
            .or_else(|_| Regex::new(&pattern.replace("NAME", &regex_lite::escape(wanted.name))))
            .ok()
    };
    let patterns: Vec<Regex> = place.patterns.iter().filter_map(|it| compile(it)).collect();
    let except = place.except.and_then(compile);
    nodes
        .filter(|node| is_of(place.kind, node))
        .filter_map(|node| {
            let path = listed_path(place, node.inside());
            let text = path.to_string_lossy();
            let groups = patterns
                .iter()
                .find_map(|pattern| pattern.captures(&text))?;
            if except.as_ref().is_some_and(|except| except.is_match(&text)) {
                return None;
            }
            let language = groups
                .get(1)
                .map(|group| group.as_str())
                .unwrap_or_default();
            let before = match language {
                "C" => place.form.0.replace("%lang(LANG) ", ""),
                _ => place.form.0.replace("LANG", language),
            };
            // Of a page that has no language left, nothing says that it is a translation.
            Some(line(&before, &path, place.form.1))
        })
        .filter(|line| !line.is_empty())
        .collect()
}

fn is_of(kind: Kind, node: &Node) -> bool {
    let metadata = &node.metadata;
    match kind {
        Kind::Directory => metadata.is_dir(),
        Kind::File => metadata.is_file(),
        Kind::FileOrLink => metadata.is_file() || metadata.is_symlink(),
    }
}

fn listed_path(place: &Place, path: &Path) -> PathBuf {
    let suffix = path.extension().unwrap_or_default();
    match place.part == Part::Man && COMPRESSED.iter().any(|known| suffix == *known) {
        true => path.with_extension(""),
        false => path.to_owned(),
    }
}

/// The directories of KDE's handbooks that exist below `top`.
fn handbooks(top: &Path, environment: &Environment) -> Vec<PathBuf> {
    let ask = |program: &&str| {
        let mut program = environment.program(program);
        let output = program
            .args(["--expandvars", "--install", "html"])
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let inside = text.trim_start_matches('/');
        (!inside.is_empty() && top.join(inside).is_dir()).then(|| Path::new("/").join(inside))
    };
    KDE_PROGRAMS.iter().filter_map(ask).collect()
}

/// A basic regular expression, which is what rpm takes a package's name for, in our syntax: `+`, `?`,
/// `(`, `{`, `|` stand for themselves, and with a backslash have their meaning.
///
/// Source: POSIX.1-2024, Base Definitions 9.3; GNU sed manual, "BRE vs ERE".
pub(super) fn basic_pattern(name: &str) -> String {
    let mut pattern = String::new();
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            '+' | '?' | '(' | ')' | '{' | '}' | '|' => pattern.extend(['\\', character]),
            '\\' => match characters.next() {
                Some(special @ ('+' | '?' | '(' | ')' | '{' | '}' | '|')) => pattern.push(special),
                Some(other) => pattern.extend(['\\', other]),
                None => pattern.push_str(r"\\"),
            },
            other => pattern.push(other),
        }
    }
    pattern
}
