//! Programs that macros call have to be files: where they are, and putting them there.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use archive::AtomicFile;

use crate::BuildError;

/// The directory for `%_specbuilddir`, with the helper programs of the macro libraries in it.
///
/// `SPECBUILD_MACROS` names one that a distribution keeps; otherwise they are unpacked into the
/// user's cache under a name that goes with this version, so that the path is the same in each run.
pub fn helper_dir(macros_dir: Option<&Path>) -> Result<PathBuf, BuildError> {
    if let Some(dir) = macros_dir {
        return Ok(dir.to_owned());
    }
    let dir = cache_dir().join(concat!("specbuild-", env!("CARGO_PKG_VERSION")));
    for (name, text) in target::helper_files() {
        let path = dir.join("helpers").join(name);
        if std::fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        unpack(&path, text).map_err(|source| BuildError::Write { path, source })?;
    }
    Ok(dir)
}

/// The user's cache, or a directory for temporary files if there is no home.
fn cache_dir() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let home_cache = || variable("HOME").map(|home| Path::new(&home).join(".cache"));
    let cache = variable("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home_cache);
    cache
        .filter(|dir| std::fs::create_dir_all(dir).is_ok() && is_writable(dir))
        .unwrap_or_else(|| {
            let user = rustix::process::getuid().as_raw();
            std::env::temp_dir().join(format!("specbuild-cache-{user}"))
        })
}

fn is_writable(dir: &Path) -> bool {
    rustix::fs::access(dir, rustix::fs::Access::WRITE_OK).is_ok()
}

fn unpack(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(path))?;
    let mut file = AtomicFile::create(path).map_err(std::io::Error::other)?;
    file.write_all(text.as_bytes())?;
    file.commit().map_err(std::io::Error::other)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}
