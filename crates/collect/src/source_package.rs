//! The source package: spec, sources, patches and icons.
//!
//! Source: rpm-spec(5), "Source", "NoSource"; rpmbuild-config(5), `%_srcdefattr`.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use expand::Engine;
use package::{Content, FileEntry, FileFlags, FileKind, FileList, Package};
use source::{Diagnostic, Origin, Sink, Text};
use spec::{Attributes, DefaultAttributes, Spec, parse_file_line};

use crate::switches::{self, value};
use crate::{CollectError, Meta, Options, Places, codes};

/// Makes the source package of a spec. A source that does not exist is reported.
pub fn source_package(
    engine: &mut Engine,
    spec: &Spec,
    places: &Places,
    options: &Options,
) -> Result<Package, CollectError> {
    let faults = engine.sink.errors();
    let attributes = source_attributes(engine);
    let mtime = switches::mtime_policy(engine, options);
    let mut entries = Vec::new();
    for member in members(spec, places) {
        let Some(mut entry) = entry(&member, &attributes, engine) else {
            continue;
        };
        entry.mtime = mtime.apply(entry.mtime);
        entries.push(entry);
    }
    if engine.sink.errors() > faults {
        engine.sink.check()?;
    }
    let mut package = spec::source_package(spec);
    package.files = FileList::new(entries);
    package.build = options.facts_for(&package);
    Ok(package)
}

/// A file of the source package.
struct Member {
    path: PathBuf,
    is_spec: bool,
    is_left_out: bool,
    origin: Option<Origin>,
}

/// The spec, then everything it names; what is named twice is packaged once.
fn members(spec: &Spec, places: &Places) -> Vec<Member> {
    let spec_file = Member {
        path: PathBuf::from(&spec.path),
        is_spec: true,
        is_left_out: false,
        origin: None,
    };
    let mut seen = HashSet::new();
    let sources = spec
        .sources
        .iter()
        .filter(|it| seen.insert(it.file_name.clone()));
    let sources = sources.map(|source| Member {
        path: places.source_dir.join(&source.file_name),
        is_spec: false,
        is_left_out: source.is_left_out,
        origin: source.origin,
    });
    std::iter::once(spec_file).chain(sources).collect()
}

fn entry(member: &Member, attributes: &Attributes, engine: &mut Engine) -> Option<FileEntry> {
    let meta = match fs::metadata(&member.path) {
        Ok(metadata) => Meta::from(&metadata),
        // Under rpm's names the build has looked for it.
        Err(_) if member.is_left_out => Meta {
            mode: 0o644,
            names: 1,
            ..Meta::default()
        },
        Err(error) => {
            let error = error.to_string();
            let reason = error.split(" (os error ").next().unwrap_or(&error);
            let message = format!("Bad file: {}: {reason}", member.path.display());
            engine
                .sink
                .push(Diagnostic::error(codes::NO_SOURCE, message).at(member.origin));
            return None;
        }
    };
    let owner = |given: &Option<String>| given.clone().unwrap_or_else(|| "root".to_owned());
    let kind = FileKind::Regular {
        content: Content::OnDisk(member.path.clone()),
        size: meta.size,
    };
    let mode = attributes.mode.unwrap_or(meta.mode) & 0o7777;
    Some(FileEntry {
        user: owner(&attributes.user),
        group: owner(&attributes.group),
        mtime: meta.mtime,
        flags: FileFlags {
            specfile: member.is_spec,
            ghost: member.is_left_out,
            ..FileFlags::default()
        },
        origin: member.origin,
        ..FileEntry::new(file_name(&member.path), kind, mode)
    })
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// `%_srcdefattr`, written as the brackets of `%defattr`.
fn source_attributes(engine: &mut Engine) -> Attributes {
    let brackets = value(engine, "_srcdefattr");
    let mut defaults = DefaultAttributes::default();
    if !brackets.is_empty() {
        let line = Text::detached(format!("%defattr {brackets}"));
        // A fault in it is told; the defaults stay, and the build goes on.
        let mut faults = Sink::new();
        let _ = parse_file_line(&line, &mut defaults, &mut faults);
        for mut fault in faults.take() {
            fault.message.truncate(fault.message.trim_end().len());
            engine.sink.push(fault.survived());
        }
    }
    defaults.attributes
}
