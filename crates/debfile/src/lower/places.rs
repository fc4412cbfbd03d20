//! Places in the file system that the target treats otherwise than where specs come from.
//!
//! Directories that a reboot empties become lines of a `tmpfiles.d` file. What lies where it is lost, or
//! where nothing looks for it, or under a name that is passed over, is reported at its line. Which places
//! these are is data, in [`Distribution::places`](crate::Distribution::places).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use package::{FileEntry, FileKind, Package};
use source::{Diagnostic, Origin, Sink};
use target::Place;

use crate::codes;
use crate::context::Context;

/// Where `tmpfiles.d` files of packages lie.
pub(crate) const TMPFILES: &str = "/usr/lib/tmpfiles.d/";

/// Whether a file says what is made at boot.
pub(crate) fn is_tmpfiles_file(path: &str) -> bool {
    path.starts_with(TMPFILES) && path.ends_with(".conf")
}

/// Where a file of the spec lies in a package, if the target has another directory for it.
pub(crate) fn moved(path: &str, places: &[Place]) -> Option<String> {
    places.iter().find_map(|place| {
        let other = place.becomes.as_deref()?;
        let mut rests = place
            .below
            .iter()
            .filter_map(|it| path.strip_prefix(it.as_str()));
        let rest = rests.find(|it| it.is_empty() || it.starts_with('/'))?;
        Some(format!("{other}{rest}"))
    })
}

/// Directories of a package that have to be made at every boot, by their paths in the spec.
pub(crate) fn volatile_directories<'p>(
    package: &'p Package,
    context: &Context<'_>,
) -> BTreeMap<&'p str, &'p FileEntry> {
    let entries = package.files.entries().iter();
    let directories = entries.filter(|it| it.kind == FileKind::Directory && !it.flags.ghost);
    let is_volatile =
        |it: &&FileEntry| place_of(&it.path, context).is_some_and(|place| place.volatile);
    directories
        .filter(is_volatile)
        .map(|it| (it.path.as_str(), it))
        .collect()
}

