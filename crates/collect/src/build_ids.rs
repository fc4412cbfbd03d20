//! Links from build ids to the programs and libraries that have them, and to what debuggers read.
//!
//! Source: rpmbuild-config(5), `%_build_id_links` and `%_missing_build_ids_terminate_build`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

use elf::header::{ET_DYN, ET_EXEC, ET_REL};
use expand::Engine;
use source::{Diagnostic, Text};
use spec::{DefaultAttributes, parse_file_line};

use crate::rules::Selection;
use crate::switches::value;
use crate::{CollectError, codes, directories};

/// Where links to programs and libraries are, as installed.
const MAIN: &str = "/usr/lib/.build-id";
/// Where links to separate debugging information are.
const DEBUG: &str = "/usr/lib/debug/.build-id";
/// What paths of separate debugging information begin with.
const DEBUG_FILES: &str = "/usr/lib/debug/";

/// Which links are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// In packages with debugging information, to both.
    AllDebug,
    /// In each package, to its own files.
    Separate,
    /// The same, and in packages with debugging information also to the links of the others.
    Compat,
}

/// The links asked for; none unless debug packages are made.
pub(crate) fn wanted(engine: &mut Engine) -> Option<Links> {
    if engine.expand_number("%{?__debug_package}") == 0 {
        return None;
    }
    match value(engine, "_build_id_links").as_str() {
        "none" => None,
        "alldebug" => Some(Links::AllDebug),
        "separate" => Some(Links::Separate),
        "compat" => Some(Links::Compat),
        "" => {
            let message = "_build_id_links macro not set, assuming 'compat'";
            let finding = Diagnostic::warning(codes::BAD_SETTING, message);
            engine.sink.push(finding);
            Some(Links::Compat)
        }
        unknown => {
            let message = format!("_build_id_links macro set to unknown value '{unknown}'");
            let finding = Diagnostic::error(codes::BAD_SETTING, message);
            engine
                .sink
                .push(finding.help("`none`, `alldebug`, `separate` or `compat`"));
            None
        }
    }
}

/// A file with its build id.
struct Identified {
    path: String,
    /// In hexadecimal digits.
    id: String,
}

impl Identified {
    fn is_debug(&self) -> bool {
        self.path.starts_with(DEBUG_FILES)
    }
}

/// Makes links for the files of a package in the build root, and brings them in.
pub(crate) fn add(
    selection: &mut Selection<'_>,
    links: Links,
    engine: &mut Engine,
) -> Result<(), CollectError> {
    let files = identified(selection, links, engine)?;
    let suffix = debug_suffix(links, engine)?;
    let mut making = Making {
        root: selection.root.root(),
        links,
        suffix,
        lines: BTreeSet::new(),
    };
    for (dir, is_debug) in [(MAIN, false), (DEBUG, true)] {
        if files.iter().any(|it| it.is_debug() == is_debug) {
            making.directory(dir)?;
            making.lines.insert(format!("%dir {dir}"));
        }
    }
    for file in &files {
        for message in making.link(file)? {
            engine
                .sink
                .push(Diagnostic::warning(codes::BUILD_ID, message));
        }
    }
    let lines = making.lines;
    for dir in [MAIN, DEBUG] {
        selection.root.forget(dir);
    }
    let mut defaults = DefaultAttributes::default();
    let preamble = "%defattr(644,root,root,755)".to_owned();
    let lines = lines.into_iter().map(|line| format!("%artifact {line}"));
    for line in std::iter::once(preamble)
        .filter(|_| !files.is_empty())
        .chain(lines)
    {
        let line = Text::detached(line);
        if let Ok(Some(rule)) = parse_file_line(&line, &mut defaults, &mut engine.sink) {
            selection.apply(rule, &mut engine.sink)?;
        }
    }
    Ok(())
}

/// What stands before `.debug` in names of files with debugging information.
fn debug_suffix(links: Links, engine: &mut Engine) -> Result<String, CollectError> {
    let is_unique = engine.expand_number("%{?_unique_debug_names}") == 1;
    if links != Links::AllDebug || !is_unique {
        return Ok(String::new());
    }
    Ok(engine.expand_str("-%{VERSION}-%{RELEASE}.%{_arch}")?)
}

/// The files of the package that have a build id, in the order they were named.
fn identified(
    selection: &Selection<'_>,
    links: Links,
    engine: &mut Engine,
) -> Result<Vec<Identified>, CollectError> {
    let is_fatal = engine.expand_number("%{?_missing_build_ids_terminate_build}") != 0;
    let mut found = Vec::new();
    for record in &selection.records {
        let is_debug = record.path.starts_with(DEBUG_FILES);
        // Files that `%exclude` takes away have links, too, as in rpm.
        let is_candidate = record.meta.is_file() && !record.is_made_up;
        if !is_candidate || (!is_debug && record.meta.mode & 0o111 == 0) {
            continue;
        }
        let disk = selection.root.on_disk(record.built_as());
        let Some(id) = build_id(&disk).map_err(CollectError::read(&disk))? else {
            continue;
        };
        if let Some(message) = fault(&id, &disk) {
            let finding = if is_fatal {
                Diagnostic::error(codes::BUILD_ID, message)
            } else {
                Diagnostic::warning(codes::BUILD_ID, message)
            };
            engine.sink.push(finding.at(record.rule.origin));
        } else if is_debug || links != Links::AllDebug {
            found.push(Identified {
                path: record.path.clone(),
                id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
            });
        }
    }
    Ok(found)
}

