//! Several files that get their names together, when all of them are complete.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

use crate::error::Error;

/// The hidden directories of all batches of this process.
static BEGUN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn begun() -> MutexGuard<'static, Vec<PathBuf>> {
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what batches have begun, for a process that ends without dropping them.
pub fn abandon_batches() {
    for hidden in begun().drain(..) {
        // There is nobody left to tell.
        fs::remove_dir_all(hidden).ok();
    }
}

/// Files for one directory, kept in a hidden directory below it until [`Batch::commit`]; dropped
/// before that, nothing is left behind.
pub struct Batch {
    hidden: TempDir,
    directory: PathBuf,
    names: Vec<OsString>,
}

impl Batch {
    /// Starts files for `directory`, which must exist.
    pub fn start_in(directory: &Path) -> Result<Self, Error> {
        let hidden = tempfile::Builder::new()
            .prefix(".specbuild-")
            .tempdir_in(directory);
        let create = |source| Error::CreateTemporary {
            directory: directory.into(),
            source,
        };
        let hidden = hidden.map_err(create)?;
        begun().push(hidden.path().to_owned());
        Ok(Self {
            hidden,
            directory: directory.into(),
            names: Vec::new(),
        })
    }

    /// Makes the file that will be called `name`. A name given twice is an error, and so is one that
    /// is more than a name.
    pub fn create(&mut self, name: &OsStr) -> Result<File, Error> {
        if Path::new(name).file_name() != Some(name) {
            return Err(Error::BadName {
                what: "a file",
                name: name.to_string_lossy().into_owned(),
            });
        }
        let path = self.hidden.path().join(name);
        let file = File::create_new(&path).map_err(Error::Write)?;
        self.names.push(name.to_owned());
        Ok(file)
    }

    /// Where the files are until then.
    pub fn hidden(&self) -> &Path {
        self.hidden.path()
    }

    /// Gives all files their names, in the order in which they were made. What has such a name
    /// already is replaced, unless it is a directory.
    pub fn commit(self) -> Result<(), Error> {
        for name in &self.names {
            let path = self.directory.join(name);
            let renamed = fs::rename(self.hidden.path().join(name), &path);
            renamed.map_err(|source| Error::Rename { path, source })?;
        }
        Ok(())
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        begun().retain(|hidden| hidden != self.hidden.path());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let name = |it: Result<fs::DirEntry, _>| it.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = entries.map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn files_appear_together_and_replace_links_instead_of_following_them() {
        let directory = tempfile::tempdir().unwrap();
        let elsewhere = directory.path().join("elsewhere");
        fs::write(&elsewhere, "old").unwrap();
        std::os::unix::fs::symlink("elsewhere", directory.path().join("one")).unwrap();
        let mut batch = Batch::start_in(directory.path()).unwrap();
        for name in ["one", "two"] {
            let mut file = batch.create(name.as_ref()).unwrap();
            file.write_all(name.as_bytes()).unwrap();
        }
        assert!(!directory.path().join("two").exists());
        batch.commit().unwrap();
        assert_eq!(names(directory.path()), ["elsewhere", "one", "two"]);
        assert_eq!(fs::read(directory.path().join("one")).unwrap(), b"one");
        assert_eq!(fs::read(elsewhere).unwrap(), b"old");
    }

    #[test]
    fn only_bare_names_are_taken_and_each_once() {
        let directory = tempfile::tempdir().unwrap();
        let mut batch = Batch::start_in(directory.path()).unwrap();
        for name in ["", ".", "..", "a/b", "/etc/passwd", "../x", "a/"] {
            assert!(batch.create(name.as_ref()).is_err(), "{name}");
        }
        batch.create("a".as_ref()).unwrap();
        assert!(batch.create("a".as_ref()).is_err());
        drop(batch);
        assert!(names(directory.path()).is_empty());
    }
}
