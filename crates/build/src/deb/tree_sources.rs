//! The sources of a spec, put together again out of an unpacked Debian source package.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use archive::AtomicFile;
use debfile::source_package::write_tree;

use crate::BuildError;
use crate::deb::rules::Rules;
use crate::deb::tree;
use crate::deb::upstream::inspect;
use crate::event::{Event, Listener};
use crate::files::absolute;
use crate::files::make_dir;
use crate::files::write_fault;
use crate::project::main_source;
use crate::reading::read_spec;
use crate::reading::reader::Reading;
use crate::request::Request;

/// Puts all sources into one directory: those that `debian/` carries as links, the main one as the
/// archive that the tree is unpacked from, or if the tree was changed, as one of the tree.
pub(crate) fn lay_out_sources(
    rules: &Rules,
    request: &Request,
    sources: &Path,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    let top = absolute(Path::new("."));
    make_dir(sources)?;
    let carried = absolute(&request.spec);
    let carried = carried.parent().unwrap_or(&top);
    let reading = Reading {
        is_query: true,
        ..Reading::default()
    };
    let project = read_spec(request, reading, listener)?;
    for source in &project.spec.sources {
        let path = carried.join(&source.file_name);
        if path.is_file() {
            link(&path, &sources.join(&source.file_name))?;
        }
    }
    let Some(main) = main_source(&project.spec) else {
        return Ok(());
    };
    let (name, path) = (&main.file_name, sources.join(&main.file_name));
    let in_tree = top.join(name);
    if path.exists() {
        return Ok(());
    }
    if in_tree.is_file() {
        return link(&in_tree, &path);
    }
    lay_out_main(rules, &path, &top, listener)
}

fn link(target: &Path, link: &Path) -> Result<(), BuildError> {
    match symlink(target, link) {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(write_fault(link, source))
        }
        _ => Ok(()),
    }
}

fn lay_out_main(
    rules: &Rules,
    path: &Path,
    top: &Path,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    let files = tree::walk(top)?;
    for archive in archives_beside(top)? {
        let Some(upstream) = inspect(&archive, &[])? else {
            continue;
        };
        if tree::is_as_in(&files, &archive, upstream.directory.as_deref())? {
            return link(&archive, path);
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    listener.take(&Event::Note(format!(
        "note: {name} is packed anew: no archive beside the tree holds what is in it"
    )));
    let tree = tree::within(files, rules.directory.as_deref(), 0);
    let plumbing = |error: archive::Error| write_fault(path, std::io::Error::other(error));
    let mut file = AtomicFile::create(path).map_err(plumbing)?;
    let written = write_tree(&tree, &tree::compression_of(path), &mut file);
    written.map_err(|source| BuildError::Package {
        path: path.to_owned(),
        source,
    })?;
    file.commit().map_err(plumbing)
}

/// Upstream archives beside a tree that may be what it is unpacked from.
fn archives_beside(top: &Path) -> Result<Vec<PathBuf>, BuildError> {
    let log = top.join("debian/changelog");
    let text = limits::read_text(&log, limits::TEXT).map_err(|source| BuildError::Read {
        what: "changelog",
        path: log,
        source,
    })?;
    let name = text.split_whitespace().next().unwrap_or_default();
    let start = format!("{name}_");
    let entries = top.parent().and_then(|dir| fs::read_dir(dir).ok());
    let paths = entries.into_iter().flatten().flatten().map(|it| it.path());
    let mut found: Vec<PathBuf> = paths
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(&start) && name.contains(".orig.tar.") && !name.ends_with(".asc")
        })
        .collect();
    found.sort();
    Ok(found)
}
