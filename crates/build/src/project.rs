//! A spec that has been read, with everything it was read by.

pub(crate) mod source_dir;
pub(crate) mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use expand::Engine;
use spec::{Source, SourceKind, Spec};
use target::Target;

use crate::event::{Event, Listener};
use crate::project::source_dir::SourceDir;
use crate::project::written::Written;

/// A spec with everything it was read by.
pub struct Project {
    /// The macros as they stand after the spec.
    pub engine: Engine,
    /// The spec.
    pub spec: Spec,
    /// The spec as it is written.
    pub text: String,
    /// What it was read for.
    pub target: Arc<Target>,
    /// Sources in `%_sourcedir` that are not taken, by name: others lie beside the spec.
    pub(crate) other_sources: BTreeMap<String, PathBuf>,
    /// What has been written of its packages.
    pub(crate) written: Written,
    /// Where its sources are, if not in `%_sourcedir`.
    pub(crate) source_dir: Option<SourceDir>,
}

impl Project {
    /// Where a source lies or belongs; its own path may be a link to that.
    pub(crate) fn place_of(&self, source: &Source) -> PathBuf {
        let path = Path::new(&source.path);
        match &self.source_dir {
            Some(dir) => dir.place_of(path),
            None => path.to_owned(),
        }
    }

    /// Hands the findings made so far to a listener.
    pub fn tell_findings(&mut self, listener: &mut dyn Listener) {
        tell_findings(&mut self.engine, listener);
    }
}

/// Hands the findings made so far to a listener, and how `%_diagnostics` wants them told.
pub fn tell_findings(engine: &mut Engine, listener: &mut dyn Listener) {
    let found = engine.sink.take();
    if found.is_empty() {
        return;
    }
    let form = engine.expand_str("%{?_diagnostics}").unwrap_or_default();
    engine.sink.take();
    for diagnostic in found {
        listener.take(&Event::Finding {
            diagnostic: &diagnostic,
            sources: &engine.sources,
            form: &form,
        });
    }
    listener.take(&Event::FindingsTold);
}

/// The source that is the upstream archive: the first there is.
pub(crate) fn main_source(spec: &Spec) -> Option<&Source> {
    let sources = spec.sources.iter();
    sources
        .filter(|it| it.kind == SourceKind::Source)
        .min_by_key(|it| it.number)
}