/// What is wrong with a build id.
fn fault(id: &[u8], disk: &Path) -> Option<String> {
    let disk = disk.display();
    match id.len() {
        0 => Some(format!("Missing build-id in {disk}")),
        1..16 => Some(format!("build-id found in {disk} too small")),
        65.. => Some(format!("build-id found in {disk} too large")),
        _ => None,
    }
}

/// The build id of a program, library or kernel module, empty if it has none; `None` for others.
pub(crate) fn build_id(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(elf) = elf::read(path)? else {
        return Ok(None);
    };
    let should_have = match elf.header.e_type {
        ET_EXEC | ET_DYN => true,
        ET_REL => {
            let names = elf.section_names()?;
            let mut sections = elf.sections.iter();
            sections.any(|it| names.get(it.sh_name as u64) == Some(".modinfo"))
        }
        _ => false,
    };
    if !should_have {
        return Ok(None);
    }
    Ok(Some(elf.build_id()?.unwrap_or_default()))
}

/// Links being made.
struct Making<'r> {
    root: &'r Path,
    links: Links,
    suffix: String,
    /// Lines for the file list.
    lines: BTreeSet<String>,
}

impl Making<'_> {
    fn on_disk(&self, path: &str) -> std::path::PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    fn directory(&self, path: &str) -> Result<(), CollectError> {
        let disk = self.on_disk(path);
        directories::make(&disk).map_err(CollectError::make(&disk))
    }

    /// Makes the links for one file; the result is what to warn of, once for each link.
    fn link(&mut self, file: &Identified) -> Result<Vec<String>, CollectError> {
        let (start, rest) = file.id.split_at(2);
        let (base, up) = if file.is_debug() {
            (DEBUG, "../../../../..")
        } else {
            (MAIN, "../../../..")
        };
        let dir = format!("{base}/{start}");
        // As in rpm, a directory belongs to the first package that needs it.
        if fs::symlink_metadata(self.on_disk(&dir)).is_err() {
            self.directory(&dir)?;
            self.lines.insert(format!("%dir {dir}"));
        }
        let ending = if file.is_debug() { ".debug" } else { "" };
        let target = format!("{up}{}", file.path);
        let (number, warning) = self.numbered_link(&format!("{dir}/{rest}"), ending, &target)?;
        if !file.is_debug() {
            return Ok(Vec::from_iter(warning));
        }
        let mut of_main = None;
        match self.links {
            Links::Separate => {}
            Links::Compat => {
                let name = numbered(rest, number, "");
                let target = format!("../../../.build-id/{start}/{name}");
                self.plain_link(&format!("{dir}/{name}"), &target)?;
            }
            Links::AllDebug => {
                let ending = format!("{}.debug", self.suffix);
                let main = file.path.strip_suffix(&ending);
                if let Some(main) = main.and_then(|it| it.strip_prefix("/usr/lib/debug")) {
                    let path = format!("{dir}/{rest}");
                    (_, of_main) = self.numbered_link(&path, "", &format!("{up}{main}"))?;
                }
            }
        }
        Ok(warning.into_iter().chain(of_main).collect())
    }

    /// Makes a link unless there is one of that name.
    fn plain_link(&mut self, path: &str, target: &str) -> Result<(), CollectError> {
        let disk = self.on_disk(path);
        if fs::symlink_metadata(&disk).is_err() {
            symlink(target, &disk).map_err(CollectError::make(&disk))?;
        }
        self.lines.insert(path.to_owned());
        Ok(())
    }

    /// Makes a link under the first name that is free, or has that target; the result is the number
    /// in the name, and a warning if different files share an id.
    fn numbered_link(
        &mut self,
        path: &str,
        ending: &str,
        target: &str,
    ) -> Result<(usize, Option<String>), CollectError> {
        let mut number = 0;
        let path_of = |number| numbered(path, number, ending);
        while let Ok(there) = fs::read_link(self.on_disk(&path_of(number))) {
            if there == Path::new(target) {
                break;
            }
            number += 1;
        }
        self.plain_link(&path_of(number), target)?;
        let (first, last) = (self.on_disk(&path_of(0)), self.on_disk(&path_of(number)));
        let warning = (number > 0 && !are_one_file(&first, &last))
            .then(|| duplicates(&first, &last))
            .flatten();
        Ok((number, warning))
    }
}

fn numbered(path: &str, number: usize, ending: &str) -> String {
    match number {
        0 => format!("{path}{ending}"),
        number => format!("{path}.{number}{ending}"),
    }
}

fn are_one_file(first: &Path, second: &Path) -> bool {
    let identity = |path| fs::metadata(path).map(|it| (it.dev(), it.ino())).ok();
    identity(first).is_some() && identity(first) == identity(second)
}

fn duplicates(first: &Path, second: &Path) -> Option<String> {
    let (first, second) = (
        fs::canonicalize(first).ok()?,
        fs::canonicalize(second).ok()?,
    );
    let (first, second) = (first.display(), second.display());
    Some(format!("Duplicate build-ids {first} and {second}"))
}
