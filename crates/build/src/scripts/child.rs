//! The process of a script: its input and output, and what it leaves running when it ends.

use std::io::{Read, Write};
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};

use source::octets;

use crate::scripts::processes;

/// A variable that scripts set to the same value themselves, and that tells their processes.
const MARK: &str = "RPM_BUILD_DIR";

/// How much of the end of a script's output is kept to be shown after a failure.
pub(crate) const LAST_BYTES: usize = 16 << 10;

/// Where a script reads from and writes to.
pub(crate) struct Streams {
    pub(crate) input: Stdio,
    pub(crate) output: Stdio,
    /// What goes into a pipe is shown from there, and the end of it kept.
    pub(crate) errors: Stdio,
    /// Of what is printed into a pipe, only this many bytes of the end are kept.
    pub(crate) most: usize,
}

/// How a script ended, and what is kept of its output.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) output: String,
    pub(crate) said: String,
}

/// Runs a script's command and ends what it leaves running; its status, and what is kept of its output.
///
/// Such a process may hold the output open: so that is read beside waiting, not before.
pub(crate) fn run_to_its_end(
    mut command: Command,
    build_dir: &str,
    streams: Streams,
) -> std::io::Result<Ended> {
    processes::adopt_orphans();
    let Streams {
        input,
        output,
        errors,
        most,
    } = streams;
    command.stdin(input).stdout(output).stderr(errors);
    command.env(MARK, build_dir);
    let is_alone = processes::has_no_children();
    let mut child = command.spawn()?;
    let output = child.stdout.take();
    let errors = child.stderr.take();
    std::thread::scope(|scope| {
        let start = || {
            let thread = std::thread::Builder::new;
            let output = thread().spawn_scoped(scope, || read_end(output, most))?;
            let errors = thread().spawn_scoped(scope, || show(errors))?;
            Ok((output, errors))
        };
        let (reader, shower) = match start() {
            Ok(readers) => readers,
            Err(error) => {
                child.kill()?;
                child.wait()?;
                return Err(error);
            }
        };
        let status = child.wait()?;
        processes::end_strays(&format!("{MARK}={build_dir}"), is_alone);
        let printed = reader.join().unwrap_or_else(|_| Ok(Vec::new()))?;
        let said = shower.join().unwrap_or_default();
        Ok(Ended {
            status,
            output: octets::carry(printed),
            said: octets::carry(said),
        })
    })
}

/// Passes on what a script says on standard error; the last bytes of it.
fn show(stream: Option<ChildStderr>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    let Some(mut stream) = stream else {
        return bytes;
    };
    while let Ok(count @ 1..) = stream.read(&mut part) {
        // Where nobody reads it, the build goes on as before.
        std::io::stderr().write_all(&part[..count]).ok();
        bytes.extend_from_slice(&part[..count]);
        bytes.drain(..bytes.len().saturating_sub(LAST_BYTES));
    }
    bytes
}

/// The last bytes of a stream, `most` of them at least if there are as many.
fn read_end(stream: Option<ChildStdout>, most: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Some(mut stream) = stream else {
        return Ok(bytes);
    };
    let mut part = [0; 8192];
    loop {
        let count = match stream.read(&mut part) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        bytes.extend_from_slice(&part[..count]);
        if most == usize::MAX && bytes.len() as u64 > limits::TEXT {
            return Err(std::io::Error::other("it prints more than 64 MiB"));
        }
        if bytes.len() / 2 > most {
            bytes.drain(..bytes.len() - most);
        }
    }
}
