//! Where what macros and their commands print goes: to this process's own streams, or into a store,
//! so that several specs can be read at once and yet be heard one after the other.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustix::fs::MemfdFlags;

/// One of the two streams that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// Where output goes; clones go to the same place.
#[derive(Clone, Debug, Default)]
pub struct Output {
    kept: Option<Arc<Mutex<Kept>>>,
}

#[derive(Debug, Default)]
struct Kept {
    pieces: Vec<(Stream, Vec<u8>)>,
    /// What commands write their standard error to, from the first of them on.
    errors: Option<File>,
}

impl Output {
    /// A store that starts empty.
    #[must_use]
    pub fn kept() -> Self {
        Self {
            kept: Some(Arc::default()),
        }
    }

    /// Writes bytes. A reader that has gone away is no reason to stop.
    pub fn write(&self, stream: Stream, bytes: &[u8]) {
        match &self.kept {
            Some(kept) => lock(kept).pieces.push((stream, bytes.to_vec())),
            None => write_through(stream, bytes),
        }
    }

    /// Writes what a store has kept to this process's own streams, in the order in which it came.
    pub fn release(&self) {
        let Some(kept) = &self.kept else { return };
        for (stream, bytes) in std::mem::take(&mut lock(kept).pieces) {
            write_through(stream, &bytes);
        }
    }

    /// The standard error of a command.
    pub(crate) fn errors_of_command(&self) -> io::Result<Stdio> {
        let Some(kept) = &self.kept else {
            return Ok(Stdio::inherit());
        };
        let mut kept = lock(kept);
        if kept.errors.is_none() {
            let file = rustix::fs::memfd_create("errors", MemfdFlags::CLOEXEC)?;
            kept.errors = Some(file.into());
        }
        let file = kept.errors.as_ref().map(File::try_clone).transpose()?;
        Ok(file.map_or_else(Stdio::inherit, Stdio::from))
    }

    /// Takes over what a command that has ended wrote to its standard error.
    pub(crate) fn take_errors_of_command(&self) -> io::Result<()> {
        let mut kept = match &self.kept {
            Some(kept) => lock(kept),
            None => return Ok(()),
        };
        let Some(file) = &mut kept.errors else {
            return Ok(());
        };
        if file.stream_position()? == 0 {
            return Ok(());
        }
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        kept.pieces.push((Stream::Error, bytes));
        Ok(())
    }
}

/// A thread that panicked while it wrote has left nothing half done.
fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why standard output could not be written, which all of a process has in common.
static FAULT: OnceLock<io::Error> = OnceLock::new();

/// Why some of what this process printed is lost, if it is. Whoever runs it should know, since what is
/// cut off looks complete. A reader that has gone away knows it.
pub fn output_fault() -> Option<&'static io::Error> {
    FAULT.get()
}

fn write_through(stream: Stream, bytes: &[u8]) {
    let write = |out: &mut dyn Write| out.write_all(bytes).and_then(|()| out.flush());
    match stream {
        Stream::Output => match write(&mut io::stdout().lock()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => drop(FAULT.set(error)),
            _ => {}
        },
        // Nobody is left to be told.
        Stream::Error => drop(write(&mut io::stderr().lock())),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_store_keeps_what_commands_say_in_its_place() {
        let output = Output::kept();
        output.write(Stream::Output, b"before");
        for word in ["one", "two"] {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("echo {word} >&2")]);
            command.stderr(output.errors_of_command().unwrap());
            command.status().unwrap();
            output.take_errors_of_command().unwrap();
        }
        output.clone().write(Stream::Output, b"after");
        let kept = lock(output.kept.as_ref().unwrap()).pieces.clone();
        let expected = [
            (Stream::Output, b"before".to_vec()),
            (Stream::Error, b"one\n".to_vec()),
            (Stream::Error, b"two\n".to_vec()),
            (Stream::Output, b"after".to_vec()),
        ];
        assert_eq!(kept, expected);
    }
}
