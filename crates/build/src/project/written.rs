//! The files that a build has written: one build makes a set of them, and a run several sets.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use archive::AtomicFile;
use tempfile::TempPath;

/// Every file that the builds of one run have written. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct RunOutput(Arc<Mutex<BTreeSet<PathBuf>>>);

/// What one build has written so far.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// In the order written.
    paths: Vec<PathBuf>,
    /// Files of an earlier build that these have replaced, under hidden names. They go when this does.
    older: BTreeMap<PathBuf, TempPath>,
    /// All of the run, where a second file of a name is a fault.
    run: Option<RunOutput>,
}

impl Written {
    /// Nothing so far, in a run where no file may be written twice.
    pub(crate) fn once_in(run: &RunOutput) -> Self {
        Self {
            run: Some(run.clone()),
            ..Self::default()
        }
    }

    /// Keeps the file that has the name of one to come, until the set is whole.
    pub(crate) fn keep_older(&mut self, path: &Path) -> std::io::Result<()> {
        let is_wanted = self.run.is_some() && !self.paths.iter().any(|it| it == path);
        let Some(directory) = path.parent().filter(|_| is_wanted && path.is_file()) else {
            return Ok(());
        };
        let mut hidden = tempfile::Builder::new();
        hidden.prefix(".specbuild-");
        // Not every file system has links.
        let keep = |hidden: &Path| {
            fs::hard_link(path, hidden).or_else(|_| fs::copy(path, hidden).map(drop))
        };
        let kept = hidden.make_in(directory, keep)?.into_temp_path();
        self.older.insert(path.to_owned(), kept);
        Ok(())
    }

    /// Notes a file that has its name now.
    pub(crate) fn add(&mut self, path: &Path) {
        self.paths.push(path.to_owned());
        if let Some(RunOutput(all)) = &self.run {
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(path.to_owned());
        }
    }

    /// Whether an earlier build of this run has written another file of this name. The upstream archive
    /// of a source package is the same for each.
    pub(crate) fn has_other(&self, path: &Path, file: &mut AtomicFile) -> bool {
        let Some(RunOutput(all)) = &self.run else {
            return false;
        };
        let all = all.lock().unwrap_or_else(PoisonError::into_inner);
        all.contains(path) && !is_same(path, file).unwrap_or(false)
    }

    /// Removes all of it again, since the set is not whole, and puts back what it had replaced; returns
    /// how many files were removed and how many are back.
    pub(crate) fn remove(&mut self) -> (usize, usize) {
        let paths = std::mem::take(&mut self.paths);
        if let Some(RunOutput(all)) = &self.run {
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|path| !paths.contains(path));
        }
        let removed = paths
            .iter()
            .filter(|it| fs::remove_file(it).is_ok())
            .count();
        let older = std::mem::take(&mut self.older).into_iter();
        let back = older.filter_map(|(path, kept)| kept.persist(path).ok());
        (removed, back.count())
    }
}

fn is_same(path: &Path, file: &mut AtomicFile) -> std::io::Result<bool> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut there = fs::File::open(path)?;
    if there.metadata()?.len() != end {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(0))?;
    let (mut one, mut other) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut left = end;
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(one.len());
        there.read_exact(&mut one[..count])?;
        file.read_exact(&mut other[..count])?;
        if one[..count] != other[..count] {
            return Ok(false);
        }
        left -= count as u64;
    }
    Ok(true)
}
