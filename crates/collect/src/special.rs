//! `%doc README` and `%license COPYING`: files copied from the build directory.
//!
//! Source: rpm-spec(5), "%doc" and "%license"; rpmbuild-config(5), `%_docdir_fmt`.
//! Not here: what then happens to the copies; they are files of the build root like any other.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::rc::Rc;

use expand::Engine;
use package::{Evr, normalized_path};
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, utimensat};
use source::{Diagnostic, Origin, Reported};
use spec::{FileRule, RuleKind};

use crate::rules::{Selection, Wanted, unescaped};
use crate::switches::value;
use crate::{CollectError, Tree, codes, glob};

/// Copies what relative `%doc` and `%license` rules name, and brings in the copies.
///
/// `source` is the directory in which the build took place. Each kind has a directory of its own,
/// which is brought in as well.
pub(crate) fn add(
    selection: &mut Selection<'_>,
    source: &Tree,
    name: &str,
    evr: &Evr,
    engine: &mut Engine,
) -> Result<(), CollectError> {
    let rules = std::mem::take(&mut selection.special);
    for (kind, dir_macro) in [
        (RuleKind::SpecialDoc, "_docdir"),
        (RuleKind::SpecialLicense, "_licensedir"),
    ] {
        let rules: Vec<_> = rules.iter().filter(|rule| rule.kind == kind).collect();
        let Some(first) = rules.first() else { continue };
        let dir = directory(dir_macro, name, evr, engine)?;
        for member in copy_all(selection, source, &dir, &rules)? {
            let path = format!("{dir}/{}", member.base_name());
            let wanted = Wanted {
                pattern: &path,
                is_dir: false,
                is_pattern: false,
                origin: member.origin,
                copied_from: Some((source, &member.path)),
            };
            selection.select(&wanted, member.rule, &mut engine.sink)?;
        }
        let wanted = Wanted {
            pattern: &dir,
            is_dir: true,
            is_pattern: false,
            origin: first.origin,
            copied_from: None,
        };
        selection.select(&wanted, first, &mut engine.sink)?;
    }
    Ok(())
}

/// Something to copy.
struct Member<'a> {
    /// Path in the build directory.
    path: String,
    origin: Option<Origin>,
    rule: &'a Rc<FileRule>,
}

impl Member<'_> {
    fn base_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Copies everything that the rules name; the base names are to be looked for in the build root.
fn copy_all<'a>(
    selection: &Selection<'_>,
    source: &Tree,
    dir: &str,
    rules: &[&'a Rc<FileRule>],
) -> Result<Vec<Member<'a>>, CollectError> {
    let target = selection.root.on_disk(dir);
    fs::create_dir_all(&target).map_err(CollectError::copy(source.root(), &target))?;
    let mut members = Vec::new();
    for rule in rules {
        for pattern in &rule.patterns {
            for path in named(source, pattern)? {
                let origin = pattern.whole().or(rule.origin);
                let member = Member { path, origin, rule };
                if source.find(&member.path)?.is_some() {
                    copy(
                        &source.on_disk(&member.path),
                        &target.join(member.base_name()),
                    )?;
                }
                members.push(member);
            }
        }
    }
    selection.root.forget(dir);
    Ok(members)
}

/// What a pattern names; itself if it matches nothing.
fn named(source: &Tree, pattern: &str) -> Result<Vec<String>, CollectError> {
    let path = normalized_path(pattern);
    let found = if glob::is_pattern(&path) {
        glob::find(source, &path)?
    } else {
        Vec::new()
    };
    Ok(if found.is_empty() {
        vec![unescaped(&path)]
    } else {
        found
    })
}

