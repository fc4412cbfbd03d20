//! A spool, for bytes that are needed before what must precede them is known.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::digest::{Algorithm, DigestWriter, Digests};
use crate::error::Error;
use crate::pump::pump;

/// Bytes collected before the file is written to.
const BATCH: usize = 128 * 1024;

/// A temporary file cannot be written. Such a fault lies within an [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("cannot write a temporary file in {directory}")]
pub struct TemporaryFault {
    /// The directory.
    pub directory: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// A nameless temporary file that digests what is written to it.
pub struct Spool {
    out: DigestWriter<BufWriter<Temporary>>,
}

/// A temporary file whose faults name its directory, which is not where the output goes.
struct Temporary {
    file: File,
    directory: PathBuf,
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|source| {
            let directory = self.directory.clone();
            io::Error::new(source.kind(), TemporaryFault { directory, source })
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Spool {
    /// Makes a spool in `directory`; the system removes it when it is dropped, or with the process.
    pub fn new_in(directory: &Path, algorithms: &[Algorithm]) -> Result<Self, Error> {
        let create = |source| Error::CreateTemporary {
            directory: directory.into(),
            source,
        };
        let file = Temporary {
            file: tempfile::tempfile_in(directory).map_err(create)?,
            directory: directory.into(),
        };
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
        Ok(Spooled {
            file: file.file,
            digests,
        })
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
        pump(&mut self.file, &mut |bytes| {
            out.write_all(bytes).map_err(Error::Write)
        })
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
}
