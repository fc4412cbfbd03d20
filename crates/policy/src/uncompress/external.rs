//! Formats that a program of their own reads: lzip, lrzip, compress, 7-Zip, CAR.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use super::format::Format;
use crate::call::Environment;
use crate::error::{Doing, Error};

/// The command that writes a file of that format uncompressed, for formats not read in process.
pub(super) fn decompressor(format: Format) -> Option<&'static str> {
    match format {
        Format::OldGzip => Some("gzip -dc"),
        Format::Lzip => Some("lzip -dc"),
        Format::Lrzip => Some("lrzip -dqo-"),
        _ => None,
    }
}

/// The names 7-Zip goes by, the newest first.
const SEVEN_ZIP: &[&str] = &["7zz x -y", "7za x -y", "7z x -y", "7zr x -y"];

/// Starts `command` on `path`; what it writes is what is read.
pub(super) fn read(
    environment: &Environment,
    command: &str,
    path: &Path,
) -> Result<Box<dyn Read + Send>, Error> {
    let mut program = environment.program(command);
    program
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let start = |source| Error::Start {
        program: command.to_owned(),
        source,
    };
    let mut child = program.spawn().map_err(start)?;
    let output = child.stdout.take();
    Ok(Box::new(Output {
        child,
        output,
        command: command.to_owned(),
    }))
}

/// A program's output; its failure becomes an error where the output ends.
struct Output {
    child: Child,
    output: Option<ChildStdout>,
    command: String,
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(output) = &mut self.output else {
            return Ok(0);
        };
        let count = output.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.output = None;
            let status = self.child.wait()?;
            if !status.success() {
                return Err(io::Error::other(format!(
                    "`{}` failed ({status})",
                    self.command
                )));
            }
        }
        Ok(count)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Closing the pipe ends a program that is still writing; then it can be waited for.
        self.output = None;
        let _ = self.child.wait();
    }
}

/// Unpacks an archive with its program. With `top`, a single top directory is left out.
pub(super) fn unpack(
    environment: &Environment,
    file: &Path,
    format: Format,
    directory: &Path,
    top: bool,
) -> Result<(), Error> {
    if !top {
        return run(environment, file, format, directory);
    }
    let spare = tempfile::tempdir_in(directory).doing("write in", directory)?;
    run(environment, file, format, spare.path())?;
    move_up(spare.path(), directory)
}

/// Runs the program in `directory`, with the first of its names that exists.
fn run(
    environment: &Environment,
    file: &Path,
    format: Format,
    directory: &Path,
) -> Result<(), Error> {
    let commands = if format == Format::Car {
        &["car extract -f"]
    } else {
        SEVEN_ZIP
    };
    for command in commands {
        let mut program = environment.program(command);
        program
            .arg(file)
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        match program.status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => {
                let (path, program) = (file.to_owned(), (*command).to_owned());
                return Err(Error::Failed {
                    program,
                    path,
                    status: status.to_string(),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => {
                return Err(Error::Start {
                    program: (*command).to_owned(),
                    source,
                });
            }
        }
    }
    let program = commands.first().copied().unwrap_or_default().to_owned();
    Err(Error::Start {
        program,
        source: io::ErrorKind::NotFound.into(),
    })
}

/// Moves what `from` holds into `to`; when that is a single directory, what the directory holds.
fn move_up(from: &Path, to: &Path) -> Result<(), Error> {
    let entries = names(from)?;
    let source = match entries.as_slice() {
        [only]
            if from
                .join(only)
                .symlink_metadata()
                .is_ok_and(|it| it.is_dir()) =>
        {
            from.join(only)
        }
        _ => from.to_owned(),
    };
    for name in names(&source)? {
        std::fs::rename(source.join(&name), to.join(&name)).doing("move", &source.join(&name))?;
    }
    Ok(())
}

fn names(directory: &Path) -> Result<Vec<std::ffi::OsString>, Error> {
    let entries = std::fs::read_dir(directory).doing("read", directory)?;
    entries
        .map(|entry| Ok(entry.doing("read", directory)?.file_name()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::Bench;

    #[test]
    fn single_directory_is_left_out() {
        let bench = Bench::new();
        bench.file("from/pkg-1.0/.hidden", "");
        bench.file("from/pkg-1.0/src/main.c", "");
        std::fs::create_dir(bench.at("to")).unwrap();
        move_up(&bench.at("from"), &bench.at("to")).unwrap();
        assert_eq!(bench.listing(), ["/to/.hidden", "/to/src/main.c"]);
    }

    #[test]
    fn failing_program_is_an_error_at_the_end() {
        let bench = Bench::new();
        let mut output = read(&bench.environment, "cat", Path::new("missing")).unwrap();
        let error = output.read_to_end(&mut Vec::new()).unwrap_err().to_string();
        assert!(error.starts_with("`cat` failed"), "{error}");
    }

    #[test]
    fn lzip_goes_through_its_program() {
        let mut bench = Bench::new();
        let script = r#"[ "$1" = -dc ] && tail --bytes=+5 "$2""#;
        bench.stand_in("lzip", script);
        let file = bench.file("patch.lz", "LZIPsome text, longer than the mark\n");
        assert_eq!(
            bench.run("uncompress", &[&file.display().to_string()]),
            0,
            "{}",
            bench.err
        );
        assert_eq!(bench.out, "some text, longer than the mark\n");
    }
}
