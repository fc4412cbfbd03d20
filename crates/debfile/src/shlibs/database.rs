//! dpkg's database as far as shared libraries need it: who owns a file, and what its `symbols` and
//! `shlibs` say.
//!
//! Source: dpkg(1), "FILES"; deb-shlibs(5).

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use nom::bytes::complete::is_not;
use nom::character::complete::{char, space0, space1};
use nom::combinator::opt;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use super::symbols::{Library, parse_symbols};
use super::system::ShlibsError;
use crate::lower::split_soname;

/// The database, with what has been read of it.
pub(super) struct Database {
    info: PathBuf,
    /// The owner of each path that was asked for, where there is one.
    owners: HashMap<String, Option<Owner>>,
    symbols: HashMap<String, HashMap<String, Library>>,
}

/// A package by the place of its list among all lists, and its name (`name` or `name:arch`).
type Owner = (usize, String);

impl Database {
    /// The database below an administration directory such as `/var/lib/dpkg`; reads nothing yet.
    pub(super) fn at(admin: &Path) -> Self {
        Self {
            info: admin.join("info"),
            owners: HashMap::new(),
            symbols: HashMap::new(),
        }
    }

    /// The packages (`name` or `name:arch`) that own any of each group of paths, by group.
    pub(super) fn owners(
        &mut self,
        groups: &[Vec<String>],
    ) -> Result<Vec<Option<String>>, ShlibsError> {
        self.look_up(groups.iter().flatten())?;
        let owner = |group: &Vec<String>| {
            let owners = group.iter().filter_map(|it| self.owners.get(it)?.as_ref());
            owners.min().map(|(_, name)| name.clone())
        };
        Ok(groups.iter().map(owner).collect())
    }

    /// Reads all lists, once for all paths that were not asked for before, if there are any.
    fn look_up<'p>(&mut self, paths: impl Iterator<Item = &'p String>) -> Result<(), ShlibsError> {
        let new = paths.filter(|path| !self.owners.contains_key(*path));
        let mut wanted: HashMap<&[u8], Option<Owner>> =
            new.map(|path| (path.as_bytes(), None)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let lengths: HashSet<usize> = wanted.keys().map(|path| path.len()).collect();
        for (place, list) in self.lists()?.iter().enumerate() {
            let text = fs::read(list).map_err(|source| ShlibsError::read(list, source))?;
            let lines = text.split(|byte| *byte == b'\n');
            for line in lines.filter(|line| lengths.contains(&line.len())) {
                if let Some(owner @ None) = wanted.get_mut(line) {
                    let name = list.file_stem().unwrap_or_default();
                    *owner = Some((place, name.to_string_lossy().into_owned()));
                }
            }
        }
        let text = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
        let found = wanted.into_iter();
        self.owners
            .extend(found.map(|(path, owner)| (text(path), owner)));
        Ok(())
    }

    /// The `name.list` and `name:arch.list` files, sorted.
    fn lists(&self) -> Result<Vec<PathBuf>, ShlibsError> {
        let unreadable = |source| ShlibsError::read(&self.info, source);
        let entries = fs::read_dir(&self.info).map_err(unreadable)?;
        let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        let mut lists: Vec<_> = paths
            .filter(|path| path.extension().is_some_and(|it| it == "list"))
            .collect();
        lists.sort();
        Ok(lists)
    }

    /// Reads the `symbols` of a package, once: those of the administrator, and for libraries that
    /// they don't have the package's.
    pub(super) fn load_symbols(&mut self, root: &Path, package: &str) -> Result<(), ShlibsError> {
        if self.symbols.contains_key(package) {
            return Ok(());
        }
        let (name, arch) = package.split_once(':').unwrap_or((package, ""));
        let own = root.join("etc/dpkg/symbols");
        let mut libraries = parse_symbols(&read_if_there(&self.member(package, "symbols"))?);
        for file in [
            own.join(format!("{name}.symbols")),
            own.join(format!("{name}.symbols.{arch}")),
        ] {
            libraries.extend(parse_symbols(&read_if_there(&file)?));
        }
        self.symbols.insert(package.to_owned(), libraries);
        Ok(())
    }

    /// The symbols of a library, if the package has a `symbols` file that was loaded.
    pub(super) fn library(&self, package: &str, soname: &str) -> Option<&Library> {
        self.symbols.get(package)?.get(soname)
    }

    /// The relations that `shlibs` files have for a soname: the administrator's overriding one,
    /// the package's, and the administrator's fallback.
    pub(super) fn shlibs(
        &self,
        root: &Path,
        package: &str,
        soname: &str,
    ) -> Result<Option<String>, ShlibsError> {
        let files = [
            root.join("etc/dpkg/shlibs.override"),
            self.member(package, "shlibs"),
            root.join("etc/dpkg/shlibs.default"),
        ];
        for file in files {
            if let Some(relations) = find_shlibs(&read_if_there(&file)?, soname) {
                return Ok(Some(relations));
            }
        }
        Ok(None)
    }

    fn member(&self, package: &str, kind: &str) -> PathBuf {
        self.info.join(format!("{package}.{kind}"))
    }
}

