//! Where sources are taken from: `%_sourcedir`, the directory of the spec, or links to both.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use spec::{Source, Spec};

use crate::BuildError;

/// A directory to take sources from instead of `%_sourcedir`.
pub(crate) enum SourceDir {
    /// The spec's own.
    Beside(PathBuf),
    /// Links to sources that lie in two places.
    Gathered {
        /// The directory of the links; gone when dropped.
        dir: tempfile::TempDir,
        /// `%_sourcedir`, one of the two places.
        usual: PathBuf,
    },
}

impl SourceDir {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Beside(path) => path,
            Self::Gathered { dir, .. } => dir.path(),
        }
    }

    /// The place of a source: where it lies or belongs, not the link to it.
    pub(crate) fn place_of(&self, path: &Path) -> PathBuf {
        let link = match self {
            Self::Gathered { dir, .. } if path.starts_with(dir.path()) => {
                std::fs::read_link(path).ok()
            }
            _ => None,
        };
        link.unwrap_or_else(|| path.to_owned())
    }

    pub(crate) fn usual(&self) -> Option<&Path> {
        match self {
            Self::Beside(_) => None,
            Self::Gathered { usual, .. } => Some(usual),
        }
    }
}

/// Finds the directory to take sources from if some lie in `own`, beside the spec. `usual`, which is
/// `%_sourcedir`, comes first where somebody has said so: then `own` has only what is lacking there.
pub(crate) fn directory_beside(
    spec: &Spec,
    own: &Path,
    usual: &Path,
    comes_first: bool,
) -> Result<Option<SourceDir>, BuildError> {
    let beside = |source: &Source| {
        let is_hidden = comes_first && usual.join(&source.file_name).is_file();
        let path = own.join(&source.file_name);
        (path.is_file() && !is_hidden).then_some(path)
    };
    let places: Vec<_> = spec.sources.iter().map(|it| (it, beside(it))).collect();
    if own == usual || !places.iter().any(|(_, place)| place.is_some()) {
        return Ok(None);
    }
    if places.iter().all(|(_, place)| place.is_some()) {
        return Ok(Some(SourceDir::Beside(own.to_owned())));
    }
    let fault = |source| BuildError::Temporary {
        dir: std::env::temp_dir(),
        source,
    };
    let dir = tempfile::Builder::new()
        .prefix("specbuild-sources.")
        .tempdir()
        .map_err(fault)?;
    for (source, place) in places {
        let in_usual = usual.join(&source.file_name);
        // One that is nowhere belongs where the others are.
        let is_usual = comes_first || in_usual.symlink_metadata().is_ok();
        let belongs = if is_usual {
            in_usual
        } else {
            own.join(&source.file_name)
        };
        let from = place.unwrap_or(belongs);
        let to = dir.path().join(&source.file_name);
        match std::os::unix::fs::symlink(from, &to) {
            // The same source may be named twice.
            Err(source) if source.kind() != ErrorKind::AlreadyExists => {
                return Err(BuildError::Write { path: to, source });
            }
            _ => {}
        }
    }
    Ok(Some(SourceDir::Gathered {
        dir,
        usual: usual.to_owned(),
    }))
}

/// Sources in `usual`, which is `%_sourcedir`, that are not taken since `dir` has them too: their paths
/// by name.
pub(crate) fn not_taken(spec: &Spec, dir: &SourceDir, usual: &Path) -> BTreeMap<String, PathBuf> {
    let names = spec.sources.iter().map(|it| it.file_name.clone());
    let pairs = names.map(|name| (usual.join(&name), name));
    let other = pairs.filter(|(path, name)| {
        let taken = dir.path().join(name).canonicalize().ok();
        path.is_file() && taken != path.canonicalize().ok()
    });
    other.map(|(path, name)| (name, path)).collect()
}
