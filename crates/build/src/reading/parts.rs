//! Parts of the spec that the build itself has written.
//!
//! Source: rpm's manual, "Dynamic spec generation": files `*.specpart` in `%{specpartsdir}` are read
//! after `%install`.

use std::path::Path;

use source::octets;
use spec::SpecPart;

use crate::BuildError;
use crate::event::{Event, Listener};
use crate::project::Project;

/// Reads the parts, sorted by name, and adds what they say to the spec.
pub(crate) fn extend(project: &mut Project, listener: &mut dyn Listener) -> Result<(), BuildError> {
    let dir = project.engine.expand_str("%{?specpartsdir}")?;
    let Ok(entries) = std::fs::read_dir(&dir) else {
        return Ok(());
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "specpart"));
    paths.sort();
    for path in &paths {
        listener.take(&Event::Step(format!("Reading {}", path.display())));
    }
    let parts: Result<Vec<_>, _> = paths.iter().map(|path| read(path)).collect();
    let parsed = spec::parse_parts(&mut project.engine, &parts?, &mut project.spec);
    if parsed.is_err()
        && let Some(last) = project.engine.sink.pop()
    {
        project.engine.sink.push(last.rpm_line("parsing failed"));
    }
    Ok(parsed?)
}

fn read(path: &Path) -> Result<SpecPart, BuildError> {
    let bytes = limits::read(path, limits::TEXT).map_err(|source| BuildError::Read {
        what: "spec part",
        path: path.to_owned(),
        source,
    })?;
    Ok(SpecPart {
        path: path.to_string_lossy().into_owned(),
        text: octets::carry(bytes),
    })
}