fn read_if_there(path: &Path) -> Result<String, ShlibsError> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(source) => Err(ShlibsError::read(path, source)),
    }
}

/// The relations of the line `[type:] library version [relations]` for a soname. A line for `.deb`
/// packages goes before one for all types; those for other types don't count.
fn find_shlibs(text: &str, soname: &str) -> Option<String> {
    let (name, version) = split_soname(soname)?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter_map(|line| Some(shlibs_line(line).ok()?.1));
    let mut general = None;
    for line in lines.filter(|it| (it.name, it.version) == (name, version)) {
        match line.package_type {
            Some("deb") => return Some(line.relations.to_owned()),
            Some(_) => {}
            None => general = general.or(Some(line.relations)),
        }
    }
    general.map(str::to_owned)
}

/// A line of a `shlibs` file.
#[derive(Debug, PartialEq, Eq)]
struct ShlibsLine<'t> {
    package_type: Option<&'t str>,
    name: &'t str,
    version: &'t str,
    relations: &'t str,
}

fn shlibs_line(line: &str) -> IResult<&str, ShlibsLine<'_>> {
    let word = || preceded(space0, is_not(" \t"));
    let package_type = terminated(preceded(space0, is_not(": \t")), (char(':'), space1));
    let (relations, (package_type, name, version)) =
        (opt(package_type), word(), word()).parse_complete(line)?;
    let line = ShlibsLine {
        package_type,
        name,
        version,
        relations: relations.trim(),
    };
    Ok(("", line))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_shlibs_line_is_read_as_it_is_written(
            name in "lib[a-z0-9+.-]{1,8}",
            version in "[0-9a-z.]{1,5}",
            relations in "([a-z]{2,6}( \\(>= [0-9.]{1,4}\\))?(, [a-z]{2,6})?)?",
            package_type in prop::option::of("u?deb"),
        ) {
            let start = package_type.as_ref().map_or_else(String::new, |it| format!("{it}: "));
            let text = format!("{start}{name}\t{version}  {relations} ");
            let expected = ShlibsLine {
                package_type: package_type.as_deref(),
                name: &name,
                version: &version,
                relations: &relations,
            };
            prop_assert_eq!(shlibs_line(&text).unwrap().1, expected);
        }

        #[test]
        fn no_shlibs_line_is_too_strange(text in ".{0,40}", soname in "[a-z.:]{0,9}") {
            let _ = find_shlibs(&text, &soname);
        }
    }

    #[test]
    fn a_shlibs_line_is_found_by_soname() {
        let text = "udeb: libx 1 libx1-udeb\nlibx 1 libx1 (>= 1.2)\nliby 2 liby2, liby-data\n";
        assert_eq!(
            find_shlibs(text, "libx.so.1").as_deref(),
            Some("libx1 (>= 1.2)")
        );
        assert_eq!(
            find_shlibs(text, "liby.so.2").as_deref(),
            Some("liby2, liby-data")
        );
        assert_eq!(find_shlibs(text, "libx.so.2"), None);
    }

    #[test]
    fn a_line_for_debs_goes_first_and_one_without_relations_is_an_answer() {
        let text = "# libx 1 libc\nlibx 1 libx1\ndeb: libx 1 libx1-deb, libx-data\nliby 2\n";
        assert_eq!(
            find_shlibs(text, "libx.so.1").as_deref(),
            Some("libx1-deb, libx-data")
        );
        assert_eq!(find_shlibs(text, "liby.so.2").as_deref(), Some(""));
    }
}