/// The lines for such directories that no `tmpfiles.d` file of the package has.
pub(crate) fn tmpfiles_lines(
    package: &Package,
    directories: &BTreeMap<&str, &FileEntry>,
    context: &Context<'_>,
) -> String {
    let entries = package.files.entries().iter();
    let own = entries
        .filter(|it| is_tmpfiles_file(&it.path))
        .filter_map(|it| context.texts.get(&it.path));
    let known: BTreeSet<String> = own
        .flat_map(|text| text.lines())
        .filter_map(made_by)
        .collect();
    let mut lines = BTreeMap::new();
    for (path, entry) in directories {
        let path = current(path);
        if !known.contains(&path) {
            let line = format!(
                "d {} {:04o} {} {} -",
                escaped(&path),
                entry.mode & 0o7777,
                entry.user,
                entry.group
            );
            lines.insert(path, line);
        }
    }
    let mut text = String::new();
    for line in lines.values() {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// What a line of a `tmpfiles.d` file makes.
fn made_by(line: &str) -> Option<String> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let path = line.split_whitespace().nth(1)?;
    Some(current(path.trim_matches('"').trim_end_matches('/')))
}

/// A path below `/run`, whichever of its names it was given.
pub(crate) fn current(path: &str) -> String {
    const OLD: [(&str, &str); 2] = [("/var/run", "/run"), ("/var/lock", "/run/lock")];
    let found = OLD.iter().find_map(|(old, new)| {
        let rest = path.strip_prefix(old)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{new}{rest}"))
    });
    found.unwrap_or_else(|| path.to_owned())
}

/// A path as tmpfiles.d(5) has it: `%` begins a specifier, and blanks want quotes.
fn escaped(path: &str) -> String {
    let path = path.replace('%', "%%");
    if path.contains(char::is_whitespace) {
        return format!("\"{path}\"");
    }
    path
}

/// Reports files and directories of a package that are lost or passed over, once for each line and place.
pub(crate) fn check_places(package: &Package, context: &Context<'_>, sink: &mut Sink) {
    let mut reported: BTreeSet<(Option<(u32, u32)>, usize)> = BTreeSet::new();
    let places = &context.distribution.places;
    let is_in_place = |it: &&FileEntry| !it.flags.ghost && moved(&it.path, places).is_none();
    for entry in package.files.entries().iter().filter(is_in_place) {
        for (number, place) in places.iter().enumerate() {
            let Some(directory) = directory_of(&entry.path, place) else {
                continue;
            };
            let Some(why) = fault(entry, &directory, place) else {
                continue;
            };
            if reported.insert((entry.origin.map(line_of), number)) {
                sink.push(finding(entry, place, &why));
            }
        }
    }
}

fn line_of(origin: Origin) -> (u32, u32) {
    (origin.span.start, origin.span.end)
}

fn finding(entry: &FileEntry, place: &Place, why: &str) -> Diagnostic {
    let message = format!("`{}` {}{why}", entry.path, place.says);
    let finding = Diagnostic::warning(codes::BAD_PLACE, message).at(entry.origin);
    let help = (!place.instead.is_empty()).then(|| place.instead.clone());
    finding.note(format!("see {}", place.source)).help_if(help)
}

fn place_of<'c>(path: &str, context: &'c Context<'_>) -> Option<&'c Place> {
    let mut places = context.distribution.places.iter();
    places.find(|it| directory_of(path, it).is_some())
}

/// The directory of a place that a path is below.
fn directory_of(path: &str, place: &Place) -> Option<String> {
    let is_right = |it: &String| {
        it.strip_suffix('*')
            .is_some_and(|start| path.starts_with(start))
            || it == path
    };
    if place.unless.iter().any(is_right) {
        return None;
    }
    if place.decides_by_name() && place.below.iter().any(|it| it == "/") {
        return path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
    }
    let counts_itself = !place.volatile && !place.decides_by_name();
    place.below.iter().find_map(|directory| {
        let depth = directory.matches('/').count();
        let start: Vec<&str> = path.split('/').take(depth + 1).collect();
        let wanted = directory.split('/');
        let is_below = path.split('/').count() > depth + usize::from(!counts_itself);
        let fits = wanted
            .zip(&start)
            .all(|(pattern, name)| fits_name(pattern, name));
        (is_below && fits && start.len() == depth + 1).then(|| start.join("/"))
    })
}

/// Whether a name fits one of which a part may be a `*`.
fn fits_name(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
        None => pattern == name,
    }
}

/// What is wrong with a file below a directory of a place, behind what the place says.
fn fault(entry: &FileEntry, directory: &str, place: &Place) -> Option<String> {
    if !place.decides_by_name() {
        let is_made = place.volatile && entry.kind == FileKind::Directory;
        return (!is_made).then(String::new);
    }
    let name = entry.path.strip_prefix(directory)?.strip_prefix('/')?;
    let is_file = matches!(
        entry.kind,
        FileKind::Regular { .. } | FileKind::Symlink { .. }
    );
    if !is_file || name.contains('/') || name.starts_with('.') || name == "README" {
        return None;
    }
    if let Some(why) = fault_of_name(name, place) {
        return Some(why);
    }
    let is_regular = matches!(entry.kind, FileKind::Regular { .. });
    let cannot_run = place.executable && is_regular && entry.mode & 0o111 == 0;
    cannot_run.then(|| {
        format!(
            " there, for its mode {:04o} does not let it be run",
            entry.mode & 0o7777
        )
    })
}

/// What is wrong with the name of a file of a place where names decide.
fn fault_of_name(name: &str, place: &Place) -> Option<String> {
    let names = place.names.as_deref();
    let is_bad = |it: char| names.is_some_and(|allowed| !is_allowed(it, allowed));
    let free = place.free_ending.as_deref();
    let stem = free.and_then(|it| name.strip_suffix(it)).unwrap_or(name);
    if let Some(bad) = stem.chars().find(|it| is_bad(*it)) {
        return Some(format!(" there, for its name has `{bad}` in it"));
    }
    let ends = |endings: &[String]| endings.iter().any(|it| name.ends_with(it.as_str()));
    if !place.endings.is_empty() && !ends(&place.endings) {
        return Some(format!(
            " there, for its name does not end in {}",
            listed(&place.endings)
        ));
    }
    let ending = place.not_endings.iter().find(|it| name.ends_with(*it))?;
    Some(format!(" there, for its name ends in `{ending}`"))
}

