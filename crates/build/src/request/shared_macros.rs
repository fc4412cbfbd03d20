//! Macro files that are read once for all specs of a run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use expand::{Engine, Library};

/// The macro files of a run, by the patterns that name them; `None` where one has something to tell
/// of itself, which each spec is told anew.
#[derive(Clone, Debug, Default)]
pub struct SharedMacros(Arc<Mutex<HashMap<String, Option<&'static Library>>>>);

impl SharedMacros {
    /// Does what [`Engine::load_path`] does, but reads files only for the first spec.
    pub(crate) fn load_path(&self, engine: &mut Engine, patterns: &str) {
        match self.library(engine, patterns) {
            Some(library) => engine.load_library(library, 0..library.files.len()),
            None => engine.load_path(patterns),
        }
    }

    fn library(&self, engine: &mut Engine, patterns: &str) -> Option<&'static Library> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(library) = known.get(patterns) {
            return *library;
        }
        let library = engine.library_of(patterns);
        known.insert(patterns.to_owned(), library);
        library
    }
}
