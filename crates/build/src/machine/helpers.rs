//! Programs that macros call have to be files: where they are, and putting them there.
//!
//! Choosing the directory writes nothing; the files are written when something that names them is
//! about to run.

mod private;

use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use archive::AtomicFile;

use crate::BuildError;
use private::{is_own_file, is_private, private_place};

/// The helper programs of the macro libraries, and the directory for `%_specbuilddir` that has them.
#[derive(Clone, Debug, Default)]
pub struct Helpers(Arc<Place>);

#[derive(Debug, Default)]
struct Place {
    dir: PathBuf,
    kind: Kind,
    /// Whether the programs are there.
    is_ready: Mutex<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// A distribution keeps them there.
    #[default]
    Kept,
    /// They stay there from run to run.
    Cache,
    /// They are removed at the end of the run.
    Fresh,
}

impl Helpers {
    /// Chooses the directory.
    ///
    /// `SPECBUILD_MACROS` names one that a distribution keeps. Otherwise it is in the user's cache
    /// under a name that goes with this version, so that the path is the same in each run. A user
    /// without a cache has a directory of that name for temporary files. Neither is taken if anybody
    /// else may write there: then a new one is made for this run.
    pub fn find(macros_dir: Option<&Path>) -> Self {
        if let Some(dir) = macros_dir {
            return Self::new(dir.to_owned(), Kind::Kept);
        }
        let version = concat!("specbuild-", env!("CARGO_PKG_VERSION"));
        let stays = |(base, name): (PathBuf, String)| {
            private_place(&base, &Path::new(&name).join(version), &is_complete)
        };
        let temporary = std::env::temp_dir();
        let of_user = format!("specbuild-cache-{}", rustix::process::geteuid().as_raw());
        let bases = [user_cache(), Some((temporary.clone(), of_user))];
        match bases.into_iter().flatten().find_map(stays) {
            Some(dir) => Self::new(dir, Kind::Cache),
            None => Self::new(temporary.join(unguessable_name()), Kind::Fresh),
        }
    }

    fn new(dir: PathBuf, kind: Kind) -> Self {
        Self(Arc::new(Place {
            dir,
            kind,
            is_ready: Mutex::new(kind == Kind::Kept),
        }))
    }

    /// The Lua modules of the macro libraries: this program's, or those of the directory that stands in
    /// for what it carries.
    pub(crate) fn lua_modules(&self) -> lua::Modules {
        if self.0.kind != Kind::Kept || self.dir().as_os_str().is_empty() {
            return lua::Modules::Carried(target::lua_module);
        }
        let libraries = std::fs::read_dir(self.dir().join("lib"));
        let libraries = libraries.into_iter().flatten().flatten();
        lua::Modules::In(libraries.map(|it| it.path().join("lua")).collect())
    }

    /// The directory for `%_specbuilddir`.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// Writes the programs if a text that is about to be run names their directory.
    pub(crate) fn prepare_for(&self, text: &str) -> Result<(), BuildError> {
        let dir = self.dir().to_string_lossy();
        match !dir.is_empty() && text.contains(&*dir) {
            true => self.prepare(),
            false => Ok(()),
        }
    }

    /// Writes the programs, unless they are there.
    fn prepare(&self) -> Result<(), BuildError> {
        let mut is_ready = self
            .0
            .is_ready
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !*is_ready {
            let dir = programs_in(self.dir());
            let made = self.0.make_directory(&dir);
            made.map_err(|source| BuildError::Write {
                path: dir.clone(),
                source,
            })?;
            for (name, text) in target::helper_files() {
                let path = dir.join(name);
                unpack(&path, text).map_err(|source| BuildError::Write { path, source })?;
            }
            *is_ready = true;
        }
        Ok(())
    }
}

impl Place {
    /// Makes the directory of the programs, and finds out who may write there.
    fn make_directory(&self, programs: &Path) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.mode(0o700);
        if self.kind == Kind::Fresh {
            // It fails if anything of that name is there.
            builder.create(&self.dir)?;
        }
        builder.recursive(true).create(programs)?;
        match self.kind == Kind::Fresh || is_private(programs, true) {
            true => Ok(()),
            false => Err(std::io::Error::other("other users may write there")),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let is_ready = self
            .is_ready
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if self.kind == Kind::Fresh && *is_ready {
            std::fs::remove_dir_all(&self.dir).ok();
        }
    }
}

fn programs_in(dir: &Path) -> PathBuf {
    dir.join("helpers")
}

/// An existing directory, and the name of the user's cache in it.
///
/// Source: XDG Base Directory Specification; paths that are not absolute are to be ignored.
fn user_cache() -> Option<(PathBuf, String)> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let absolute = |path: &PathBuf| path.is_absolute();
    if let Some(cache) = variable("XDG_CACHE_HOME").filter(absolute) {
        let name = cache.file_name()?.to_str()?.to_owned();
        return Some((cache.parent()?.to_owned(), name));
    }
    let home = variable("HOME").filter(absolute)?;
    Some((home, ".cache".to_owned()))
}

/// A name that nobody can have taken on purpose.
fn unguessable_name() -> String {
    use std::hash::{BuildHasher, RandomState};
    let random = || RandomState::new().hash_one(std::process::id());
    format!("specbuild-helpers-{:016x}{:016x}", random(), random())
}

/// Whether a directory has all programs.
fn is_complete(dir: &Path) -> bool {
    let mut all = target::helper_files().iter();
    all.all(|(name, text)| is_there(&programs_in(dir).join(name), text))
}

fn is_there(path: &Path, text: &str) -> bool {
    is_own_file(path) && std::fs::read(path).is_ok_and(|there| there == text.as_bytes())
}

fn unpack(path: &Path, text: &str) -> std::io::Result<()> {
    if is_there(path, text) {
        return Ok(());
    }
    let mut file = AtomicFile::create(path).map_err(std::io::Error::other)?;
    file.write_all(text.as_bytes())?;
    file.set_mode(0o755).map_err(std::io::Error::other)?;
    file.commit().map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests;