fn listed(endings: &[String]) -> String {
    let quoted: Vec<String> = endings.iter().map(|it| format!("`{it}`")).collect();
    quoted.join(" or ")
}

/// Whether a character is one of a set such as `A-Za-z0-9_-`.
fn is_allowed(character: char, set: &str) -> bool {
    let set: Vec<char> = set.chars().collect();
    let mut at = 0;
    while at < set.len() {
        if at + 2 < set.len() && set[at + 1] == '-' {
            if (set[at]..=set[at + 2]).contains(&character) {
                return true;
            }
            at += 3;
        } else if set[at] == character {
            return true;
        } else {
            at += 1;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_ranges_and_single_characters() {
        let fits = |name: &str, set| name.chars().all(|it| is_allowed(it, set));
        assert!(fits("0hourly_x-Y", "A-Za-z0-9_-"));
        assert!(!fits("x.sh", "A-Za-z0-9_-") && !fits("x~", "A-Za-z0-9_-"));
    }

    #[test]
    fn places_may_have_names_in_part() {
        let place = Place {
            below: vec!["/usr/lib/python*/site-packages".into(), "/lib64".into()],
            unless: vec!["/lib64/ld-linux*".into()],
            ..Place::default()
        };
        let below = |path| directory_of(path, &place);
        assert_eq!(
            below("/usr/lib/python3.13/site-packages/x/y").as_deref(),
            Some("/usr/lib/python3.13/site-packages")
        );
        assert_eq!(below("/usr/lib/python3/dist-packages/x"), None);
        assert_eq!(
            below("/lib64").as_deref(),
            Some("/lib64"),
            "the directory itself"
        );
        assert_eq!(below("/lib64/x").as_deref(), Some("/lib64"));
        assert_eq!(below("/lib64/ld-linux-x86-64.so.2"), None);
    }

    #[test]
    fn names_may_decide_in_all_directories_and_but_for_an_ending() {
        let fault_of = |path: &str, place: &Place| {
            let directory = directory_of(path, place)?;
            fault_of_name(&path[directory.len() + 1..], place)
        };
        let dpkgs = Place {
            below: vec!["/".into()],
            not_endings: vec![".dpkg-new".into()],
            ..Place::default()
        };
        assert!(fault_of("/etc/default/x.dpkg-new", &dpkgs).is_some());
        assert!(fault_of("/usr/bin/y.dpkg-new", &dpkgs).is_some());
        assert_eq!(fault_of("/etc/default/x.dpkg-new.txt", &dpkgs), None);
        let apts = Place {
            below: vec!["/etc/apt/apt.conf.d".into()],
            names: Some("A-Za-z0-9_-".into()),
            free_ending: Some(".conf".into()),
            ..Place::default()
        };
        assert!(fault_of("/etc/apt/apt.conf.d/50x.y", &apts).is_some());
        assert_eq!(fault_of("/etc/apt/apt.conf.d/50x", &apts), None);
        assert_eq!(fault_of("/etc/apt/apt.conf.d/50x.conf", &apts), None);
    }

    #[test]
    fn files_lie_in_the_directory_of_the_target() {
        let place = Place {
            below: vec!["/etc/rc.d/init.d".into()],
            becomes: Some("/etc/init.d".into()),
            ..Place::default()
        };
        let places = [place];
        assert_eq!(
            moved("/etc/rc.d/init.d/x", &places).as_deref(),
            Some("/etc/init.d/x")
        );
        assert_eq!(
            moved("/etc/rc.d/init.d", &places).as_deref(),
            Some("/etc/init.d")
        );
        assert_eq!(moved("/etc/rc.d/init.dx", &places), None);
    }

    #[test]
    fn old_names_of_run_are_its_own() {
        assert_eq!(
            made_by("d /var/run/x 0755 a b -").as_deref(),
            Some("/run/x")
        );
        assert_eq!(made_by("D! /run/lock/x/"), Some("/run/lock/x".into()));
        assert_eq!(made_by("# d /run/x"), None);
        assert_eq!(current("/var/lock/x"), "/run/lock/x");
        assert_eq!(current("/var/runner"), "/var/runner");
        assert_eq!(escaped("/run/a b%"), "\"/run/a b%%\"");
    }
}
