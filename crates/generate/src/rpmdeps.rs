//! Dependencies of files that belong to no package yet, for `rpmdeps` and `elfdeps`.
//!
//! Source: rpmdeps(1), elfdeps(1).

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use archive::in_threads;
use expand::Engine;
use rayon::prelude::*;
use source::Reported;

use crate::class::{self, Class};
use crate::command::Surroundings;
use crate::examine::{self, Examined};
use crate::generators::{Generators, Wanted};
use crate::implied;
use crate::native::elf_dependencies::{self, ElfOptions};

/// What is asked of an ELF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElfSide {
    /// Capabilities that the file provides.
    Provides,
    /// Capabilities that the file requires.
    Requires,
}

/// What an ELF file offers or needs, in its own order; `None` if it is no ELF file.
pub fn elf_dependencies(
    path: &Path,
    side: ElfSide,
    options: ElfOptions,
) -> io::Result<Option<Vec<String>>> {
    let found = elf_dependencies::read(path, examine::is_executable(path), options)?;
    Ok(found.map(|found| match side {
        ElfSide::Provides => found.provides,
        ElfSide::Requires => found.requires,
    }))
}

/// What a file in an archive is, as packages record it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentClass {
    /// In libmagic's words.
    pub class: String,
    /// As a media type.
    pub media_type: String,
    /// 1 for ELF files of 32 bits, 2 for those of 64.
    pub color: u32,
}

/// How much of a file is looked at that is not an ELF file.
const START: u64 = 64 << 10;
/// How much of an ELF file is, whose tables may lie at its end.
const LONGEST_ELF: u64 = 1 << 30;

/// Classifies a regular file by its name, its permission bits and its content. What has to be looked at
/// is a file in `dir` meanwhile, which nobody else writes to.
pub fn classify_content(
    dir: &Path,
    name: &str,
    mode: u32,
    content: &mut dyn Read,
) -> io::Result<ContentClass> {
    let start = limits::read_from(content.take(START), START)?;
    // Names count by how they end.
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_usual = ending.len() < 16 && ending.bytes().all(|it| it.is_ascii_alphanumeric());
    let path = dir.join(format!("x.{}", if is_usual { ending } else { "" }));
    let mut file = fs::File::create(&path).map_err(|fault| unwritten(dir, &fault))?;
    file.write_all(&start)
        .map_err(|fault| unwritten(dir, &fault))?;
    if start.starts_with(b"\x7fELF") {
        io::copy(&mut content.take(LONGEST_ELF), &mut file)?;
    }
    file.set_permissions(Permissions::from_mode(mode | 0o400))?;
    let class = class::of_file(&path, mode);
    fs::remove_file(&path)?;
    let class = class?;
    Ok(ContentClass {
        class: class::recorded(&class.text).to_owned(),
        media_type: class.media_type().to_owned(),
        color: class.color,
    })
}

fn unwritten(dir: &Path, fault: &io::Error) -> io::Error {
    let message = format!(
        "cannot write a temporary file in {}: {fault}",
        dir.display()
    );
    io::Error::new(fault.kind(), message)
}

/// A file with what was found of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FileReport {
    /// The path as given.
    pub path: PathBuf,
    /// What it is, as packages record it.
    pub class: String,
    /// The names of its file attributes.
    pub attributes: Vec<String>,
    /// Its dependencies.
    pub dependencies: Vec<package::FileDependency>,
}

/// Finds what files offer and need, by the file attributes that the macros describe.
///
/// Paths below `build_root` are those of files to be installed. A file that can't be read is data.
pub fn examine_files(
    engine: &mut Engine,
    paths: &[PathBuf],
    build_root: &str,
    environment: BTreeMap<String, String>,
) -> Result<Vec<FileReport>, Reported> {
    let wanted = Wanted {
        provides: true,
        requires: true,
        weak_owners: engine.expand_number("%{?_use_weak_usergroup_deps}") > 0,
    };
    let surroundings = Surroundings {
        variables: environment,
        build_root: build_root.to_owned(),
    };
    let generators = Generators::read(engine, wanted, surroundings);
    let files: Vec<Examined> =
        in_threads(|| paths.par_iter().map(|it| examine(it, build_root)).collect());
    let findings = examine::find(&files, &generators, engine);
    engine.sink.check()?;
    let reports = paths.iter().zip(&files).zip(findings);
    let mut reports: Vec<FileReport> = reports
        .map(|((path, file), findings)| FileReport {
            path: path.clone(),
            class: class::recorded(&file.class.text).to_owned(),
            attributes: generators.names_of(&generators.attributes_of(&file.traits())),
            dependencies: findings,
        })
        .collect();
    implied::drop_implied(reports.iter_mut().map(|it| (0, &mut it.dependencies)));
    Ok(reports)
}

/// Modes of files are not looked at, as in rpmdeps: nothing has a colour.
fn examine(path: &Path, build_root: &str) -> Examined {
    let text = path.to_string_lossy();
    let class = fs::symlink_metadata(path)
        .and_then(|meta| examine::classify(&examine::kind(path, &meta), &text, meta.mode(), path))
        .unwrap_or_else(|_| Class::from("data"));
    Examined {
        path: text.strip_prefix(build_root).unwrap_or(&text).to_owned(),
        disk: path.to_owned(),
        media_type: class.media_type().to_owned(),
        class: Class { color: 0, ..class },
        is_executable: examine::is_executable(path),
        is_special: examine::is_special(path),
        origin: None,
    }
}
