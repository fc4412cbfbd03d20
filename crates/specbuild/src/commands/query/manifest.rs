//! Manifests: files that name packages.
//!
//! Source: rpm-manifest(5).

use std::path::{Path, PathBuf};

use build::SystemHost;
use expand::Host;

/// Manifests may name manifests, but not without end.
pub(super) const DEEPEST: usize = 16;

/// Manifests beyond this are none, in bytes.
const LARGEST: u64 = 16 << 20;

/// The files that a manifest names; `None` if the file is no manifest.
pub(super) fn read(path: &Path) -> Option<Vec<PathBuf>> {
    let bytes = limits::read(path, LARGEST).ok()?;
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .map(String::from_utf8_lossy);
    let mut files = Vec::new();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let line = line.trim();
        if line.starts_with(|first: char| first < ' ') {
            return None;
        }
        files.extend(line.split_whitespace().flat_map(expand));
    }
    let is_one = !files.is_empty() && !files.iter().any(|file| file == Path::new("-"));
    is_one.then_some(files)
}

/// What a pattern matches; a pattern that matches nothing stands for itself.
pub(super) fn expand(pattern: &str) -> Vec<PathBuf> {
    let has_signs = pattern.contains(['*', '?', '[', '{', '\\']);
    if !has_signs || Path::new(pattern).exists() {
        return vec![pattern.into()];
    }
    match SystemHost::default().glob(pattern) {
        found if found.is_empty() => vec![pattern.into()],
        found => found,
    }
}
