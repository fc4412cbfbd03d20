//! Files that appear complete or not at all.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use tempfile::NamedTempFile;

use crate::Error;

/// Bytes written at a time.
const BATCH: usize = 1 << 17;

/// A file that appears under its name only when it is complete.
///
/// Until [`AtomicFile::commit`] it has no name at all where the file system can do that, so that
/// nothing is left of it however this process ends; elsewhere a hidden one in the same directory,
/// which goes when it is dropped.
pub struct AtomicFile {
    out: BufWriter<Part>,
    path: PathBuf,
}

/// A file that is being written.
enum Part {
    Unnamed(File),
    Hidden(NamedTempFile),
}

impl Part {
    fn create_in(directory: &Path) -> io::Result<Self> {
        if let Some(file) = unnamed(directory) {
            return Ok(Self::Unnamed(file));
        }
        let permissions = Permissions::from_mode(0o666);
        let file = hidden().permissions(permissions).tempfile_in(directory)?;
        Ok(Self::Hidden(file))
    }

    /// Gives the file a name, replacing an older file. What has none takes it by way of a hidden one,
    /// since a link replaces nothing.
    fn persist(self, path: &Path, directory: &Path) -> io::Result<()> {
        match self {
            Self::Unnamed(file) => {
                let link = |hidden: &Path| link(&file, hidden);
                let linked = hidden().make_in(directory, link)?;
                linked.persist(path)?;
            }
            Self::Hidden(file) => drop(file.persist(path)?),
        }
        Ok(())
    }

    fn file(&mut self) -> &mut File {
        match self {
            Self::Unnamed(file) => file,
            Self::Hidden(file) => file.as_file_mut(),
        }
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file().read(buffer)
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file().seek(to)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

fn hidden() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".specbuild-");
    builder
}

/// A file without a name that can get one later. Source: open(2), `O_TMPFILE`.
fn unnamed(directory: &Path) -> Option<File> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o666);
    let file = File::from(rustix::fs::openat(CWD, directory, flags, mode).ok()?);
    descriptor(&file).exists().then_some(file)
}

/// Where an open file is found.
fn descriptor(file: &File) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

fn link(file: &File, path: &Path) -> io::Result<()> {
    let from = descriptor(file);
    Ok(rustix::fs::linkat(
        CWD,
        &from,
        CWD,
        path,
        AtFlags::SYMLINK_FOLLOW,
    )?)
}

impl AtomicFile {
    /// Starts a file that will be called `path`. Its directory must exist.
    ///
    /// The mode is 0666 less the process's umask, as for any new file.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let directory = directory_of(path);
        let part = Part::create_in(directory).map_err(|source| Error::CreateTemporary {
            directory: directory.into(),
            source,
        })?;
        Ok(Self {
            out: BufWriter::with_capacity(BATCH, part),
            path: path.into(),
        })
    }

    /// The final name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file another mode, its permission bits.
    pub fn set_mode(&mut self, mode: u32) -> Result<(), Error> {
        let file = self.out.get_mut().file();
        let set = file.set_permissions(Permissions::from_mode(mode));
        set.map_err(Error::Write)
    }

    /// Gives the file its final name, replacing an older file of that name.
    pub fn commit(self) -> Result<(), Error> {
        let part = self
            .out
            .into_inner()
            .map_err(|it| Error::Write(it.into_error()))?;
        let renamed = part.persist(&self.path, directory_of(&self.path));
        renamed.map_err(|source| Error::Rename {
            path: self.path,
            source,
        })
    }
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(it) if !it.as_os_str().is_empty() => it,
        _ => Path::new("."),
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

impl Read for AtomicFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.out.flush()?;
        self.out.get_mut().read(buffer)
    }
}

impl Seek for AtomicFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.out.seek(to)
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

    /// A file begun in either way.
    fn begun(directory: &Path, is_hidden: bool) -> AtomicFile {
        let path = directory.join("out");
        if !is_hidden {
            return AtomicFile::create(&path).unwrap();
        }
        let part = Part::Hidden(hidden().tempfile_in(directory).unwrap());
        AtomicFile {
            out: BufWriter::new(part),
            path,
        }
    }

    #[test]
    fn a_file_appears_when_committed() {
        for is_hidden in [false, true] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("out");
            for text in ["whole", "anew"] {
                let mut file = begun(directory.path(), is_hidden);
                file.write_all(text.as_bytes()).unwrap();
                assert!(fs::read_to_string(&path).unwrap_or_default() != text);
                file.commit().unwrap();
                assert_eq!(fs::read_to_string(&path).unwrap(), text);
                assert_eq!(names(directory.path()), ["out"]);
            }
        }
    }

    #[test]
    fn a_file_can_be_gone_back_in() {
        for is_hidden in [false, true] {
            let directory = tempfile::tempdir().unwrap();
            let mut file = begun(directory.path(), is_hidden);
            file.seek(SeekFrom::Start(2)).unwrap();
            file.write_all(b"end").unwrap();
            file.rewind().unwrap();
            file.write_all(b"a ").unwrap();
            let mut rest = String::new();
            file.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, "end");
            file.commit().unwrap();
            let whole = fs::read_to_string(directory.path().join("out")).unwrap();
            assert_eq!(whole, "a end");
        }
    }

    #[test]
    fn a_dropped_file_leaves_nothing() {
        for is_hidden in [false, true] {
            let directory = tempfile::tempdir().unwrap();
            let mut file = begun(directory.path(), is_hidden);
            file.write_all(b"half").unwrap();
            drop(file);
            assert!(names(directory.path()).is_empty());
        }
    }

    #[test]
    fn a_file_has_the_mode_of_any_new_one() {
        let directory = tempfile::tempdir().unwrap();
        let file = begun(directory.path(), false);
        file.commit().unwrap();
        fs::write(directory.path().join("other"), "").unwrap();
        let mode = |name: &str| {
            fs::metadata(directory.path().join(name))
                .unwrap()
                .permissions()
        };
        assert_eq!(mode("out"), mode("other"));
    }
}
