//! Where package writers write to, and how much of the machine they take for it.

use std::io::{self, Read, Seek, Write};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};

/// A file, or memory, in which a writer may go back, on any thread.
pub trait PackageFile: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> PackageFile for T {}

/// A package file that is being written.
pub struct Output<'o> {
    /// The file; empty, and at its start.
    pub file: &'o mut dyn PackageFile,
    /// Threads that read files and compress; as many as there are processors if not given.
    pub threads: Option<NonZeroU32>,
    /// Whether the package is still wanted.
    pub stop: Stop<'o>,
}

impl<'o> Output<'o> {
    /// Into `file`, by all processors, to the end.
    pub fn new(file: &'o mut dyn PackageFile) -> Self {
        Self {
            file,
            threads: None,
            stop: Stop::default(),
        }
    }
}

/// By what somebody may ask a writer to give up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stop<'o>(Option<&'o AtomicBool>);

impl<'o> Stop<'o> {
    /// Writing ends with an error soon after `flag` is set.
    pub fn when(flag: &'o AtomicBool) -> Self {
        Self(Some(flag))
    }

    /// A `Write` that passes bytes on to `out` until writing is to stop.
    pub fn guard<W: Write>(self, out: W) -> Guarded<'o, W> {
        Guarded { out, stop: self }
    }

    fn check(self) -> io::Result<()> {
        if self.0.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(io::Error::other("writing was stopped"));
        }
        Ok(())
    }
}

/// See [`Stop::guard`].
pub struct Guarded<'o, W> {
    out: W,
    stop: Stop<'o>,
}

impl<W> Guarded<'_, W> {
    /// Gives the inner `Write` back.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> Write for Guarded<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stop.check()?;
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_passes_once_writing_is_to_stop() {
        let flag = AtomicBool::new(false);
        let mut bytes = Vec::new();
        let mut guarded = Stop::when(&flag).guard(&mut bytes);
        guarded.write_all(b"a").unwrap();
        flag.store(true, Ordering::Relaxed);
        assert!(guarded.write_all(b"b").is_err());
        assert_eq!(bytes, b"a");
    }
}