/// Copies a file, link or directory with its mode and time of last change.
fn copy(from: &Path, to: &Path) -> Result<(), CollectError> {
    let fault = || CollectError::copy(from, to);
    let metadata = fs::symlink_metadata(from).map_err(fault())?;
    if metadata.is_dir() {
        fs::create_dir_all(to).map_err(fault())?;
        for entry in fs::read_dir(from).map_err(CollectError::list(from))? {
            let name = entry.map_err(CollectError::list(from))?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        fs::set_permissions(to, metadata.permissions()).map_err(fault())?;
        return set_mtime(to, &metadata).map_err(fault());
    }
    remove_file(to).map_err(fault())?;
    if metadata.is_symlink() {
        let target = fs::read_link(from).map_err(fault())?;
        symlink(target, to).map_err(fault())?;
        return set_mtime(to, &metadata).map_err(fault());
    }
    fs::copy(from, to).map_err(fault())?;
    set_mtime(to, &metadata).map_err(fault())
}

fn remove_file(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Gives a file, or a link itself, the time of another one's last change.
fn set_mtime(path: &Path, metadata: &fs::Metadata) -> std::io::Result<()> {
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: metadata.atime(),
            tv_nsec: metadata.atime_nsec(),
        },
        last_modification: Timespec {
            tv_sec: metadata.mtime(),
            tv_nsec: metadata.mtime_nsec(),
        },
    };
    Ok(utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// The directory for a package's documentation or licences.
///
/// `%_docdir_fmt` is a query format; here it may hold the tags that name a package.
fn directory(
    dir_macro: &str,
    name: &str,
    evr: &Evr,
    engine: &mut Engine,
) -> Result<String, Reported> {
    let format = match value(engine, "_docdir_fmt") {
        empty if empty.is_empty() => "%{NAME}-%{VERSION}".to_owned(),
        format => format,
    };
    let base = engine.expand_str(&format!("%{{{dir_macro}}}"))?;
    let filled = fill_in(&format, name, evr).unwrap_or_else(|unknown| {
        let message = format!("illegal _docdir_fmt {format}: unknown tag: \"{unknown}\"");
        engine.sink.push(
            Diagnostic::warning(codes::BAD_SETTING, message)
                .note("the default `%{NAME}-%{VERSION}` is used instead"),
        );
        format!("{name}-{}", evr.version)
    });
    Ok(normalized_path(&format!("{base}/{filled}")))
}

/// Fills in tags; the name of an unknown one is the error.
fn fill_in(format: &str, name: &str, evr: &Evr) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("%{") {
        let (tag, after) = after.split_once('}').ok_or_else(|| after.to_owned())?;
        filled.push_str(before);
        match tag.to_ascii_uppercase().as_str() {
            "NAME" => filled.push_str(name),
            "VERSION" => filled.push_str(&evr.version),
            "RELEASE" => filled.push_str(&evr.release),
            "EPOCH" => filled.push_str(&evr.epoch.map_or("(none)".into(), |it| it.to_string())),
            _ => return Err(tag.to_owned()),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::FileTimes;
    use std::time::{Duration, SystemTime};

    #[test]
    fn the_format_names_the_package() {
        let evr = Evr::parse("2:1.0-3").unwrap();
        assert_eq!(
            fill_in("%{NAME}-%{Version}/x", "hello", &evr).unwrap(),
            "hello-1.0/x"
        );
        assert_eq!(fill_in("%{ARCHX}", "hello", &evr), Err("ARCHX".to_owned()));
    }

    #[test]
    fn copies_keep_mode_time_and_links() {
        let disk = testkit::Tree::new()
            .program("from/dir/tool", "x")
            .link("from/dir/link", "tool")
            .file("to/dir/tool", "old");
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let tool = fs::File::open(disk.join("from/dir/tool")).unwrap();
        tool.set_times(FileTimes::new().set_modified(old)).unwrap();
        let of_tool = fs::metadata(disk.join("from/dir/tool")).unwrap();
        set_mtime(&disk.join("from/dir/link"), &of_tool).unwrap();
        copy(&disk.join("from"), &disk.join("to")).unwrap();
        let copied = fs::metadata(disk.join("to/dir/tool")).unwrap();
        assert_eq!((copied.mtime(), copied.mode() & 0o777), (1000, 0o755));
        let link = disk.join("to/dir/link");
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("tool"));
        assert_eq!(fs::symlink_metadata(&link).unwrap().mtime(), 1000);
    }
}
