//! One build at a time in a build directory.
//!
//! Specs of one name and version share a directory whatever they are built for, and each build begins by
//! emptying it. A hidden file beside the directory is locked as long as a build works in it; the system
//! lets go of it however the process ends. rpm has no such lock, so there is none under its names.
//! Source: flock(2).

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::BuildError;
use crate::event::{Event, Listener};

/// The directories that programs above this one have locked, one to a line: a build may start others.
const HELD: &str = "SPECBUILD_LOCKED";

/// How often a lock that another has is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// The lock; dropping it lets the next build go on.
pub(crate) struct BuildLock {
    directory: PathBuf,
    /// Locked until it is closed; `None` where a build above this one has the lock, or none can be had.
    file: Option<File>,
}

impl BuildLock {
    /// Locks a directory, which need not be there yet; waits as long as another build has it.
    pub(crate) fn take(directory: &Path, listener: &mut dyn Listener) -> Result<Self, BuildError> {
        let mut lock = Self {
            directory: directory.to_owned(),
            file: None,
        };
        let is_told = &mut false;
        while !lock.is_held_above() {
            let Some(file) = lock.open() else { break };
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK) => {
                    listener.check_interruption()?;
                    if !std::mem::replace(is_told, true) {
                        let line = format!("waiting for another build in {}", directory.display());
                        listener.take(&Event::Note(line));
                    }
                    std::thread::sleep(PAUSE);
                }
                // Whoever had it may have removed the file.
                Ok(()) if lock.is_current(&file) => {
                    lock.file = Some(file);
                    break;
                }
                Ok(()) => {}
                // A file system without locks.
                Err(_) => break,
            }
        }
        Ok(lock)
    }

    /// The variable by which builds that this one starts know of it.
    pub(crate) fn variable(&self) -> (String, String) {
        let held = std::env::var(HELD).unwrap_or_default();
        let lines = held.lines().map(str::to_owned);
        let own = self.directory.to_string_lossy().into_owned();
        let all: Vec<String> = lines.chain([own]).collect();
        (HELD.to_owned(), all.join("\n"))
    }

    fn is_held_above(&self) -> bool {
        let held = std::env::var(HELD).unwrap_or_default();
        held.lines().any(|line| Path::new(line) == self.directory)
    }

    fn path(&self) -> PathBuf {
        let name = self.directory.file_name().unwrap_or_default();
        let name = format!(".{}.lock", name.to_string_lossy());
        self.directory.with_file_name(name)
    }

    /// Opens the file; where that cannot be, the build will say why.
    fn open(&self) -> Option<File> {
        let path = self.path();
        std::fs::create_dir_all(path.parent()?).ok()?;
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        options.open(path).ok()
    }

    fn is_current(&self, file: &File) -> bool {
        let there = self.path().metadata().map(|it| it.ino()).ok();
        there.is_some() && there == file.metadata().map(|it| it.ino()).ok()
    }
}

impl Drop for BuildLock {
    /// Removes the file while it is locked: those who wait see that it is another one then.
    fn drop(&mut self) {
        if self.file.is_some() {
            std::fs::remove_file(self.path()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Sender, channel};

    struct Notes(Sender<String>);

    impl Listener for Notes {
        fn take(&mut self, event: &Event<'_>) {
            if let Event::Note(line) = event {
                self.0.send(line.clone()).unwrap();
            }
        }
    }

    #[test]
    fn the_second_waits_for_the_first() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("pkg-1-build");
        let (sender, notes) = channel();
        let first = BuildLock::take(&directory, &mut Notes(sender.clone())).unwrap();
        assert!(first.file.is_some());
        let other = directory.clone();
        let second = std::thread::spawn(move || {
            let lock = BuildLock::take(&other, &mut Notes(sender)).unwrap();
            assert!(lock.file.is_some());
        });
        let line = format!("waiting for another build in {}", directory.display());
        assert_eq!(notes.recv().unwrap(), line);
        drop(first);
        second.join().unwrap();
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
