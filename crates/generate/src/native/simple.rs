//! Generators that fit in a few lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use package::{Comparison, Dependency};

use super::elf_dependencies::{self, ElfOptions};
use crate::subject::{Found, Subject, lines};

/// Library names and symbol versions that an ELF file offers.
pub(crate) fn elf_provides(subject: &Subject<'_>) -> Found {
    let found = elf_dependencies::read(subject.disk, subject.is_executable, ElfOptions::default())?;
    let found = found.unwrap_or_default();
    Ok(found.provides.into_iter().map(Dependency::on).collect())
}

/// Library names and symbol versions that an ELF file needs.
pub(crate) fn elf_requires(subject: &Subject<'_>) -> Found {
    let found = elf_dependencies::read(subject.disk, subject.is_executable, ElfOptions::default())?;
    let found = found.unwrap_or_default();
    Ok(found.requires.into_iter().map(Dependency::on).collect())
}

/// A line longer than this is not read to its end: no interpreter's name is.
const LONGEST_LINE: u64 = 4096;

/// The interpreter after `#!`; behind `env` also a program named by its path.
pub(crate) fn interpreter(subject: &Subject<'_>) -> Found {
    let mut line = Vec::new();
    BufReader::new(File::open(subject.disk)?.take(LONGEST_LINE)).read_until(b'\n', &mut line)?;
    let line = String::from_utf8_lossy(&line);
    let mut words = line.strip_prefix("#!").unwrap_or("").split_whitespace();
    let Some(program) = words.next() else {
        return Ok(Vec::new());
    };
    let run_by_env = words.next().filter(|_| program.ends_with("/bin/env"));
    let paths = [Some(program), run_by_env].into_iter().flatten();
    Ok(paths
        .filter(|it| it.len() > 1 && it.starts_with('/'))
        .map(Dependency::on)
        .collect())
}

/// `debuginfo(build-id)` of separate debugging information.
pub(crate) fn debuginfo(subject: &Subject<'_>) -> Found {
    let mut parts = subject.path.trim_end_matches(".debug").rsplit('/');
    let (rest, start) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let id = format!("{start}{rest}");
    let is_hex = id
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let capability = || Dependency::versioned("debuginfo(build-id)", Comparison::Equal, id.clone());
    Ok(if is_hex {
        vec![capability()]
    } else {
        Vec::new()
    })
}

/// `rpm_lua(module)` of a Lua module for rpm; directories become dots.
pub(crate) fn rpm_lua(subject: &Subject<'_>) -> Found {
    let module = subject
        .path
        .rsplit_once("/lua/")
        .map_or(subject.path, |(_, module)| module);
    let module = module.trim_end_matches(".lua").replace('/', ".");
    Ok(vec![Dependency::on(format!("rpm_lua({module})"))])
}

/// `user(x)` and `group(x)` of the system's own tables.
pub(crate) fn accounts(subject: &Subject<'_>) -> Found {
    let account = |line: String| {
        let fields: Vec<&str> = line.split(':').collect();
        match fields.len() {
            7 => Some(Dependency::on(format!("user({})", fields[0]))),
            4 => Some(Dependency::on(format!("group({})", fields[0]))),
            _ => None,
        }
    };
    Ok(lines(subject.disk)?
        .into_iter()
        .filter_map(account)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(content: &str) -> Vec<String> {
        let disk = testkit::Tree::new().program("s", content);
        let path = disk.join("s");
        let subject = Subject {
            path: "/s",
            disk: &path,
            is_executable: true,
            origin: None,
            package: "",
            python: "",
        };
        interpreter(&subject)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn interpreters_are_paths_after_the_mark() {
        assert_eq!(needs("#!/bin/sh -e\n"), ["/bin/sh"]);
        assert_eq!(needs("#! /usr/bin/env python3\n"), ["/usr/bin/env"]);
        assert_eq!(needs("#!/usr/bin/env /opt/x\n"), ["/usr/bin/env", "/opt/x"]);
        assert_eq!(needs("#!python\n"), Vec::<String>::new());
        assert_eq!(needs("echo\n#!/bin/sh\n"), Vec::<String>::new());
    }
}
