//! Dependencies that the packager does not want: `%__requires_exclude` and its kin.
//!
//! Source: rpm-dependency-generators(7), "Per-package tunables" and "Global excludes".

use expand::Engine;
use package::Dependency;
use regex::Regex;

use crate::selector::from_macro;

/// The filters for one kind of dependency.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Dependencies, written as `name`, or `name = version`.
    exclude: [Option<Regex>; 2],
    /// Paths whose dependencies do not count.
    exclude_from: [Option<Regex>; 2],
}

impl Filter {
    /// The filters in force; `word` is `requires`, `provides` and so on.
    pub(crate) fn read(word: &str, engine: &mut Engine) -> Self {
        Self {
            exclude: [
                from_macro(engine, &format!("__{word}_exclude")),
                from_macro(engine, &format!("__global_{word}_exclude")),
            ],
            exclude_from: [
                from_macro(engine, &format!("__{word}_exclude_from")),
                from_macro(engine, &format!("__global_{word}_exclude_from")),
            ],
        }
    }

    /// Whether dependencies of a file count at all.
    pub(crate) fn admits_path(&self, path: &str) -> bool {
        !self
            .exclude_from
            .iter()
            .flatten()
            .any(|it| it.is_match(path))
    }

    /// Whether a dependency counts.
    pub(crate) fn admits(&self, dependency: &Dependency) -> bool {
        let mut filters = self.exclude.iter().flatten();
        !filters.any(|it| it.is_match(&dependency.to_string()))
    }
}
