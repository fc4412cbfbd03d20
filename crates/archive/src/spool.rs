//! Files that are not there until they are whole: a spool for bytes that are needed before what
//! must precede them is known, and an output file that gets its name only when complete.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::digest::{Algorithm, DigestWriter, Digests};
use crate::error::Error;

/// Bytes collected before the file is written to.
const BATCH: usize = 128 * 1024;

/// A nameless temporary file that digests what is written to it.
pub struct Spool {
    out: DigestWriter<BufWriter<File>>,
}

impl Spool {
    /// Makes a spool in `directory`; the system removes it when it is dropped, or with the process.
    pub fn new_in(directory: &Path, algorithms: &[Algorithm]) -> Result<Self, Error> {
        let create = |source| Error::CreateTemporary {
            directory: directory.into(),
            source,
        };
        let file = tempfile::tempfile_in(directory).map_err(create)?;
        Ok(Self {
            out: DigestWriter::new(algorithms, BufWriter::with_capacity(BATCH, file)),
        })
    }

    /// Ends writing: from here on the bytes can be read, as often as needed.
    pub fn finish(self) -> Result<Spooled, Error> {
        let (buffer, digests) = self.out.finish();
        let file = buffer
            .into_inner()
            .map_err(|it| Error::Write(it.into_error()))?;
        Ok(Spooled { file, digests })
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A finished spool.
pub struct Spooled {
    file: File,
    digests: Digests,
}

impl Spooled {
    /// Length and digests of the bytes held.
    pub fn digests(&self) -> &Digests {
        &self.digests
    }

    /// Length of the bytes held.
    pub fn length(&self) -> u64 {
        self.digests.length()
    }

    /// Writes all bytes to `out`.
    pub fn copy_to(&mut self, out: &mut dyn Write) -> Result<(), Error> {
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(Error::ReadArchive)?;
        let mut buffer = vec![0; BATCH];
        loop {
            let count = self.file.read(&mut buffer).map_err(Error::ReadArchive)?;
            if count == 0 {
                return Ok(());
            }
            out.write_all(&buffer[..count]).map_err(Error::Write)?;
        }
    }
}

/// A file that appears under its name only when it is complete.
///
/// It is written under a hidden name in the same directory and renamed by [`AtomicFile::commit`];
/// dropped before that, nothing is left behind.
pub struct AtomicFile {
    out: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl AtomicFile {
    /// Starts a file that will be called `path`. Its directory must exist.
    ///
    /// The mode is 0666 less the process's umask, as for any new file.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let directory = match path.parent() {
            Some(it) if !it.as_os_str().is_empty() => it,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".specbuild-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(directory)
            .map_err(|source| Error::CreateTemporary {
                directory: directory.into(),
                source,
            })?;
        Ok(Self {
            out: BufWriter::with_capacity(BATCH, file),
            path: path.into(),
        })
    }

    /// The final name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its final name, replacing an older file of that name.
    pub fn commit(self) -> Result<(), Error> {
        let file = self
            .out
            .into_inner()
            .map_err(|it| Error::Write(it.into_error()))?;
        let renamed = file.persist(&self.path);
        renamed.map(drop).map_err(|it| Error::Rename {
            path: self.path,
            source: it.error,
        })
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        entries
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_spool_gives_back_what_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let mut spool = Spool::new_in(directory.path(), &[Algorithm::Sha256]).unwrap();
        spool.write_all(b"ab").unwrap();
        spool.write_all(b"c").unwrap();
        let mut spooled = spool.finish().unwrap();
        for _ in 0..2 {
            let mut copy = Vec::new();
            spooled.copy_to(&mut copy).unwrap();
            assert_eq!(copy, b"abc");
        }
        assert_eq!(spooled.length(), 3);
        assert!(
            spooled
                .digests()
                .hex(Algorithm::Sha256)
                .starts_with("ba7816bf")
        );
        assert!(names(directory.path()).is_empty(), "a spool has no name");
    }

    #[test]
    fn a_file_appears_when_committed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"whole").unwrap();
        assert!(!path.exists());
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(names(directory.path()), ["out"]);
    }

    #[test]
    fn a_dropped_file_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let mut file = AtomicFile::create(&directory.path().join("out")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert!(names(directory.path()).is_empty());
    }
}
